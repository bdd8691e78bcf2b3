"""Read the built icons: {name: {"viewBox", "body"}}, each a solid drawing in currentColor."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache

from markupsafe import Markup

from ..paths import static_dir


@cache
def read_icons() -> dict[str, dict[str, str]]:
    """Return all icons by name; the bodies are SVG of ours or of the icon package, never of a person."""
    table: dict[str, dict[str, str]] = json.loads((static_dir() / "icons.json").read_text("utf-8"))
    return table


def icon(name: str, css: str = "icon") -> Markup:
    """Return an icon as inline SVG, hidden from screen readers: words stand beside it."""
    drawn = read_icons().get(name) or read_icons()["marker"]
    return Markup(
        '<svg class="{}" viewBox="{}" width="18" height="18" aria-hidden="true" focusable="false">{}</svg>'
    ).format(css, drawn["viewBox"], Markup(drawn["body"]))  # nosec B704 # a picture of ours


def sprite(names: Iterable[str]) -> Markup:
    """Return a hidden SVG with a symbol `i-<name>` for each icon, so that scripts need no further request."""
    known = [name for name in dict.fromkeys((*names, "marker")) if name in read_icons()]
    symbol = Markup('<symbol id="i-{}" viewBox="{}">{}</symbol>')
    bodies = {n: Markup(read_icons()[n]["body"]) for n in known}  # nosec B704 # pictures of ours
    drawn = (symbol.format(n, read_icons()[n]["viewBox"], bodies[n]) for n in known)
    return Markup('<svg hidden aria-hidden="true">{}</svg>').format(Markup("").join(drawn))
