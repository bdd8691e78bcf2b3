"""Say what our scripts draw a map from, besides features and addresses: titles, colours, styles and words."""

from __future__ import annotations

from dataclasses import asdict

from ..catalogue.catalogue import Catalogue
from ..city.layers import Feature
from ..city.spec import City, LayerSpec
from ..i18n import Language, messages, say
from ..schema.phases import PHASES
from ..schema.strict_json import JsonTable
from .basemap import BASE_STYLES
from .looks import lightened, styles_in
from .marks import MARK_SHAPES


def map_table(catalogue: Catalogue, language: Language) -> JsonTable:
    """Return what a map is drawn from wherever it is drawn; texts are in one language."""
    city = catalogue.city
    words = {key[3:]: text for key, text in messages(language).items() if key.startswith("js.")}
    if not catalogue.base.is_schematic:
        words["schematic_base"] = messages(language)["js.basemap"]
    return {
        "lang": language,
        "tag": catalogue.tag,
        "timezone": city.timezone,
        "view": asdict(city.view),
        "extent": city.extent,
        "is_schematic": catalogue.base.is_schematic,
        "credits": [{"text": say(one.text, language).text, "url": one.url} for one in catalogue.attributions],
        "months": list(catalogue.months),
        "groups": {group: say(title, language).text for group, title in city.groups.items()},
        "kinds": kind_rows(city, language),
        "themes": {theme: say(title, language).text for theme, title in city.themes.items()},
        "phases": [[phase, messages(language)[f"phase.{phase}"]] for phase in PHASES],
        "styles": BASE_STYLES,
        "shapes": {spec.shape: MARK_SHAPES[spec.shape] for spec in city.layers},
        "words": words,
    }


def dark_colours(city: City) -> JsonTable:
    """Return what of the live map has another colour in the dark: the basemap's styles, and the layers' lines by id."""
    return {"styles": styles_in("dark"), "colours": {spec.id: lightened(spec.colour) for spec in city.layers}}


def kind_rows(city: City, language: Language) -> dict[str, JsonTable]:
    """Return what our scripts need of each kind of place."""
    return {k: {"title": say(v.title, language).text, "icon": v.icon, "role": v.role} for k, v in city.kinds.items()}


def layer_table(spec: LayerSpec, catalogue: Catalogue, language: Language) -> JsonTable:
    """Return what our scripts need of a layer, besides where its features are."""
    return {
        "id": spec.id,
        "title": say(spec.title, language).text,
        "group": spec.group,
        "colour": spec.colour,
        "shape": spec.shape,
        "visible": spec.visible,
        "count": len(catalogue.layers[spec.id].features),
    }


def found(feature: Feature, language: Language | None) -> JsonTable:
    """Return what our scripts need of one feature to go to it before its layer is there; without a language, in all.

    `short` is what the map writes where that is not the name, in a language alone.
    """
    name = say(feature.name, language).text if language else feature.name
    written = feature.map_name(language) if language else name
    short: JsonTable = {} if written == name else {"short": written}
    return short | {
        "id": feature.id,
        "name": name,
        "kind": feature.kind,
        "layer": feature.layer,
        "lon": feature.lon,
        "lat": feature.lat,
    }


def colour_rules(city: City) -> str:
    """Return the layers' colours as CSS variables; city/spec.py has checked that they are colours."""
    return "\n".join(f".layer-{spec.id}{{--layer:{spec.colour}}}" for spec in city.layers)
