"""Check that one published change that does not fit the others takes nothing else off the map."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cityatlas.catalogue.live import LiveCatalogue
from cityatlas.catalogue.reconcile import build_shown
from cityatlas.catalogue.store_watch import Overlay, overlay_of
from cityatlas.geo import datum
from cityatlas.settings import Settings
from cityatlas.store import Order, Store, archive, open_store, publish_content, published
from cityatlas.store.log.erase import erase_feature
from cityatlas.versioning.content import Content, content_of
from toy import feature, point, sights, text, with_properties, works, write_city

NEW = text("新磨坊", "New mill")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings of the toy city, with a store beside."""
    return Settings(geodata=write_city(tmp_path / "toy"), var=tmp_path / "var")


@pytest.fixture
def store(settings: Settings) -> Store:
    """Return the store, in which the mill was renamed: what must stay on the map whatever else is published."""
    made = open_store("", settings.var, "toy")
    put(made, "mill", said("house", NEW, 121.0))
    return made


def said(kind: str, name: dict[str, str], lon: float = 121.005, layer: str = "sights", **properties: Any) -> Content:
    row = feature("any", kind, name, point(lon), **properties)
    return content_of(layer, row["geometry"], row["properties"])


def put(store: Store, feature_id: str, content: Content, **order: Any) -> int:
    return publish_content(store, feature_id, content, 0, Order("ed", **order)).revision.number


def troubles(settings: Settings, store: Store, at: datetime | None = None) -> list[tuple[str, str, str]]:
    """Return what is left out or kept, after a look that the renamed mill is shown."""
    catalogue, found = build_shown(settings, overlay_of(published(store, at_moment=at)))
    assert catalogue.feature("mill").name == NEW
    return [(trouble.rule, trouble.feature, trouble.other) for trouble in found]


def test_what_fits_is_no_trouble(settings: Settings, store: Store) -> None:
    put(store, "kiosk", said("house", text("亭", "Kiosk")))
    assert troubles(settings, store) == []


def test_a_district_that_a_layer_names_stays_when_it_was_taken_off(settings: Settings, store: Store) -> None:
    toml = settings.geodata / "city.toml"
    toml.write_text(toml.read_text("utf-8").replace('id = "works"', 'id = "works"\ndistrict = "old-town"'), "utf-8")
    origin = content_of("works", works()["features"][0]["geometry"], works()["features"][0]["properties"])
    archive(store, "old-town", 0, Order("ed", origin=origin))
    assert troubles(settings, store) == [("needed_district", "old-town", "works")]


def test_a_stop_that_was_taken_off_or_ended_stays_for_the_route_that_needs_it(settings: Settings, store: Store) -> None:
    end = datetime.now(UTC) + timedelta(hours=1)
    put(store, "kiosk", said("house", text("亭", "Kiosk")), expires_at=end)
    line = sights()["features"][3]
    route = content_of("sights", line["geometry"], line["properties"] | {"stops": ["kiosk", "quay"], "legs": []})
    put(store, "boat-tour", route)
    assert troubles(settings, store) == []
    later = end + timedelta(hours=1)
    assert troubles(settings, store, later) == [("needed_stop", "kiosk", "boat-tour")]
    assert "kiosk" in build_shown(settings, overlay_of(published(store, at_moment=later)))[0].features


def test_a_twin_that_is_off_by_a_datum_is_left_out(settings: Settings, store: Store) -> None:
    lon, lat = datum.convert(121.01, 30.7, "WGS-84", "GCJ-02")
    row = feature("quay2", "boat_stop", text("渡口", "Quay"), point(lon, lat))
    put(store, "quay2", content_of("sights", row["geometry"], row["properties"]))
    assert troubles(settings, store) == [("twin", "quay2", "quay")]


def test_a_route_to_a_place_that_is_nowhere_falls_back_to_the_folders(settings: Settings, store: Store) -> None:
    line = sights()["features"][3]
    route = content_of("sights", line["geometry"], line["properties"] | {"stops": ["gone", "quay"], "legs": []})
    put(store, "boat-tour", route)
    assert troubles(settings, store) == [("stop", "boat-tour", "gone")]
    shown = build_shown(settings, overlay_of(published(store)))[0]
    assert shown.feature("boat-tour").stops == ("mill", "quay", "hall")


def test_figures_that_went_and_ids_that_were_withdrawn_are_left_out(settings: Settings, store: Store) -> None:
    put(store, "school", said("project", text("学校", "School"), layer="works", figures=["none"]))
    put(store, "old-mill", said("house", text("旧", "Old")))
    assert sorted(troubles(settings, store)) == [("figure", "school", "none"), ("retired", "old-mill", "")]


def test_a_folder_that_loses_a_place_under_a_published_route_leaves_the_route_out(
    settings: Settings, store: Store
) -> None:
    put(store, "new-tour", said("route", text("新线", "New tour"), stops=["quay", "hall"]))
    rows = with_properties(sights(), "boat-tour", stops=["mill"], legs=[])
    rows["features"] = [row for row in rows["features"] if row["id"] != "quay"]
    (settings.geodata / "sights.geojson").write_text(json.dumps(rows), "utf-8")
    assert troubles(settings, store) == [("stop", "new-tour", "quay")]


def test_the_faults_of_a_running_server_tell_of_it(settings: Settings, store: Store) -> None:
    put(store, "old-mill", said("house", text("旧", "Old")))
    live = LiveCatalogue(settings)
    assert live.faults == ('published feature "old-mill": its id was withdrawn in city.toml; it is not shown',)
    assert not live.current().is_store_lost
    live.close()


def test_a_successor_that_went_too_leads_on_and_one_that_is_nowhere_is_left_out() -> None:
    last = {old: ("sights", {"properties": {"successor": new}}) for old, new in [("a", "b"), ("b", "c"), ("x", "gone")]}
    last |= {"p": ("sights", {"properties": {"successor": "q"}}), "q": ("sights", {"properties": {"successor": "p"}})}
    overlay = Overlay(hidden=frozenset(last), last=last)
    told = overlay.retired({"old": "a"}, {"c"})
    assert told == {"old": "c", "a": "c", "b": "c", "x": "", "p": "", "q": ""}


def test_a_place_that_was_erased_and_is_named_by_a_figure_later_takes_nothing_else_off_the_map(
    settings: Settings, store: Store
) -> None:
    origin = content_of("sights", point(121.01), sights()["features"][1]["properties"])
    archive(store, "quay", 0, Order("ed", origin=origin))
    archive(store, "kiosk", put(store, "kiosk", said("house", text("亭", "Kiosk"))), Order("ed"))
    erase_feature(store, "quay", "ann", shown=None)
    assert [rule for rule, *_ in troubles(settings, store)] == ["needed_stop", "unsound"]  # by the route in geodata/
    assert build_shown(settings, overlay_of(published(store)))[0].feature("quay").name == text("渡口", "Quay")
