"""Let a toy city live through random histories: staff publish and plan ahead, its folder changes, time passes.

What visitors were answered at each step is the model that answers about the past are held to.
"""

from __future__ import annotations

import json
import random
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.catalogue.changes.past import Past
from cityatlas.catalogue.folder_export import content_of_feature
from cityatlas.catalogue.live import LiveCatalogue
from cityatlas.errors import CityatlasError
from cityatlas.settings import Settings
from cityatlas.store import Order, Store, archive, history, publish_content, unarchive, undo
from cityatlas.versioning.content import Content, content_of
from toy import Json, feature, point, text, write_city

LAYERS = ("sights", "works")
KINDS = {"sights": "house", "works": "project"}
FREE = ("new-0", "new-1", "new-2", "new-3", "file-sights-1")
START = datetime(2026, 1, 1, tzinfo=UTC)
PINNED = 4  # of so many past moments one is asked for by its pin too
BELOW = ("/layers/{}.geojson", "/ogc/collections/{}/items")


@dataclass(frozen=True)
class Seen:
    """Hold what visitors were answered at a moment: the rows of each layer by id, the revision, and the pin."""

    moment: datetime
    layers: dict[str, dict[str, Json]]
    revision: str
    pin: str


class LivedCity:
    """Hold a city whose clock stands still until somebody moves it, and all that was seen of it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.folder = write_city(folder / "toy")
        calm = {"recheck_s": 1e9, "store_recheck_s": 1e9, "plans_per_minute": 600}
        self.settings = Settings(geodata=self.folder, var=folder / "var", **calm)  # type: ignore[arg-type]
        self.app: Flask = create_app(self.settings)
        self.client: FlaskClient = self.app.test_client()
        self.now, self.seen = START, list[Seen]()
        self.store._clock = lambda: self.now
        self.publish("mill")
        self.look()

    @property
    def live(self) -> LiveCatalogue:
        """Return what shows the city."""
        live: LiveCatalogue = self.app.extensions["cityatlas_live"]
        return live

    @property
    def store(self) -> Store:
        """Return its store."""
        return self.live.store

    def live_on(self, steps: int) -> None:
        """Let something happen so many times, and look each time."""
        acts = (self.edit, self.edit, self.edit, self.flip, self.plan_ahead, self.change_folder, self.wait, self.undo)
        for _ in range(steps):
            self.now += timedelta(seconds=self.chance.randint(1, 90))
            with suppress(CityatlasError):  # what may not be done is no part of a history
                self.chance.choice(acts)()
            self.look()

    def look(self) -> None:
        """Let the city see what there is, and remember what it answers."""
        self.live.refresh()
        self.live.watch()
        answers = {layer: self.changes("0", layer) for layer in LAYERS}
        rows = {layer: {row["id"]: row for row in answer["features"]} for layer, answer in answers.items()}
        past: Past = self.app.extensions["cityatlas_past"]
        pin = str(past.pin_of(self.live.newest))
        self.seen.append(Seen(self.now, rows, answers[LAYERS[0]]["next"], pin))

    def changes(self, since: str, layer: str, below: str = BELOW[0]) -> Json:
        """Return what has changed in a layer since a revision."""
        answer = self.client.get(f"{below.format(layer)}?since={since}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json or {})

    def edit(self) -> None:
        """Change a feature, or make a new one; it may go to the other layer."""
        self.publish(self._any_id(), self.chance.choice(LAYERS))

    def plan_ahead(self) -> None:
        """Change one from a moment on, or until one."""
        soon = self.now + timedelta(seconds=self.chance.randint(10, 200))
        moment = {self.chance.choice(("publish_at", "expires_at")): soon}
        self.publish(self._free_id(), self.chance.choice(LAYERS), **moment)

    def flip(self) -> None:
        """Take one off the map, or put it back."""
        key = self._free_id()
        if key in self.live.newest.features:
            self.archive(key)
        else:
            unarchive(self.store, key, self._standing(key), self._order(key))

    def archive(self, key: str) -> None:
        """Take a feature off the map."""
        self.now += timedelta(seconds=1)
        archive(self.store, key, self._standing(key), self._order(key))

    def undo(self) -> None:
        """Take back what was published last of one."""
        key = self._free_id()
        undo(self.store, key, self._standing(key), self._order(key))

    def change_folder(self) -> None:
        """Change a row of a layer's file, add one or take one out."""
        path = self.folder / f"{self.chance.choice(LAYERS)}.geojson"
        document = json.loads(path.read_text("utf-8"))
        rows, number = document["features"], self.chance.randint(1, 9)
        places = [place for place, row in enumerate(rows) if str(row["id"]).startswith("file-")]
        if places and self.chance.random() < 0.6:
            del rows[places[0]]
        if self.chance.random() < 0.7 and f"file-{path.stem}-{number}" not in {row["id"] for row in rows}:
            rows.append(feature(f"file-{path.stem}-{number}", KINDS[path.stem], self._name(), point(121.05)))
        rows[0]["properties"]["name"] = self._name()
        path.write_text(json.dumps(document), "utf-8")

    def wait(self) -> None:
        """Do nothing for some minutes."""
        self.now += timedelta(seconds=self.chance.randint(60, 400))

    def _any_id(self) -> str:
        return self.chance.choice(["mill", "quay", "hall", "school", *FREE])

    def _free_id(self) -> str:
        """Return, but for one time in ten, what nothing else needs: what is needed is shown though it was taken off."""
        return self.chance.choice(FREE) if self.chance.random() < 0.9 else self._any_id()

    def _name(self) -> dict[str, str]:
        return text(f"名{self.chance.randint(0, 99)}", f"Name {self.chance.randint(0, 99)}")

    def _content(self, layer: str) -> Content:
        row = feature("any", KINDS[layer], self._name(), point(121.0 + self.chance.randint(0, 9) / 1000))
        return content_of(layer, row["geometry"], row["properties"])

    def publish(self, key: str, layer: str = "sights", **moments: datetime) -> None:
        """Publish something new of a feature, at once unless moments say otherwise."""
        self.now += timedelta(seconds=1)  # the store lets no two revisions share a moment
        said = self._content(layer)
        order = replace(self._order(key), **moments)  # type: ignore[arg-type]
        publish_content(self.store, key, said, self._standing(key), order)

    def _order(self, key: str) -> Order:
        found = self.live.newest.features.get(key)
        origin = content_of_feature(found) if found and not self._standing(key) else None
        return Order("ann", "why, for staff alone", origin=origin, choices={})

    def _standing(self, key: str) -> int:
        """Return the number of the revision that is seen, 0 for the folder's."""
        with self.store.reading() as connection:
            line = [r for r in history(connection, key) if r.branch is None]
        moment = self.now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return max((r.number for r in line if r.from_moment <= moment), default=0)


