"""Answer with a place, a layer, a route, a list or the whole city as files, and list them with their sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, g, request

from ....catalogue.catalogue import Catalogue
from ....catalogue.filters import read_selection, select
from ....city.layers import Feature, Layer
from ....errors import UnknownSite
from ....exchange.layers.about import Part, open_layers
from ....exchange.layers.open_data import writer_of
from ....exchange.layers.route_files import ROUTE_WRITERS, RouteFile
from ....i18n import LANGUAGES, Text, say, translate
from ....render.subject_sheet import Subject as SheetSubject
from ....routing.route_legs import route_legs
from ...http.languages import MAP_KEYS, known_query, lead_on, localised, page
from ...http.pages import kept_bytes, send
from ...http.sending.alternates import Alternate, alternates_of, choosing
from ...http.sending.file_names import disposition, licensed
from ...http.sending.formats import OURS, SUBJECTS, Format, Subject, endpoints, ours
from ...http.snapshots import snapshot
from .. import subjects
from ..structured_data import public_url
from .sheets import SHEET_KEYS, send_sheet

bp = Blueprint(OURS, __name__)
FOUND = 50  # places that a search finds at most
QUICK = 300  # places of which a page writes a file only to tell its size: 30 ms, once a snapshot
KEYS = {"": frozenset[str](), "map": MAP_KEYS, "search": frozenset(["q"]), "plan": frozenset[str]()}
INLINE = frozenset(["json", "geojson", "svg", "txt"])  # what browsers show
UNITS = (("MB", 1_000_000), ("KB", 1_000), ("B", 1))
Values = Mapping[str, str]


@dataclass(frozen=True)
class Chosen:
    """Hold what an address is about: its features by layer, and how its files are called."""

    layers: tuple[Layer, ...]
    title: Text
    name: str
    path: str


@dataclass(frozen=True)
class Download:
    """Hold one file of a list: its format and address, and its bytes where they are known."""

    format: Format
    address: str
    size: int | None

    @property
    def size_words(self) -> str:
        """Return its size to read, or "" where it is not known."""
        if self.size is None:
            return ""
        unit, per = next(((unit, per) for unit, per in UNITS if self.size >= per), UNITS[-1])
        n = self.size / per
        return f"{n:.1f} {unit}" if per > 1 and n < 10 else f"{n:.0f} {unit}"


def found_features(catalogue: Catalogue, query: str) -> list[Feature]:
    """Return what a name finds, best first; nothing for an empty one."""
    hits = catalogue.index.find(query, FOUND) if query else []
    return [catalogue.features[hit.id] for hit in hits]


def _site(catalogue: Catalogue, values: Values) -> Chosen:
    feature = catalogue.feature(values["site_id"])
    return Chosen(_layers_of(catalogue, [feature]), feature.name, feature.id, f"/sites/{feature.id}")


def _layer(catalogue: Catalogue, values: Values) -> Chosen:
    layer = catalogue.layer(values["layer_id"])
    return Chosen((layer,), layer.spec.title, layer.spec.id, f"/layers/{layer.spec.id}")


def _route(catalogue: Catalogue, values: Values) -> Chosen:
    route = catalogue.feature(values["route_id"])
    if catalogue.city.kinds[route.kind].role != "route":
        raise UnknownSite(f'"{route.id}" is no tour route.', f"See /sites/{route.id}.")
    layers = _layers_of(catalogue, [route, *(catalogue.features[stop] for stop in route.stops)])
    return Chosen(layers, route.name, route.id, f"/routes/{route.id}")


def _list(catalogue: Catalogue, values: Values) -> Chosen:
    features = select(catalogue, read_selection(request.args, catalogue.city))
    query = choosing(known_query())
    return Chosen(
        _layers_of(catalogue, features),
        _titled(catalogue, "list.all"),
        f"{catalogue.city.id}-places",
        "/sites/" + (f"?{query}" if query else ""),
    )


def _search(catalogue: Catalogue, values: Values) -> Chosen:
    query = request.args.get("q", "").strip()
    layers = _layers_of(catalogue, found_features(catalogue, query))
    title: Text = {language: translate("search.title_of", language, query=query) for language in LANGUAGES}
    return Chosen(layers, title, f"{catalogue.city.id}-search", f"/search?q={quote(query)}")


def _city(catalogue: Catalogue, values: Values) -> Chosen:
    return Chosen(tuple(catalogue.layers.values()), catalogue.city.title, catalogue.city.id, "/about")


CHOOSE: Mapping[str, Callable[[Catalogue, Values], Chosen]] = {
    "site": _site,
    "layer": _layer,
    "route": _route,
    "list": _list,
    "search": _search,
    "city": _city,
}
PICTURED: Mapping[str, Callable[[Catalogue, str], SheetSubject]] = {
    "site": subjects.site_subject,
    "layer": subjects.layer_subject,
    "route": subjects.route_subject,
}


def _titled(catalogue: Catalogue, key: str) -> Text:
    names = {language: say(catalogue.city.title, language).text for language in LANGUAGES}
    return {language: f"{name} {translate(key, language)}" for language, name in names.items()}


def _layers_of(catalogue: Catalogue, features: list[Feature]) -> tuple[Layer, ...]:
    """Return the layers of some features, in their order in the city, with these features alone."""
    by_layer: dict[str, list[Feature]] = {}
    for feature in dict.fromkeys(features):
        by_layer.setdefault(feature.layer, []).append(feature)
    layers = catalogue.layers.items()
    return tuple(replace(layer, features=tuple(by_layer[name])) for name, layer in layers if name in by_layer)


def write(catalogue: Catalogue, subject: str, values: Values, suffix: str) -> bytes:
    """Return a file of what an address is about, in the present language."""
    chosen = CHOOSE[subject](catalogue, values)
    title = say(chosen.title, g.language).text
    part = Part(catalogue.city, open_layers(chosen.layers), title, public_url(), chosen.path, g.language)
    if subject != "route":
        return writer_of(subject, suffix)(part)
    features = {feature.id: feature for layer in part.layers for feature in layer.features}  # what visitors may see
    route = features[values["route_id"]]
    stops = [features[stop] for stop in route.stops]
    return ROUTE_WRITERS[suffix](RouteFile(route, stops, route_legs(route, stops), part))


def _register(subject: Subject, one: Format) -> None:
    """Register the address of a format; what holds both languages leads from below a language to its own address."""

    def answer(**values: Any) -> Response:  # Any: flask's own
        if one.is_bilingual and g.is_language_fixed:
            return _to_bare()
        if one.suffix == "svg":
            return send_sheet(lambda c: PICTURED[subject.name](c, *values.values()), "svg")
        return _send(subject, one, values)

    answer.__name__ = f"{subject.name}_{one.key}"
    keys = SHEET_KEYS if one.suffix == "svg" else KEYS[subject.filters]
    page(bp, f"{subject.stem}.{one.suffix}", keys, is_data=one.is_bilingual)(answer)


def _send(subject: Subject, one: Format, values: Values) -> Response:
    if one.is_bilingual:
        g.language, g.is_language_fixed = LANGUAGES[0], True  # both are in it
    is_large = sum(len(layer.features) for layer in CHOOSE[subject.name](snapshot(), values).layers) > QUICK
    response = send(
        lambda catalogue: write(catalogue, subject.name, values, one.suffix),
        one.mimetype,
        is_hard=one.made == "data",
        is_costly=one.made == "packed" or is_large,
    )
    return labelled(response, subject.name, values, one.suffix)


def labelled(response: Response, subject: str, values: Values, suffix: str) -> Response:
    """Return a file's answer with its name, the licences of the layers in it, and where the terms of use stand."""
    chosen = CHOOSE[subject](snapshot(), values)
    kind, title = "inline" if suffix in INLINE else "attachment", say(chosen.title, g.language).text
    response.headers["Content-Disposition"] = disposition(kind, chosen.name, title, suffix)
    return licensed(response, (one for layer in chosen.layers for one in layer.credits))


