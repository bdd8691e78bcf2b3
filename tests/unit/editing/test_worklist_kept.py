"""Keep the tasks of words from one snapshot to the next: only what changed is looked through again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.city.layers import Feature
from cityatlas.editing import worklist
from cityatlas.editing.worklist import Task
from cityatlas.editing.worklist.finders import text_tasks
from cityatlas.settings import Settings

DAY = date(2026, 11, 27)


def test_only_a_feature_that_changed_is_looked_through_again(toy_city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    city = build_catalogue(Settings(geodata=toy_city))
    known: worklist.TextTasks = {}
    first = worklist.find_city_tasks(city, DAY, known=known)
    assert first == worklist.find_city_tasks(city, DAY)
    looked = list[str]()

    def look(feature: Feature) -> Iterator[Task]:
        looked.append(feature.id)
        return text_tasks(feature)

    monkeypatch.setattr("cityatlas.editing.worklist.text_tasks", look)
    mill = replace(city.features["mill"])
    left = {key: mill if key == "mill" else one for key, one in city.features.items() if key != "hall"}
    worklist.find_city_tasks(replace(city, features=left), DAY, known=known)
    assert looked == ["mill"]
    assert known.keys() == left.keys()
