"""Write what was published as Atom (RFC 4287, tombstones by RFC 6721) and as JSON Feed (1.1); all text is plain."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from ...editing.diff import DiffLine, Part
from ...i18n import TAGS, Language, translate
from ...schema.strict_json import JsonTable
from ...store.log.public_log import Turn

if TYPE_CHECKING:
    from .changes import Told

ATOM, JSON_FEED = "application/atom+xml", "application/feed+json"
ATOM_NS, TOMBSTONE_NS = "http://www.w3.org/2005/Atom", "http://purl.org/atompub/tombstones/1.0"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TEXTS: dict[Turn, str] = {
    "added": "news.added_text",
    "changed": "news.changed_text",
    "removed": "news.removed_text",
}
NEVER = "1970-01-01T00:00:00Z"  # a feed says when it changed, one without entries too
ET.register_namespace("", ATOM_NS)
ET.register_namespace("at", TOMBSTONE_NS)


@dataclass(frozen=True)
class Feed:
    """Hold a page of a feed: absolute addresses of the page for people, of itself, and of what follows or "".

    `rights` says in a line whose the data are.
    """

    language: Language
    city: str
    page: str
    address: str
    following: str
    base: str
    told: Sequence[Told]
    rights: str

    @property
    def title(self) -> str:
        """Return what the feed is called."""
        return f"{translate('news.title', self.language)} · {self.city}"

    def address_of(self, told: Told, anchor: str = "") -> str:
        """Return the address of a change, or of another one of its feature: it never changes, and so is its id too."""
        return f"{self.base}?{urlencode({'feature': told.change.feature_id})}#{anchor or told.anchor}"

    def text_of(self, told: Told) -> str:
        """Return a change in words, a line for each field."""
        lines = (line for one in told.lines for line in self._lines(one))
        return "\n".join(lines) or translate(TEXTS[told.change.turn], self.language, layer=told.layer.text)

    def _lines(self, line: DiffLine) -> list[str]:
        return [f"{self._label(line, part)}{_side(part, 'out')} → {_side(part, 'in')}" for part in line.parts]

    def _label(self, line: DiffLine, part: Part) -> str:
        label = f"{line.title} · {part.label}" if part.label else line.title
        return label + translate("edit.colon", self.language)


def _side(part: Part, mark: str) -> str:
    return "".join(piece.text for piece in part.pieces if piece.mark in ("same", mark)).strip() or "—"


def write_json_feed(feed: Feed) -> bytes:
    """Return a feed as JSON Feed."""
    table: JsonTable = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "language": TAGS[feed.language],
        "items": [_item(feed, told) for told in feed.told],
        "_cityatlas": {"rights": feed.rights},
    }
    table |= {"next_url": feed.following} if feed.following else {}
    return json.dumps(table, ensure_ascii=False).encode()


def _item(feed: Feed, told: Told) -> JsonTable:
    change = told.change
    return {
        "id": feed.address_of(told),
        "url": feed.address_of(told),
        "title": told.title,
        "content_text": feed.text_of(told),
        "date_published": change.moment,
        "tags": [told.layer.text],
        "_cityatlas": {"feature": change.feature_id, "layer": change.layer, "turn": change.turn},
    }


def write_atom(feed: Feed) -> bytes:
    """Return a feed as Atom: an entry for each change, and for what is gone a tombstone of the entry that it ends."""
    root = ET.Element(atom_name("feed"), {XML_LANG: TAGS[feed.language]})
    add(root, "id", feed.page)
    add(root, "title", feed.title)
    add(root, "updated", max((told.change.moment for told in feed.told), default=NEVER))
    add(ET.SubElement(root, atom_name("author")), "name", feed.city)
    if feed.rights:
        add(root, "rights", feed.rights)
    add(root, "link", rel="alternate", type="text/html", href=feed.page)
    add(root, "link", rel="self", type=ATOM, href=feed.address)
    if feed.following:
        add(root, "link", rel="next", type=ATOM, href=feed.following)
    for told in feed.told:
        if told.change.turn == "removed":
            _add_tombstone(root, feed, told)
        _add_entry(root, feed, told)
    return write_xml(root)


def write_xml(root: ET.Element) -> bytes:
    """Return a document of XML."""
    text = ET.tostring(root, "unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()


def _add_entry(root: ET.Element, feed: Feed, told: Told) -> None:
    entry = ET.SubElement(root, atom_name("entry"))
    add(entry, "id", feed.address_of(told))
    add(entry, "title", told.title)
    add(entry, "updated", told.change.moment)
    add(entry, "link", rel="alternate", type="text/html", href=feed.address_of(told))
    add(entry, "category", term=told.change.layer, label=_clean(told.layer.text))
    add(entry, "content", feed.text_of(told))


def _add_tombstone(root: ET.Element, feed: Feed, told: Told) -> None:
    ref = feed.address_of(told, f"c{told.change.stood}")
    gone = ET.SubElement(root, f"{{{TOMBSTONE_NS}}}deleted-entry", {"ref": ref, "when": told.change.moment})
    ET.SubElement(gone, f"{{{TOMBSTONE_NS}}}comment").text = _clean(told.title)


def add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> None:
    """Add an element of Atom to another, without letters that XML cannot hold."""
    ET.SubElement(parent, atom_name(name), attributes).text = _clean(text) or None


def atom_name(name: str) -> str:
    """Return the name of an element of Atom."""
    return f"{{{ATOM_NS}}}{name}"


def _clean(text: str) -> str:
    """Return a text without what XML cannot hold at all."""
    return NO_XML.sub("", text)
