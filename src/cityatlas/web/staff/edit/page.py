"""Fill the page on which staff edit a feature."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g, render_template

from ....editing.edit_base import EditBase
from ....editing.form.faults import fault_of, field_faults
from ....editing.form.fields import to_fields
from ....editing.form.layout import lay_out
from ....editing.stop_names import offered_stops
from ....i18n import Language
from ....limits import FILE_MB
from ....versioning.content import Content
from ...http.desk import desk_store
from ...http.languages import localised
from ...http.snapshots import snapshot
from ...public.photos import photo_files
from ..auth.gate import me
from .map import map_values
from .others import others_at
from .photo_words import offered_photos
from .photos import MOST_LETTERS

PLACE = ("geometry", "lon", "lat", "datum", "corners", "shape")  # fields that say where it lies
MOST_SUGGESTED = 1_000  # names in a list of suggestions: more would make the page heavy


def edit_page(
    ground: EditBase,
    fields: Mapping[str, str],
    content: Content,
    *,
    refused: Mapping[str, str] | None = None,
    needs_name: bool = False,
) -> str:
    """Return the form with `fields` in it, and what keeps `content` from being published beside each field.

    `refused` are the faults of what was typed and not taken; `needs_name` says that nothing was saved without one.
    """
    catalogue, language = snapshot(), g.language
    spec = catalogue.layer(content.layer).spec
    faults = field_faults(catalogue, ground.feature_id, content, language) if ground.feature_id else {}
    for name, key in (refused or {}).items():
        is_apart = name not in PLACE and not needs_name  # those of a place say it themselves
        faults[name] = [fault_of(key, language), *([fault_of("as_it_was", language)] if is_apart else [])]
    if needs_name:
        faults["name"] = [fault_of("new_name", language)]
    photos = offered_photos(desk_store(), language)
    pictures = {photo: photo_files(photo)[0].address for photo, _ in photos}
    at = {"feature_id": ground.feature_id} if ground.feature_id else {"layer_id": spec.id}
    return render_template(
        "staff/edit/edit.html",
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
        is_unsaved=needs_name or bool(refused),
        max_mb=FILE_MB,
        photo_most=MOST_LETTERS,
        suggested=_suggestions(content, language),
        **map_values(),
    )


def _suggestions(content: Content, language: Language) -> dict[str, list[str]]:
    """Return what a browser offers while one types: sources of the feature, places to stop at."""
    catalogue = snapshot()
    return {
        "source": [source.title for source in content.attributes.sources if source.title],
        "stop": offered_stops(catalogue, language)[:MOST_SUGGESTED],
    }
