"""Ask applications what nobody should, from a seed, and tell each answer that is a fault of ours.

    cd tests && ../.venv/bin/python -m fuzz 20000 [SEED]      ends with 1 when there was any

By turns the public addresses of the shipped city are asked, and those of a toy city with a desk: there a contributor,
an editor and an admin open pages and send their forms with some fields changed, so that visitors of that city meet
what was really published of it. A fault is a status of 500 or more, except a 503 that is a page of ours, and
an answer without the security headers, which all of ours have.
"""

from __future__ import annotations

import io
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import click
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from cityatlas.app import create_app
from cityatlas.planner.request.request import KEYS
from cityatlas.settings import Settings
from cityatlas.store.people.accounts import Role
from cityatlas.web.api.ogc.parameters import ITEMS_KEYS
from cityatlas.web.http.desk import is_desk
from cityatlas.web.http.languages import MAP_KEYS, PLAN_KEYS
from fuzz_values import FILES, HEADERS, ODD, Pools, document, escaped, mutated, right_values, value
from staff import add_person, log_in, store_of, token
from toy_plan import write_walkable

COUNT, SEED = 1_000, 7
DESK_SHARE, WRITE_SHARE = 0.8, 0.5  # of the steps in the toy city; of those at the desk
MOST_LINKS = 400  # that are remembered
FORMS = 2  # that are sent one after the other
SLOW_SHARE, LEAVING_SHARE = 0.1, 0.01  # of the forms that start a process, that end a session, how many are sent
ODDS = 0.15  # that a value is odd where right ones are known
METHODS = ("GET",) * 40 + ("HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "BREW", "get")
PUBLIC_KEYS = sorted({*MAP_KEYS, *PLAN_KEYS, *ITEMS_KEYS, "q", "page", "v"})
DESK_KEYS = ("text", "format", "column", "draft", "head", "again", "new", "kind", "page", "next", "field", "answer")
ROLES: tuple[Role, ...] = ("contributor", "editor", "admin")
SLOW = re.compile(r"/import$|/media/add$")  # each starts a process
LEAVING = re.compile(r"/(logout|sessions|password|active|role)$")  # after it somebody has to log in anew
ARGUMENT = re.compile(r"<(?:(?P<converter>[^:<>]+):)?(?P<name>\w+)>")
UNSEEN = 599  # the status of an answer that never came: what was raised went past the application


@dataclass(frozen=True)
class Answered:
    """Hold a request, what became of it, and the CPU time of it; `fault` is empty for an answer that is in order."""

    method: str
    address: str
    sent: dict[str, Any]  # Any: what the test client takes
    status: int
    fault: str
    cpu_s: float

    def __str__(self) -> str:
        """Return the request in lines, so that it can be sent again."""
        head = f"{self.status} {self.method} {self.address[:2_000]} ({self.cpu_s:.2f} s)"
        return f"{head}\n    {self.fault}\n    {str(self.sent)[:1_000]}"


@dataclass
class Fuzzer:
    """Ask one application; `share` is the part of its steps that are taken at the desk."""

    app: Flask
    dice: random.Random
    share: float
    slow_share: float
    _people: dict[Role, tuple[FlaskClient, str]] = field(default_factory=dict)
    _added: int = 0
    _links: list[str] = field(default_factory=list)  # that pages of the desk had

    def __post_init__(self) -> None:
        """Sort the application's addresses."""
        rules = list(self.app.url_map.iter_rules())
        self._desk = [rule for rule in rules if is_desk(rule.rule.replace("<any(zh, en):lang>", "zh"))]
        self._public = [rule for rule in rules if rule not in self._desk]

    def step(self) -> Iterator[Answered]:
        """Yield the answers to one request, or to a page of the desk and the form on it that was sent."""
        if self.dice.random() >= self.share:
            yield self._ask(self.app.test_client(), self.dice.choice(self._public))
            return
        client, csrf = self._person(self.dice.choice(ROLES))
        if self.dice.random() >= WRITE_SHARE:
            yield self._ask(client, self.dice.choice(self._desk), csrf)
        else:
            yield from self._fill_in(client)

    def _pools(self) -> Pools:
        return right_values(self.app.extensions["cityatlas_live"].current())

    def _person(self, role: Role) -> tuple[FlaskClient, str]:
        """Return somebody's browser and token, of another person when what was sent before has ended their session."""
        client, csrf = self._people.get(role, (None, ""))
        if client is None or client.get("/en/staff/me").status_code != 200:
            self._added += 1
            login = f"{role}.{self._added}"
            add_person(store_of(self.app), login, role)
            client = self.app.test_client()
            log_in(client, login, address=f"10.9.{self._added >> 8}.{self._added & 255}")
            csrf = token(client.get("/en/staff/me"))
            self._people[role] = client, csrf
        return client, csrf

    def _ask(self, client: FlaskClient, rule: Rule, csrf: str = "") -> Answered:
        pools = self._pools()
        method = self.dice.choice(METHODS)
        if "GET" not in (rule.methods or ()) and self.dice.random() < 0.9:
            method = "POST"
        headers = ({"X-CSRF-Token": csrf} if csrf else {}) | self._headers()
        body = {} if method in ("GET", "HEAD") else self._body(pools)
        query = self._query(rule, pools)
        return self._send(client, method, self._path(rule, pools), query, {"headers": headers} | body)[0]

    def _path(self, rule: Rule, pools: Pools) -> str:
        """Return an address of a rule; its arguments are right ones, or odd."""

        def filled(found: re.Match[str]) -> str:
            known = pools.get(found["name"], ("1", "3") if found["converter"] else ())
            return escaped(self.dice, value(self.dice, known[:1] if found["name"] == "lang" else known, ODDS))

        path = ARGUMENT.sub(filled, rule.rule.replace("<any(zh, en):lang>", self.dice.choice(("zh", "en"))))
        return path if self.dice.random() < 0.97 else path + escaped(self.dice, self.dice.choice(ODD))

    def _query(self, rule: Rule, pools: Pools) -> str:
        keys: tuple[str, ...] = KEYS if "plan" in rule.rule else (*PUBLIC_KEYS, *DESK_KEYS)
        chosen = self.dice.sample(sorted(keys), self.dice.choice((0, 1, 1, 2, 4, 7)))
        if "plan" in rule.rule:  # a wish that can be granted, beside what is odd
            chosen += self.dice.sample(("date", "unknown_hours", "keep", "must"), 3)
        odds = ODDS if len(chosen) < 3 else ODDS / 5
        pairs = [f"{key}={escaped(self.dice, value(self.dice, pools.get(key, ()), odds))}" for key in chosen]
        odd = [escaped(self.dice, mutated(self.dice, "key=value"))] if self.dice.random() < 0.05 else []
        return "&".join(pairs + odd)

    def _headers(self) -> dict[str, str]:
        """Return some headers, mostly odd; what no server would let through has no line breaks in it."""
        chosen = self.dice.sample(sorted(HEADERS), self.dice.choice((0, 0, 1, 1, 3)))
        found = {name: self.dice.choice(HEADERS[name]) for name in chosen}
        if self.dice.random() < 0.1:
            found[self.dice.choice(sorted(HEADERS))] = self.dice.choice(ODD)
        return {name: _in_a_header(text) for name, text in found.items()}

    def _body(self, pools: Pools) -> dict[str, Any]:
        """Return a body: a wish in JSON, a form, one in parts that end in the midst, or bytes."""
        kind = self.dice.choice(("json", "form", "parts", "bytes"))
        if kind == "json":
            return {"data": document(self.dice, pools, KEYS), "content_type": "application/json"}
        if kind == "form":
            keys = self.dice.sample((*KEYS, *DESK_KEYS, "csrf", "words", "website", "opened", "geometry", "stop"), 5)
            return {"data": {key: self._typed(pools.get(key, ())) for key in keys}}
        if kind == "parts":
            head = f'Content-Disposition: form-data; name="{self._typed(())}"; filename="a"'
            whole = f"--x\r\n{head}\r\n\r\nb\r\n--x--\r\n".encode("utf-8", "replace")
            return {"data": whole[: self.dice.randrange(len(whole))], "content_type": "multipart/form-data; boundary=x"}
        return {"data": self.dice.randbytes(self.dice.choice((0, 1, 200, 70_000)))}

    def _typed(self, known: Sequence[str]) -> str:
        """Return what a form holds: half letters are no text there."""
        return value(self.dice, known, 0.3).encode("utf-8", "replace").decode()

    def _fill_in(self, client: FlaskClient) -> Iterator[Answered]:
        """Open a page of the desk, and send one of its forms with up to three fields changed."""
        rule = self.dice.choice([rule for rule in self._desk if "GET" in (rule.methods or ())])
        path = self._path(rule, self._pools())
        if self._links and self.dice.random() < 0.7:
            path = self.dice.choice(self._links)
        answered, page = self._send(client, "GET", path, "", {})
        yield answered
        for _ in range(FORMS):  # a preview and a conflict have the next one
            soup = BeautifulSoup(page.text if page and page.mimetype == "text/html" else "", "html.parser")
            self._links = [*self._links, *(str(a["href"]) for a in soup.select("a[href*='/staff/']"))][-MOST_LINKS:]
            forms = [form for form in soup.select("form") if self._is_wanted(form)]
            if not forms:
                return
            form = self.dice.choice(forms)
            path, method = str(form.get("action") or path), str(form.get("method", "get")).upper()
            sent = {"data": self._fields(form)} if method == "POST" else {}
            answered, page = self._send(client, method, path, "", sent)
            yield answered

    def _is_wanted(self, form: Tag) -> bool:
        """Return whether to send a form; those that end a session or start a process are sent seldom."""
        address = str(form.get("action", ""))
        share = LEAVING_SHARE if LEAVING.search(address) else self.slow_share if SLOW.search(address) else 1
        return self.dice.random() < share

    def _fields(self, form: Tag) -> dict[str, Any]:
        """Return a form's fields as a browser would send them, some with another choice, file or text."""
        fields: dict[str, Any] = {}
        for node in form.select("input[name], textarea[name], select[name], button[name]"):
            name = str(node["name"])
            if node.get("type") == "file":
                file, body = self.dice.choice(sorted(FILES.items()))
                fields[name] = [(io.BytesIO(body), file)]
            elif node.get("type") == "radio":
                fields[name] = [str(self.dice.choice(form.select(f"[name='{name}']")).get("value", ""))]
            elif node.get("type") != "checkbox" or node.has_attr("checked") or self.dice.random() < 0.3:
                fields.setdefault(name, []).append(self._shown(node))
        texts = [name for name, typed in fields.items() if name != "csrf" and isinstance(typed[0], str)]
        for name in self.dice.sample(texts, min(len(texts), self.dice.choice((0, 1, 1, 3)))):
            fields[name] = [self._typed(fields[name]) for _ in range(self.dice.choice((1, 1, 2)))]
        return fields

    def _shown(self, node: Tag) -> str:
        """Return what a field holds; of a list now and then another of its choices."""
        if node.name == "textarea":
            return node.get_text()
        if node.name == "select":
            options = node.select("option[selected]") or node.select("option")[:1]
            chosen = node.select("option") if self.dice.random() < 0.2 else options
            return str(self.dice.choice(chosen).get("value", "")) if chosen else ""
        return str(node.get("value", ""))

    def _send(
        self, client: FlaskClient, method: str, path: str, query: str, sent: dict[str, Any]
    ) -> tuple[Answered, TestResponse | None]:
        address = f"{path}?{query}" if query else path
        raw = {"REMOTE_ADDR": f"10.1.{self.dice.randrange(250)}.{self.dice.randrange(250)}"}
        raw |= {"QUERY_STRING": query} if query else {}
        told = {key: str(found) for key, found in sent.items()}  # now: the client closes the files that it sends
        begun_s = time.thread_time()
        try:
            answer = client.open(path, method=method, environ_overrides=raw, **sent)
        except Exception as error:  # the last handler: whatever passed the application is what we look for
            return Answered(method, address, told, UNSEEN, f"raised {type(error).__name__}: {error}", 0), None
        cpu_s = time.thread_time() - begun_s
        return Answered(method, address, told, answer.status_code, fault_of(answer), cpu_s), answer


MOST_CPU_S = 1.0  # of an answer; on a machine that others use too it is some half more than on a quiet one
MEANT = (501, 503)  # a format that oEmbed knows and we do not write; too much at once


def fault_of(answer: TestResponse) -> str:
    """Return what is wrong with an answer, whatever was asked; empty when nothing is."""
    headers = answer.headers
    if headers.get("X-Content-Type-Options") != "nosniff" or "Content-Security-Policy" not in headers:
        return "the security headers are missing"
    is_ours = answer.status_code >= 500 and answer.status_code not in MEANT
    return f"answered {answer.status_code}" if is_ours else ""


def _in_a_header(text: str) -> str:
    """Return a text as a server hands it on: bytes as letters, without line breaks."""
    return re.sub(r"[\r\n\0]", " ", text.encode("utf-8", "replace").decode("latin-1"))


@contextmanager
def fuzzers(seed: int, *, slow_share: float = SLOW_SHARE) -> Iterator[tuple[Fuzzer, Fuzzer]]:
    """Yield those of the shipped city's public side and of a toy city with a desk; what they wrote goes at the end."""
    with tempfile.TemporaryDirectory(prefix="cityatlas-fuzz-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        shipped = create_app(Settings(var=folder / "shipped", plans_per_minute=10**6))
        city = write_walkable(folder / "toy")
        toy = create_app(Settings(geodata=city, var=folder / "var", plans_per_minute=10**6))
        yield (
            Fuzzer(shipped, random.Random(seed), 0, slow_share),
            Fuzzer(toy, random.Random(seed + 1), DESK_SHARE, slow_share),
        )
        for app in (shipped, toy):
            app.extensions["cityatlas_live"].close()


def asked(seed: int, count: int, **options: float) -> Iterator[Answered]:
    """Yield the answers to so many requests, which both fuzzers make by turns."""
    with fuzzers(seed, **options) as pair:
        yield from islice((answered for fuzzer in cycle(pair) for answered in fuzzer.step()), count)


def main(count: int, seed: int) -> int:
    """Ask, print the faults, what cost too much and how often each status came; return 1 when there was either."""
    statuses: Counter[int] = Counter()
    faults, slowest_s = 0, 0.0
    for answered in asked(seed, count):
        statuses[answered.status] += 1
        slowest_s = max(slowest_s, answered.cpu_s)
        if answered.fault or answered.cpu_s > MOST_CPU_S:
            faults += 1
            click.echo(str(answered))
    told = ", ".join(f"{times} x {status}" for status, times in sorted(statuses.items()))
    click.echo(f"{count} requests from seed {seed}, {faults} faults, at most {slowest_s:.2f} s of CPU; {told}")
    return int(faults > 0)


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    sys.exit(main(*(given + [COUNT, SEED][len(given) :])))
