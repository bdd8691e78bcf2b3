"""Check finished answers: their codings, their ETags, and how many of them are kept."""

from __future__ import annotations

import gzip
import io
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import brotli
import pytest
from flask import Flask, Request, Response, request

from cityatlas.web.http.sending import repeats
from cityatlas.web.http.sending.answers import (
    ENTRY_BYTES,
    PAGE_BROTLI,
    Answer,
    AnswerCache,
    best_coding,
    make_answer,
    respond,
)

BODY = b"<p>text</p>" * 100


def ask(answer: Answer, **headers: str) -> Response:
    """Return the response to a request with these headers; an underscore stands for a hyphen."""
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    with Flask(__name__).test_request_context(headers=named):
        asked: Request = request
        return respond(answer, asked)


def made(body: bytes = BODY, mimetype: str = "text/html") -> Answer:
    """Return a lasting answer."""
    return make_answer(body, mimetype, is_lasting=True)


@pytest.mark.parametrize(
    ("accepted", "coding", "unpack"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("GZIP;q=0.5", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("br; q=0.0, gzip;q=0", "", bytes),
        ("zstd", "", bytes),
        ("", "", bytes),
    ],
)
def test_every_coding_holds_the_same_body(accepted: str, coding: str, unpack: Callable[[bytes], bytes]) -> None:
    response = ask(made(), Accept_Encoding=accepted)
    assert response.headers.get("Content-Encoding", "") == coding
    assert unpack(response.data) == BODY
    assert response.headers["Vary"] == "Accept-Encoding"


def test_a_picture_and_a_short_text_are_sent_as_they_are() -> None:
    assert made(BODY, "image/png").codings == ()
    assert made(b"short").codings == ()


def test_a_known_etag_is_answered_304_without_a_body() -> None:
    first = ask(made(), Accept_Encoding="br")
    again = ask(made(), Accept_Encoding="br", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Content-Encoding" not in again.headers


@pytest.mark.parametrize("sent", ["{}", "W/{}", '"other", {}', '"other",W/{} , "more"', "*"])
def test_an_etag_is_known_in_each_form_that_the_protocol_has(sent: str) -> None:
    etag = ask(made()).headers["ETag"]
    assert ask(made(), If_None_Match=sent.format(etag)).status_code == 304


@pytest.mark.parametrize("sent", ['"other"', "", "nonsense", "x{}", "{}x"])
def test_another_etag_gets_the_body(sent: str) -> None:
    etag = ask(made()).headers["ETag"]
    assert ask(made(), If_None_Match=sent.format(etag)).status_code == 200


def test_each_coding_has_its_own_etag() -> None:
    etags = {ask(made(), Accept_Encoding=coding).headers["ETag"] for coding in ("", "gzip", "br")}
    assert len(etags) == 3


def test_the_cache_makes_an_answer_once() -> None:
    cache, calls = AnswerCache(10_000), []

    def make() -> Answer:
        calls.append(1)
        return made(b"a")

    assert cache.get("key", make) is cache.get("key", make)
    assert len(calls) == 1


def test_who_asks_for_an_answer_that_is_being_made_waits_for_it() -> None:
    cache, calls, others_ask = AnswerCache(10_000), list[str](), threading.Event()

    def make(key: str) -> Answer:
        calls.append(key)
        assert others_ask.wait(10)
        return made(key.encode())

    with ThreadPoolExecutor(8) as people:
        asked = [people.submit(cache.get, key, partial(make, key)) for key in ("a", "a", "a", "b", "b")]
        while len(calls) < 2 or sum(map(len, cache._making.values())) < 5:
            time.sleep(0.001)
        others_ask.set()
        bodies = [one.result().body for one in asked]
    assert bodies == [b"a", b"a", b"a", b"b", b"b"]
    assert sorted(calls) == ["a", "b"]
    assert cache._making == {}


def test_the_cache_drops_the_longest_unused_first() -> None:
    cache = AnswerCache(2 * (ENTRY_BYTES + 110))

    def ask_for(key: str) -> bool:
        """Return whether the answer had to be made."""
        calls: list[str] = []

        def make() -> Answer:
            calls.append(key)
            return Answer(b"x" * 100, "text/plain", key)

        cache.get(key, make)
        return bool(calls)

    assert [ask_for(key) for key in ("a", "b", "a", "c")] == [True, True, False, True]
    assert [ask_for(key) for key in ("a", "c", "b")] == [False, False, True]
    assert len(cache) == 2


def test_a_key_counts_as_much_as_a_body() -> None:
    cache = AnswerCache(1_000_000)
    for number in range(100):
        cache.get(f"{number} {'x' * 200_000}", lambda: Answer(b"small", "text/css", "tag"))
    assert len(cache) == 4
    assert 4 * 200_000 < cache.bytes_kept <= 1_000_000


def test_an_answer_of_no_size_counts_for_what_its_entry_takes() -> None:
    cache = AnswerCache(1_000_000)
    for number in range(5_000):
        cache.get(number, lambda: Answer(b"", "text/css", "tag"))
    assert len(cache) < 1_000_000 / ENTRY_BYTES


def test_one_answer_above_the_limit_is_still_given() -> None:
    cache = AnswerCache(10)
    answer = cache.get("key", lambda: made(b"x" * 100))
    assert (len(answer.body), len(cache)) == (100, 0)


def test_a_failure_is_not_kept() -> None:
    cache = AnswerCache(10_000)
    with pytest.raises(ZeroDivisionError):
        cache.get("key", lambda: made(bytes(1 // 0)))
    assert cache.get("key", lambda: made(b"good")).body == b"good"


def test_an_answer_is_compressed_once_and_only_as_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    done = list[int]()

    def compress(_: bytes, quality: int) -> bytes:
        done.append(quality)
        return b"small"

    monkeypatch.setattr(brotli, "compress", compress)
    answer = made()
    ask(answer, Accept_Encoding="gzip")
    assert done == []
    with ThreadPoolExecutor(8) as pool:
        assert {one.data for one in pool.map(lambda _: ask(answer, Accept_Encoding="br"), range(8))} == {b"small"}
    assert done == [PAGE_BROTLI]


@pytest.mark.parametrize(("accepted", "coding"), [("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0", ""), ("", "")])
def test_the_best_coding_is_the_smallest_that_is_accepted(accepted: str, coding: str) -> None:
    assert best_coding(accepted) == coding


def test_a_large_answer_that_is_repeated_is_handed_over_as_a_file(
    toy_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[bytes] = []

    def wrap(file: io.BytesIO) -> list[bytes]:
        handed.append(file.read())
        return handed[-1:]

    client, of_server = toy_app.test_client(), {"wsgi.file_wrapper": wrap}
    usual = client.get("/layers/works.geojson").data
    assert client.get("/layers/works.geojson", environ_overrides=of_server).data == usual
    assert handed == []  # too small to be worth it
    monkeypatch.setattr(repeats, "LARGE_BYTES", 1)
    assert client.get("/layers/works.geojson", environ_overrides=of_server).data == usual
    assert handed == [usual]
