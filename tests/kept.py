"""Keep what hundreds of applications of the tests would each make alike: it is most of the time that they take.

What is kept is what the program made, by all that it was made from. Tests of these very parts take none of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any

import geopandas as gpd
import pytest
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection
from werkzeug.routing import Rule

from cityatlas.catalogue import catalogue, relations
from cityatlas.catalogue.relations import Relations, at_work
from cityatlas.city.layers import Feature
from cityatlas.city.spec import City
from cityatlas.store import engine, migrate

BUILDERS = ("_build", "_build_unknown")  # of addresses, by werkzeug: bound to their rule
Relate = Callable[[gpd.GeoDataFrame, Mapping[str, Feature], City], dict[str, Relations]]
Steps = Callable[[Connection, str], None]


class KeptTemplates(BytecodeCache):
    """Keep what templates are compiled to, by name and content: each of hundreds of applications has the same."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with what was compiled of the same text."""
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self.kept[bucket.key, bucket.checksum] = bucket.code


def once_for_each_rule(compile_rule: Callable[[Rule], None]) -> Callable[[Rule], None]:
    """Keep what a rule of an address is compiled to: hundreds of applications have the same rules, and it is slow."""
    made: dict[object, dict[str, Any]] = {}

    def compiled(rule: Rule) -> None:
        assert rule.map is not None
        kinds = tuple(rule.map.converters.items())
        key = (rule.rule, rule.subdomain, rule.host, rule.merge_slashes, repr(rule.defaults), kinds)
        if key not in made:
            compile_rule(rule)
            made[key] = {name: getattr(rule, name) for name in ("_parts", "_trace", "_converters", "arguments")}
            made[key] |= {name: getattr(rule, name).__func__ for name in BUILDERS}
        for name, value in made[key].items():
            setattr(rule, name, value.__get__(rule) if name in BUILDERS else value)

    return compiled


def once_for_each_city(relate: Relate) -> Relate:
    """Keep how the features of a city stand to each other, by their positions, roles and works."""
    made: dict[object, dict[str, Relations]] = {}

    def related(frame: gpd.GeoDataFrame, features: Mapping[str, Feature], city: City) -> dict[str, Relations]:
        if frame.empty:
            return {}
        where = (city.view.lon, city.view.lat, *frame.geometry.to_wkb())
        key = (where, tuple(frame.index), tuple(frame["role"]), at_work(features))
        if key not in made:
            made[key] = relate(frame, features, city)
        return dict(made[key])

    return related


def once_for_each_database(run: Steps) -> Steps:
    """Keep what an empty database of SQLite has become after all steps, as statements."""
    made: list[str] = []

    def stepped(connection: Connection, target: str) -> None:
        if connection.dialect.name != "sqlite" or target != "head" or migrate.step_of(connection):
            run(connection, target)
        elif made:
            for statement in made:
                connection.exec_driver_sql(statement)
        else:
            run(connection, target)
            driver: Any = connection.connection.driver_connection  # Any: sqlite3.Connection, behind the adapter
            made.extend(line for line in driver.iterdump() if not line.startswith(("BEGIN", "COMMIT")))

    return stepped


RELATE = once_for_each_city(relations.relate)
RUN = once_for_each_database(migrate._run)
PRAGMAS = tuple("synchronous = OFF" if pragma.startswith("synchronous") else pragma for pragma in engine.PRAGMAS)


def quick_applications(patch: pytest.MonkeyPatch) -> None:
    """Let applications begin with what is kept, and write without waiting for the disk, which none of them outlives."""
    patch.setattr(catalogue, "relate", RELATE)
    patch.setattr(migrate, "_run", RUN)
    patch.setattr(engine, "PRAGMAS", PRAGMAS)
