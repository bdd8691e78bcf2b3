"""Answer with features: pages of a layer, as parameters choose, and single ones."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import g, request
from werkzeug.http import http_date

from ....catalogue.catalogue import Catalogue
from ....catalogue.changes.past import Delta
from ....city.layers import Feature, Layer
from ....errors import InvalidQuery, InvalidValue, Retired, UnknownSite
from ....geo.crs import CRS84, Crs, read_crs
from ....i18n import LANGUAGES
from ....schema.strict_json import JsonTable
from ....tiles.geojson import feature_rows
from ....tiles.layer_rows import LayerRows, row_of, rows_of
from ...http.html_page import HtmlPage
from ...http.pages import GEOJSON
from ...http.sending.caching import PAST, PUBLIC
from ...http.sending.repeats import Write
from ...http.snapshots import look_back, snapshot
from ..deltas import EVERYTHING, delta_geojson, delta_since
from .cursor import read_cursor, write_cursor
from .documents import credit, licence_links
from .parameters import (
    DEFAULT_LIMIT,
    ITEM_KEYS,
    ITEMS_KEYS,
    SINCE_KEYS,
    ItemsQuery,
    check_keys,
    read_datetime,
    read_items_query,
)
from .queryables import names, queryables
from .resources import ROOT, Resource, address_of, encoded, link, page_link, resource, site

FEATURE = b'{"type":"Feature",'
ANY, ANY_TIMES = "\ue000", 1 + len(LANGUAGES)  # stands for an id in its own address, and in that of each page


@dataclass(frozen=True, kw_only=True)
class ItemsPage(HtmlPage):
    """Hold some features of a layer; `matched` are all that the parameters choose, `following` is "" at the end.

    `gone` is None but for changes: the ids that are gone.
    """

    template = "api/items.html"
    layer: Layer
    features: Sequence[Feature]
    matched: int
    following: str
    data_address: str
    gone: Sequence[str] | None = None


@dataclass(frozen=True)
class _Found:
    """Hold a page of rows, how many match in all, and the row that the next page begins with."""

    rows: LayerRows
    numbers: Sequence[int]
    matched: int
    next_row: int | None


@resource("/collections/<layer_id>/items", (*ITEMS_KEYS, *names()), checks=False)
def items(layer_id: str) -> Resource:
    """Answer with a page of a layer's features, as of a moment, or with what has changed in it."""
    if "since" in request.args:
        return _changed(layer_id, request.args["since"])
    path = f"/collections/{layer_id}/items"
    cache, memento = _look_back(path)
    catalogue = snapshot()
    layer = catalogue.layer(layer_id)
    known = queryables(catalogue.city, layer)
    check_keys(request.args, (*ITEMS_KEYS, *known))
    query = read_items_query(request.args, known)
    begun = read_cursor(request.args.get("cursor"), catalogue.tag, _first(path))

    def data(catalogue: Catalogue) -> bytes:
        return _collection(layer, _find(layer, query, begun), query, path, catalogue.tag)

    def page(catalogue: Catalogue) -> HtmlPage:
        shorter = replace(query, limit=min(query.limit, DEFAULT_LIMIT))
        return _page(layer, _find(layer, shorter, begun), path, catalogue.tag)

    return Resource(data, page, GEOJSON, is_repeated=False, headers=_headers(query.crs) | memento, cache=cache)


def _look_back(path: str) -> tuple[str, dict[str, str]]:
    """Turn to the city of the moment that is asked for; return how long the answer holds, and its header."""
    moment = read_datetime(request.args.get("datetime"))
    if moment is None or moment >= datetime.now(UTC):
        return PUBLIC, {}
    is_settled = look_back(moment, address_of(path))
    return PAST if is_settled else PUBLIC, {"Memento-Datetime": http_date(moment)}


