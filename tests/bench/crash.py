"""Kill writers at random moments and fill the disk: `python -m tests.bench.crash [SAVES]`.

Without a number 1,000 saves, which take two minutes. Each child saves drafts and says so on a pipe only when the store
has answered. After every kill, each save that was acknowledged must be there and SQLite must find its file sound.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cityatlas.errors import StoreUnavailable
from cityatlas.store import Edit, Order, open_draft, open_store, publish_content
from cityatlas.versioning.content import content_of

SAVES = 1_000
LONGEST_S = 0.6  # of a child's life after its first acknowledged save
WRITERS = 2  # at once, so that a kill also meets one that waits for the other
SHORT_OF_DISK = 4_000_000  # bytes that a file may have when the disk is "full"


def save_on(var: Path, name: str) -> None:
    """Save until killed, and acknowledge each number on standard output after the store has answered."""
    store = open_store("", var, "crash")
    count = 0
    while True:
        content = content_of("sights", None, {"name": {"zh": f"{name} {count}"}, "summary": {"zh": "字" * 500}})
        if count % 2:
            number = publish_content(store, f"{name}-{count}", content, 0, Order(name)).revision.number
        else:
            number = open_draft(store, Edit(f"{name}-{count}", content, name)).revision.number
        os.write(1, f"{number} {name}-{count}\n".encode())
        count += 1


def kill_once(var: Path, dice: random.Random, turn: int) -> set[tuple[int, str]]:
    """Start writers, kill them at a random moment, and return what they had acknowledged."""
    command = [sys.executable, "-m", "tests.bench.crash", "child", str(var)]
    children = [
        subprocess.Popen([*command, f"w{turn}-{number}"], stdout=subprocess.PIPE, bufsize=0)
        for number in range(WRITERS)
    ]
    assert children[0].stdout is not None
    said = children[0].stdout.readline()
    time.sleep(dice.random() * LONGEST_S)
    for child in children:
        child.send_signal(signal.SIGKILL)
    lines = [said, *(line for child in children for line in (child.stdout or []))]
    for child in children:
        child.wait()
    whole = [line.decode().split() for line in lines if line.endswith(b"\n")]
    return {(int(number), name) for number, name in whole}


def kept_in(file: Path) -> set[tuple[int, str]]:
    """Return the revisions of a file after SQLite has found it sound."""
    connection = sqlite3.connect(file)
    try:
        (said,) = connection.execute("PRAGMA integrity_check").fetchone()
        assert said == "ok", said
        return set(connection.execute("SELECT number, feature_id FROM revisions"))
    finally:
        connection.close()


def kill_often(var: Path, saves: int) -> None:
    """Kill until so many saves were acknowledged, and look after each kill."""
    dice, acknowledged, kills = random.Random(4), set[tuple[int, str]](), 0
    while len(acknowledged) < saves:
        acknowledged |= kill_once(var, dice, kills)
        kills += WRITERS
        kept = kept_in(var / "crash.sqlite")
        assert acknowledged <= kept, f"lost: {sorted(acknowledged - kept)}"
    numbers = sorted(number for number, _ in kept)
    assert numbers == list(range(1, len(kept) + 1)), "numbers have gaps"
    print(
        f"{kills} kills -9, {len(acknowledged)} acknowledged saves, all there; {len(kept) - len(acknowledged)}", end=""
    )
    print(" more were written and not yet acknowledged; integrity_check ok after each; numbers without gaps")


def fill_disk(var: Path) -> None:
    """Save until the file may not grow, then again with room: what was acknowledged stays, the rest is refused."""
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (SHORT_OF_DISK, SHORT_OF_DISK))
        try:
            store, count = open_store("", var, "crash"), 0
            while True:
                content = content_of("sights", None, {"summary": {"zh": "字" * 5_000}})
                open_draft(store, Edit(f"full-{count}", content, "full"))
                count += 1
        except StoreUnavailable as error:
            (var / "told").write_text(f"{count}\n{error.message}", "utf-8")
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status == 0
    saved, told = (var / "told").read_text("utf-8").split("\n")
    assert len(kept_in(var / "crash.sqlite")) == int(saved)
    open_draft(open_store("", var, "crash"), Edit("again", content_of("sights", None, {}), "full"))
    assert len(kept_in(var / "crash.sqlite")) == int(saved) + 1
    print(
        f"full disk: {saved} saves acknowledged and there, the next refused ({told}); saving goes on when there is room"
    )


def main() -> int:
    """Run both, or one child."""
    if sys.argv[1:2] == ["child"]:
        save_on(Path(sys.argv[2]), sys.argv[3])
    with tempfile.TemporaryDirectory(prefix="cityatlas-crash-") as folder:
        kill_often(Path(folder) / "killed", int(sys.argv[1]) if sys.argv[1:] else SAVES)
        fill_disk(Path(folder) / "full")
    return 0


if __name__ == "__main__":
    sys.exit(main())
