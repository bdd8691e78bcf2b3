"""Write toy cities in which every text is an attack, and list every address that a city answers."""

from __future__ import annotations

import copy
import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import brotli
from flask import Flask
from pypdf import PdfReader
from werkzeug.test import TestResponse

from cityatlas.render.built import manifest
from toy import CITY_TOML, Json, figures, sights, text, works

RUN = "window.__x=1"
# Each is short enough for a name (200 letters); together they try every way out of a text that folium,
# Jinja, a script, a style, an attribute or an element has.
PAYLOADS = {
    "template": "{{7*191}}{%raw%}{#x#}{{cycler.__init__.__globals__}}{% endif %}{0.__class__}%(x)s",
    "script": f"`;${{{RUN}}}`\\`${{alert(1)}}\\';{RUN};//\\\";{RUN}//",
    "tag": f"</script></style></textarea></title><script>{RUN}</script><img src=x onerror={RUN}><svg onload={RUN}>",
    "attribute": f'" onmouseover="{RUN}" style="x:y" \' onfocus=\'{RUN}\' autofocus tabindex=0',
    "address": f"javascript:{RUN}",
    "letters": "\u2028\u2029\u202e🏯👨‍👩‍👧歷史街區\u200b\u0301]]>--><!--&lt;&#x3c;",
}
# All that could run in a browser, in one text that still is a name.
EVERYTHING = f"`${{{RUN}}}`\\';{RUN}//</script><img src=x onerror={RUN}><svg onload={RUN}>"
EVERYTHING += f'" onfocus="{RUN}" autofocus {{{{7*191}}}}'
LONG = 10_000
MOST_DRAWN = 2  # pictures of a rule
SOURCE_URL = "https://paper.example/?{{7*191}}&${window.__x=1}&%22onerror=1"
CITY_EXTRA = """
[organiser]
name = { zh = ATTACK, en = ATTACK }
contact = ATTACK
map_approval = ATTACK
icp = ATTACK
police = ATTACK

[[basemaps]]
id = "tiles"
title = { zh = ATTACK, en = ATTACK }
enabled = true
datum = "GCJ-02"
tiles = ["https://tiles.example/{z}/{x}/{y}.png"]
subdomains = ""
attribution = { zh = ATTACK, en = ATTACK }
max_zoom = 18
"""


def write_hostile_city(folder: Path, payload: str) -> Path:
    """Write a toy city with the payload in every text of every file, and return its folder."""
    said = {"zh": f"{payload}中", "en": f"{payload}e"}
    layers = {"sights": sights(), "works": works()}
    for layer in layers.values():
        for row in layer["features"]:
            row["properties"] = _attacked(row, said, payload)
    folder.mkdir(parents=True)
    for name, layer in layers.items():
        (folder / f"{name}.geojson").write_text(json.dumps(layer | {"attribution": said}), "utf-8")
    document = figures()
    for row in document["figures"]:
        row |= {"label": said, "unit": said, "sentence": said, "period": {"text": said}, "source": _source(payload)}
    (folder / "figures.json").write_text(json.dumps(document), "utf-8")
    (folder / "base").mkdir()
    (folder / "photos").mkdir()
    (folder / "photos" / "mill.jpg").write_bytes(b"\xff\xd8\xff\xd9")
    lake = {"class": "lake", "name": said, "min_zoom": 0}
    row = {"type": "Feature", "properties": lake, "geometry": {"type": "Point", "coordinates": [121.015, 30.7]}}
    base = json.dumps({"type": "FeatureCollection", "features": [row]})
    (folder / "base" / "labels.geojson").write_text(base, "utf-8")
    (folder / "city.toml").write_text(_attacked_toml(payload), "utf-8")
    return folder


def _source(title: str) -> Json:
    return {"title": title, "date": "2024-03", "url": SOURCE_URL}


def _attacked(row: Json, said: dict[str, str], payload: str) -> Json:
    """Return a feature's properties with the payload wherever they may hold a text."""
    long = text(payload + "长" * LONG, payload + "l" * LONG)
    old = copy.deepcopy(row["properties"])
    place = {"located_by": said, "source": payload, "verified_on": "2024-05-06", "attribution": said}
    price = {"amount": 5, "currency": "CNY", "for": "adult", "note": said, "source": payload}
    new: Json = old | {
        "name": said,
        "aliases": [payload, f"x{payload}"],
        "summary": long,
        "address": said,
        "opening_hours": "Tu-Su 08:30-16:30",
        "hours_source": payload,
        "visit_min": 45,
        "last_entry_min": 30,
        "programmes": [{"id": "talk", "title": said, "summary": long, "booking": said, "source": payload}],
        "notices": [{"text": said, "to": "2199-12", "source": payload}],
        "price": [price],
        "reservation": {"needed": True, "how": said},
        "reservation_source": payload,
        "phone": "0573-85012345",
        "phone_source": payload,
        "website": SOURCE_URL,
        "services": {"parking": True, "note": said},
        "access": {"step_free": True, "toilets": False, "lift": True, "boat_gangway": False, "note": said},
        "photos": [{"file": "mill.jpg", "alt": said, "credit": payload}],
        "facts": [{"label": said, "value": said, "source": payload}],
        "position": {"class": "approximate", "accuracy_m": 50} | place,
        "sources": [_source(payload)],
        "stated": [{"what": "length_m", "value": 900, "note": said, "source": payload}],
        "phases": [phase | {"note": said, "source": payload} for phase in old.get("phases", ())],
    }
    if row["id"] == "mill":  # one stays schematic, as in the toy city
        new["position"] = {"class": "schematic"} | place
    return new


