"""Parse what comes from outside in a process of its own, which has little time, little memory and no secrets.

Carry between threads how far a file is read, and whether somebody wants it no longer.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import Any, Literal

from ...errors import CityatlasError, FileTooLarge, InvalidFile
from ...limits import PARSE_WALL_S
from .limits import refusal

Stage = Literal["begin", "read", "compare"]
EVERY = 50  # rows between two looks at whether it was cancelled


def _never() -> bool:
    return False


@dataclass
class Progress:
    """Hold what is being done, how many rows are done, and of how many; 0 of 0 while that is not known.

    `is_cancelled` is asked now and then by whoever works.
    """

    is_cancelled: Callable[[], bool] = field(default=_never)
    stage: Stage = "begin"
    done: int = 0
    of: int = 0

    def report(self, stage: Stage, done: int, of: int) -> None:
        """Note how far it is."""
        self.stage, self.done, self.of = stage, done, of

    def step(self, done: int, of: int) -> None:
        """Note how many rows were compared. Raises InvalidFile when it was cancelled."""
        if done % EVERY == 0:
            self.report("compare", done, of)
            if self.is_cancelled():
                raise refusal("files.cancelled")


_SLOTS = threading.BoundedSemaphore(2)  # parsers at a time in one server; the next one waits
_LINE_BYTES = 200  # of what a parser tells; longer lines are in parts, and none of them fits
_LOOK_S = 0.1  # between looks at whether somebody cancelled
_KEPT = ("PATH", "LANG", "LD_LIBRARY_PATH", "SYSTEMROOT")  # no address of a database, no key of a tile service


def parse_isolated(
    parser: str, raw: bytes, *, progress: Progress | None = None, **options: str
) -> Any:  # Any: what JSON holds; each caller knows its parser
    """Return what a parser of `parser_process.py` makes of a file; `progress` gets the rows that it tells of.

    Raises InvalidFile when it is not readable, takes too long or was cancelled, FileTooLarge when it holds too much.
    """
    with _SLOTS:
        answer = _answer(parser, raw, options, progress or Progress())
    try:
        told = json.loads(answer)
    except (ValueError, RecursionError):  # it was stopped in the middle: too much memory or processor time
        raise refusal("files.too_hard") from None
    if "refused" in told:
        kind: type[CityatlasError] = FileTooLarge if told.get("is_too_large") else InvalidFile
        raise refusal(told["refused"], kind, **told.get("values", {}))
    return told["parsed"]


def _answer(parser: str, raw: bytes, options: dict[str, str], progress: Progress) -> bytes:
    """Return what the parser writes. It gets the bytes as standard input; no name of a file is ever passed on."""
    command = [sys.executable, "-I", "-m", "cityatlas.exchange.uploads.parser_process", parser, json.dumps(options)]
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    with TemporaryFile() as given:  # without a name; a pipe cannot be fed and looked at in turns
        given.write(raw)
        given.seek(0)
        read, write = os.pipe()
        with subprocess.Popen(
            command,
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=write,
            env=kept | {"PYTHONUTF8": "1"},
            cwd="/" if os.sep == "/" else None,
        ) as child:
            os.close(write)
            listener = threading.Thread(target=_listen, args=(read, progress), daemon=True)
            listener.start()
            try:
                return _wait(child, progress.is_cancelled)
            finally:
                child.kill()
                listener.join()


def _listen(told: int, progress: Progress) -> None:
    """Take in what the parser tells until it ends; what is no pair of numbers is nothing to us."""
    with os.fdopen(told, "rb") as lines:
        while line := lines.readline(_LINE_BYTES):
            if found := re.fullmatch(rb"(\d{1,9}) (\d{1,9})\n", line):
                progress.report("read", int(found[1]), int(found[2]))


def _wait(child: subprocess.Popen[bytes], is_cancelled: Callable[[], bool]) -> bytes:
    for _ in range(round(PARSE_WALL_S / _LOOK_S)):
        try:
            return child.communicate(timeout=_LOOK_S)[0]
        except subprocess.TimeoutExpired:
            if is_cancelled():
                raise refusal("files.cancelled") from None
    raise refusal("files.too_hard")
