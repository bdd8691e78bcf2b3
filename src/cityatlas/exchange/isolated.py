"""Parse what comes from outside in a process of its own, which has little time, little memory and no secrets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from tempfile import TemporaryFile
from typing import Any

from ..errors import CityatlasError, FileTooLarge, InvalidFile
from .limits import PARSE_WALL_S, refusal

_SLOTS = threading.BoundedSemaphore(2)  # parsers at a time in one server; the next one waits
_LOOK_S = 0.1  # between looks at whether somebody cancelled
_KEPT = ("PATH", "LANG", "LD_LIBRARY_PATH", "SYSTEMROOT")  # no address of a database, no key of a tile service


def parse_isolated(
    parser: str, raw: bytes, *, is_cancelled: Callable[[], bool] = lambda: False, **options: str
) -> Any:  # Any: what JSON holds; each caller knows its parser
    """Return what a parser of `child.py` makes of a file.

    Raises InvalidFile when it is not readable, takes too long or was cancelled, FileTooLarge when it holds too much.
    """
    with _SLOTS:
        answer = _answer(parser, raw, options, is_cancelled)
    try:
        told = json.loads(answer)
    except (ValueError, RecursionError):  # it was stopped in the middle: too much memory or processor time
        raise refusal("files.too_hard") from None
    if "refused" in told:
        kind: type[CityatlasError] = FileTooLarge if told.get("is_too_large") else InvalidFile
        raise refusal(told["refused"], kind, **told.get("values", {}))
    return told["parsed"]


def _answer(parser: str, raw: bytes, options: dict[str, str], is_cancelled: Callable[[], bool]) -> bytes:
    """Return what the parser writes. It gets the bytes as standard input; no name of a file is ever passed on."""
    command = [sys.executable, "-I", "-m", "cityatlas.exchange.child", parser, json.dumps(options)]
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    with TemporaryFile() as given:  # without a name; a pipe cannot be fed and looked at in turns
        given.write(raw)
        given.seek(0)
        with subprocess.Popen(
            command,
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=kept | {"PYTHONUTF8": "1"},
            cwd="/" if os.sep == "/" else None,
        ) as child:
            try:
                return _wait(child, is_cancelled)
            finally:
                child.kill()


def _wait(child: subprocess.Popen[bytes], is_cancelled: Callable[[], bool]) -> bytes:
    for _ in range(round(PARSE_WALL_S / _LOOK_S)):
        try:
            return child.communicate(timeout=_LOOK_S)[0]
        except subprocess.TimeoutExpired:
            if is_cancelled():
                raise refusal("files.cancelled") from None
    raise refusal("files.too_hard")
