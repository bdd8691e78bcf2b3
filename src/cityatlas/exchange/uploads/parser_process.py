"""Run one parser on standard input and write JSON: the process that reads what comes from outside.

It is started by `sandbox.py`, imports only what its parser needs, and never opens a file that an upload names.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module

from ...limits import PARSE_CPU_S, PARSE_MEMORY_GB
from .limits import MAX_PARSED_BYTES, Refused

PARSERS = {  # format -> module with a function `parse(raw, options)`
    "csv": "csv_in",
    "xlsx": "workbook_in",
    "geojson": "geojson_in",
    "gpx": "gpx_in",
    "kml": "kml_in",
    "shapefile": "shapefile_in",
    "photo": "photo_in",
}


def main(parser: str, options: str) -> None:
    """Parse standard input with one of PARSERS; what cannot be read is told, not raised."""
    parse = import_module(f".{PARSERS[parser]}", __package__).parse
    _limit()
    sys.stdout.write(_told(parse, sys.stdin.buffer.read(), json.loads(options)))


def _told(parse: Callable[[bytes, dict[str, str]], object], raw: bytes, options: dict[str, str]) -> str:
    try:
        text = json.dumps({"parsed": parse(raw, options)}, allow_nan=False)
        if len(text) > MAX_PARSED_BYTES:
            raise Refused("files.too_hard", is_too_large=True)
    except Refused as refused:
        return json.dumps({"refused": refused.key, "values": refused.values, "is_too_large": refused.is_too_large})
    except MemoryError:
        return json.dumps({"refused": "files.too_hard", "is_too_large": True})
    except Exception:  # the last handler: parsers meet bytes that no library foresaw
        return json.dumps({"refused": "files.unreadable"})
    return text


def _limit() -> None:
    """Bound memory and processor time of this process, and forbid it to write files."""
    try:
        import resource
    except ImportError:  # Windows: only the clock of sandbox.py holds there
        return
    resource.setrlimit(resource.RLIMIT_AS, (PARSE_MEMORY_GB << 30, PARSE_MEMORY_GB << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (PARSE_CPU_S, PARSE_CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(*sys.argv[1:])
