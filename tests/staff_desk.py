"""Put drafts before people at a desk: contents of the toy city, forms of review and history, and what they say."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cityatlas.catalogue.folder_export import content_of_feature
from cityatlas.store import Edit, Order, Revision, open_draft, publish_content
from cityatlas.versioning.content import Content, content_of
from staff import send, store_of
from toy import text


def content(app: Flask, feature_id: str, **properties: Any) -> Content:
    """Return what the folder says about a feature, with other properties; one that is None is taken out."""
    said = content_of_feature(app.extensions["cityatlas_live"].current().features[feature_id])
    return content_of(said.layer, said.geometry, said.properties | properties)


def draft(app: Flask, feature_id: str, owner: str = "coco", **properties: Any) -> Revision:
    """Save a draft of a feature of the folder."""
    edit = Edit(feature_id, content(app, feature_id, **properties), owner)
    return open_draft(store_of(app), edit, content(app, feature_id)).revision


def renamed(app: Flask, feature_id: str, name: str, owner: str = "coco") -> Revision:
    """Save a draft that gives a feature another name."""
    return draft(app, feature_id, owner, name=text(f"{name}中", name))


def put(app: Flask, feature_id: str, seen: int = 0, *, order: dict[str, Any] | None = None, **properties: Any) -> int:
    """Publish a change of a feature and let visitors see it; return its revision's number."""
    told = Order("ed", origin=content(app, feature_id), **(order or {}))
    saved = publish_content(store_of(app), feature_id, content(app, feature_id, **properties), seen, told)
    look(app)
    return saved.revision.number


def look(app: Flask) -> None:
    """Let the snapshot take in what was published, as the watching thread does."""
    app.extensions["cityatlas_live"].refresh()


def act(client: FlaskClient, page: str, step: str, **fields: Any) -> TestResponse:
    """Send one of the forms of a page."""
    return send(client, f"{page}/{step}", **fields)


def words(answer: TestResponse, selector: str = "main") -> str:
    """Return what a part of a page says."""
    soup = BeautifulSoup(answer.text, "html.parser")
    return " ".join(" ".join(found.get_text(" ").split()) for found in soup.select(selector))


def forms(answer: TestResponse) -> set[str]:
    """Return where the forms of a page lead, by the last part of the address."""
    soup = BeautifulSoup(answer.text, "html.parser")
    return {str(form["action"]).rpartition("/")[2] for form in soup.select("main form[method=post]")}
