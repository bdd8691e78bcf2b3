"""Give the toy city estimates of ways by bicycle, bus and taxi, a line of buses, and a place that only a car reaches.

The fort stands at 121.01 E, 30.75 N, 5.5 km from every path. By taxi the 2,871 m of straight line from the mill to the
hall are 4,307 m and 14 minutes: 5 of waiting, 8.6 of riding; the 1,914 m from the quay are 11 minutes. The bus from the
quay to the hall takes 13.
"""

from __future__ import annotations

from pathlib import Path

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.settings import Settings
from toy import CITY_TOML, feature, point, text
from toy_plan import walkable_sights, write_walkable

RIDES = """
[planning]
children = ["family"]
arrivals = ["boat_stop"]

[rides.bicycle]
km_h = 12
detour = 1.2
wait_min = 2
source = { zh = "假定", en = "Assumed" }

[rides.bus]
km_h = 20
detour = 1.5
wait_min = 4
source = { zh = "假定", en = "Assumed" }

[rides.taxi]
km_h = 30
detour = 1.5
wait_min = 5
seats = 4
source = { zh = "假定", en = "Assumed" }
"""
LINE = """
[[bus_lines]]
id = "one"
title = { zh = "1路", en = "Line 1" }
stops = ["quay", "hall"]
source = { zh = "站牌", en = "The sign at the stop" }
"""


def write_riding(folder: Path, extra: str = RIDES + LINE, toml: str = CITY_TOML) -> Path:
    """Write the toy city with its streets and the fort, and what `extra` says in its city.toml."""
    sights = walkable_sights()
    fort = feature("fort", "house", text("炮台", "Fort"), point(121.01, 30.75), visit_min=20)
    sights["features"].insert(3, fort)
    write_walkable(folder, sights=sights)
    (folder / "city.toml").write_text(toml.replace("[retired]", f"{extra}\n[retired]"), "utf-8")
    return folder


def riding(folder: Path, extra: str = RIDES + LINE, toml: str = CITY_TOML) -> Catalogue:
    """Return a snapshot of that city."""
    return build_catalogue(Settings(geodata=write_riding(folder, extra, toml)))
