"""Parse JSON that nobody here has written: no NaN, no number without an end, no nesting that a program falls over."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

JsonObject = Mapping[str, object]  # what an object of JSON holds; each value is looked at before it is used
JsonTable = dict[str, object]  # one that is being made

MOST_DEPTH = 16  # of what people type: a feature with areas has eight levels
_MARKS = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)


@dataclass
class NotJson(ValueError):
    """A text is no JSON that is taken: what is wrong with it, with which value, and where in a text that is broken."""

    reason: Literal["syntax", "depth", "constant", "infinite", "digits", "twice"]
    given: str = ""
    line: int = 0
    column: int = 0


Pairs = list[tuple[str, object]]


def parse_strictly(text: str, *, has_unique_keys: bool = False, most_depth: int | None = None) -> Any:  # Any: JSON
    """Return what a text says. Raises NotJson.

    `has_unique_keys` refuses an object in which a key stands twice. Without `most_depth` all is taken that Python's own
    stack allows, which is more than other functions can walk through; looking at it first takes a while for megabytes.
    """
    if most_depth is not None and _is_deeper(text, most_depth):
        raise NotJson("depth")
    hook: Callable[[Pairs], dict[str, object]] | None = _unique if has_unique_keys else None
    try:
        return json.loads(text, parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=hook)
    except NotJson:
        raise
    except json.JSONDecodeError as error:
        raise NotJson("syntax", error.msg, error.lineno, error.colno) from None
    except RecursionError:
        raise NotJson("depth") from None
    except ValueError:  # an integer of thousands of digits
        raise NotJson("digits") from None


def _is_deeper(text: str, most: int) -> bool:
    """Return whether brackets are nested deeper; those in texts are none."""
    depth = 0
    for mark in _MARKS.finditer(text):
        sign = mark[0]
        depth += (sign in "[{") - (sign in "]}")
        if depth > most:
            return True
    return False


def _no_constant(name: str) -> NoReturn:
    raise NotJson("constant", name)


def _finite(text: str) -> float:
    number = float(text)
    if math.isfinite(number):
        return number
    raise NotJson("infinite", text)


def _unique(pairs: Pairs) -> dict[str, object]:
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        raise NotJson("twice", next(key for key in keys if keys.count(key) > 1))
    return table
