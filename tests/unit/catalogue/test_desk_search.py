"""Hold the desk's search to the newest features, though its whole index is of earlier ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.catalogue.desk_search import DeskSearch
from cityatlas.settings import Settings
from toy import write_city


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Return the toy city."""
    return build_catalogue(Settings(geodata=write_city(tmp_path_factory.mktemp("city"))))


def renamed(catalogue: Catalogue, feature_id: str, name: str) -> Catalogue:
    """Return a catalogue in which one feature is called otherwise, and no index was made."""
    old = catalogue.features[feature_id]
    new = replace(old, properties={**old.properties, "name": {"zh": name}})
    return replace(catalogue, features={**catalogue.features, feature_id: new})


def test_what_changed_is_found_by_its_new_name_alone(toy: Catalogue) -> None:
    search = DeskSearch()
    assert search.find(toy, "laomofang", 9) == ["mill"]
    later = renamed(toy, "mill", "水轮")
    assert search.find(later, "水轮", 9) == ["mill"]
    assert search.find(later, "laomofang", 9) == []
    assert search.find(later, "渡口", 9) == ["quay"]
    assert "index" not in vars(later)  # the whole was not made anew


def test_what_is_gone_is_not_found(toy: Catalogue) -> None:
    search = DeskSearch()
    assert search.find(toy, "hall", 9) == ["hall"]
    fewer = {key: one for key, one in toy.features.items() if key != "hall"}
    assert search.find(replace(toy, features=fewer), "hall", 9) == []
