"""Fill the page on which staff edit a feature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from flask import g

from ....city.spec import LayerSpec
from ....editing.edit_base import EditBase
from ....editing.form.faults import Faults, fault_of, field_faults
from ....editing.form.fields import to_fields
from ....editing.form.layout import FormGroup, lay_out
from ....editing.frame_breaks import FrameBreak
from ....editing.stop_names import offered_stops
from ....limits import FILE_MB
from ....schema.items import Source
from ....store.embed_uses import EmbedUse
from ....versioning.content import Content
from ...http.desk import DeskPage, desk_store
from ...http.languages import localised
from ...http.snapshots import snapshot
from ...public.figures import all_sources
from ...public.files.photos import photo_files
from ..auth.gate import me
from ..review.embeds import breaks_of, route_pages
from .map import EditMap, edit_map
from .others import OtherEditor, others_at
from .photos import MOST_LETTERS, offered_photos

PLACE = ("geometry", "lon", "lat", "datum", "corners", "shape")  # fields that say where it lies
MOST_SOURCES = 200  # of the city, the most cited: a longer list is not read
MOST_SUGGESTED = 1_000  # names in a list of suggestions: more would make the page heavy


@dataclass(frozen=True, kw_only=True)
class EditPage(DeskPage):
    """Hold the form of a feature: what was typed, what it was, and what keeps it from being published, by field.

    `breaks` is what it would break on pages of others, `carried_on` the pages that carry a tour route.
    """

    template = "staff/edit/edit.html"
    max_mb = FILE_MB
    photo_most: ClassVar = MOST_LETTERS
    ground: EditBase
    spec: LayerSpec
    fields: Mapping[str, str]
    was: Mapping[str, str]
    faults: Faults
    groups: tuple[FormGroup, ...]
    address: str
    others: list[OtherEditor]
    is_public: bool
    needs_name: bool
    is_unsaved: bool
    suggested: dict[str, list[str]]
    own_sources: list[str]
    city_sources: list[str]
    map: EditMap
    breaks: list[FrameBreak]
    carried_on: tuple[EmbedUse, ...]


def edit_page(
    ground: EditBase,
    fields: Mapping[str, str],
    content: Content,
    *,
    refused: Mapping[str, str] | None = None,
    needs_name: bool = False,
    is_unsaved: bool = False,
) -> str:
    """Return the form with `fields` in it, and what keeps `content` from being published beside each field.

    `refused` are the faults of what was typed and not taken; `needs_name` says that nothing was saved without one,
    `is_unsaved` that nothing was asked to be.
    """
    catalogue, language = snapshot(), g.language
    spec = catalogue.layer(content.layer).spec
    faults = _faults(ground.feature_id, content, refused or {}, needs_name=needs_name)
    photos = offered_photos(desk_store(), language)
    pictures = {photo: photo_files(photo)[0].address for photo, _ in photos}
    at = {"feature_id": ground.feature_id} if ground.feature_id else {"layer_id": spec.id}
    return EditPage(
        ground=ground,
        spec=spec,
        fields=fields,
        was=to_fields(ground.content),
        faults=faults,
        groups=lay_out(fields, faults, spec, catalogue, language, photos, pictures),
        address=localised("staff_edit.save" if ground.feature_id else "staff_edit.add", **at),
        others=others_at(desk_store(), ground.feature_id, me().account.login) if ground.feature_id else [],
        is_public=ground.feature_id in catalogue.features,
        needs_name=needs_name,
        is_unsaved=is_unsaved or needs_name or bool(refused),
        suggested={"stop": offered_stops(catalogue, language)[:MOST_SUGGESTED]},
        own_sources=list(_own(content)),
        city_sources=[title for title in _city_sources(catalogue.tag) if title not in _own(content)][:MOST_SOURCES],
        map=edit_map(spec.id),
        breaks=breaks_of([(ground.feature_id, content)]),
        carried_on=route_pages(ground.feature_id),
    ).fill()


def _faults(feature_id: str, content: Content, refused: Mapping[str, str], *, needs_name: bool) -> Faults:
    """Return by field what keeps a content from being published, or, first of all, what was typed and not taken."""
    language = g.language
    faults = field_faults(snapshot(), feature_id, content, language) if feature_id else {}
    for name, key in refused.items():
        is_apart = name not in PLACE and not needs_name  # those of a place say it themselves
        faults[name] = [fault_of(key, language), *([fault_of("as_it_was", language)] if is_apart else [])]
    if needs_name:
        faults["name"] = [fault_of("new_name", language)]
    return faults


def known_sources(content: Content) -> dict[str, Source]:
    """Return by title the sources that an edit can choose from: those of the city, and before them the content's."""
    return {**_city_sources(snapshot().tag), **_own(content)}


def _own(content: Content) -> dict[str, Source]:
    return {source.title: source for source in content.attributes.sources if source.title}


@lru_cache(maxsize=2)
def _city_sources(_tag: str) -> dict[str, Source]:
    """Return the sources of the snapshot with the tag by title, the most cited first."""
    return {source.title: source for source, _ in all_sources(snapshot())}
