"""Put the map into one HTML file that asks nobody for anything: it opens from a disk, or inside a notebook.

folium gets ids, colours and numbers, as ever. What people wrote stands in the page twice: escaped in its list, which is
there without a script, and as JSON, from which our script draws with `textContent`. The page's own policy lets just
these scripts and styles run, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from ..catalogue.catalogue import Catalogue
from ..city.layers import Feature
from ..errors import UnknownLayer
from ..i18n import LANGUAGES, TAGS, Language, say, translate
from ..render.built import built_text
from ..render.city_map import draw_map
from ..render.folium_map import build_map
from ..render.icons import icon, sprite
from ..render.map_table import colour_rules, layer_table, map_table
from ..render.naming.thinning import thinned
from ..render.subject_sheet import DRAWN
from ..schema.strict_json import JsonTable
from ..tiles.geojson import base_json, features_geojson
from .day.place_cards import card_words, place_card, place_notes

PICTURE_PX = (640, 400)
HAS_SCRIPT = "document.documentElement.classList.add('js')"
POLICY = "default-src 'none'; script-src {}; style-src {}; img-src data:; base-uri 'none'; form-action 'none'"
PAGE = Markup(
    '<!doctype html>\n<html lang="{tag}" data-look="light">\n<head>\n<meta charset="utf-8">\n'
    '<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="generator" content="cityatlas">\n'
    "<title>{title}</title>\n<style>{style}</style>\n<script>{has_script}</script>\n</head>\n"
    '<body class="page-embed page-file list-beside">\n{main}\n{other}'
    '<script type="application/json" id="atlas">{table}</script>\n{sprite}\n{scripts}\n</body>\n</html>\n'
)
MAIN = Markup(
    '<main>\n<h1 class="embed-title">{title}</h1>\n{language}'
    '<div class="embed-parts"><div class="embed-map">\n'
    '<div class="map-frame{approved}" id="map-frame"><div id="picture" class="map-picture">{picture}</div>\n'
    '{container}\n{approval}<p class="gesture-hint" aria-hidden="true"></p></div>\n'
    '<div id="told" class="told" role="status" aria-live="polite"></div>\n{layers}\n'
    '<section class="embed-card" id="panel-scroll" aria-label="{panel}"><div id="card-place" hidden></div></section>\n'
    '</div>\n<section class="embed-list" aria-label="{places}" tabindex="0">\n{search}'
    '<ol class="feature-list plain" id="list">\n{rows}\n</ol></section></div>\n'
    '<p class="embed-base small soft">{credits}</p>\n{left}<p class="embed-foot small">{foot}</p>\n</main>'
)
OTHER = Markup(
    '<template id="other-language" lang="{tag}">{main}</template>\n'
    '<script type="application/json" id="other-words">{words}</script>\n'
)
SWITCH = Markup('<a class="file-language" href="?lang={tag}" lang="{tag}" hidden>{name}</a>\n')
LEFT = Markup('<p class="embed-base small soft" lang="{}">{}</p>\n')
SHARED = ("inline", "shapes_inline")  # of these both languages have the shapes alike


@dataclass(frozen=True)
class MapFile:
    """Hold what a map in one file is of: a language, some layers, and the address of the site, "" where there is none.

    `root` has neither a slash at its end nor a language. `other` is the language that one can switch to, if any; what
    is a `template` comes out only where a script runs, so that it has no picture and no summaries.
    """

    catalogue: Catalogue
    language: Language
    layers: tuple[str, ...]
    root: str = ""
    other: Language | None = None
    is_template: bool = False

    @property
    def features(self) -> list[Feature]:
        """Return the features of the layers, in their order."""
        return [feature for layer in self.layers for feature in self.catalogue.layers[layer].features]

    def words(self, key: str, **values: object) -> str:
        """Return a sentence of the interface."""
        return translate(key, self.language, **values)

    def address(self, feature: Feature) -> str:
        """Return the page of a feature, "" where there is no site."""
        return f"{self.root}/{self.language}/sites/{feature.id}" if self.root else ""


def write_map(
    catalogue: Catalogue, language: Language, layers: Collection[str] = (), root: str = "", *, has_both: bool = False
) -> str:
    """Return the map as an HTML document, of all layers unless some are named; one can switch where it `has_both`.

    Its basemap is what every view shows; what a large one has for near views alone is left out. The file says so, see
    `left_out`. Raises UnknownLayer.
    """
    for layer in layers:
        catalogue.layer(layer)
    chosen = tuple(id_ for id_ in catalogue.layers if not layers or id_ in layers)
    if not chosen:
        raise UnknownLayer("The city has no layers.")
    other = next(code for code in LANGUAGES if code != language) if has_both else None
    return _page(MapFile(catalogue, language, chosen, root, other))


def left_out(
    catalogue: Catalogue, language: Language, layers: Collection[str] = (), *, other: Language | None = None
) -> str:
    """Return in words what the city has and its map in one file has not, "" for nothing, at next to no cost.

    `language` is that of the words, `other` the one that the file does not have, if any.
    """
    titles = [say(spec.title, language).text for spec in catalogue.city.layers if layers and spec.id not in layers]
    shown = [layer for layer in catalogue.layers.values() if not layers or layer.spec.id in layers]
    parts = [translate("mapfile.left_layers", language, layers=translate("unit.list_comma", language).join(titles))]
    parts = parts if titles else []
    parts += [translate(f"mapfile.left_{other}", language)] if other else []
    parts += [translate("mapfile.left_near", language)] if catalogue.base_tiles.tiles else []
    parts += [translate("mapfile.left_basemaps", language)] if catalogue.city.basemaps else []
    has_photos = any(feature.photos for layer in shown for feature in layer.features)
    parts += [translate("mapfile.left_photos", language)] if has_photos else []
    return translate("mapfile.left", language, parts=translate("unit.comma", language).join(parts)) if parts else ""


def _page(made: MapFile) -> str:
    city = replace(made.catalogue.city, basemaps=())  # those of others would be asked for tiles
    parts = build_map(city, is_embedded=True)
    style = "\n".join([built_text("embed.css"), built_text("map_file.css"), colour_rules(city)])
    scripts = [built_text("embed.js"), built_text("map_file.js"), parts.script]
    scripts = [built_text("map_file_language.js"), *scripts] if made.other else scripts
    filled = PAGE.format(
        tag=TAGS[made.language],
        policy=POLICY.format(_hashes([HAS_SCRIPT, *scripts]), _hashes([style])),
        title=say(city.title, made.language).text,
        style=_raw(style),
        has_script=_raw(HAS_SCRIPT),
        main=_main(made, parts.html),
        other=_other(made, parts.html),
        table=_json(_table(made)),
        sprite=sprite(["ui-home", *sorted({city.kinds[feature.kind].icon for feature in made.features})]),
        scripts=Markup("\n").join(Markup("<script>{}</script>").format(_raw(script)) for script in scripts),
    )
    return str(filled)


def _main(made: MapFile, container: Markup) -> Markup:
    """Return what one sees, in one language; `container` is what folium draws into."""
    approval = made.catalogue.city.organiser.map_approval
    return MAIN.format(
        title=say(made.catalogue.city.title, made.language).text,
        language=SWITCH.format(tag=TAGS[made.other], name=translate(f"lang.{made.other}", made.other))
        if made.other
        else "",
        approved=" has-approval" if approval else "",
        picture="" if made.is_template else _picture(made),
        container=container,
        approval=Markup('<p class="approval">{}</p>\n').format(made.words("map.approval", number=approval))
        if approval
        else "",
        layers=_layer_choice(made),
        panel=made.words("map.panel"),
        places=made.words("frame.list"),
        search=_search(made),
        rows=Markup("\n").join(_row(made, feature) for feature in made.features),
        credits=_credits(made),
        left=_left(made),
        foot=_foot(made),
    )


def _other(made: MapFile, container: Markup) -> Markup:
    """Return what the other language has otherwise, which nothing shows before it is asked for."""
    if not made.other:
        return Markup("")
    turned = replace(made, language=made.other, other=made.language, is_template=True)
    words = _difference(_table(made), _table(turned))
    return OTHER.format(tag=TAGS[made.other], main=_main(turned, container), words=_json(words))


def _difference(one: JsonTable, other: JsonTable) -> JsonTable:
    """Return what our script has to put over one language's data to have the other's."""
    features: JsonTable = {part: list(_differing(one[part], other[part])) for part in SHARED}
    return {key: value for key, value in other.items() if key not in SHARED and one[key] != value} | {
        "features": features
    }


def _differing(one: object, other: object) -> Iterator[tuple[int, JsonTable]]:
    """Yield the number of each feature that says something else, and what; their shapes and their order are alike."""
    for number, (had, has) in enumerate(zip(_properties(one), _properties(other), strict=True)):
        said: JsonTable = {key: has.get(key) for key in {**had, **has} if had.get(key) != has.get(key)}
        if said:
            yield number, said


def _properties(collection: object) -> list[JsonTable]:
    assert isinstance(collection, dict)
    return [feature["properties"] for feature in collection["features"]]


def _table(made: MapFile) -> JsonTable:
    """Return all that our script draws from."""
    catalogue, language = made.catalogue, made.language
    rows = [layer_table(spec, catalogue, language) for spec in catalogue.city.layers]
    site = f"{made.root}/{language}/sites/-" if made.root else "#-"
    return map_table(catalogue, language) | {
        "layers": [row | {"visible": bool(row["visible"]) and row["id"] in made.layers, "url": ""} for row in rows],
        "embedded": True,
        "chosen": None,
        "site": site,
        "basemaps": [],
        "base_tiles": "",
        "months": None,
        "look": {"controls": "all", "gestures": "free", "list": "beside"},
        "fit": None,
        "inline": features_geojson(made.features, language),
        "shapes_inline": json.loads(base_json(catalogue.base_tiles.overview, language)),
        "cards": {f.id: place_card(catalogue, f, language, made.address) for f in made.features},
        "card_words": card_words(language),
    }


def _json(table: JsonTable) -> Markup:
    """Return a table for a script element; a `<` in it could end that."""
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    sealed = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return Markup(sealed)  # nosec B704 # sealed above


def _raw(ours: str) -> Markup:
    """Return a script or style of ours as it stands in the page. Raises ValueError for one that would end its element.

    A browser takes a `<!--` in a script for something else too, and `\\r` for a line break, so that a hash fails.
    """
    for sign in ("</script", "</style", "<!--", "\r"):
        if sign in ours.lower():
            raise ValueError(f"{sign!r} in a script or style cannot stand in a page")
    return Markup(ours)  # nosec B704 # looked through above


def _hashes(texts: Sequence[str]) -> str:
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


def _picture(made: MapFile) -> Markup:
    """Return the drawn map, which stands where no script runs."""
    city = made.catalogue.city
    drawn = draw_map(
        made.catalogue,
        [feature for feature in made.features if made.catalogue.layers[feature.layer].spec.visible][:DRAWN],
        city.view,
        PICTURE_PX,
        made.language,
        lambda feature: f"#place-{feature.id}",
    )
    return thinned(drawn)


def _layer_choice(made: MapFile) -> Markup:
    """Return a box to tick for each layer; the script shows them."""
    box = Markup(
        '<label><input type="checkbox" value="{id}"{checked}><span class="mark shape-{shape} layer-{id}"></span>'
        "{title}</label>"
    )
    boxes = [
        box.format(
            id=spec.id,
            shape=spec.shape,
            title=say(spec.title, made.language).text,
            checked=Markup(" checked") if spec.visible else "",
        )
        for spec in made.catalogue.city.layers
        if spec.id in made.layers
    ]
    legend = made.words("mapfile.layers")
    return Markup('<fieldset class="file-layers" id="file-layers" hidden><legend>{}</legend>{}</fieldset>').format(
        legend, Markup("").join(boxes)
    )


def _search(made: MapFile) -> Markup:
    field = Markup('<label>{} <input type="search" id="file-search" maxlength="64"></label>')
    return Markup('<p class="file-search" hidden>{}</p>\n').format(field.format(made.words("mapfile.find")))


def _row(made: MapFile, feature: Feature) -> Markup:
    """Return a place of the list; what its card would say in short is read where no script runs."""
    city, language = made.catalogue.city, made.language
    spec, name = city.layer(feature.layer), say(feature.name, language)
    mark = Markup('<span class="mark shape-{} layer-{}{}">{}</span>').format(
        spec.shape if spec else "circle",
        feature.layer,
        " schematic" if feature.position_class == "schematic" else "",
        icon(city.kinds[feature.kind].icon),
    )
    return Markup(
        '<li class="feature-item" data-id="{id}" id="place-{id}"><a href="{address}">{mark}<span class="feature-words">'
        '<span class="feature-name"{lang}>{name}</span> <span class="feature-note">{note}</span></span></a>'
        "{summary}</li>"
    ).format(
        id=feature.id,
        address=made.address(feature) or f"#place-{feature.id}",
        mark=mark,
        lang=Markup(' lang="{}"').format(TAGS[name.language]) if name.language != language else "",
        name=name,
        note=" · ".join(place_notes(made.catalogue, feature, language)),
        summary=""
        if made.is_template
        else Markup('<p class="small unscripted">{}</p>').format(say(feature.summary, language)),
    )


def _credits(made: MapFile) -> Markup:
    """Return whose the map is, and what it is not for."""
    key = "page.schematic" if made.catalogue.base.is_schematic else "page.no_boundaries"
    return Markup(" · ").join([Markup("{}").format(made.words(key)), *_attributions(made)])


def _left(made: MapFile) -> Markup:
    """Return what is not in the file, in each language that it has; in both where one is missing, for its readers."""
    missing = None if made.other else next(code for code in LANGUAGES if code != made.language)
    spoken = LANGUAGES if missing else (made.language,)
    said = [(TAGS[code], left_out(made.catalogue, code, made.layers, other=missing)) for code in spoken]
    return Markup("").join(LEFT.format(tag, text) for tag, text in said if text)


def _attributions(made: MapFile) -> Iterator[Markup]:
    for one in made.catalogue.attributions:
        text = say(one.text, made.language)
        link = Markup('<a href="{}" rel="noopener">{}</a>') if one.url else Markup("{1}")
        yield link.format(one.url, text)


def _foot(made: MapFile) -> Markup:
    if not made.root:
        return Markup("{}").format(made.words("mapfile.foot"))
    link = Markup('<a href="{}/{}/" target="_blank" rel="noopener">{}<span> · {}</span></a>')
    return link.format(
        made.root, made.language, say(made.catalogue.city.title, made.language), made.words("frame.open")
    )
