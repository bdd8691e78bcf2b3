"""Write a toy city: six sites, two layers, one route, small enough to draw on a napkin.

West to east along the canal, all at 30.7 N: mill 121.00, quay 121.01, school 121.02 (being built, inside the
old town's square), hall 121.03 (Tuesday to Sunday), old town 121.015 to 121.025 (a district), the boat tour.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

Json = dict[str, Any]  # Any: what JSON holds

PAPER = {"title": "Town paper", "date": "2024-03", "url": "https://paper.example/1"}
SIGN = {"title": "Sign at the door", "date": "2025", "url": None}

CITY_TOML = """
[city]
id = "toy"
title = { zh = "玩具城地图", en = "Toy City Atlas" }
tagline = { zh = "六个地点", en = "Six places" }
timezone = "Asia/Shanghai"
extent = [120.9, 30.6, 121.1, 30.8]
view = { lon = 121.015, lat = 30.7, zoom = 14 }
zoom = { min = 10, max = 18 }

[[layers]]
id = "sights"
title = { zh = "景点", en = "Sights" }
group = "visit"
colour = "#00695c"
shape = "circle"
kinds = ["house", "museum", "boat_stop", "route"]

[[layers]]
id = "works"
title = { zh = "工程", en = "Works" }
group = "build"
colour = "#6a4c93"
shape = "hexagon"
kinds = ["project", "district"]

[groups]
visit = { zh = "参观", en = "To visit" }
build = { zh = "建设", en = "Being built" }

[kinds]
house = { zh = "宅第", en = "Historic house", icon = "castle" }
museum = { zh = "纪念馆", en = "Museum" }
boat_stop = { zh = "码头", en = "Boat stop", icon = "ferry", role = "stop" }
route = { zh = "游线", en = "Tour route", role = "route" }
project = { zh = "建设项目", en = "Project", icon = "construction" }
district = { zh = "片区", en = "District", icon = "village", role = "area" }

[themes]
family = { zh = "亲子", en = "Family" }
art = { zh = "艺术", en = "Art" }

[retired]
old-mill = "mill"
"""


def text(zh: str, en: str) -> dict[str, str]:
    """Return a text in both languages."""
    return {"zh": zh, "en": en}


def feature(feature_id: str, kind: str, name: dict[str, str], geometry: Json, **properties: Any) -> Json:
    """Return a feature with one source and a schematic position, unless said otherwise."""
    position = {
        "class": "schematic",
        "accuracy_m": None,
        "located_by": text("沿河示意", "by its place on the canal"),
    }
    base = {"name": name, "kind": kind, "position": position, "sources": [PAPER]}
    return {"type": "Feature", "id": feature_id, "geometry": geometry, "properties": base | properties}


def point(lon: float, lat: float = 30.7) -> Json:
    """Return a point in WGS-84 degrees."""
    return {"type": "Point", "coordinates": [lon, lat]}


def sights() -> Json:
    """Return the first layer: mill, quay, hall and the boat tour."""
    approximate = {
        "class": "approximate",
        "accuracy_m": 50,
        "source": "Town paper",
        "located_by": text("报纸", "paper"),
    }
    tour_line = {"type": "LineString", "coordinates": [[121.0, 30.7], [121.01, 30.7], [121.03, 30.7]]}
    features = [
        feature(
            "mill",
            "house",
            text("老磨坊", "Old mill"),
            point(121.0),
            summary=text("水边的老磨坊。", "A mill by the water."),
            address=text("河边路1号", "1 Canal Road"),
            themes=["family"],
            facts=[{"label": text("建成", "Built"), "value": text("1890年", "1890"), "source": "Town paper"}],
        ),
        feature("quay", "boat_stop", text("渡口", "Quay"), point(121.01), position=approximate),
        feature(
            "hall",
            "museum",
            text("纪念馆", "Memory hall"),
            point(121.03),
            position=approximate,
            address=text("河边路30号", "30 Canal Road"),
            opening_hours="Tu-Su 08:30-16:30",
            hours_source="Sign at the door",
            last_entry_min=30,
            visit_min=45,
            sources=[PAPER, SIGN],
            figures=["visits"],
            themes=["art"],
            access={"step_free": True, "toilets": False},
            programmes=[
                {
                    "id": "talk",
                    "title": text("讲座", "Talk"),
                    "duration_min": 30,
                    "party_min": 5,
                    "party_max": 20,
                    "booking": None,
                    "source": "Sign at the door",
                }
            ],
        ),
        feature(
            "boat-tour",
            "route",
            text("水上游线", "Boat tour"),
            tour_line,
            stops=["mill", "quay", "hall"],
            legs=[{"mode": "walk"}, {"mode": "boat"}],
            stated=[{"what": "duration_min", "value": 60, "source": "Town paper"}],
        ),
    ]
    return {"type": "FeatureCollection", "features": features}


def works() -> Json:
    """Return the second layer: the old town and the school that is built in it."""
    ring = [[121.015, 30.695], [121.025, 30.695], [121.025, 30.705], [121.015, 30.705], [121.015, 30.695]]
    phases = [
        {"phase": "planned", "from": None, "to": "2023-08", "source": "Town paper"},
        {"phase": "groundbreaking", "from": "2023-09", "to": "2023-12", "source": "Town paper"},
        {"phase": "piling", "from": "2024-01", "to": None, "source": "Town paper"},
    ]
    features = [
        feature("old-town", "district", text("老城", "Old town"), {"type": "Polygon", "coordinates": [ring]}),
        feature("school", "project", text("学校", "School"), point(121.02), phases=phases),
    ]
    return {"type": "FeatureCollection", "features": features}


def figures() -> Json:
    """Return two figures of one unit (a chart) and a range of another."""

    def figure(key: str, value: float, unit: dict[str, str], bound: str, **more: Any) -> Json:
        said = text(f"数字 {key}。", f"Figure {key}.")
        return {
            "id": key,
            "group": "visits",
            "label": text(f"{key} 项", f"{key.capitalize()} count"),
            "value": value,
            "unit": unit,
            "bound": bound,
            "period": {"from": "2023-09", "to": None, "text": text("2023年9月起", "since September 2023")},
            "sentence": said,
            "feature": "hall",
            "source": PAPER,
        } | more

    people = text("人次", "visits")
    return {
        "figures": [
            figure("visits", 600000, people, "more_than"),
            figure("talks", 1500, people, "about", feature="mill"),
            figure("months", 24, text("个月", "months"), "exact", value_max=30, feature="school"),
        ]
    }


def write_city(folder: Path, **changed: Json) -> Path:
    """Write the toy city into a folder and return it; `changed` replaces files by name, as sights={...}."""
    files = {"sights.geojson": sights(), "works.geojson": works(), "figures.json": figures()}
    files |= {f"{name}.geojson": content for name, content in changed.items()}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "city.toml").write_text(CITY_TOML, "utf-8")
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return folder


def with_properties(layer: Json, feature_id: str, **properties: Any) -> Json:
    """Return a copy of a layer in which one feature has other properties."""
    changed = copy.deepcopy(layer)
    for row in changed["features"]:
        if row["id"] == feature_id:
            row["properties"] |= properties
    return changed
