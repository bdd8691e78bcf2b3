"""Make values that nobody should send: for parts of an address, its query, headers and bodies; from seeded dice."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from cityatlas.catalogue.catalogue import Catalogue
from hostile import EVERYTHING, PAYLOADS
from upload_files import at, geojson, gpx, kml, row

Pools = Mapping[str, Sequence[str]]
# Each line is a text for each blank, so that they can be read; NUL, line breaks and half letters come behind.
NUMBERS = "0 -1 -0 +5 1.5 1_000 0x10 １２ ١ nan -inf 1e400 1e-400 nan,nan 1e400,1 121.02,30.69,5"
DAYS = "0001-01-01 9999-12-31 2027-02-30 0000-00-00 -0001-01-01 2027-W10-6 20270306 10000-01-01 2026-01-01T00:00+99:00"
MOMENTS = "24:00 00:00 23:59 23:59:60 99:99 9 9:5 -1:30 0001-01-01T00:00 9999-12-31T23:59-14:00 9999-12 0001-01"
SIGNS = "[ ] [] {} { \" ' \\ , ,,,, : :: a:b:c - * é % %zz %00 ../.. ..%2f.. //evil.example http://[::1 {{7*7}}"
WORDS = "null None True yes no on only self __class__ mill:mill mill,mill mo-manor:2 mo-manor:0 mo-manor:nan"
HALF = "\ud800"  # half a letter, as JSON and broken browsers can send it
UNSEEN = ("", " ", " 5 ", "\0", "a\0b", "\n", "\r\nX-Evil: 1", "\x1b[31m", HALF, f"x{HALF}\udfff", "\u202e")
LONG = ("9" * 30, "9" * 5_000, "-" + "9" * 400, "a" * 3_000, "河" * 1_500, "mill," * 500)
MANY = (",".join(f"p{number}" for number in range(800)),)
ODD = (*f"{NUMBERS} {DAYS} {MOMENTS} {SIGNS} {WORDS}".split(" "), *UNSEEN, *LONG, *MANY, EVERYTHING, *PAYLOADS.values())
HEADERS: Pools = {
    "Accept": ("*/*", "text/html", "application/json", "application/json;q=nan", ";q=", "a/b;q=1e400", ",,,", "text"),
    "Accept-Encoding": ("br", "gzip", "identity;q=0", "*;q=0", "br;q=0, gzip;q=0", "br;q=x", ";", ","),
    "Accept-Language": ("zh", "en", "x" * 2_000, "zh;q=nan", "*", "-", ";;;q", "zh-Hans-CN-x-a, en;q=-1", "zh_CN"),
    "Content-Type": ("application/json", "text/plain", "multipart/form-data; boundary=", "é", ""),
    "Cookie": ("lang=xx", "lang=", "desk=x", "desk=.x.y.z", "; ;=;", 'lang="', "device=é"),
    "Host": ("localhost", "[::1", "[::1]", "a b", "evil.example:99999", "x:y", ".", "é.example", "a" * 300, "@", "/"),
    "If-Modified-Since": ("x", "Thu, 99 Foo 0000 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"),
    "If-None-Match": ("*", '"', 'W/"x"', '""', ",", "x" * 500),
    "Origin": ("null", "http://[::1", "http://", "//", "é", "http://localhost:port", "", "https://evil.example"),
    "Range": ("bytes=0-1", "bytes=-1", "bytes=9999999999999999999-", "bytes=a-b", "x", "bytes=0-0,1-1,2-2"),
    "Referer": ("http://[::1", "x", "http://localhost/zh/staff/"),
    "Sec-Fetch-Site": ("same-origin", "cross-site", "none", "x"),
    "Transfer-Encoding": ("chunked", "x"),
    "User-Agent": ("", "é" * 50, "Mozilla/5.0 Chrome/120.0", "x" * 3_000),
    "X-CSRF-Token": ("", "x", "é"),
    "X-Forwarded-For": ("1.2.3.4", "x", "[::1", ",,"),
    "X-Requested-With": ("fetch", "XMLHttpRequest"),
}
FILES = {
    "a.geojson": geojson(row(at(121.01), name="石桥", name_en="Bridge"), row(None, name="x" * 900), row(at(1e9))),
    "b.csv": "名称,经度,纬度\n石桥,121.01,30.7\n,,\n=1+1,nan,9e999\n".encode(),
    "c.gpx": gpx('<wpt lat="30.7" lon="121.01"><name>x</name></wpt><wpt lat="99" lon="x"/>'),
    "d.kml": kml(f"<Placemark><name>{HALF}</name></Placemark>".replace(HALF, "&#xD800;")),
    "e.xlsx": b"PK\x03\x04" + bytes(300),
    "f.zip": b"PK\x05\x06" + bytes(18),
    "g.jpg": b"\xff\xd8\xff\xe0" + bytes(90),
    "../h": b"",
    "\u202egpj.exe": b"\x89PNG\r\n\x1a\n",
}
CLOCKS = ("09:00", "10:30", "13:00", "15:45", "17:00")
MINUTES = ("20", "60", "240", "420", "960")


def right_values(catalogue: Catalogue) -> Pools:
    """Return, for keys of queries and forms, values that are right in a city: what is odd then comes deep."""
    ids = [*catalogue.features, "no-such-place"]
    today = datetime.now(ZoneInfo(catalogue.city.timezone)).date()
    west, south, east, north = catalogue.city.extent
    places = [f"{west + part * (east - west):.4f},{south + part * (north - south):.4f}" for part in (0.3, 0.45, 0.5)]
    flags = ("yes", "no", "1", "")
    routes = [feature.id for feature in catalogue.of_role("route")]
    programmes = [f"{f.id}:{p.id}" for f in catalogue.features.values() for p in f.programmes]
    return {
        **dict.fromkeys(("site", "must", "not", "keep", "order", "site_id", "feature_id"), ids),
        "start_at": [*ids, *places],
        "end_at": [*ids, *places],
        **dict.fromkeys(("start", "end"), CLOCKS),
        **dict.fromkeys(("step_free", "lunch", "unknown_hours"), flags),
        "layers": list(catalogue.layers),
        "layer_id": list(catalogue.layers),
        **dict.fromkeys(("tour", "route", "route_id"), routes or ["none"]),
        "theme": [*catalogue.city.themes, *(f"{theme}:3" for theme in catalogue.city.themes)],
        "date": [(today + timedelta(days)).isoformat() for days in range(1, 300, 11)],
        "minutes": MINUTES,
        "pace": ("slow", "normal", "brisk"),
        "fullness": ("relaxed", "normal", "full"),
        "party": ("1", "12", "500"),
        "boat": ("no", "yes", "only"),
        "stay": [f"{place}:{minutes}" for place in ids for minutes in (20, 90)],
        "begin_at": [f"{place}:{clock}" for place in ids for clock in CLOCKS],
        "programme": programmes or ["none:none"],
        "walk_max": ("500", "3000", "20000"),
        "modes": ("walk", "walk,taxi", "bus", "taxi,bicycle"),
        "ride_from": ("1000", "1500"),
        "variant": ("less", "more", "theme"),
        "c": places,
        "z": ("10", "14.5", "18"),
        "kind": list(catalogue.city.kinds),
        "phase": ("planned", "piling"),
        "at": ("2026-12-05T13:30", "2027-01-01T00:00+08:00"),
        "month": ("2024-01", "2026-12"),
        "q": ("mill", "平湖", "lsjq", "a"),
        "page": ("1", "2"),
        "v": (catalogue.tag, "old"),
        "tag": (catalogue.tag, "old"),
        "lang": ("zh", "en"),
    }


def mutated(dice: random.Random, text: str) -> str:
    """Return a text with something put in, taken out, doubled or put in its place."""
    cut = dice.randrange(len(text) + 1)
    return dice.choice(
        (text[:cut] + dice.choice(ODD) + text[cut:], text[:cut], text[cut:], text + text, text + ",", dice.choice(ODD))
    )


def value(dice: random.Random, pool: Sequence[str], odds: float) -> str:
    """Return a right value, a few of them as a list, or, with the odds given, an odd one."""
    if not pool or dice.random() < odds:
        return mutated(dice, dice.choice(pool)) if pool and dice.random() < 0.5 else dice.choice(ODD)
    return ",".join(dice.choice(pool) for _ in range(dice.choice((1, 1, 1, 2, 5))))


def escaped(dice: random.Random, text: str) -> str:
    """Return a text as it stands in an address; now and then in raw bytes, as no browser sends it."""
    raw = text.encode("utf-8", "surrogatepass")
    if dice.random() < 0.05:
        return raw.decode("latin-1").replace("#", "").replace("?", "")
    return quote(raw, safe=",:" if dice.random() < 0.5 else "")


def document(dice: random.Random, pools: Pools, keys: Sequence[str]) -> bytes:
    """Return the body of a wish in JSON, right or broken."""
    text = json.dumps({key: _json_value(dice, pools.get(key, ())) for key in dice.sample(keys, dice.randrange(1, 8))})
    deep = dice.choice((50, 900, 20_000))
    half = text[: len(text) // 2]
    broken = ("[" * deep, '{"a":' * deep, half, "null", "[]", '"x"', "1e999", '{"date": NaN}', f"\ufeff{text}")
    return (text if dice.random() < 0.8 else dice.choice(broken)).encode()


def _json_value(dice: random.Random, pool: Sequence[str]) -> object:
    text = value(dice, pool, 0.15)
    name, _, rest = text.partition(":")
    right = (text, text.split(","), {name: rest}, {name: dice.randrange(200)}, dice.randrange(600), True)
    number = dice.choice((0, -1, 10**30, 1e308, 0.5))
    odd: tuple[object, ...] = (
        None,
        number,
        [],
        {},
        [text, None],
        {text: text},
        [[text]],
        {name: {name: rest}},
        {"": number},
        HALF,
    )
    return dice.choice(right if dice.random() < 0.8 else odd)
