"""Hold the search of a snapshot to what it shows, though most of its index was made for earlier ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.catalogue.step_cache import StepCache
from cityatlas.search import index
from cityatlas.search.segment import SearchEntry, Segment
from cityatlas.settings import Settings
from toy import write_city


@pytest.fixture
def toy(tmp_path: Path) -> Catalogue:
    """Return the toy city."""
    return build_catalogue(Settings(geodata=write_city(tmp_path)))


def renamed(catalogue: Catalogue, feature_id: str, name: str) -> Catalogue:
    """Return a catalogue in which one feature is called otherwise."""
    old = catalogue.features[feature_id]
    new = replace(old, properties={**old.properties, "name": {"zh": name}})
    return replace(catalogue, features={**catalogue.features, feature_id: new})


def found(catalogue: Catalogue, query: str) -> list[str]:
    """Return the ids that a query finds."""
    return [hit.id for hit in catalogue.index.find(query, 9)]


def test_what_changed_is_found_by_its_new_name_alone(toy: Catalogue) -> None:
    assert found(toy, "laomofang") == ["mill"]
    later = renamed(toy, "mill", "水轮")
    assert found(later, "水轮") == ["mill"]
    assert found(later, "laomofang") == []
    assert found(later, "渡口") == ["quay"]


def test_what_is_gone_is_not_found(toy: Catalogue) -> None:
    assert found(toy, "hall") == ["hall"]
    assert found(replace(toy, features={key: one for key, one in toy.features.items() if key != "hall"}), "hall") == []


def test_what_is_let_go_of_is_held_no_longer(toy: Catalogue) -> None:
    assert found(toy, "laomofang") == ["mill"]
    mill = toy.features["mill"]
    assert mill in toy.last_index._features.values()
    toy.last_index.forget()
    assert not toy.last_index._features
    assert found(renamed(toy, "mill", "水轮"), "渡口") == ["quay"]
    assert mill not in toy.last_index._features.values()


def test_what_did_not_change_is_not_indexed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = list[int]()

    class Counted(Segment):
        def __init__(self, entries: list[SearchEntry]) -> None:
            made.append(len(entries))
            super().__init__(entries)

    monkeypatch.setattr(index, "Segment", Counted)
    folder, cache = write_city(tmp_path), StepCache()
    first = build_catalogue(Settings(geodata=folder), cache=cache)
    assert found(first, "hall") == ["hall"]
    (folder / "roads.geojson").touch()
    read_anew = build_catalogue(Settings(geodata=folder), cache=StepCache())  # equal features, none of them the same
    assert found(replace(read_anew, last_index=first.last_index), "hall") == ["hall"]
    assert found(renamed(first, "hall", "水轮"), "水轮") == ["hall"]
    assert made[0] == len(first.features)
    assert len(made) == 2