@page(bp, "/city")
def city() -> Response:
    """Lead to the list of the whole city's files; a program that accepts one of them is led to that before."""
    return lead_on(localised("public.about") + "#downloads")


def _to_bare() -> Response:
    query = request.query_string.decode("ascii")
    return lead_on(quote(request.path[3:]) + (f"?{query}" if query else ""))


BARE = ("api.layer", "api.feature", "plan_api.plan_json")  # that other wings answer without a language alone


def bare(**_: Any) -> Response:  # Any: flask's own
    """Lead from below a language to the address of what holds both, made by another wing."""
    return _to_bare()


def _register_all() -> None:
    for subject, one in ours():
        _register(subject, one)
    for subject, one, endpoint in endpoints():
        if endpoint in BARE:
            languages = ", ".join(LANGUAGES)
            bp.add_url_rule(f"/<any({languages}):lang>{subject.stem}.{one.suffix}", view_func=bare)


_register_all()


def list_downloads(catalogue: Catalogue, name: str, values: Values | None = None, query: str = "") -> list[Download]:
    """Return the files of a subject with their sizes, of those that are quickly written or that somebody had made."""
    subject, values = SUBJECTS[name], values or {}
    is_quick = name in CHOOSE and sum(len(la.features) for la in CHOOSE[name](catalogue, values).layers) <= QUICK
    return [
        Download(link.format, link.address, _size(catalogue, subject, link, values, is_quick))
        for link in alternates_of(subject, values, query)
    ]


def _size(catalogue: Catalogue, subject: Subject, link: Alternate, values: Values, is_quick: bool) -> int | None:
    language = LANGUAGES[0] if link.format.is_bilingual else g.language
    kept = kept_bytes(language, link.address, link.format.mimetype)
    if kept is not None or not is_quick or link.format.made != "data" or subject.name == "search":
        return kept
    return len(write(catalogue, subject.name, values, link.format.suffix))
