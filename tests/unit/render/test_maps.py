"""Check what folium writes for a city: the same each time, nothing foreign in it, nothing that runs by surprise."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import folium
import pytest
from folium.plugins import Geocoder, MousePosition

from cityatlas.city.spec import City, read_city
from cityatlas.errors import BrokenGeodata
from cityatlas.paths import geodata_dir
from cityatlas.render import folium_map
from cityatlas.render.folium_map import MapParts, UnknownAsset, build_map
from toy import CITY_TOML, write_city

GOLDEN = Path(__file__).parents[2] / "data" / "map_parts.js"
PRINT = """
import sys
from pathlib import Path
from cityatlas.city.spec import read_city
from cityatlas.render.folium_map import build_map
parts = build_map(read_city(Path(sys.argv[1])))
sys.stdout.write(parts.html + parts.script)
"""


@pytest.fixture
def city(toy_city: Path) -> City:
    """Return the toy city."""
    return read_city(toy_city)


def tidy(script: str) -> str:
    """Return a script without the blanks that say nothing."""
    lines = (re.sub(r"\s+", " ", line).strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def test_the_parts_are_those_of_the_golden_file(city: City, request: pytest.FixtureRequest) -> None:
    parts = build_map(city)
    made = f"// {parts.html}\n{tidy(parts.script)}"
    if request.config.getoption("--rewrite-golden"):
        GOLDEN.write_text(made, "utf-8")
    assert made == GOLDEN.read_text("utf-8")


def test_the_same_city_gives_the_same_parts_each_time(city: City) -> None:
    assert len({build_map(city) for _ in range(3)}) == 1


def test_other_maps_made_between_change_nothing(city: City) -> None:
    before = build_map(city)
    other = folium.Map(tiles=None)
    Geocoder().add_to(other)
    other.get_root().render()
    assert build_map(city) == before


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_with_another_seed_gives_the_same_parts(toy_city: Path, city: City, seed: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", PRINT, str(toy_city)],
        capture_output=True,
        check=True,
        timeout=60,
        env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    parts = build_map(city)
    assert run.stdout.decode() == parts.html + parts.script


def test_eight_threads_at_once_get_the_same_parts(city: City) -> None:
    with ThreadPoolExecutor(8) as pool:
        made: set[MapParts] = set(pool.map(lambda _: build_map(city), range(24)))
    assert made == {build_map(city)}


@pytest.mark.parametrize("is_embedded", [False, True])
def test_nothing_in_the_parts_is_foreign_or_runs_inline(is_embedded: bool) -> None:
    parts = build_map(read_city(geodata_dir()), is_embedded=is_embedded)
    whole = parts.html + parts.script
    for forbidden in ("http:", "https:", "//", "{{", "{%", "${", "`", "eval(", "Function(", "<script", "style="):
        assert forbidden not in whole
    assert not re.search(r"""\bon[a-z]+\s*=\s*["']""", whole)


def test_nothing_that_a_person_wrote_reaches_folium(tmp_path: Path) -> None:
    marked = re.sub(r'(zh|en) = "[^"]*"', r'\1 = "MARK"', CITY_TOML)
    folder = write_city(tmp_path / "toy")
    (folder / "city.toml").write_text(marked, "utf-8")
    parts = build_map(read_city(folder))
    assert "MARK" not in parts.html + parts.script


def test_an_embedded_map_has_no_mini_map_and_no_locate_me(city: City) -> None:
    assert "cityatlas.overview(" in build_map(city).script
    assert "L.control.locate(" in build_map(city).script
    embedded = build_map(city, is_embedded=True).script
    assert "cityatlas.overview(" not in embedded
    assert "L.control.locate(" not in embedded


def test_latitude_comes_first_in_what_leaflet_gets(city: City) -> None:
    assert "center: [30.7, 121.015]" in build_map(city).script


@pytest.mark.parametrize("plugin", [Geocoder, MousePosition])
def test_a_plugin_that_is_not_bundled_stops_the_build(
    city: City, monkeypatch: pytest.MonkeyPatch, plugin: Callable[[], folium.MacroElement]
) -> None:
    monkeypatch.setattr(folium_map, "Fullscreen", lambda **_: plugin())
    with pytest.raises(UnknownAsset, match="add it to the bundle"):
        build_map(city)


@pytest.mark.parametrize(
    "text", ["", "{{7*191}}", "${1}", "`", "a b", "a'", 'a"', "<b>", "a\n", "a;b", "河", "//evil.example", "a\\", "a:b"]
)
def test_anything_but_a_plain_id_is_refused(text: str) -> None:
    with pytest.raises(UnknownAsset, match="may not reach folium"):
        folium_map._plain(text)


@pytest.mark.parametrize("text", ["{{7*191}}", "${alert(1)}", "a`b", "</script>", "a b", "A"])
def test_a_hostile_id_is_stopped_when_the_city_is_read(tmp_path: Path, text: str) -> None:
    folder = write_city(tmp_path / "toy")
    for good in ('id = "works"', 'id = "toy"'):
        (folder / "city.toml").write_text(CITY_TOML.replace(good, f"id = '{text}'"), "utf-8")
        with pytest.raises(BrokenGeodata, match="faults"):
            read_city(folder)
