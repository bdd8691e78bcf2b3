"""Make synthetic cities of any size from a seed, in the format of geodata/, for measuring."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any, Literal

Shape = Literal["points", "polygons"]
Json = dict[str, Any]  # Any: what JSON holds

EXTENT = (120.88, 30.54, 121.32, 30.88)  # west, south, east, north in WGS-84 degrees
VERTICES = 20  # of a polygon
RADIUS_M = 60.0  # of a polygon, about a large building
METRES_PER_DEG = 111_320.0
KINDS = ("house", "museum", "project", "park")
THEMES = ("family", "art", "water")
SIGNS = "平湖明东南河头水乡古镇清廉科创景观园林书院学堂码厂桥塔寺里坊街路新安永福"
SOURCE = {"title": "Synthetic", "date": "2026", "url": None}
PHASES = [
    {"phase": "groundbreaking", "from": "2023-09", "to": "2023-12", "source": "Synthetic"},
    {"phase": "piling", "from": "2024-01", "to": None, "source": "Synthetic"},
]

CITY_TOML = f"""
[city]
id = "bench"
title = {{ zh = "测速城", en = "Bench city" }}
tagline = {{ zh = "合成数据", en = "Synthetic data" }}
timezone = "Asia/Shanghai"
holidays = "CN"
extent = [{", ".join(map(str, EXTENT))}]
view = {{ lon = 121.1, lat = 30.71, zoom = 12 }}
zoom = {{ min = 10, max = 18 }}

[[layers]]
id = "things"
title = {{ zh = "合成图层", en = "Synthetic layer" }}
group = "all"
colour = "#1f5f99"
shape = "circle"
kinds = ["house", "museum", "project", "park"]

[groups]
all = {{ zh = "全部", en = "All" }}

[kinds]
house = {{ zh = "宅第", en = "House", icon = "castle" }}
museum = {{ zh = "纪念馆", en = "Museum" }}
project = {{ zh = "项目", en = "Project", icon = "construction" }}
park = {{ zh = "公园", en = "Park", icon = "park" }}

[themes]
family = {{ zh = "亲子", en = "Family" }}
art = {{ zh = "艺术", en = "Art" }}
water = {{ zh = "水乡", en = "Water" }}
"""


def write_city(folder: Path, count: int, shape: Shape, seed: int = 1) -> Path:
    """Write a city with one layer of `count` features and return its folder; the same seed, the same bytes."""
    chance = random.Random(f"{seed} {shape}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "city.toml").write_text(CITY_TOML, "utf-8")
    features = [_feature(number, shape, chance) for number in range(count)]
    collection = {"type": "FeatureCollection", "features": features}
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    (folder / "things.geojson").write_text(text, "utf-8")
    (folder / "figures.json").write_text('{"figures": []}', "utf-8")
    return folder


def _feature(number: int, shape: Shape, chance: random.Random) -> Json:
    west, south, east, north = EXTENT
    lon, lat = chance.uniform(west, east), chance.uniform(south, north)
    place = "".join(chance.choices(SIGNS, k=4))
    kind = chance.choice(KINDS)
    position = {"class": chance.choice(("surveyed", "schematic")), "accuracy_m": None, "source": "Synthetic"}
    properties: Json = {
        "name": {"zh": f"{place}{number}号", "en": f"Place {number}"},
        "kind": kind,
        "themes": chance.sample(THEMES, k=1),
        "position": position | {"located_by": {"zh": "随机", "en": "at random"}},
        "sources": [SOURCE],
    }
    if kind == "project":
        properties["phases"] = PHASES
    if kind == "museum":
        properties |= {"opening_hours": "Tu-Su 09:00-17:00", "hours_source": "Synthetic"}
    geometry = _point(lon, lat) if shape == "points" else _polygon(lon, lat, chance)
    return {"type": "Feature", "id": f"thing-{number}", "geometry": geometry, "properties": properties}


def _point(lon: float, lat: float) -> Json:
    return {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]}


def _polygon(lon: float, lat: float, chance: random.Random) -> Json:
    """Return a star-shaped ring, counter-clockwise, of VERTICES vertices around a position."""
    wide = math.cos(math.radians(lat))
    ring = []
    for step in range(VERTICES):
        angle, reach_deg = 2 * math.pi * step / VERTICES, RADIUS_M * chance.uniform(0.6, 1.0) / METRES_PER_DEG
        ring.append([round(lon + reach_deg * math.cos(angle) / wide, 6), round(lat + reach_deg * math.sin(angle), 6)])
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
