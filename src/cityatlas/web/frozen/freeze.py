"""Ask an application for all that the public site shows, and hand each answer on as a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ...catalogue.catalogue import Catalogue
from ...errors import CityatlasError
from ...i18n import LANGUAGES
from ..http.sending.answers import make_answer
from ..http.sending.caching import IMMUTABLE, PUBLIC
from ..http.sending.headers import content_policy
from .addresses import INDEX, Place, Places, beginnings
from .links import Linker

HTML, SVG, XML, JSON = "text/html", "image/svg+xml", "application/xml", "application/json"
VERSION = re.compile(r"\?v=\w+")  # of the snapshot, in the address of a tile
ENDINGS = {"br": ".br", "gzip": ".gz"}
NOT_FOUND = "404.html"
LEAD_ON = (
    '<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n<title>{there}</title>\n'
    '<meta name="robots" content="noindex">\n<meta http-equiv="refresh" content="0; url={there}">\n'
    '</head>\n<body><p><a href="{there}">{there}</a></p></body>\n</html>\n'
)
FIRST_LANGUAGE = LANGUAGES[0]


class BrokenLinks(CityatlasError):
    """Say that pages lead to what the program does not answer."""


@dataclass(frozen=True)
class FrozenFile:
    """Hold a file of a frozen site: its path, its bytes, and the headers that it is to be sent with."""

    path: str
    content: bytes
    mimetype: str
    cache: str
    encoding: str = ""


def freeze(app: Flask, root: str, live: str = "") -> Iterator[FrozenFile]:
    """Yield all files of an application's public site, each with its compressed forms.

    `root` is where they will stand; what needs a server leads to `live`, or is not offered where that is "". Answers
    are of the present minute and the newest snapshot. Raises BrokenLinks, after the last file, with the addresses that
    were not answered.
    """
    app.config["IS_FROZEN"] = True
    catalogue: Catalogue = app.extensions["cityatlas_live"].current()
    linker = Linker(Places(app), live or root, root, live)
    for address in beginnings(catalogue):
        linker.place(address)
    yield from _all_forms(_not_found(app.test_client(), linker, catalogue))
    missing, done = [], 0
    while waiting := list(linker.found.values())[done:]:
        done += len(waiting)
        for place in waiting:
            if place.leads_on:
                continue
            answer = app.test_client().get(place.asked)
            if answer.status_code == 204:  # a tile in which nothing lies
                continue
            if answer.status_code != 200:
                missing.append(f"{place.asked} ({answer.status_code})")
                continue
            if place.endpoint == "assets.static_file":
                yield from _built(app.test_client(), place, answer)
                continue
            for file in _files(answer, place, linker, catalogue):
                yield from _all_forms(file)
    if missing:
        raise BrokenLinks(
            f"{len(missing)} addresses are not answered: {', '.join(missing[:8])}", "Mend what links there."
        )


def _files(answer: TestResponse, place: Place, linker: Linker, catalogue: Catalogue) -> Iterator[FrozenFile]:
    """Yield the file of an answer, and beside a page the one that leads there from its address without a language."""
    content, mimetype = answer.data, str(answer.mimetype)
    if mimetype == HTML:
        content = linker.page(answer.text, place.asked, _policy(catalogue, linker, place)).encode()
        language, _, bare = place.file.partition("/")
        if language == FIRST_LANGUAGE and place.endpoint != "public.card" and place.endpoint != "embed.card":
            there = LEAD_ON.format(lang=language, there=f"/{place.file}")
            yield FrozenFile(bare, there.encode(), HTML, PUBLIC)
    elif mimetype == SVG:
        content = linker.page(answer.text, place.asked).encode()
    elif place.endpoint.startswith("vector_tiles.") and mimetype == JSON:
        content = VERSION.sub("", answer.text.replace(linker.own, linker.root)).encode()
    elif mimetype == XML:
        content = linker.xml(answer.text).encode()
    yield FrozenFile(place.file, content, mimetype, PUBLIC)


def _built(client: FlaskClient, place: Place, answer: TestResponse) -> Iterator[FrozenFile]:
    """Yield a built file with the forms that the build put beside it."""
    yield FrozenFile(place.file, answer.data, str(answer.mimetype), IMMUTABLE)
    for coding, ending in ENDINGS.items():
        packed = client.get(place.asked, headers={"Accept-Encoding": coding})
        if packed.headers.get("Content-Encoding") == coding:
            yield FrozenFile(place.file + ending, packed.data, str(answer.mimetype), IMMUTABLE, coding)


def _policy(catalogue: Catalogue, linker: Linker, place: Place) -> str:
    """Return the policy that a page carries itself, since a host of files may send none; "" for a piece of a page."""
    if place.endpoint in ("public.card", "embed.card"):
        return ""
    policy = content_policy(catalogue.city.basemaps, is_embed=place.endpoint.startswith("embed."))
    policy = policy.replace("; frame-ancestors 'none'", "")  # which only a header may say
    return policy.replace("form-action 'self'", f"form-action 'self' {linker.live}".rstrip())


def _not_found(client: FlaskClient, linker: Linker, catalogue: Catalogue) -> FrozenFile:
    answer = client.get(f"/{FIRST_LANGUAGE}/no-such-page", headers={"Accept": HTML, "Accept-Encoding": "identity"})
    place = Place("public.about", f"/{FIRST_LANGUAGE}/", INDEX)
    content = linker.page(answer.text, place.asked, _policy(catalogue, linker, place)).encode()
    return FrozenFile(NOT_FOUND, content, HTML, PUBLIC)


def _all_forms(file: FrozenFile) -> Iterator[FrozenFile]:
    """Yield a file and, of text, its forms as gzip and brotli."""
    answer = make_answer(file.content, file.mimetype, is_lasting=True)
    for coding in ("", *answer.codings):
        yield FrozenFile(file.path + ENDINGS.get(coding, ""), answer.coded(coding), file.mimetype, file.cache, coding)
