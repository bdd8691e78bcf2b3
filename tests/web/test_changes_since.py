"""Check what has changed since a revision, and the city as of a moment, on a random history and by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cityatlas.catalogue import catalogue
from cityatlas.web.http.sending import caching
from histories import BELOW, LAYERS, START, LivedCity, check_moments, check_replays

ITEMS = "/ogc/collections/sights/items"


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivedCity]:
    """Return a city after a history of some steps, without relations, which no answer here tells."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "relate", lambda *_: {})
        city = LivedCity(tmp_path_factory.mktemp("lived"), seed=7)
        city.live_on(20)
        yield city


@pytest.fixture
def city(tmp_path: Path) -> LivedCity:
    """Return a city in which only the mill was changed."""
    return LivedCity(tmp_path, seed=1)


def test_replayed_changes_equal_a_full_fetch(lived: LivedCity) -> None:
    assert check_replays(lived, 30) > 50


def test_past_moments_equal_what_was_seen_then(lived: LivedCity) -> None:
    """Each step ends a random history of its own, of as many steps as lie before it."""
    lived.live_on(max(0, 51 - len(lived.seen)))
    check_moments(lived, 50)


@pytest.mark.parametrize("below", BELOW)
def test_everything_comes_first_then_only_what_changed(city: LivedCity, below: str) -> None:
    city.publish("new-1")
    city.look()
    begun = city.changes("0", "sights", below)
    everything = ["mill", "quay", "hall", "boat-tour", "new-1"]
    assert ([row["id"] for row in begun["features"]], begun["deleted"]) == (everything, [])
    assert begun["features"] == city.client.get("/layers/sights.geojson").json["features"]  # type: ignore[index]
    city.publish("hall")
    city.archive("new-1")
    city.look()
    after = city.changes(begun["next"], "sights", below)
    assert ([row["id"] for row in after["features"]], after["deleted"]) == (["hall"], ["new-1"])
    assert after["next"] != begun["next"]
    assert city.changes(begun["next"], "works", below)["features"] == []


def test_a_feature_that_went_to_another_layer_is_gone_from_the_first(city: LivedCity) -> None:
    city.publish("new-1")
    city.look()
    begun = {layer: city.changes("0", layer)["next"] for layer in LAYERS}
    city.publish("new-1", "works")
    city.look()
    told = {layer: city.changes(since, layer) for layer, since in begun.items()}
    assert {layer: one["deleted"] for layer, one in told.items()} == {"sights": ["new-1"], "works": []}
    assert [row["id"] for row in told["works"]["features"]] == ["new-1"]


def test_a_moment_that_passes_is_a_change(city: LivedCity) -> None:
    day = timedelta(days=1)
    city.publish("new-1", publish_at=START + day, expires_at=START + 2 * day)
    city.publish("hall")  # a later revision than the one that waits
    city.look()
    tokens, told = [city.changes("0", "sights")["next"]], []
    for passed in (1, 2):
        assert city.changes(tokens[-1], "sights")["features"] == []
        city.now = START + passed * day
        city.look()
        answer = city.changes(tokens[-1], "sights")
        tokens.append(answer["next"])
        told.append(([row["id"] for row in answer["features"]], answer["deleted"]))
    assert told == [(["new-1"], []), ([], ["new-1"])]
    whole = city.changes(tokens[0], "sights")
    assert (whole["features"], whole["deleted"]) == ([], [])  # it came and went


def test_a_changed_folder_is_a_change_and_one_that_was_not_kept_cannot_be_told(city: LivedCity) -> None:
    begun = city.changes("0", "works")["next"]
    city.now += timedelta(seconds=1)
    path = city.folder / "works.geojson"
    path.write_text(path.read_text("utf-8").replace("School", "Big school"), "utf-8")
    city.look()
    assert [row["id"] for row in city.changes(begun, "works")["features"]] == ["school"]
    assert city.changes(begun, "sights")["features"] == []
    for kept in (city.settings.var / "geodata").glob("*.json"):
        kept.unlink()
    answer = city.client.get(f"/ogc/collections/works/items?since={begun}")
    again = "http://localhost/ogc/collections/works/items?since=0&f=json"
    assert (answer.status_code, answer.json["error"]["again"]) == (410, again)  # type: ignore[index]


