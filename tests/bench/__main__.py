"""Print the table: `python -m tests.bench` measures all rows, `python -m tests.bench search start` some of them."""

from __future__ import annotations

import os
import platform
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from . import rows, tours

ROWS = rows.ROWS | tours.ROWS


def main(names: list[str]) -> int:
    """Measure and print each row as soon as it is known; 1 when an aim is missed, 2 for an unknown name."""
    if unknown := [name for name in names if name not in ROWS]:
        print(f"There is no row {', '.join(unknown)}. There are: {', '.join(ROWS)}.", file=sys.stderr)
        return 2
    at = datetime.now(ZoneInfo("UTC")).strftime("%Y-%m-%d %H:%M UTC")
    print(f"{at}, Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print("| what | ours | peer | aim | met | load |\n|---|---|---|---|---|---|", flush=True)
    is_missed = False
    for name in names or list(ROWS):
        for row in ROWS[name]():
            print(f"| {' | '.join(row.cells)} | {os.getloadavg()[0]:.1f} |", flush=True)
            is_missed |= "**no**" in row.cells
    return int(is_missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
