"""Say what a template is given: one frozen class for each page, so that the names in its template can be checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, get_args, get_type_hints

from flask import render_template


@dataclass(frozen=True, kw_only=True)
class HtmlPart:
    """Hold what several templates, or a template now and then, are given of a page.

    All public names of the class, its fields, constants and methods, are names in the template.
    """

    @classmethod
    def names(cls) -> Iterator[str]:
        """Yield the names that a template is given, with those of the parts in it."""
        for name in cls._own_names():
            yield name
            hint = get_type_hints(cls).get(name)
            for kind in (hint, *get_args(hint)):
                if isinstance(kind, type) and issubclass(kind, HtmlPart):
                    yield from kind.names()

    def given(self) -> dict[str, Any]:  # Any: what a template is given
        """Return what a template is given; a part that is None gives nothing."""
        own = {name: getattr(self, name) for name in self._own_names()}
        parts = (part.given() for part in own.values() if isinstance(part, HtmlPart))
        return {name: value for part in parts for name, value in part.items()} | own

    @classmethod
    def _own_names(cls) -> Iterator[str]:
        kinds = [kind for kind in cls.__mro__ if kind not in (HtmlPart, HtmlPage, object)]
        own = dict.fromkeys(name for kind in kinds for name in (*vars(kind), *kind.__annotations__))
        return (name for name in own if not name.startswith("_") and name != "template")


@dataclass(frozen=True, kw_only=True)
class HtmlPage(HtmlPart):
    """Hold the values of one page; a subclass names its template, and is frozen too.

    Beside these a template knows only what the context processors give to all, to which `tests/web/test_templates.py`
    holds each of them.
    """

    template: ClassVar[str]

    def fill(self) -> str:
        """Return the page as HTML."""
        return render_template(self.template, **self.given())
