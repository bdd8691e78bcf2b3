"""Let visitors look and editors write all the time, and remember each answer and each write that was acknowledged."""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from .browser import Answer, Browser
from .site import Site

LOOK_PAUSE_S, WRITE_PAUSE_S = 0.01, 0.1
PUBLISH_EVERY = 60  # saves; each publication makes a new snapshot, and all answers anew
DRAFT_FIELDS = re.compile(r'name="(seen|draft|csrf)"[^>]*value="([^"]*)"')


@dataclass(frozen=True)
class Asked:
    """Hold when something was asked, how long it took, and what came; status 0 is no answer."""

    begun_s: float
    took_s: float
    status: int
    path: str

    @property
    def ended_s(self) -> float:
        """Return when the answer was there."""
        return self.begun_s + self.took_s


@dataclass
class Diary:
    """Hold what everybody saw: `looked` of visitors, `wrote` of editors, and the texts that were acknowledged."""

    looked: list[Asked] = field(default_factory=list)
    wrote: list[Asked] = field(default_factory=list)
    drafted: list[tuple[str, str]] = field(default_factory=list)  # feature and text
    published: list[tuple[str, str]] = field(default_factory=list)


class People:
    """Run visitors and editors until they are told to stop."""

    def __init__(
        self, site: Site, addresses: Sequence[str], visitors: int, editors: Sequence[str], pause_s: float
    ) -> None:
        self.diary = Diary()
        self.may_write = threading.Event()
        self.may_write.set()
        self._site, self._addresses, self._pause_s = site, addresses, pause_s
        self._is_over = threading.Event()
        looks = [threading.Thread(target=self._look, args=(number,), daemon=True) for number in range(visitors)]
        writes = [
            threading.Thread(target=self._write, args=(number, login), daemon=True)
            for number, login in enumerate(editors)
        ]
        self._threads = looks + writes

    def start(self) -> None:
        """Let all begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let all finish what they do."""
        self._is_over.set()
        self.may_write.set()
        for thread in self._threads:
            thread.join(60)

    def has_saved_since(self, moment_s: float) -> bool:
        """Return whether a save that was begun after a moment was acknowledged."""
        return any(each.begun_s > moment_s and each.status == 200 for each in self.diary.wrote[-500:])

    def _look(self, number: int) -> None:
        chance, browser = random.Random(number), Browser(self._site.host, self._site.port)
        while not self._is_over.wait(LOOK_PAUSE_S):
            path = chance.choice(self._addresses)
            begun_s = time.monotonic()
            status = browser.get(path).status
            self.diary.looked.append(Asked(begun_s, time.monotonic() - begun_s, status, path))
        browser.close()

    def _write(self, number: int, login: str) -> None:
        editor = Editor(self._site, number, login, self.diary)
        while not self._is_over.wait(self._pause_s):
            if self.may_write.wait() and not self._is_over.is_set():
                editor.go_on()
        editor.close()


class Editor:
    """Write into one feature again and again: save, save, and now and then publish. What fails is tried anew."""

    def __init__(self, site: Site, number: int, login: str, diary: Diary) -> None:
        features = json.loads((site.geodata / "sights.geojson").read_text("utf-8"))["features"]
        points = [row["id"] for row in features if row["geometry"]["type"] == "Point"]
        self._feature: str = points[number % len(points)]
        self._browser = Browser(site.host, site.port, f"10.{number >> 8}.{number & 255}.7")
        self._login, self._diary = login, diary
        self._count, self._form, self._text = 0, dict[str, str](), ""

    def go_on(self) -> None:
        """Take the next step: open the form, save, or publish."""
        if not self._form:
            self._open()
        elif self._count % PUBLISH_EVERY == 0 and self._form["draft"]:
            self._publish()
        else:
            self._save()

    def close(self) -> None:
        """Close the browser."""
        self._browser.close()

    def _open(self) -> None:
        """Open the form, after logging in where that is asked for."""
        answer = self._noted("GET", f"/en/staff/features/{self._feature}")
        found = dict(DRAFT_FIELDS.findall(answer.text)) if answer.status == 200 else {}
        if "seen" in found and "csrf" in found:
            self._form = {"draft": "", **found}
        elif answer.status in (200, 303, 401, 403):
            self._browser.log_in(self._login)

    def _save(self) -> None:
        self._count += 1
        text = f"{self._login} {self._count}"
        answer = self._noted(
            "POST", f"/en/staff/features/{self._feature}/autosave", **self._form, **{"summary.en": text}
        )
        if answer.status != 200:
            self._form = {}
            return
        told = json.loads(answer.body)
        self._diary.drafted.append((self._feature, text))
        self._text, self._form = text, self._form | {"seen": str(told["seen"]), "draft": told["draft"]}

    def _publish(self) -> None:
        """Publish the draft; whatever is answered, the form is opened anew."""
        self._count += 1
        branch, text, form = self._form["draft"], self._text, self._form
        answer = self._noted(
            "POST", f"/en/staff/drafts/{branch}/publish", csrf=form["csrf"], head=form["seen"], comment=""
        )
        if answer.status == 303:
            self._diary.published.append((self._feature, text))
        self._form = {}

    def _noted(self, method: str, path: str, **fields: str) -> Answer:
        begun_s = time.monotonic()
        answer = self._browser.get(path) if method == "GET" else self._browser.post(path, **fields)
        if method == "POST":
            self._diary.wrote.append(Asked(begun_s, time.monotonic() - begun_s, answer.status, path))
        return answer