def _changed(layer_id: str, since: str) -> Resource:
    """Answer with what has changed in a layer since a revision."""
    snapshot().layer(layer_id)
    check_keys(request.args, SINCE_KEYS)
    path = f"/collections/{layer_id}/items"

    def again() -> str:
        return address_of(path, [("since", EVERYTHING)])

    def found(catalogue: Catalogue) -> Delta:
        try:
            return delta_since(catalogue, layer_id, since, again)
        except InvalidValue as error:
            raise InvalidQuery(error.message, error.hint) from None

    def data(catalogue: Catalogue) -> bytes:
        layer, delta = catalogue.layer(layer_id), found(catalogue)
        links: list[JsonTable] = [{"rel": "self", "href": address_of(path, _given("f")), "type": GEOJSON}]
        links += [link("collection", f"/collections/{layer_id}"), *licence_links(layer)]
        return delta_geojson(catalogue, layer, delta, credit(layer.credits) | {"links": links})

    def page(catalogue: Catalogue) -> HtmlPage:
        layer, delta = catalogue.layer(layer_id), found(catalogue)
        return ItemsPage(
            layer=layer,
            features=delta.changed[:DEFAULT_LIMIT],
            matched=len(delta.changed),
            following="",
            data_address=address_of(path, _given("f")),
            gone=delta.deleted,
        )

    return Resource(data, page, GEOJSON, is_repeated=False, headers=_headers(CRS84))


def _find(layer: Layer, query: ItemsQuery, begun: int) -> _Found:
    """Return the rows of a page. The order is that of the layer, whatever the parameters choose."""
    rows = rows_of(layer)
    numbers = rows.numbers_in(query.bbox)
    if query.filters:
        held = ((number, rows.features[number].properties) for number in numbers)
        numbers = [number for number, row in held if all(by.fits(row, wanted) for by, wanted in query.filters)]
    first = bisect_left(numbers, begun)
    end = first + query.limit
    return _Found(rows, numbers[first:end], len(numbers), numbers[end] if end < len(numbers) else None)


def _collection(layer: Layer, found: _Found, query: ItemsQuery, path: str, tag: str) -> bytes:
    head: JsonTable = {"type": "FeatureCollection"} | credit(layer.credits)
    head |= {
        "numberMatched": found.matched,
        "numberReturned": len(found.numbers),
        "timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "links": _links(layer, found, path, tag),
    }
    return encoded(head)[:-1] + b',"features":[' + b",\n".join(_rows(found, query.crs)) + b"]}"


def _rows(found: _Found, crs: Crs) -> Sequence[bytes]:
    """Return the rows of a page, which are written anew where another CRS than GeoJSON's own is asked for."""
    if crs is CRS84:
        return [found.rows.rows[number] for number in found.numbers]
    return rows_in([found.rows.features[number] for number in found.numbers], crs)


def rows_in(features: Sequence[Feature], crs: Crs) -> list[bytes]:
    """Return features as GeoJSON with positions in a CRS."""
    return feature_rows(features, crs.of_shapes([feature.geometry for feature in features]), crs.decimals)


def _links(layer: Layer, found: _Found, path: str, tag: str) -> list[JsonTable]:
    given = _given("f")
    asked = f"?{urlencode(given)}" if given else ""
    links: list[JsonTable] = [{"rel": "self", "href": address_of(path, given), "type": GEOJSON}]
    links += [page_link("alternate", f"{ROOT}{path}{asked}", language) for language in LANGUAGES]
    if found.next_row is not None:
        links.append({"rel": "next", "href": address_of(path, _following(tag, found.next_row)), "type": GEOJSON})
    return [*links, link("collection", f"/collections/{layer.spec.id}"), *licence_links(layer)]


def _given(*but: str) -> list[tuple[str, str]]:
    return [(key, text) for key, text in request.args.items() if key not in but]


def _following(tag: str, row: int) -> list[tuple[str, str]]:
    return [*_given("f", "cursor"), ("cursor", write_cursor(tag, row))]


