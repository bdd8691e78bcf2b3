"""Work at the desk through a proxy with words that nobody else may ever see, and look at the public site meanwhile."""

from __future__ import annotations

import json
import re
import ssl
import threading
from collections.abc import Iterator

from .browser import FORM_TOKEN, Answer, Browser
from .people import DRAFT_FIELDS

PRIVATE_WORDS = ("quiet-heron", "Only the desk knows of this")  # a login, a draft
DRAFTED = "baoben-pagoda"
FEED = re.compile(r"/staff/feed/([\w-]+)\.atom")
PAUSE_S = 0.1


class Staff(threading.Thread):
    """Log in, write a draft, read it, its preview and a feed of one's own, again and again until it is over."""

    def __init__(self, port: int, tls: ssl.SSLContext) -> None:
        super().__init__(daemon=True)
        self.is_over = threading.Event()
        self.words = set(PRIVATE_WORDS)
        self.caches: list[str] = []
        self._anyone, self._browser = (Browser("localhost", port, tls=tls) for _ in range(2))

    @property
    def count(self) -> int:
        """Return how many requests were sent."""
        return len(self.caches)

    def public(self, path: str) -> Answer:
        """Return what anybody is answered."""
        return self._anyone.get(path)

    def run(self) -> None:
        """Work until it is over."""
        assert self._browser.log_in(PRIVATE_WORDS[0]), "staff cannot log in through the proxy"
        paths = [*self._begin(), "/zh/", "/en/embed/", "/health", "/en/sites/east-lake/report"]
        while not self.is_over.is_set():
            for path in paths:
                self._get(path)
                self.is_over.wait(PAUSE_S)

    def _begin(self) -> Iterator[str]:
        """Write a draft and make a feed; yield the addresses of both and of the desk."""
        form = self._get(f"/en/staff/features/{DRAFTED}")
        fields = {"draft": "", **dict(DRAFT_FIELDS.findall(form.text)), "summary.en": PRIVATE_WORDS[1]}
        saved = self._browser.post(f"/en/staff/features/{DRAFTED}/autosave", **fields)
        assert saved.status == 200, saved.text
        made = self._browser.post("/en/staff/told/feed", csrf=self._token("/en/staff/told"), what="new")
        assert made.status == 303, made.text
        word = FEED.search(self._get("/en/staff/told").text)
        assert word, "no feed was made"
        self.words |= {word[1], fields["csrf"]}
        branch = json.loads(saved.body)["draft"]
        assert PRIVATE_WORDS[1] in self._get(f"/en/staff/drafts/{branch}").text
        yield from ("/en/staff/", f"/en/staff/features/{DRAFTED}", "/en/staff/told", f"/staff/feed/{word[1]}.atom")
        yield from (f"/en/staff/drafts/{branch}", f"/en/staff/drafts/{branch}/preview", "/zh/staff/login")

    def _token(self, path: str) -> str:
        found = FORM_TOKEN.search(self._get(path).text)
        assert found, path
        return found[1]

    def _get(self, path: str) -> Answer:
        answer = self._browser.get(path)
        self.caches.append(answer.headers.get("X-Cache", ""))
        if found := FORM_TOKEN.search(answer.text):
            self.words.add(found[1])
        return answer