def test_a_revision_that_never_was_is_gone_and_what_is_none_is_refused(city: LivedCity) -> None:
    folder = city.live.newest.revision.folder
    number, _, moment = city.changes("0", "sights")["next"].split("-")
    never = (f"999-{folder}-{moment}", f"{number}-{folder}-20250101000000000000", f"{number}-{folder}-2{'9' * 19}")
    for token in never:
        for below in BELOW:
            answer = city.client.get(f"{below.format('sights')}?since={token}")
            assert answer.status_code == 410, answer.text
            assert city.client.get(answer.json["error"]["again"]).status_code == 200  # type: ignore[index]
    assert city.client.get("/layers/sights.geojson?since=yesterday").status_code == 422
    for query in ("since=yesterday", "since=0&limit=5", "since=0&since=0", "since="):
        assert city.client.get(f"{ITEMS}?{query}").status_code == 400, query


def test_changes_have_a_page_and_are_held_by_their_etag(city: LivedCity) -> None:
    answer = city.client.get("/layers/sights.geojson?since=0")
    assert answer.headers["Cache-Control"] == caching.PUBLIC
    held = city.client.get("/layers/sights.geojson?since=0", headers={"If-None-Match": answer.headers["ETag"]})
    assert held.status_code == 304
    page = city.client.get(f"/en{ITEMS}?since=0")
    assert (page.status_code, "4 features have changed since, 0 are gone." in page.text) == (200, True)


def test_a_feature_is_there_from_its_first_moment_until_it_is_withdrawn(city: LivedCity) -> None:
    before = city.now
    city.now += timedelta(hours=1)
    city.publish("new-1")
    city.look()
    there = city.now
    city.now += timedelta(hours=1)
    city.archive("new-1")
    city.look()
    address = f"{ITEMS}/new-1?f=json&datetime="
    asked = {moment: city.client.get(f"{address}{moment:%Y-%m-%dT%H:%M:%SZ}") for moment in (before, there, city.now)}
    assert [answer.status_code for answer in asked.values()] == [404, 200, 410]
    assert asked[there].headers["Cache-Control"] == caching.PAST
    assert asked[there].headers["Memento-Datetime"] == "Thu, 01 Jan 2026 01:00:02 GMT"
    assert city.client.get(f"{ITEMS}/new-1?f=json").status_code == 410


def test_an_interval_is_the_city_at_its_end_and_what_lies_ahead_the_present(city: LivedCity) -> None:
    def ids(datetime: str) -> list[str]:
        answer = city.client.get(f"{ITEMS}?f=json&datetime={datetime}")
        return [row["id"] for row in answer.json["features"]]  # type: ignore[index]

    city.now += timedelta(days=30)
    city.publish("new-1")
    city.look()
    old = ["mill", "quay", "hall", "boat-tour"]
    assert ids("2026-01-01T00:00:00Z/2026-01-05T00:00:00Z") == old
    assert ids("../2026-01-05") == ids("2026-01-05T08:00:00%2B08:00") == old
    assert ids("2026-01-05/..") == ids("2099-01-01") == ids("2026-02-01T00:00:00Z") == [*old, "new-1"]


def test_pages_of_a_past_city_follow_each_other(city: LivedCity) -> None:
    moment = f"{city.now + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
    city.now += timedelta(days=1)
    city.publish("new-1")
    city.look()
    address, found = f"{ITEMS}?f=json&limit=2&datetime={moment}", list[str]()
    while address:
        answer = city.client.get(address).json or {}
        found += [row["id"] for row in answer["features"]]
        address = next((one["href"] for one in answer["links"] if one["rel"] == "next"), "")
    assert found == ["mill", "quay", "hall", "boat-tour"]
