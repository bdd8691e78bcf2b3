"""Read every option once from CITYATLAS_* variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from . import paths
from .errors import InvalidValue


@dataclass(frozen=True)
class Settings:
    """Hold the options of one running server; `help_lines` prints them."""

    geodata: Path = field(default_factory=paths.geodata_dir, metadata={"help": "folder of the city"})
    host: str = field(default="127.0.0.1", metadata={"help": "address to listen on"})
    port: int = field(default=8000, metadata={"help": "port to listen on"})
    threads: int = field(default=8, metadata={"help": "threads that answer requests"})
    public_url: str = field(default="", metadata={"help": "address that visitors use, for canonical links"})
    tile_key: str = field(default="", metadata={"help": "key of a tile service, put for {key} in city.toml"})
    tile_threshold: int = field(
        default=10_000,
        metadata={"help": "points (an area or line counts as five) above which a layer is sent as tiles"},
    )
    cache_mb: int = field(default=64, metadata={"help": "megabytes of finished answers kept in memory"})
    recheck_s: float = field(default=2.0, metadata={"help": "seconds between looks at changed geodata files"})
    max_file_mb: int = field(default=128, metadata={"help": "largest geodata file that is read, in megabytes"})
    max_features: int = field(default=200_000, metadata={"help": "most features in one layer"})


def read_settings(environ: Mapping[str, str] = os.environ, **chosen: object) -> Settings:
    """Return the settings of an environment; `chosen` (from the command line) wins unless None.

    Raises InvalidValue, naming the variable, when a number is not one or is not above zero.
    """
    values: dict[str, object] = {}
    for option in fields(Settings):
        variable = f"CITYATLAS_{option.name.upper()}"
        if chosen.get(option.name) is not None:
            values[option.name] = chosen[option.name]
        elif environ.get(variable):
            values[option.name] = _read(variable, environ[variable], str(option.type))
    return Settings(**values)  # type: ignore[arg-type]


def _read(variable: str, text: str, kind: str) -> object:
    if kind == "Path":
        return Path(text)
    if kind == "str":
        return text.rstrip("/") if variable.endswith("_URL") else text
    try:
        number = int(text) if kind == "int" else float(text)
    except ValueError:
        raise InvalidValue(f'{variable} is "{text}", not a number', "Give a number or unset it.") from None
    if number <= 0:
        raise InvalidValue(f"{variable} is {text}, it must be above zero", "Give a larger number.")
    return number


def help_lines() -> list[str]:
    """Return a line for each variable: its name, meaning and default."""
    return [
        f"CITYATLAS_{option.name.upper():<16} {option.metadata['help']}"
        + (f" (default {option.default})" if isinstance(option.default, int | float) else "")
        for option in fields(Settings)
    ]
