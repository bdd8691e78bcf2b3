"""Read the files of a toy tour back with other people's programs: gpxpy, GDAL, defusedxml, icalendar."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import gpxpy
import icalendar
import pyogrio
import pytest
from defusedxml import ElementTree

from cityatlas.catalogue.catalogue import Catalogue
from cityatlas.handouts.day.day_lines import itinerary_text
from cityatlas.handouts.day.ics import itinerary_ics
from cityatlas.handouts.handout import Handout, make_handout, map_words
from cityatlas.handouts.map_files import itinerary_geojson, itinerary_gpx, itinerary_kml
from cityatlas.i18n import Language
from cityatlas.planner.itinerary.itinerary import plan
from cityatlas.planner.request.request import TourRequest
from toy import Json, text, with_properties
from toy_plan import walkable, walkable_sights

FRIDAY = date(2026, 12, 4)
# From the quay (09:00) 958 m to the mill, 09:15 to 09:45, then 2,874 m to the hall, 10:30 to 11:15.
MORNING = TourRequest(FRIDAY, 9 * 3600, 12 * 3600, "quay", "hall", fullness="full", allows_unknown_hours=True, party=12)
LINK = "https://atlas.example/en/plan?date=2026-12-04&made=a.b,c:d"
MADE = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
KML = "{http://www.opengis.net/kml/2.2}"
ATTACK = '</name><script>alert(1)</script>&amp; #image("/etc/passwd") *b* $x$ "><g>{{7*191}}\\'


def handout(catalogue: Catalogue, language: Language = "en", request: TourRequest = MORNING) -> Handout:
    """Return the handout of a tour of the toy city."""
    itinerary = plan(catalogue, request)
    return make_handout(catalogue, itinerary, language, LINK, lambda f: f"https://atlas.example/sites/{f.id}")


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return walkable(tmp_path_factory.mktemp("city") / "toy")


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    name = text(f"{ATTACK}中", f"{ATTACK}e")
    return walkable(
        tmp_path_factory.mktemp("city") / "toy", sights=with_properties(walkable_sights(), "mill", name=name)
    )


def read_layer(tmp_path: Path, name: str, body: bytes, layer: str | None = None) -> Any:
    """Return a layer of our own file as GDAL reads it."""
    file = tmp_path / name
    file.write_bytes(body)
    return pyogrio.read_dataframe(file, layer=layer)


def test_gpx_waypoints_carry_name_time_and_page(toy: Catalogue) -> None:
    gpx = gpxpy.parse(io.StringIO(itinerary_gpx(handout(toy)).decode()))
    mill, hall = gpx.waypoints
    assert (mill.name, hall.name) == ("1. Old mill (schematic position)", "2. Memory hall")
    assert (mill.time, hall.time) == (
        datetime(2026, 12, 4, 1, 15, tzinfo=UTC),
        datetime(2026, 12, 4, 2, 30, tzinfo=UTC),
    )
    assert (str(mill.link), str(hall.link)) == ("https://atlas.example/sites/mill", "https://atlas.example/sites/hall")
    assert (gpx.link, gpx.version, gpx.creator) == (LINK, "1.1", "cityatlas")
    assert (mill.description or "").splitlines()[:2] == ["09:15–09:45", "Hours unknown: check first"]
    assert "not for navigation" in (mill.description or "")
    assert "navigation" not in (hall.description or "")
    assert "not for navigation" in (gpx.description or "")


def test_gpx_route_goes_from_start_to_end_and_the_track_has_a_segment_a_walk(toy: Catalogue) -> None:
    gpx = gpxpy.parse(io.StringIO(itinerary_gpx(handout(toy)).decode()))
    assert [point.name for point in gpx.routes[0].points] == [
        "Quay",
        "1. Old mill (schematic position)",
        "2. Memory hall",
    ]
    assert [round(segment.length_2d() or 0, -2) for segment in gpx.tracks[0].segments] == [1000, 2900]


def test_gdal_reads_every_layer_of_the_gpx(toy: Catalogue, tmp_path: Path) -> None:
    body = itinerary_gpx(handout(toy, "zh"))
    waypoints = read_layer(tmp_path, "a.gpx", body, "waypoints")
    assert list(waypoints["name"]) == ["1. 老磨坊（示意位置）", "2. 纪念馆"]
    assert [(p.x, p.y) for p in waypoints.geometry] == [(121.0, 30.7), (121.03, 30.7)]
    assert [len(read_layer(tmp_path, "a.gpx", body, layer)) for layer in ("routes", "tracks")] == [1, 1]


def test_gdal_reads_the_kml_with_stops_and_walks(toy: Catalogue, tmp_path: Path) -> None:
    body = itinerary_kml(handout(toy, "zh"))
    stops, ways = read_layer(tmp_path, "a.kml", body, "地点"), read_layer(tmp_path, "a.kml", body, "路线")
    assert list(stops["Name"]) == ["1. 老磨坊（示意位置）", "2. 纪念馆"]
    assert [(p.x, p.y) for p in stops.geometry] == [(121.0, 30.7), (121.03, 30.7)]
    assert list(ways["Name"]) == ["渡口 → 老磨坊", "老磨坊 → 纪念馆"]
    assert [line.geom_type for line in ways.geometry] == ["LineString", "LineString"]


def test_kml_says_when_in_the_citys_time(toy: Catalogue) -> None:
    root = ElementTree.fromstring(itinerary_kml(handout(toy)))
    spans = [(span[0].text, span[1].text) for span in root.iter(f"{KML}TimeSpan")]
    assert spans[0] == ("2026-12-04T09:15:00+08:00", "2026-12-04T09:45:00+08:00")
    assert len(spans) == 4


def test_geojson_holds_stops_and_legs_in_lon_lat(toy: Catalogue, tmp_path: Path) -> None:
    body = itinerary_geojson(handout(toy))
    table: Json = json.loads(body)
    assert (table["type"], table["link"]) == ("FeatureCollection", LINK)
    rows = [(row.get("id"), row["geometry"]["type"], row["properties"]["role"]) for row in table["features"]]
    assert rows == [
        ("mill", "Point", "stop"),
        ("hall", "Point", "stop"),
        (None, "LineString", "leg"),
        (None, "LineString", "leg"),
    ]
    mill, first = table["features"][0], table["features"][2]
    assert mill["geometry"]["coordinates"] == [121.0, 30.7]
    assert (mill["properties"]["position"], mill["properties"]["is_located"]) == ("schematic", False)
    assert first["geometry"]["coordinates"] == [[121.01, 30.7], [121.0, 30.7]]
    assert (first["properties"]["begin"], first["properties"]["length_m"]) == ("2026-12-04T09:00:00+08:00", 958)
    assert len(read_layer(tmp_path, "a.geojson", body)) == 4


def events(calendar: bytes) -> list[Any]:
    """Return the events of a calendar as icalendar reads them."""
    return list(icalendar.Calendar.from_ical(calendar).walk("VEVENT"))


def test_the_calendar_has_an_event_a_stop_in_the_citys_time(toy: Catalogue) -> None:
    body = itinerary_ics(handout(toy), MADE)
    mill, hall = events(body)
    assert [str(event["summary"]) for event in (mill, hall)] == ["1. Old mill", "2. Memory hall"]
    assert mill.decoded("dtstart").isoformat() == "2026-12-04T09:15:00+08:00"
    assert hall.decoded("dtend").isoformat() == "2026-12-04T11:15:00+08:00"
    assert str(mill.decoded("dtstart").tzinfo) == "Asia/Shanghai"
    zones = icalendar.Calendar.from_ical(body).walk("VTIMEZONE")
    assert [str(zone["tzid"]) for zone in zones] == ["Asia/Shanghai"]
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))


def test_the_calendar_knows_the_way_there_and_rings_ten_minutes_before_one_leaves(toy: Catalogue) -> None:
    mill, hall = events(itinerary_ics(handout(toy), MADE))
    assert mill["x-apple-travel-duration"].params["value"] == "DURATION"
    assert mill["x-apple-travel-duration"].to_ical() == b"PT15M"
    assert "09:00 Walk about 960 m, about 15 min" in str(mill["description"])
    triggers = [event.walk("VALARM")[0].decoded("trigger") for event in (mill, hall)]
    assert triggers == [timedelta(minutes=-25), timedelta(minutes=-55)]  # one leaves at 09:00 and at 09:45


def test_an_alarm_without_a_way_to_go_says_when_it_begins(toy: Catalogue) -> None:
    request = TourRequest(FRIDAY, 9 * 3600, 12 * 3600, fullness="full", must=("hall",), avoid=("mill",))
    (hall,) = events(itinerary_ics(handout(toy, request=request), MADE))
    (alarm,) = hall.walk("VALARM")
    assert str(alarm["description"]) == "09:00 begins: Memory hall"
    assert alarm.decoded("trigger") == timedelta(minutes=-10)


def test_a_changed_plan_replaces_its_events(toy: Catalogue) -> None:
    later = TourRequest(**(vars(MORNING) | {"start_s": 9 * 3600 + 1800, "end_s": 13 * 3600}))
    before = events(itinerary_ics(handout(toy), MADE))
    after = events(itinerary_ics(handout(toy, "zh", later), MADE + timedelta(minutes=1)))
    assert [str(event["uid"]) for event in before] == ["2026-12-04-mill@cityatlas", "2026-12-04-hall@cityatlas"]
    assert [event["uid"] for event in after] == [event["uid"] for event in before]
    assert before[0].decoded("dtstart") != after[0].decoded("dtstart")
    assert [new["sequence"] - old["sequence"] for old, new in zip(before, after, strict=True)] == [1, 1]
    assert before[0]["sequence"] < 2**31


def test_the_calendar_leads_to_the_pages_and_to_no_position_that_is_only_drawn(toy: Catalogue) -> None:
    mill, hall = events(itinerary_ics(handout(toy), MADE))
    assert [str(event["url"]) for event in (mill, hall)] == [
        "https://atlas.example/sites/mill",
        "https://atlas.example/sites/hall",
    ]
    assert str(mill["description"]).endswith(LINK)
    assert "geo" not in mill
    assert "not for navigation" in str(mill["description"])
    assert hall["geo"].to_ical() == "30.7;121.03"


def test_plain_text_is_short_and_ends_with_the_address_alone(toy: Catalogue) -> None:
    lines = itinerary_text(handout(toy, "zh")).split("\n")
    assert lines == [
        "玩具城地图",
        "2026-12-04 周五 09:00–11:15",
        "",
        "09:00 从这里出发：渡口",
        "  ↓ 步行约 960 米，约 15 分钟",
        "09:15–09:45 1. 老磨坊",
        "  ↓ 步行约 2.9 公里，约 45 分钟",
        "10:30–11:15 2. 纪念馆",
        "11:15 到这里结束：纪念馆",
        "",
        "第 1 站的开放时间未知，去之前请先核实。",
        "",
        "位置和路线是示意的，步行时间只是大约。",
        "",
        LINK,
    ]


def test_a_boat_trip_is_drawn_as_it_goes(toy: Catalogue, tmp_path: Path) -> None:
    request = TourRequest(FRIDAY, 9 * 3600, 12 * 3600, must=("boat-tour",), boat="yes", avoid=("mill", "hall"))
    walked = with_properties(walkable_sights(), "boat-tour", legs=[{"mode": "boat"}, {"mode": "boat"}])
    boats = handout(walkable(tmp_path / "boats", sights=walked), "en", request)
    assert [stop.feature.id for stop in boats.itinerary.stops] == ["boat-tour"]
    (line,) = [row for row in json.loads(itinerary_geojson(boats))["features"] if row["properties"]["role"] == "leg"]
    assert (line["properties"]["mode"], len(line["geometry"]["coordinates"])) == ("boat", 3)
    assert [track.name for track in gpxpy.parse(itinerary_gpx(boats).decode()).tracks] == ["Boat tour"]
    assert list(read_layer(tmp_path, "b.kml", itinerary_kml(boats), "Ways")["Name"]) == ["Boat tour"]


def test_the_words_below_the_map_explain_the_lines_that_it_has(toy: Catalogue, tmp_path: Path) -> None:
    walked = map_words(handout(toy))
    assert walked == (
        "Schematic: dotted is on foot, numbers give the order. Not for navigation, no authority on boundaries."
    )
    sights = with_properties(walkable_sights(), "boat-tour", legs=[{"mode": "boat"}, {"mode": "boat"}])
    request = TourRequest(FRIDAY, 9 * 3600, 12 * 3600, must=("boat-tour",), boat="yes", avoid=("mill", "hall"))
    sailed = handout(walkable(tmp_path / "boats", sights=sights), "zh", request)
    assert map_words(sailed) == "示意图：蓝色虚线是乘船，数字是先后。不作导航与界线依据。"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_hostile_name_stays_a_name_in_every_file(attacked: Catalogue, language: Language) -> None:
    made = handout(attacked, language)
    name = made.name(made.itinerary.stops[0].feature)
    assert name.startswith(ATTACK)
    marked = f"1. {name}{made.words('take.schematic_mark')}"
    assert gpxpy.parse(itinerary_gpx(made).decode()).waypoints[0].name == marked
    root = ElementTree.fromstring(itinerary_kml(made))
    assert root.findtext(f".//{KML}Placemark/{KML}name") == marked
    assert not list(root.iter("script"))
    assert json.loads(itinerary_geojson(made))["features"][0]["properties"]["name"] == marked
    assert str(events(itinerary_ics(made, MADE))[0]["summary"]) == f"1. {name}"


def test_a_kml_description_is_escaped_for_those_who_read_it_as_html(toy: Catalogue, tmp_path: Path) -> None:
    title = text("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>")
    named = with_properties(walkable_sights(), "quay", name=title)
    boats = with_properties(named, "boat-tour", legs=[{"mode": "boat"}, {"mode": "boat"}])
    request = TourRequest(FRIDAY, 9 * 3600, 12 * 3600, must=("boat-tour",), boat="yes", avoid=("mill", "hall"))
    made = handout(
        walkable(tmp_path / "toy", sights=with_properties(boats, "boat-tour", stops=["quay", "mill", "hall"])),
        "en",
        request,
    )
    root = ElementTree.fromstring(itinerary_kml(made))
    descriptions = [element.text or "" for element in root.iter(f"{KML}description")]
    assert any("Boards at &lt;img src=x" in description for description in descriptions)
    assert not any("<img" in description for description in descriptions)
