"""Read every option once from CITYATLAS_* variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from . import paths
from .errors import InvalidValue
from .limits import SECRET_LETTERS

GEODATA = "CITYATLAS_GEODATA"
MOST_PROCESSES = 4  # unless somebody asks for more


def _cores() -> int:
    """Return the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Settings:
    """Hold the options of one running server; `help_lines` prints them."""

    geodata: Path = field(
        default_factory=paths.geodata_dir, metadata={"help": "folder of the city, before ./geodata and the shipped one"}
    )
    host: str = field(default="127.0.0.1", metadata={"help": "address to listen on"})
    port: int = field(default=8000, metadata={"help": "port to listen on"})
    threads: int = field(default=8, metadata={"help": "threads that answer requests"})
    processes: int = field(
        default_factory=lambda: min(_cores(), MOST_PROCESSES),
        metadata={"help": f"processes that answer, with so many threads each (the cores, at most {MOST_PROCESSES})"},
    )
    public_url: str = field(default="", metadata={"help": "address that visitors use, for canonical links"})
    tile_key: str = field(default="", metadata={"help": "key of a tile service, put for {key} in city.toml"})
    tile_threshold: int = field(
        default=10_000,
        metadata={"help": "points (an area or line counts as five) above which a layer is sent as tiles"},
    )
    plans_per_minute: int = field(
        default=30,
        metadata={"help": "new tours, pictures, booklets an address may have a minute, in each process; twice at once"},
    )
    cache_mb: int = field(
        default=64, metadata={"help": "megabytes of finished answers kept in memory, in each process"}
    )
    recheck_s: float = field(default=2.0, metadata={"help": "seconds between looks at changed geodata files"})
    max_file_mb: int = field(default=128, metadata={"help": "largest geodata file that is read, in megabytes"})
    max_features: int = field(default=200_000, metadata={"help": "most features in one layer"})
    var: Path = field(default_factory=paths.var_dir, metadata={"help": "folder that staff's changes are written to"})
    shared: str = field(
        default="",
        metadata={"help": "folder in its place for what all servers of one PostgreSQL share: photos, kept folders"},
    )
    database_url: str = field(default="", metadata={"help": "PostgreSQL for staff's changes instead of a file in it"})
    store_recheck_s: float = field(default=0.1, metadata={"help": "seconds between looks at published changes"})
    secret: str = field(
        default="",
        repr=False,
        metadata={"help": "text that staff's cookies are signed with; else one is made and kept"},
    )
    metrics_token: str = field(
        default="",
        repr=False,
        metadata={
            "help": "word that /metrics asks for (Authorization: Bearer); without it this machine alone reads it"
        },
    )
    session_h: int = field(default=8, metadata={"help": "hours after which staff log in anew"})
    report_days: int = field(default=90, metadata={"help": "days after which visitors' reports are deleted"})
    embed_days: int = field(
        default=400,
        metadata={
            "help": "days for which is kept on which pages embeds stood, 0 for not at all",
            "may_be_none": True,
        },
    )
    search_weeks: int = field(
        default=26,
        metadata={
            "help": "weeks for which is kept what was sought in vain, 0 for not at all",
            "may_be_none": True,
        },
    )
    offline: int = field(
        default=1,
        metadata={"help": "1 lets phones keep the city, 0 makes those that do let go of it", "may_be_none": True},
    )
    request_log: int = field(
        default=0,
        metadata={"help": "1 writes a line of JSON for each answer, without who asked", "may_be_none": True},
    )
    smtp_host: str = field(default="", metadata={"help": "mail server; without one no mail is sent"})
    smtp_port: int = field(default=587, metadata={"help": "its port; 465 speaks TLS at once, others by STARTTLS"})
    smtp_user: str = field(default="", metadata={"help": "login at it, if it asks for one"})
    smtp_password: str = field(default="", repr=False, metadata={"help": "password at it"})
    smtp_from: str = field(default="", metadata={"help": "address that mail comes from; without one no mail is sent"})
    proxies: int = field(default=0, metadata={"help": "proxies in front that add X-Forwarded-For", "may_be_none": True})

    @property
    def shared_folder(self) -> Path:
        """Return the folder of photos, kept versions of the city, and files that wait."""
        return Path(self.shared) if self.shared else self.var


def read_settings(environ: Mapping[str, str] = os.environ, geodata: Path | None = None, **chosen: object) -> Settings:
    """Return the settings of an environment; `geodata` and `chosen` (from the command line) win unless None.

    Raises InvalidValue, naming the variable, when a number is not one or is not above zero.
    """
    values: dict[str, object] = {"geodata": choose_folder(environ, geodata)[0]}
    for option in fields(Settings):
        variable = f"CITYATLAS_{option.name.upper()}"
        if chosen.get(option.name) is not None:
            values[option.name] = chosen[option.name]
        elif option.name not in values and environ.get(variable):
            values[option.name] = _read(variable, environ[variable], str(option.type), "may_be_none" in option.metadata)
    return Settings(**values)  # type: ignore[arg-type]


def choose_folder(environ: Mapping[str, str], named: Path | None) -> tuple[Path, str]:
    """Return the folder of the city and why it is this one.

    What the command line names comes first, then what the environment does, then the city in the folder where one is,
    and at last the city that is shipped.
    """
    if named:
        return named, "named by --geodata"
    if text := environ.get(GEODATA):
        return Path(text), f"named by {GEODATA}"
    here = Path("geodata").absolute()
    if (here / "city.toml").is_file():
        return here, "which is in the present folder"
    return paths.geodata_dir(), f"which is shipped with the program; --geodata or {GEODATA} names another"


def _read(variable: str, text: str, kind: str, may_be_none: bool) -> object:
    if kind == "Path":
        return Path(text)
    if variable == "CITYATLAS_SECRET" and len(text) < SECRET_LETTERS:
        raise InvalidValue(
            f"{variable} is shorter than {SECRET_LETTERS} letters", "Unset it: a random one is made and kept."
        )
    if kind == "str":
        return text.rstrip("/") if variable.endswith("_URL") else text
    try:
        number = int(text) if kind == "int" else float(text)
    except ValueError:
        raise InvalidValue(f'{variable} is "{text}", not a number', "Give a number or unset it.") from None
    if number < 0 or (number == 0 and not may_be_none):
        raise InvalidValue(f"{variable} is {text}, it must be above zero", "Give a larger number.")
    return number


def help_lines() -> list[str]:
    """Return a line for each variable: its name, meaning and default."""
    return [
        f"CITYATLAS_{option.name.upper():<16} {option.metadata['help']}"
        + (f" (default {option.default})" if isinstance(option.default, int | float) else "")
        for option in fields(Settings)
    ]