def _first(path: str) -> str:
    """Return the address of the first page, in the form that was asked for."""
    given = _given("f", "cursor")
    if request.path.startswith(ROOT):
        return address_of(path, given)
    return f"{site()}/{g.language}{ROOT}{path}" + (f"?{urlencode(given)}" if given else "")


def _page(layer: Layer, found: _Found, path: str, tag: str) -> ItemsPage:
    following = _following(tag, found.next_row) if found.next_row is not None else []
    return ItemsPage(
        layer=layer,
        features=[found.rows.features[number] for number in found.numbers],
        matched=found.matched,
        following=f"?{urlencode(following)}" if following else "",
        data_address=address_of(path, _given("f")),
    )


@resource("/collections/<layer_id>/items/<feature_id>", ITEM_KEYS)
def item(layer_id: str, feature_id: str) -> Resource:
    """Answer with one feature, as of a moment if that is said; its page is that of the place."""
    path = f"/collections/{layer_id}/items/{feature_id}"
    cache, memento = _look_back(path)
    found = _feature(snapshot(), layer_id, feature_id)
    crs = read_crs("crs", request.args.get("crs"))
    if request.query_string == b"f=json":
        g.write_sibling = _writer(snapshot().layer(layer_id))
    return Resource(
        lambda catalogue: _item(_feature(catalogue, layer_id, feature_id), catalogue.layer(layer_id), crs),
        f"/{g.language}/sites/{found.id}",
        GEOJSON,
        is_repeated=False,
        headers=_headers(crs) | memento,
        cache=cache,
    )


def _feature(catalogue: Catalogue, layer_id: str, feature_id: str) -> Feature:
    """Return a feature of a layer. Raises Retired, with the successor's address, and UnknownSite in another layer."""
    catalogue.layer(layer_id)
    try:
        found = catalogue.feature(feature_id)
    except Retired as gone:
        if successor := catalogue.features.get(gone.values.get("successor", "")):
            gone.values["again"] = address_of(f"/collections/{successor.layer}/items/{successor.id}")
        raise
    if found.layer != layer_id:
        raise UnknownSite(f'"{feature_id}" is not in "{layer_id}".', f'It is in "{found.layer}".')
    return found


def _item(feature: Feature, layer: Layer, crs: Crs) -> bytes:
    row = row_of(layer, feature) if crs is CRS84 else rows_in([feature], crs)[0]
    return _told(_item_head(feature.id, layer), row)


def _item_head(feature_id: str, layer: Layer) -> bytes:
    """Return what an answer with one feature says beside the feature: its links, and whose the data are."""
    path = f"/collections/{layer.spec.id}"
    pages = [page_link("alternate", f"/sites/{feature_id}", language) for language in LANGUAGES]
    own = address_of(f"{path}/items/{feature_id}", _given("f"))
    itself: JsonTable = {"rel": "self", "href": own, "type": GEOJSON}
    head: JsonTable = {"links": [itself, *pages, link("collection", path), *licence_links(layer)]}
    return encoded(head | credit(layer.credits))[1:-1]


def _told(head: bytes, row: bytes) -> bytes:
    return FEATURE + head + b"," + row.removeprefix(FEATURE)


def _writer(layer: Layer) -> Write | None:
    """Return what answers with any feature of a layer as `_item` does, on the same host, or None for odd words."""
    layer_id, parts = layer.spec.id, _item_head(ANY, layer).split(ANY.encode())
    if len(parts) != ANY_TIMES + 1:
        return None

    def write(catalogue: Catalogue, feature_id: str) -> bytes | None:
        feature = catalogue.features.get(feature_id)
        if feature is None or feature.layer != layer_id:
            return None
        return _told(feature_id.encode().join(parts), row_of(catalogue.layers[layer_id], feature))

    return write


def _headers(crs: Crs) -> dict[str, str]:
    return {"Content-Crs": f"<{crs.uri}>"}
