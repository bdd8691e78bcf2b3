"""Tell what was published lately, in words: a page and two feeds, of all, of a layer or of a feature."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import Blueprint, Response, g, request

from ...catalogue.catalogue import Catalogue
from ...city.basemap import credit_line
from ...city.layers import Layer
from ...editing.diff import DiffLine, redline
from ...editing.stop_names import naming
from ...errors import NotFound
from ...i18n import Said, say, translate
from ...limits import CHANGES
from ...schema.items import Attributes, Attribution
from ...schema.properties import Derived
from ...store import PublicChange
from ...store.log.public_log import Turn
from ...versioning.content import Content
from ..http.html_page import HtmlPage
from ..http.languages import localised, page
from ..http.pages import send, send_page
from ..http.sending.file_names import licensed
from ..http.snapshots import local_time, public_changes, snapshot
from .change_feeds import ATOM, JSON_FEED, Feed, write_atom, write_json_feed
from .files.downloads import labelled
from .structured_data import public_url

bp = Blueprint("changes", __name__)
PUBLIC = Derived(lambda table: {p.key: p for p in table if p.is_public})
TITLES: dict[Turn, str] = {"added": "news.added", "changed": "news.changed", "removed": "news.removed"}
KEYS = ("layer", "feature", "page")


@dataclass(frozen=True)
class Told:
    """Hold a change in words: a title with the feature's name as it is or was, and in what its public fields differ."""

    change: PublicChange
    title: str
    layer: Said
    moment: str
    lines: tuple[DiffLine, ...]
    is_there: bool

    @property
    def anchor(self) -> str:
        """Return what names the change on the page."""
        change = self.change
        return (
            anchor_of(change.number, is_end=change.is_end)
            if change.number
            else f"d{re.sub(r'[^0-9]', '', change.moment)}"
        )


def anchor_of(number: int, *, is_end: bool = False) -> str:
    """Return what names a revision on the page, or its end."""
    return f"c{number}-end" if is_end else f"c{number}"


@dataclass(frozen=True)
class Wanted:
    """Hold what changes are asked for: of a layer or feature, "" for all, and the number of the page."""

    layer: str
    feature: str
    number: int

    def query(self, number: int = 1) -> str:
        """Return the query that asks for one of its pages."""
        pairs = (("layer", self.layer), ("feature", self.feature), ("page", str(number) if number > 1 else ""))
        given = urlencode([pair for pair in pairs if pair[1]])
        return f"?{given}" if given else ""


@dataclass(frozen=True, kw_only=True)
class ChangesPage(HtmlPage):
    """Hold one page of what was published, the newest first."""

    template = "public/changes.html"
    told: list[Told]
    wanted: Wanted
    feature_name: Said
    layers: list[Layer]
    number: int
    last_page: int
    query: str


@page(bp, "/changes", KEYS)
def show() -> Response:
    """Show what was published, with what it was before."""
    wanted = _read()

    def make(catalogue: Catalogue) -> HtmlPage:
        told, last_page = _told(catalogue, wanted)
        return ChangesPage(
            told=told,
            wanted=wanted,
            feature_name=_name_of(catalogue, wanted.feature),
            layers=list(catalogue.layers.values()),
            number=wanted.number,
            last_page=last_page,
            query=wanted.query(),
        )

    return send_page(make, key=public_changes().edition)


@page(bp, "/changes.atom", KEYS)
def atom() -> Response:
    """Answer with an Atom feed; what was taken off the map is told as a tombstone too (RFC 6721)."""
    wanted = _read()
    return _sent(lambda catalogue: write_atom(_feed(catalogue, wanted, "/changes.atom")), ATOM, wanted)


@page(bp, "/layers/<layer_id>.atom", ["page"])
def layer_atom(layer_id: str) -> Response:
    """Answer with the feed of a layer, as a format of it."""
    snapshot().layer(layer_id)
    wanted = Wanted(layer_id, "", _page_number())
    response = send(
        lambda catalogue: write_atom(_feed(catalogue, wanted, f"/layers/{layer_id}.atom", is_of_path=True)),
        ATOM,
        key=(public_url(), public_changes().edition),
        is_hard=False,
    )
    return labelled(response, "layer", {"layer_id": layer_id}, "atom")


