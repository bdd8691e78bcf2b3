"""Break a server on purpose in every way that is named here, and print what people saw of it.

`cd tests && ../.venv/bin/python -m trust` takes some five minutes; words pick faults: `-m trust disk killed`. It is 1
when an acknowledged write is lost, when more than 0.1 % of the requests failed while a part of the server was there,
when nobody was answered for more than 5 seconds, or when an answer came after more than 15. Some faults need root,
strace, cc, iptables (so are Debian's packages called, but gcc); without them they are left out, and say so.
"""

from __future__ import annotations

import logging
import os
import sys

from .faults import clocks, crowds, databases, disks, folders, hosts, machines, networks, processes
from .scene import Fault, live_through
from .site import Skipped, end_with_servers
from .verdict import HEAD

FAULTS = (
    Fault("kill -9 of all while saving", processes.all_killed, is_whole=False),
    Fault("a process that dies", processes.one_killed),
    Fault("full disk", disks.full, disks.small_disk),
    Fault("read-only disk", disks.read_only, disks.read_only_disk),
    Fault("fsync that fails", disks.failing),
    Fault("damaged pages of SQLite", disks.damaged),
    Fault("PostgreSQL restarted", databases.restarted, databases.on_postgres),
    Fault("one of two hosts is killed", hosts.one_killed, databases.on_postgres, is_whole=False),
    Fault("one of two machines is killed, then cut off", machines.one_lost, machines.two_machines),
    Fault("clock jumps", clocks.jumping, clocks.false_clock),
    Fault("two hundred editors", crowds.crowded, editors=crowds.EDITORS, pause_s=crowds.EDITOR_PAUSE_S),
    Fault("a geodata file replaced by a broken one", folders.broken),
    Fault("10,000 reports in a minute", crowds.reported),
    Fault("20 % of packets lost", networks.lossy, networks.own_network),
)


def main(words: list[str]) -> int:
    """Live through all faults, or those whose names hold one of the words."""
    logging.disable(logging.ERROR)
    end_with_servers()
    is_fine = True
    print(HEAD)
    for fault in FAULTS:
        if words and not any(word in fault.name for word in words):
            continue
        try:
            row = live_through(fault)
        except Skipped as reason:
            print(f"| {fault.name} | left out: {reason} |" + " |" * 7)
            continue
        is_fine &= not row.faults
        print(row, flush=True)
    print(f"\nLoad of the machine at the end: {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores.")
    return int(not is_fine)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