def check_replays(city: LivedCity, count: int, seed: int = 1) -> int:
    """Let the city live on `count` steps, and after each take up from a random past revision; return what was changed.

    What comes of it is held to a full fetch, in all layers, at one of both addresses. What has changed comes once, and
    the next question finds nothing new. Most revisions are late ones: after long all has been changed by hand again.
    """
    chance, told = random.Random(seed), 0
    for _ in range(count):
        city.live_on(1)
        begun, last = chance.choice(city.seen[-5:] if chance.random() < 0.8 else city.seen), city.seen[-1]
        for layer in LAYERS:
            answer = city.changes(begun.revision, layer, chance.choice(BELOW))
            ids = [row["id"] for row in answer["features"]]
            assert len(ids) == len(set(ids))
            assert not set(ids) & set(answer["deleted"])
            rows = begun.layers[layer] | {row["id"]: row for row in answer["features"]}
            assert {key: row for key, row in rows.items() if key not in answer["deleted"]} == last.layers[layer]
            assert answer["next"] == last.revision
            told += len(ids) + len(answer["deleted"])
            again = city.changes(answer["next"], layer)
            assert (again["features"], again["deleted"], again["next"]) == ([], [], answer["next"])
    return told


def check_moments(city: LivedCity, count: int, seed: int = 1) -> None:
    """Ask for `count` random past moments, some also by their pins, and hold the answers to what was seen then."""
    chance = random.Random(seed)
    for number, seen in enumerate(chance.sample(city.seen, min(count, len(city.seen)))):
        moment = seen.moment.isoformat().replace("+00:00", "Z")
        for layer in LAYERS:
            answer = city.client.get(f"/ogc/collections/{layer}/items?f=json&limit=1000&datetime={moment}")
            assert answer.status_code == 200, answer.text
            assert {row["id"]: row for row in (answer.json or {})["features"]} == seen.layers[layer], moment
            if number % PINNED == 0:
                kept = city.client.get(f"/layers/{layer}.geojson@{seen.pin}")
                assert kept.status_code == 200, kept.text
                assert {row["id"]: row for row in (kept.json or {})["features"]} == seen.layers[layer], seen.pin
