"""Show a city's layers as one interactive map; `read_city` opens a city's folder from Python and in notebooks.

The names in `__all__` are fetched when somebody asks for them: whoever imports a part of the package, as the process
that parses an upload does, gets neither geopandas nor folium with it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .notebook.atlas import Atlas, read_city

__all__ = ["Atlas", "read_city"]
__version__ = "1.0.0"

if not TYPE_CHECKING:  # a checker knows the names from above, and no others

    def __getattr__(name: str) -> object:
        if name in __all__:
            return getattr(import_module(".notebook.atlas", __name__), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
