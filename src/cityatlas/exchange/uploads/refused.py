"""Tell that a file cannot be used, from inside a parser."""

from __future__ import annotations


class Refused(Exception):
    """A file cannot be used; `key` is its sentence, `values` fill it in."""

    def __init__(self, key: str, *, is_too_large: bool = False, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.is_too_large = is_too_large
        self.values = {name: str(value)[:60] for name, value in values.items()}
