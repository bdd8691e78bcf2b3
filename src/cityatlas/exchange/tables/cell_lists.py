"""Write lists into one cell, an item to a line, its parts between bars: `桩基施工 | 2024-01 |  | 来源`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ...limits import ITEMS
from .cells import BadCell, Cell, Codec, read_text, refuse, shown

BAR = " | "
_ESCAPED = {"\\": "\\\\", "|": "\\|", "\n": "\\n", "\r": "\\r"}
_MEANT = {"\\": "\\", "|": "|", "n": "\n", "r": "\r"}
_PARTS = re.compile(r"((?:\\.|[^\\|])*)(\||$)", re.DOTALL)
_SPLIT = re.compile(r"[、,，;；|\n\r]")
Part = tuple[str, Codec]  # "title.zh" and how it is written


def lines(kind: str, item: Codec) -> Codec:
    """Return a codec for a list of single values, one to a line."""

    def write(values: Sequence[object]) -> str:
        return "\n".join(_escape(str(item.write(value))) for value in values)

    def read(cell: Cell) -> list[object] | None:
        found = [_part(item, _unescape(line)) for line in _lines(cell)]
        return [value for value in found if value is not None] or None

    return Codec(kind, write, read, item.choices)


def choices(item: Codec) -> Codec:
    """Return a codec for a list of ids with titles, between commas or on lines."""

    def write(values: Sequence[str]) -> str:
        titles = [str(item.write(value)) for value in values]
        return "、".join(value if _SPLIT.search(title) else title for value, title in zip(values, titles, strict=True))

    def read(cell: Cell) -> list[object] | None:
        found = [_part(item, text) for text in _SPLIT.split(shown(cell)) if text.strip()]
        return list(dict.fromkeys(found)) or None

    return Codec("choices", write, read, item.choices)


def records(parts: Sequence[Part]) -> Codec:
    """Return a codec for a list of tables, each a line with its parts in a fixed order."""

    def write(rows: Sequence[dict[str, object]]) -> str:
        return "\n".join(_line(row, parts) for row in rows)

    def read(cell: Cell) -> list[dict[str, object]] | None:
        return [_record(line, parts) for line in _lines(cell)] or None

    return Codec("records", write, read)


def _line(row: dict[str, object], parts: Sequence[Part]) -> str:
    texts = []
    for path, codec in parts:
        value = value_at(row, path.split("."))
        texts.append("" if value is None else _escape(str(codec.write(value))))
    while len(texts) > 1 and not texts[-1]:
        texts.pop()
    return BAR.join(texts)


def _record(line: str, parts: Sequence[Part]) -> dict[str, object]:
    texts = list(_parts(line))
    if len(texts) > len(parts):
        refuse("files.many_parts", given=line[:60], count=len(texts), most=len(parts))
    row: dict[str, object] = {}
    for text, (path, codec) in zip(texts, parts, strict=False):
        value = _part(codec, _unescape(text))
        if value is not None:
            put_at(row, path.split("."), value)
    return row


def _part(codec: Codec, text: str) -> object:
    """Return what one part of a cell says. Its fault has no cure: put into the cell, it would replace all parts."""
    try:
        return codec.read(text)
    except BadCell as bad:
        raise BadCell(replace(bad.fault, cure="")) from None


def _parts(line: str) -> Iterator[str]:
    """Yield the texts between bars, still escaped."""
    for match in _PARTS.finditer(line):
        yield match.group(1)
        if not match.group(2):
            return


def _lines(cell: Cell) -> list[str]:
    text = read_text(cell) or ""
    found = [line for line in text.replace("\r", "\n").split("\n") if line.strip()]
    if len(found) > ITEMS:
        refuse("files.many_lines", count=len(found), most=ITEMS)
    return found


def _escape(text: str) -> str:
    """Return a part that holds no bar and no line end."""
    return "".join(_ESCAPED.get(sign, sign) for sign in text.strip())


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda sign: _MEANT.get(sign.group(1), sign.group()), text.strip(), flags=re.DOTALL)


def value_at(table: object, path: Sequence[str]) -> Any:  # Any: what JSON holds
    """Return what lies at a path of keys, or None."""
    for key in path:
        table = table.get(key) if isinstance(table, dict) else None
    return table


def put_at(table: dict[str, object], path: Sequence[str], value: object) -> None:
    """Put a value at a path of keys; None takes it out, and a table that it leaves empty goes with it."""
    *outer, last = path
    inner = table
    for key in outer:
        held = inner.get(key)
        if not isinstance(held, dict):
            if value is None:
                return
            inner[key] = held = {}
        inner = held
    if value is None:
        inner.pop(last, None)
        if not inner and outer:
            put_at(table, outer, None)
    else:
        inner[last] = value


def trimmed(value: object) -> object:
    """Return a value without the parts that say nothing, so that null, blank and absent are the same."""
    if isinstance(value, dict):
        kept = {key: trimmed(part) for key, part in value.items()}
        return {key: part for key, part in kept.items() if part not in (None, "", [], {})}
    if isinstance(value, list):
        return [part for part in map(trimmed, value) if part not in (None, "", {})]
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    return value
