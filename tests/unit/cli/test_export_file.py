"""Check that the ending of a name decides what an export is, and that it holds what is published."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import pyogrio
import pytest
from click.testing import CliRunner, Result
from pmtiles.reader import MemorySource, Reader

from cityatlas.cli import export_file
from cityatlas.cli.main import main
from cityatlas.store import Order, open_store, publish_content
from cityatlas.versioning.content import content_of
from toy import feature, point, text


@pytest.fixture
def city(toy_city: Path, tmp_path: Path) -> Path:
    """Return the toy city, whose mill staff gave another name."""
    row = feature("mill", "house", text("新磨坊", "New mill"), point(121.0))
    said = content_of("sights", row["geometry"], row["properties"])
    publish_content(open_store("", tmp_path / "var", "toy"), "mill", said, 0, Order("ann", origin=said))
    return toy_city


def export(city: Path, *words: str | Path) -> Result:
    environ = {"CITYATLAS_VAR": str(city.parent / "var"), "CITYATLAS_GEODATA": str(city), "CITYATLAS_DATABASE_URL": ""}
    return CliRunner().invoke(main, ["export", *map(str, words)], env=environ)


def test_a_map_is_one_page_of_what_is_published(city: Path, tmp_path: Path) -> None:
    out = tmp_path / "city.html"
    done = export(city, out, "--lang", "en")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == f"{out}: 6 features, {out.stat().st_size / 1_000:,.0f} KB."
    page = out.read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "New mill" in page
    assert "Old mill" not in page


def test_a_geopackage_has_a_table_for_each_layer_that_is_asked_for(city: Path, tmp_path: Path) -> None:
    assert export(city, tmp_path / "city.gpkg").exit_code == 0
    assert sorted(name for name, _ in pyogrio.list_layers(tmp_path / "city.gpkg")) == ["sights", "works"]
    assert "New mill" in list(pyogrio.read_dataframe(tmp_path / "city.gpkg", layer="sights")["name_en"])
    assert export(city, tmp_path / "works.GPKG", "--layers", "works").exit_code == 0
    assert [name for name, _ in pyogrio.list_layers(tmp_path / "works.GPKG")] == ["works"]


def test_an_archive_of_tiles_has_every_layer(city: Path, tmp_path: Path) -> None:
    assert export(city, tmp_path / "city.pmtiles").exit_code == 0
    source = MemorySource((tmp_path / "city.pmtiles").read_bytes())  # type: ignore[no-untyped-call]
    archive: Any = Reader(source)  # type: ignore[no-untyped-call]  # Any: it has no types
    assert (archive.header()["min_zoom"], archive.header()["max_zoom"]) == (9, 14)
    assert [row["id"] for row in archive.metadata()["vector_layers"]] == ["sights", "works"]
    tile = mapbox_vector_tile.decode(gzip.decompress(archive.get(9, 428, 210)))
    assert [row["properties"]["id"] for row in tile["works"]["features"]] == ["school", "old-town"]
    assert "New mill" in [row["properties"]["name_en"] for row in tile["sights"]["features"]]
    assert archive.get(14, 13699, 6722)
    assert archive.get(14, 1, 1) is None


@pytest.mark.parametrize("ending", sorted(export_file.ENDINGS))
def test_no_export_writes_over_something(city: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"city{ending}"
    out.write_text("mine")
    done = export(city, out)
    assert (done.exit_code, out.read_text()) == (1, "mine")
    assert "is there already" in done.output


def test_an_unknown_layer_and_too_large_a_map_are_refused(
    city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = export(city, tmp_path / "city.html", "--layers", "sight")
    assert 'There is no layer "sight"' in done.output
    monkeypatch.setattr(export_file, "MOST_KB", 100)
    done = export(city, tmp_path / "city.html")
    assert "the most is 100" in done.output
    assert "--layers" in done.output
    assert not (tmp_path / "city.html").exists()


def test_a_map_for_which_two_languages_are_too_large_says_which_it_has(
    city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, one = (tmp_path / name for name in ("both.html", "one.html"))
    assert "Not in this file" not in export(city, both).output
    monkeypatch.setattr(export_file, "MOST_KB", len(both.read_bytes()) // 1_000)
    done = export(city, one, "--lang", "zh", "--layers", "works")
    assert "KB. Not in this file: the layers Sights." in done.output  # one layer fits in both languages
    monkeypatch.setattr(export_file, "MOST_KB", len(one.read_bytes()) // 1_000)
    one.unlink()
    done = export(city, one, "--lang", "zh", "--layers", "works")
    assert "KB. Not in this file: the layers Sights, English." in done.output
    page = one.read_text("utf-8")
    assert '<p class="embed-base small soft" lang="zh-CN">这个文件里没有：图层“景点”，英文（English）。</p>' in page
    assert '<p class="embed-base small soft" lang="en">Not in this file: the layers Sights, English.</p>' in page


def test_any_other_name_is_a_folder(city: Path, tmp_path: Path) -> None:
    assert export(city, tmp_path / "my.city").exit_code == 0
    assert (tmp_path / "my.city" / "city.toml").is_file()
