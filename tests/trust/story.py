"""Make the story of visitors from the routes of a city: by a seed, the popular asked for most (Zipf)."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.settings import Settings
from days import SATURDAY, coming

SHARES = {  # of all requests, in percent
    "map": 18,
    "layers": 16,
    "features": 22,
    "search": 12,
    "plan": 5,
    "embed": 14,
    "picture": 5,
    "tiles": 8,
}
PREFIXES = ("/zh", "/en")
STARTS = ("09:00", "10:00", "13:00")
PICTURES = 24
TILE_ZOOMS = (12, 13, 14)


def shipped() -> Catalogue:
    """Return the city that is shipped."""
    return build_catalogue(Settings())


def addresses(city: Catalogue) -> Mapping[str, list[str]]:
    """Return what visitors may ask for, by kind, the most popular first."""
    layers, places = (
        list(city.layers),
        [key for key, each in city.features.items() if each.geometry.geom_type == "Point"],
    )
    names = [str(city.features[key].name["zh"])[:2] for key in places]
    both = {
        "map": ["/", "/sites/", "/about", "/figures", "/routes/", "/changes"],
        "features": [f"/sites/{key}" for key in places],
        "search": [f"/search?q={quote(name)}" for name in dict.fromkeys(names)],
        "plan": [f"/plan?date={coming(SATURDAY)}&start={start}&minutes={m}" for start in STARTS for m in (180, 240)],
        "embed": [
            "/embed/",
            "/embed/list",
            *(f"/embed/layers/{key}" for key in layers),
            *(f"/embed/sites/{key}" for key in places),
        ],
        "picture": ["/map.png", "/map.svg", *(f"/sites/{key}.png" for key in places[:PICTURES])],
        "layers": [f"/layers/{key}" for key in layers],
    }
    told = {kind: [prefix + path for path in paths for prefix in PREFIXES] for kind, paths in both.items()}
    told["layers"] += [f"/layers/{key}.geojson" for key in layers] + ["/city.geojson"]
    told["features"] += [f"/sites/{key}.geojson" for key in places]
    told["tiles"] = [f"/tiles/{key}/{tile}.mvt" for tile in _tiles(city) for key in layers] + ["/tiles/style.json"]
    return told


def story(count: int, kinds: Mapping[str, Sequence[str]], seed: int = 7) -> list[str]:
    """Return so many requests: kinds by their shares, within each the address of rank n asked 1/n as often."""
    chance = random.Random(seed)
    harmonic = {kind: [1 / (rank + 1) for rank in range(len(paths))] for kind, paths in kinds.items()}
    chosen = chance.choices(list(SHARES), list(SHARES.values()), k=count)
    return [chance.choices(kinds[kind], harmonic[kind])[0] for kind in chosen]


def _tiles(city: Catalogue) -> list[str]:
    """Return the tiles round the middle of the first view, z/x/y in Web Mercator."""
    view, found = city.city.view, []
    for z in TILE_ZOOMS:
        wide = 2**z
        x = (view.lon + 180) / 360 * wide
        y = (1 - math.asinh(math.tan(math.radians(view.lat))) / math.pi) / 2 * wide
        found += [f"{z}/{int(x) + dx}/{int(y) + dy}" for dx, dy in itertools.product((0, 1, -1), repeat=2)]
    return found