@page(bp, "/changes.json", KEYS)
def json_feed() -> Response:
    """Answer with a JSON Feed (1.1)."""
    wanted = _read()
    return _sent(lambda catalogue: write_json_feed(_feed(catalogue, wanted, "/changes.json")), JSON_FEED, wanted)


def _sent(make: Callable[[Catalogue], bytes], mimetype: str, wanted: Wanted) -> Response:
    response = send(make, mimetype, key=(public_url(), public_changes().edition), is_hard=False)
    return licensed(response, _credits(snapshot(), wanted))


def _credits(catalogue: Catalogue, wanted: Wanted) -> tuple[Attribution, ...]:
    """Return whose the data are that a feed tells of."""
    return catalogue.layer(wanted.layer).credits if wanted.layer else catalogue.attributions


def _read() -> Wanted:
    layer = request.args.get("layer", "")
    if layer:
        snapshot().layer(layer)
    return Wanted(layer, request.args.get("feature", ""), _page_number())


def _page_number() -> int:
    return max(1, request.args.get("page", 1, type=int))


def _told(catalogue: Catalogue, wanted: Wanted) -> tuple[list[Told], int]:
    """Return the changes of a page in words, without those that no public field tells; and the last page's number."""
    first = (wanted.number - 1) * CHANGES
    found = public_changes().read(catalogue, wanted.layer, wanted.feature, first=first, limit=CHANGES)
    last_page = max(1, -(-found.count // CHANGES))
    if wanted.number > last_page:
        raise NotFound(f"There is no page {wanted.number}.", f"The last one is {last_page}.")
    told = (_in_words(catalogue, change) for change in found.changes)
    return [one for one in told if one.lines or one.change.turn != "changed"], last_page


def _in_words(catalogue: Catalogue, change: PublicChange) -> Told:
    """Return a change in words; of what is not on the map any more, only that it came or went."""
    is_there = change.feature_id in catalogue.features
    before, after = _public(change.before), _public(change.after)
    lines: tuple[DiffLine, ...] = ()
    if before and after and is_there:
        lines = redline(before, after, catalogue.city, g.language, naming(catalogue, g.language))
    said = after or before
    name = Said(translate("news.withdrawn", g.language), g.language)
    if said and is_there:
        name = _or_id(say(Attributes.of(said.properties).name, g.language), change.feature_id)
    spec = catalogue.city.layer(change.layer)
    return Told(
        change=change,
        title=translate(TITLES[change.turn], g.language, name=name.text),
        layer=_or_id(say(spec.title if spec else None, g.language), change.layer),
        moment=local_time(change.moment),
        lines=lines,
        is_there=is_there,
    )


def _public(content: Content | None) -> Content | None:
    """Return what visitors saw of a content."""
    if content is None:
        return None
    return replace(content, properties={key: value for key, value in content.properties.items() if key in PUBLIC})


def _or_id(said: Said, key: str) -> Said:
    return said if said.text else Said(key, g.language)


def _name_of(catalogue: Catalogue, feature_id: str) -> Said:
    feature = catalogue.features.get(feature_id)
    return _or_id(say(feature.name if feature else None, g.language), feature_id)


def _feed(catalogue: Catalogue, wanted: Wanted, path: str, *, is_of_path: bool = False) -> Feed:
    """Return a page of a feed at a path, which names the layer itself where it `is_of_path`."""
    told, last_page = _told(catalogue, wanted)
    page_of, own = public_url() + localised("changes.show"), f"{public_url()}/{g.language}{path}"
    asked = replace(wanted, layer="") if is_of_path else wanted
    following = own + asked.query(wanted.number + 1) if wanted.number < last_page else ""
    return Feed(
        language=g.language,
        city=say(catalogue.city.title, g.language).text,
        page=page_of + wanted.query(),
        address=own + asked.query(wanted.number),
        following=following,
        base=page_of,
        told=told,
        rights=credit_line(_credits(catalogue, wanted), g.language),
    )
