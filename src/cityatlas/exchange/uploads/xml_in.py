"""Read XML from outside without entities, and find elements whatever their namespace is called."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree as SafeTree
from defusedxml import DefusedXmlException

from .limits import Refused


def read_xml(raw: bytes) -> Element:
    """Return the root. Raises Refused when it is not XML or declares a DTD, which no map file needs."""
    try:
        root: Element = SafeTree.fromstring(raw, forbid_dtd=True)
    except DefusedXmlException:
        raise Refused("files.has_dtd") from None
    except (ParseError, ValueError, LookupError):  # LookupError: an encoding that nobody knows
        raise Refused("files.not_xml") from None
    return root


def name_of(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element, name: str) -> Iterator[Element]:
    """Yield the children of a name."""
    return (child for child in element if name_of(child) == name)


def within(element: Element, name: str) -> Iterator[Element]:
    """Yield all elements of a name, at any depth."""
    return (found for found in element.iter() if name_of(found) == name)


def text_of(element: Element | None, name: str) -> str:
    """Return the text of the first child of a name, or ""."""
    child = next(children(element, name), None) if element is not None else None
    return ("".join(child.itertext()) if child is not None else "").strip()