def _attacked_toml(payload: str) -> str:
    """Return the toy city's city.toml with the payload in every title."""
    lines = (line[: line.index("{")] + _titled(line) if "zh = " in line else line for line in CITY_TOML.splitlines())
    escaped = "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in payload)
    return ("\n".join(lines) + CITY_EXTRA).replace("ATTACK", f'"{escaped}"')


def _titled(line: str) -> str:
    """Return an inline table with both titles attacked and its other keys kept."""
    kept = "".join(part for key in ("icon", "role") for part in _pair(line, key))
    return f"{{ zh = ATTACK, en = ATTACK{kept} }}"


def _pair(line: str, key: str) -> Iterator[str]:
    if f"{key} = " in line:
        yield f", {key} = " + line.split(f"{key} = ")[1].split('"')[1].join('""')


def addresses(app: Flask, query: str, pin: str = "") -> list[str]:
    """Return every GET address of a city, in both languages, with each feature, layer, route and file.

    With a pin only those that can stay at one are returned, each with it.
    """
    catalogue = app.extensions["cityatlas_live"].current()
    choices: dict[str, list[Any]] = {
        "lang": ["zh", "en"],
        "site_id": [*catalogue.features, quote(query, safe=""), "old-mill"],
        "layer_id": [*catalogue.layers, quote(query, safe="")],
        "route_id": ["boat-tour", quote(query, safe="")],
        "name": [*(entry["file"] for entry in manifest().values()), "mill.jpg"],
        "kind": ["map", "embed"],
        "tag": [catalogue.tag],
        "number": [1],
        "word": [quote(query, safe="")],
        "colour": ["a8321f"],
        "z": [14],
        "x": [13699],
        "y": [6722],
        "feature_id": ["mill"],
        "since": ["1"],
        "pin": [pin],
    }
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and ("pin" in rule.arguments) == bool(pin)
    ]
    found = [address for rule in rules for address in _some(_filled_in(rule.rule, sorted(rule.arguments), choices))]
    found = [f"{address}?size=160x160" if _is_drawn(address) else address for address in found]
    if pin:
        return found
    asked = [f"{address}?q={quote(query)}" for address in found if "search" in address]
    shown = [
        f"/{lang}{page}?site={site}"
        for lang in ("zh", "en")
        for page in ("/", "/embed/")
        for site in catalogue.features
    ]
    return [*found, *asked, *shown]


def _some(addresses: Iterator[str]) -> Iterator[str]:
    """Yield the addresses of a rule; of pictures, which take a tenth of a second each, two."""
    drawn = 0
    for address in addresses:
        drawn += _is_drawn(address)
        if drawn <= MOST_DRAWN or not _is_drawn(address):
            yield address


def _is_drawn(address: str) -> bool:
    return address.partition("@")[0].endswith(".png")


def _filled_in(rule: str, names: list[str], choices: dict[str, list[Any]]) -> Iterator[str]:
    """Yield a rule's addresses; each argument is used as `<name>` or `<converter:name>`."""
    if not names:
        yield rule
        return
    name, *others = names
    begin = max(rule.rfind(f"<{name}>"), rule.rfind("<", 0, max(rule.find(f":{name}>"), 0) + 1))
    end = rule.index(">", begin)
    for value in choices.get(name, ["no-such-thing"]):
        yield from _filled_in(f"{rule[:begin]}{value}{rule[end + 1 :]}", others, choices)


def said_by(answer: TestResponse) -> str:
    """Return all that a body says: decompressed, and the words of a PDF; pictures of pixels hold none."""
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress}.get(answer.headers.get("Content-Encoding", ""), bytes)
    body: bytes = unpack(answer.data)
    if answer.mimetype == "application/pdf":
        return " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(body)).pages)
    if body.startswith(b"PK"):  # a kit, Shapefiles, a workbook
        with zipfile.ZipFile(io.BytesIO(body)) as kit:
            names = [name for name in kit.namelist() if not name.endswith((".png", ".shp", ".shx"))]
            return " ".join(kit.read(name).decode(errors="replace") for name in names)
    if (answer.mimetype or "").startswith("application/geopackage"):
        return body.decode(errors="replace")  # a database, whose texts stand in it as they are
    return "" if answer.mimetype in ("image/png", "image/vnd.microsoft.icon") else body.decode(errors="replace")
