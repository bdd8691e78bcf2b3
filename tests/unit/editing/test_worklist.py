"""Check that each fault put into a clean city is the one task that is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from cityatlas.catalogue.catalogue import Catalogue
from cityatlas.editing.worklist import KINDS, Draft, Expiry, Task, find_tasks, source_urls
from cityatlas.editing.worklist.links import Link, State
from toy import PAPER, Json, point, text
from toy_worklist import NEW_SIGN, PHASES, SURVEYED, TODAY, clean_city, unchecked

NAME = text("磨坊", "Mill")
SCHEMATIC = {"class": "schematic", "located_by": text("沿河", "by the canal")}
PHOTO = {"file": "mill.jpg", "alt": {"zh": " "}, "credit": "A. Miller, CC BY 4.0"}
LINKED = {"title": "Leaflet", "date": "2026", "url": "https://gone.example/1"}


def found(catalogue: Catalogue) -> list[tuple[str, str, str]]:
    """Return kind, feature and field of each task."""
    return [(task.kind, task.feature_id, task.field) for task in find_tasks(catalogue, TODAY)]


def link(state: State, since: str = "2026-11-01", checked_on: str = "2026-11-24") -> Link:
    """Return what a check found."""
    return Link(state, 404, 0, "", since, checked_on)


def test_a_clean_city_has_nothing_to_do(tmp_path: Path) -> None:
    catalogue = clean_city(tmp_path)
    drafts = [Draft("b1", "mill", NAME, "ann", date(2026, 11, 11))]  # 13 days
    expiries = [Expiry("mill", NAME, date(2026, 12, 9), is_over=False)]  # 15 days
    links = {"https://paper.example/1": link("ok")}
    assert find_tasks(catalogue, TODAY, drafts, links, expiries) == ()


SEEDS: list[tuple[dict[str, Json], tuple[str, str, str]]] = [
    ({"mill": {"position": SCHEMATIC}}, ("position", "mill", "position.class")),
    ({"mill": {"position": SURVEYED | {"verified_on": None}}}, ("position", "mill", "position.verified_on")),
    ({"mill": {"position": SURVEYED | {"verified_on": "2024-11-23"}}}, ("position", "mill", "position.verified_on")),
    ({"mill": {"visit_min": 20}}, ("hours_unknown", "mill", "opening_hours")),
    ({"hall": {"sources": [PAPER, NEW_SIGN | {"date": "2026-04"}]}}, ("hours_old", "hall", "opening_hours")),
    ({"hall": {"sources": [PAPER, NEW_SIGN | {"date": None}]}}, ("hours_old", "hall", "opening_hours")),
    ({"school": {"phases": [PHASES[0]]}}, ("phase", "school", "phases.0")),
    ({"school": {"phases": [PHASES[0], PHASES[1] | {"from": "2025-04"}]}}, ("phase", "school", "phases.1")),
    ({"quay": {"name": {"zh": "渡口"}}}, ("translation", "quay", "name.en")),
    ({"quay": {"name": {"en": "Quay", "zh": " "}}}, ("translation", "quay", "name.zh")),
    (
        {"school": {"phases": [PHASES[0], PHASES[1] | {"note": {"zh": "甲"}}]}},
        ("translation", "school", "phases.1.note.en"),
    ),
    (
        {"mill": {"facts": [{"label": text("建成", "Built"), "value": {"en": "1890"}, "source": "Town paper"}]}},
        ("translation", "mill", "facts.0.value.zh"),
    ),
    (
        {"hall": {"programmes": [{"id": "talk", "title": {"zh": "讲座"}, "source": "Town paper"}]}},
        ("translation", "hall", "programmes.0.title.en"),
    ),
    ({"mill": {"access": {"step_free": True, "note": {"zh": "有坡道"}}}}, ("translation", "mill", "access.note.en")),
]


@pytest.mark.parametrize(("seed", "task"), SEEDS, ids=range(len(SEEDS)))
def test_a_seeded_fault_is_the_one_task(tmp_path: Path, seed: dict[str, Json], task: tuple[str, str, str]) -> None:
    assert found(clean_city(tmp_path, seed)) == [task]


PLACES = [
    ("mill", point(120.89), "outside_city"),  # the extent begins at 120.9
    ("school", point(121.0262), "outside_district"),  # 0.0012 degrees, 115 m, east of the old town
]


@pytest.mark.parametrize(("feature_id", "place", "told"), PLACES)
def test_what_lies_outside_city_or_district_is_found(tmp_path: Path, feature_id: str, place: Json, told: str) -> None:
    (task,) = find_tasks(clean_city(tmp_path, geometries={feature_id: place}), TODAY)
    assert (task.kind, task.told, task.feature_id, task.field) == ("outside", told, feature_id, "geometry")


def test_hand_drawn_outlines_are_believed_to_a_hundred_metres(tmp_path: Path) -> None:
    assert found(clean_city(tmp_path, geometries={"school": point(121.0259)})) == []  # 0.0009 degrees, 86 m


def test_an_outline_of_the_land_is_the_city(tmp_path: Path) -> None:
    ring = [[120.995, 30.6], [121.1, 30.6], [121.1, 30.8], [120.995, 30.8], [120.995, 30.6]]
    land = {
        "type": "Feature",
        "properties": {"class": "land", "name": None, "min_zoom": None},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    clean_city(tmp_path)
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "land.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [land]}), "utf-8"
    )
    catalogue = clean_city(tmp_path, geometries={"mill": point(120.98)})  # 0.015 degrees, 1.4 km, west of the land
    assert found(catalogue) == [("outside", "mill", "geometry")]


UNCHECKED: list[tuple[str, Json, tuple[str, str, str]]] = [
    ("mill", {"photos": [PHOTO]}, ("alt", "mill", "photos.0.alt")),
    ("hall", {"hours_source": None, "opening_hours": "24/7"}, ("source", "hall", "hours_source")),
    ("school", {"phases": [PHASES[0], PHASES[1] | {"source": "Rumour"}]}, ("source", "school", "phases.1.source")),
    ("mill", {"position": SURVEYED | {"source": None}}, ("source", "mill", "position.source")),
]


@pytest.mark.parametrize(("feature_id", "properties", "task"), UNCHECKED, ids=range(len(UNCHECKED)))
def test_what_the_check_refuses_today_is_found_in_old_revisions(
    tmp_path: Path, feature_id: str, properties: Json, task: tuple[str, str, str]
) -> None:
    assert task in found(unchecked(clean_city(tmp_path), feature_id, **properties))


LINKS: list[tuple[Link, list[str]]] = [
    (link("gone", since="2026-11-24"), ["link_gone"]),
    (link("failing", since="2026-11-17"), ["link_failing"]),
    (link("failing", since="2026-11-18"), []),  # six days: it may come back
    (link("refused"), []),  # people may see the page
    (link("ok"), []),
]


@pytest.mark.parametrize(("answer", "told"), LINKS, ids=range(len(LINKS)))
def test_a_link_is_dead_when_gone_or_silent_for_a_week(tmp_path: Path, answer: Link, told: list[str]) -> None:
    catalogue = clean_city(tmp_path, {"mill": {"sources": [PAPER, LINKED]}})
    tasks = find_tasks(catalogue, TODAY, checked_links={"https://gone.example/1": answer})
    assert [(task.told, task.field) for task in tasks] == [(t, "sources.1.url") for t in told]


def test_a_draft_is_told_after_two_weeks(tmp_path: Path) -> None:
    (task,) = find_tasks(clean_city(tmp_path), TODAY, [Draft("b1", "new-one", NAME, "ann", date(2026, 11, 10))])
    assert (task.kind, task.feature_id, task.since) == ("draft", "new-one", "2026-11-10")
    assert task.values == {"owner": "ann", "day": "2026-11-10", "branch": "b1"}


@pytest.mark.parametrize(
    ("ends_on", "is_over", "told"),
    [
        (date(2026, 12, 8), False, "expiry_soon"),
        (date(2026, 11, 24), True, "expiry_over"),
        (date(2025, 1, 1), True, "expiry_over"),
    ],
)
def test_an_end_is_told_two_weeks_before_and_ever_after(
    tmp_path: Path, ends_on: date, is_over: bool, told: str
) -> None:
    (task,) = find_tasks(clean_city(tmp_path), TODAY, expiries=[Expiry("gone", NAME, ends_on, is_over)])
    assert (task.kind, task.told, task.since) == ("expiry", told, ends_on.isoformat())


HOURS = [
    ("2026-05-28", []),  # 180 days
    ("2026-05-27", ["hours_old"]),
    ("2026-05", ["hours_inexact"]),  # some of its days are older
    ("2026", ["hours_inexact"]),
    ("2025", ["hours_old"]),
    ("2026-06", []),
    (None, ["hours_undated"]),
]


@pytest.mark.parametrize(("dated", "told"), HOURS)
def test_hours_are_as_old_as_their_source(tmp_path: Path, dated: str | None, told: list[str]) -> None:
    catalogue = clean_city(tmp_path, {"hall": {"sources": [PAPER, NEW_SIGN | {"date": dated}]}})
    assert [task.told for task in find_tasks(catalogue, TODAY)] == told


def phase(name: str, begin: str | None, end: str | None = None, source: str = "Town paper") -> Json:
    """Return a phase; the paper is of March 2024, the leaflet of 2026."""
    return {"phase": name, "from": begin, "to": end, "source": source}


PROJECTS: list[tuple[list[Json], list[str]]] = [
    ([phase("piling", "2025-05")], []),  # 18 months
    ([phase("piling", "2025-04")], ["phase_silent"]),
    ([phase("piling", "2025-04", source="Leaflet")], []),  # news of this year
    ([phase("piling", "2026-01", "2026-10")], ["phase_over"]),
    ([phase("piling", "2026-01", "2026-11")], []),  # the month is not over
    ([phase("piling", "2026-01", "2026-10"), phase("structure", "2027-01")], []),  # what comes next is known
    ([phase("planned", "2027-01")], []),  # has not begun
    ([phase("planned", None)], ["phase_silent"]),  # since the paper of March 2024
    ([phase("planned", None, source="Sign")], ["phase_undated"]),
    ([phase("piling", "2020-01"), phase("complete", "2021-01", "2021-01")], []),
    ([phase("open", "1998-10")], []),
]


@pytest.mark.parametrize(("phases", "told"), PROJECTS, ids=range(len(PROJECTS)))
def test_a_project_is_asked_for_news_when_time_has_passed_it(
    tmp_path: Path, phases: list[Json], told: list[str]
) -> None:
    sources = [PAPER, LINKED, {"title": "Sign", "date": None, "url": None}]
    catalogue = clean_city(tmp_path, {"school": {"phases": phases, "sources": sources}})
    assert [task.told for task in find_tasks(catalogue, TODAY)] == told


def test_a_stop_or_a_building_site_needs_no_hours(tmp_path: Path) -> None:
    catalogue = clean_city(tmp_path, {"quay": {"visit_min": 10}, "school": {"visit_min": 30}})
    assert found(catalogue) == []


def test_a_position_that_was_verified_lately_need_not_be_surveyed(tmp_path: Path) -> None:
    near = SURVEYED | {"class": "approximate", "verified_on": "2024-11-24"}  # two years to the day
    assert found(clean_city(tmp_path, {"mill": {"position": near}})) == []


def keys_of(catalogue: Catalogue) -> set[str]:
    """Return the keys of all tasks."""
    return {task.key for task in find_tasks(catalogue, TODAY)}


def fact(zh: str) -> Json:
    """Return a fact whose value lacks English."""
    return {"label": text(zh, zh), "value": {"zh": zh}, "source": "Town paper"}


def test_a_key_stays_when_a_list_gets_another_order(tmp_path: Path) -> None:
    whole = {"label": text("乙", "B"), "value": text("二", "two"), "source": "Town paper"}
    one = keys_of(clean_city(tmp_path / "1", {"mill": {"facts": [fact("甲"), whole]}}))
    other = keys_of(clean_city(tmp_path / "2", {"mill": {"facts": [whole, fact("甲")]}}))
    assert len(one) == 1
    assert one == other


CAUSES: list[Callable[[Path, int], Catalogue]] = [
    lambda f, n: clean_city(f, {"hall": {"sources": [PAPER, NEW_SIGN | {"date": f"2025-0{n}"}]}}),
    lambda f, n: clean_city(f, {"school": {"phases": [phase("piling", f"2024-0{n}")]}}),
    lambda f, n: clean_city(f, {"mill": {"position": SURVEYED | {"verified_on": f"2020-0{n}"}}}),
    lambda f, n: clean_city(f, geometries={"school": point(121.03 + n / 1000)}),
]


@pytest.mark.parametrize("cause", CAUSES, ids=range(len(CAUSES)))
def test_a_task_put_aside_comes_back_with_another_cause(
    tmp_path: Path, cause: Callable[[Path, int], Catalogue]
) -> None:
    one, other = keys_of(cause(tmp_path / "1", 1)), keys_of(cause(tmp_path / "2", 2))
    assert len(one) == len(other) == 1
    assert one != other


def test_what_matters_most_comes_first_and_then_the_oldest(tmp_path: Path) -> None:
    catalogue = clean_city(
        tmp_path,
        {
            "mill": {"position": SCHEMATIC},
            "quay": {"name": {"zh": "渡口"}},
            "school": {"phases": [phase("piling", "2024-01")]},
            "old-town": {"phases": [phase("piling", "2022-01", source="Sign")], "sources": [PAPER, {"title": "Sign"}]},
        },
        {"hall": point(120.89)},
    )
    order: list[Task] = list(find_tasks(catalogue, TODAY))
    assert [(task.severity, task.kind, task.feature_id) for task in order] == [
        ("high", "outside", "hall"),
        ("middle", "phase", "old-town"),
        ("middle", "phase", "school"),
        ("middle", "translation", "quay"),
        ("low", "position", "mill"),
    ]


def test_every_kind_is_seeded_here() -> None:
    seeded = {task[0] for _, task in SEEDS} | {task[0] for *_, task in UNCHECKED}
    assert seeded | {"outside", "link", "draft", "expiry", "report"} == set(KINDS)


def test_a_place_s_own_page_is_looked_at_like_those_of_sources(tmp_path: Path) -> None:
    catalogue = clean_city(tmp_path, {"mill": {"website": "https://gone.example/1"}})
    assert source_urls(catalogue) == ("https://gone.example/1", "https://paper.example/1")
    (task,) = find_tasks(catalogue, TODAY, checked_links={"https://gone.example/1": link("gone", since="2026-11-24")})
    assert (task.told, task.feature_id, task.field) == ("link_gone", "mill", "website")


def test_nobody_is_sent_to_the_door_of_a_place_that_a_notice_closes(tmp_path: Path) -> None:
    closed = {"text": text("修缮", "Repairs"), "to": "2026-11-24", "closes": True, "source": "Town paper"}
    catalogue = clean_city(tmp_path, {"mill": {"visit_min": 20, "notices": [closed]}})
    assert found(catalogue) == []
    (task,) = find_tasks(catalogue, date(2026, 11, 25))
    assert (task.kind, task.feature_id) == ("hours_unknown", "mill")
