"""Write a geodata folder with what is published laid over it, and find in what two folders differ."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..city.layers import Feature
from ..city.photos import files_of, find_photo, uploads
from ..errors import InvalidValue
from ..geo.geojson import parse_json
from ..schema.items import Attributes
from ..schema.properties import Derived
from ..settings import Settings
from ..versioning.content import Content, Json, content_of
from .catalogue import Catalogue, build_catalogue
from .folder import copied_files
from .store_watch import Overlay

RETIRED = re.compile(r"(?m)^\[retired\][ \t]*(#.*)?$")
PLACES = Derived(lambda table: {row.key: place for place, row in enumerate(table)})


def export_folder(settings: Settings, overlay: Overlay, out: Path) -> Catalogue:
    """Write a city's folder with an overlay to `out` and return the catalogue of what was written, read again.

    Files that the overlay does not touch are copied as they are. Raises InvalidValue when `out` holds something or
    cannot be written, and BrokenGeodata when what was written has faults.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise InvalidValue(f"{out} is not empty", "Name a folder that is not there yet.")
        _copy(settings.geodata, out)
        for path in sorted(out.glob("*.geojson")):
            _lay_over(path, overlay, settings.max_file_mb << 20)
        _copy_uploads(uploads(settings), overlay, out / "photos")
        _retire(out / "city.toml", overlay.retired({}, _ids(out)) if overlay.hidden else {})
    except OSError as error:
        raise InvalidValue(f"{out} cannot be written: {error.strerror}", "Name another folder.") from None
    return build_catalogue(replace(settings, geodata=out))


@dataclass(frozen=True)
class FolderChange:
    """Hold in what a feature differs: its content here (None where there is none) and in the other folder."""

    feature_id: str
    here: Content | None
    there: Content | None


def folder_changes(here: Catalogue, there: Catalogue) -> Iterator[FolderChange]:
    """Yield the features that differ between two snapshots; `there` is None for those it does not have."""
    for key in dict.fromkeys([*there.features, *here.features]):
        one, other = (_content(catalogue.features.get(key)) for catalogue in (here, there))
        if one != other:
            yield FolderChange(key, one, other)


def content_of_feature(feature: Feature) -> Content:
    """Return what a feature of a snapshot says."""
    return content_of(feature.layer, _geometry(feature), feature.properties)


def _content(feature: Feature | None) -> Content | None:
    return content_of_feature(feature) if feature else None


def _geometry(feature: Feature) -> Json:
    geometry: Json = feature.geometry.__geo_interface__
    return geometry


def _copy(geodata: Path, out: Path) -> None:
    """Copy what makes a city, and its data dictionary."""
    for path in copied_files(geodata):
        goal = out / path.relative_to(geodata)
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, goal)


def _copy_uploads(folder: Path, overlay: Overlay, out: Path) -> None:
    """Copy the photos that staff uploaded, if a published feature shows them; nobody else's eyes have seen others."""
    rows = (Attributes.of(row["properties"]) for _, row in overlay.rows.values())
    shown = {photo.file for row in rows for photo in row.photos}
    for file in sorted(file for name in shown for file in files_of(name)):
        path = find_photo(file, (folder,))
        if path and not (out / file).exists():
            out.mkdir(exist_ok=True)
            shutil.copyfile(path, out / file)


def _lay_over(path: Path, overlay: Overlay, max_bytes: int) -> None:
    """Write a layer's file anew where the overlay changes it: a feature in a line, the file's own members kept."""
    document = parse_json(path, max_bytes)
    rows = document.get("features")
    laid = overlay.laid_over(path.stem, rows) if isinstance(rows, list) else rows
    if laid == rows:
        return
    head = {key: value for key, value in document.items() if key != "features"}
    text = json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "features": [\n'
    text += ",\n".join(f"  {json.dumps(_in_order(row), ensure_ascii=False)}" for row in laid) + "\n ]\n}\n"
    path.write_text(text, "utf-8")


def _in_order(row: Json) -> Json:
    """Return a feature whose properties stand in the order of their table."""
    properties = dict(sorted(row["properties"].items(), key=lambda pair: PLACES.get(pair[0], len(PLACES))))
    return {"type": "Feature", "id": row["id"], "properties": properties, "geometry": row["geometry"]}


def _ids(folder: Path) -> set[str]:
    """Return the ids that the files of a folder name; whether each fits is told later."""
    texts = (path.read_text("utf-8") for path in folder.glob("*.geojson"))
    return {found for text in texts for found in re.findall(r'"id":\s*"([a-z0-9-]+)"', text)}


def _retire(path: Path, hidden: Mapping[str, str]) -> None:
    """Name features that left the map and their successors under [retired], so that their addresses go on saying so."""
    if not hidden:
        return
    text = path.read_text("utf-8")
    gone = [key for key in sorted(hidden) if not re.search(rf'(?m)^"?{key}"?[ \t]*=', text)]
    lines = "".join(f'\n{key} = "{hidden[key]}"' for key in gone)
    if RETIRED.search(text):
        text = RETIRED.sub(lambda found: found[0] + lines, text, count=1)
    else:
        text = f"{text.rstrip()}\n\n[retired]{lines}\n"
    path.write_text(text, "utf-8")
