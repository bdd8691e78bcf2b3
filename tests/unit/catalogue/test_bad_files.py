"""Check that a file that is no layer is refused with its reason, whatever it holds, and `check` prints all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.cli.main import main
from cityatlas.settings import Settings
from faults import faults_of, faults_of_bytes
from toy import figures, sights, with_properties, works, write_city

EMPTY = '{"type": "FeatureCollection", "features": []}'
GOOD = json.dumps(sights(), ensure_ascii=False)
CONTENTS: list[tuple[bytes, str]] = [
    (b"", f"is empty. A layer without features is {EMPTY}"),
    (b" \n\t", f"is empty. A layer without features is {EMPTY}"),
    (
        b'{"type": "FeatureCollection",\n "features": [}',
        "is not JSON: Expecting value in line 2, column 15",
    ),
    (
        b"{'type': 'FeatureCollection'}",
        "is not JSON: Expecting property name enclosed in double quotes in line 1, column 2",
    ),
    (b'{"a": 1} {"b": 2}', "is not JSON: Extra data in line 1, column 10"),
    (b"<OGRVRTDataSource/>", "is not JSON: Expecting value in line 1, column 1"),
    (b"[]", 'is not a FeatureCollection. Begin with {"type": "FeatureCollection", "features": [...]}'),
    (
        b'{"type": "Feature"}',
        'is not a FeatureCollection. Begin with {"type": "FeatureCollection", "features": [...]}',
    ),
    (b'{"type": "FeatureCollection"}', '"features" is not a list'),
    (b'{"type": "FeatureCollection", "features": {}}', '"features" is not a list'),
    (
        GOOD.replace("[121.0, 30.7]", "[NaN, 30.7]", 1).encode(),
        "holds NaN, which is not JSON; leave an unknown value out",
    ),
    (
        GOOD.replace("[121.0,", "[-Infinity,", 1).encode(),
        "holds -Infinity, which is not JSON; leave an unknown value out",
    ),
    (
        GOOD.replace("[121.0,", "[1e999,", 1).encode(),
        "holds the number 1e999, which is too large; correct it",
    ),
    (
        GOOD.replace("[121.0,", f"[{'1' * 5000},", 1).encode(),
        "holds a number of thousands of digits, which nothing here needs",
    ),
    (b"[" * 100_000, "is nested too deep to be GeoJSON"),
    (b"\xef\xbb\xbf" + GOOD.encode(), "begins with a byte order mark; save it as UTF-8 without BOM"),
    (GOOD.encode("utf-16"), "begins with a byte order mark; save it as UTF-8 without BOM"),
    (
        GOOD.replace(", ", ",\n", 2).encode("gbk"),
        "is not UTF-8 in line 3. It looks like GBK: save it as UTF-8",
    ),
    (b'{"type":\n"\xff\xff\xff"}', "is not UTF-8 in line 2. Save it as UTF-8"),
    (
        GOOD.replace('"id": "mill"', '"id": "mill", "id": "mill-2"').encode(),
        'has the key "id" twice in one object; take one out, since it would be lost',
    ),
    (
        GOOD.replace("{", '{"datum": "GCJ-02", ', 1).encode(),
        'says that it is in "GCJ-02"; convert it to WGS-84 first',
    ),
    (
        GOOD.replace("{", '{"crs": {"type": "name", "properties": {"name": "EPSG:32651"}}, ', 1).encode(),
        'says that it is in {"type": "name", "properties": {"name": "EPSG:32651"}}; convert it to WGS-84 first',
    ),
]


@pytest.mark.parametrize(("content", "fault"), CONTENTS, ids=range(len(CONTENTS)))
def test_a_bad_file_is_named_with_its_cure(tmp_path: Path, content: bytes, fault: str) -> None:
    assert faults_of_bytes(tmp_path, content) == [f"sights.geojson: {fault}"]


@pytest.mark.parametrize("depth", [100, 900, 990])
def test_a_deep_value_is_refused_wherever_it_stands(tmp_path: Path, depth: int) -> None:
    deep = "[" * depth + "]" * depth
    for key in ("id", "geometry", "properties"):
        row = f'{{"type": "Feature", "{key}": {deep}}}'
        assert faults_of_bytes(tmp_path, f'{{"type": "FeatureCollection", "features": [{row}]}}'.encode())
    for key in ("name", "themes", "access", "photos", "stops", "figures", "programmes", "facts", "unknown"):
        content = GOOD.replace('"sources"', f'"{key}": {deep}, "sources"', 1)
        assert faults_of_bytes(tmp_path, content.encode())


def test_an_empty_layer_is_no_fault(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "toy", works=json.loads(EMPTY))
    kept = [figure for figure in figures()["figures"] if figure["feature"] != "school"]
    (folder / "figures.json").write_text(json.dumps({"figures": kept}))
    assert len(build_catalogue(Settings(geodata=folder)).layer("works").features) == 0


def test_a_wgs84_name_is_no_fault(tmp_path: Path) -> None:
    named = {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}} | sights()
    assert build_catalogue(Settings(geodata=write_city(tmp_path / "toy", sights=named)))


def test_a_missing_file_is_named(toy_city: Path) -> None:
    (toy_city / "works.geojson").unlink()
    assert faults_of(toy_city) == ["works.geojson: not found or not a file; the layer in city.toml needs it"]


def test_a_directory_in_place_of_a_file_is_named(toy_city: Path) -> None:
    (toy_city / "works.geojson").unlink()
    (toy_city / "works.geojson").mkdir()
    assert faults_of(toy_city) == ["works.geojson: not found or not a file; the layer in city.toml needs it"]


def test_a_directory_that_is_no_layer_is_left_alone(toy_city: Path) -> None:
    (toy_city / "old.geojson").mkdir()
    assert len(build_catalogue(Settings(geodata=toy_city)).features) == 6


def test_a_symbolic_link_is_not_followed(tmp_path: Path, toy_city: Path) -> None:
    (toy_city / "works.geojson").rename(tmp_path / "elsewhere.geojson")
    (toy_city / "works.geojson").symlink_to(tmp_path / "elsewhere.geojson")
    assert faults_of(toy_city) == ["works.geojson: is a symbolic link; put the file itself into the folder"]


def test_a_broken_link_is_named_too(tmp_path: Path, toy_city: Path) -> None:
    (toy_city / "works.geojson").unlink()
    (toy_city / "works.geojson").symlink_to(tmp_path / "nowhere.geojson")
    assert faults_of(toy_city) == ["works.geojson: is a symbolic link; put the file itself into the folder"]


def with_photo(folder: Path) -> Path:
    """Write the toy city with one photo at the mill, which is not there yet."""
    shown = [{"file": "mill.jpg", "alt": {"zh": "磨坊", "en": "The mill"}, "credit": "A. Miller"}]
    (folder / "photos").mkdir(parents=True)
    return write_city(folder, sights=with_properties(sights(), "mill", photos=shown))


def test_a_photo_that_is_not_there_is_named(tmp_path: Path) -> None:
    folder = with_photo(tmp_path / "toy")
    assert faults_of(folder) == ['sights.geojson: feature "mill": photos/mill.jpg is not there']


def test_a_photo_that_is_a_link_is_refused(tmp_path: Path) -> None:
    folder = with_photo(tmp_path / "toy")
    (folder / "photos" / "mill.jpg").symlink_to("/etc/hostname")
    (found,) = faults_of(folder)
    assert found == (
        'sights.geojson: feature "mill": photos/mill.jpg is a symbolic link; put the file itself into the folder'
    )


def test_a_replaced_photo_is_another_snapshot(tmp_path: Path) -> None:
    folder = with_photo(tmp_path / "toy")
    tags = set()
    for content in (b"\xff\xd8\xff\xd9", b"\xff\xd8\xff\xd9\x00"):
        (folder / "photos" / "mill.jpg").write_bytes(content)
        tags.add(build_catalogue(Settings(geodata=folder)).tag)
    assert len(tags) == 2


def test_a_file_over_the_limit_is_named_with_the_setting(toy_city: Path) -> None:
    with (toy_city / "works.geojson").open("a") as file:
        file.write(" " * (1 << 20))
    assert faults_of(toy_city, max_file_mb=1) == ["works.geojson: is 2 MB, the limit is 1 MB (CITYATLAS_MAX_FILE_MB)"]


def test_200_mb_are_refused_without_being_read(toy_city: Path) -> None:
    os.truncate(toy_city / "works.geojson", 200 << 20)
    begun_s = time.process_time()
    assert faults_of(toy_city) == ["works.geojson: is 200 MB, the limit is 128 MB (CITYATLAS_MAX_FILE_MB)"]
    assert time.process_time() - begun_s < 0.1


def test_too_many_features_are_refused_with_the_setting(toy_city: Path) -> None:
    assert faults_of(toy_city, max_features=3) == [
        "sights.geojson: has 4 features, the limit is 3 (CITYATLAS_MAX_FEATURES)"
    ]


def test_a_file_with_a_thousand_faults_says_how_many_more(tmp_path: Path) -> None:
    rows = [7] * 1000
    found = faults_of(write_city(tmp_path / "toy", works={"type": "FeatureCollection", "features": rows}))
    assert len(found) == 501
    assert found[-1] == "works.geojson: and 500 more faults"


def test_a_fault_is_always_one_printable_line(tmp_path: Path) -> None:
    layer = with_properties(sights(), "mill", **{"\x1b[2J\n\u202e\ud800": 1})
    (found,) = faults_of_bytes(tmp_path, json.dumps(layer).encode())
    assert found == r'sights.geojson: feature "mill": property "\x1b[2J\n\u202e\ud800" is not known'


def test_check_prints_every_fault_and_exits_1(tmp_path: Path) -> None:
    first = with_properties(sights(), "mill", visit_min=-5)
    second = with_properties(works(), "school", kind="shed")
    folder = write_city(tmp_path / "toy", sights=first, works=second)
    result = CliRunner().invoke(main, ["check", "--geodata", str(folder)])
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        'sights.geojson: feature "mill": visit_min -5 is not a whole number from 0 to 1,440',
        'works.geojson: feature "school": kind "shed" is not a kind of layer "works" (one of project, district)',
        "2 faults found.",
    ]


def test_check_of_a_good_city_exits_0_and_counts(toy_city: Path) -> None:
    result = CliRunner().invoke(main, ["check", "--geodata", str(toy_city)])
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1:] == [f"{toy_city}: 6 features in 2 layers, no faults."]


def test_check_of_a_folder_that_is_none_says_so(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["check", "--geodata", str(tmp_path / "nowhere")])
    assert result.exit_code == 1
    assert "nowhere/city.toml: not found. Each city's folder needs a city.toml." in result.stderr


@pytest.mark.parametrize("command", ["check", "serve"])
def test_a_real_command_shows_faults_and_no_traceback(tmp_path: Path, command: str) -> None:
    layer = with_properties(sights(), "mill", name={"zh": "磨\ud800坊"})
    folder = write_city(tmp_path / "toy")
    (folder / "sights.geojson").write_text(json.dumps(layer))
    run = subprocess.run(
        [sys.executable, "-c", "from cityatlas.cli.main import main; main()", command, "--geodata", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "ascii:strict", "LC_ALL": "C"},
    )
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert 'feature "mill": name holds a control character:' in run.stderr
