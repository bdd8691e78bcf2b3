"""Check that each decision has its one home; import-linter checks that imports run down the floors (pyproject.toml)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from cityatlas.paths import PACKAGE

FILES = sorted(path for path in PACKAGE.rglob("*.py"))
FRAMEWORKS = {"flask", "werkzeug", "waitress", "gunicorn", "jinja2"}


def teardown_module() -> None:
    """Let go of a hundred thousand nodes."""
    for kept in (tree_of, nodes_of, imports_of):
        kept.cache_clear()


def part_of(path: Path) -> str:
    """Return the module's name, or the folder's for what lies in one."""
    inside = path.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def place_of(path: Path) -> str:
    """Return where a file lies in the package: "city/spec.py"."""
    return path.relative_to(PACKAGE).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    """Return what a file holds, parsed once for all that is asked of it."""
    return ast.parse(path.read_text("utf-8"))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of a file's tree."""
    return tuple(ast.walk(tree_of(path)))


@cache
def imports_of(path: Path) -> tuple[tuple[str, str], ...]:
    """Return (package, first name in it): ("flask", "Response"), ("cityatlas", "geo"); conditional ones too."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[tuple[str, str]]:
    package = ("cityatlas", *path.relative_to(PACKAGE).parts[:-1])
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first, _, rest = alias.name.partition(".")
                yield first, rest.partition(".")[0]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            names = [*base, *(node.module or "").split(".")]
            names = [name for name in names if name]
            for alias in node.names:
                yield names[0], ([*names[1:], alias.name])[0]


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("folium", {"render/folium_map.py"}),
        ("branca", {"render/folium_map.py"}),
        ("flask", {"web/", "app.py"}),
        ("werkzeug", {"web/", "app.py"}),
        ("waitress", {"serving/"}),
        ("gunicorn", {"serving/"}),
        ("click", {"cli/"}),
        ("opening_hours", {"city/opening/opening_hours.py"}),
        ("pypinyin", {"search/pinyin.py"}),
        ("opencc", {"search/folding.py"}),
        ("tomllib", {"city/spec.py", "i18n.py"}),
        ("scipy", {"routing/graph.py"}),
        ("gpxpy", {"exchange/", "handouts/"}),
        ("icalendar", {"handouts/"}),
        ("segno", {"handouts/"}),
        ("typst", {"handouts/"}),
        ("xlsxwriter", {"exchange/"}),
        ("python_calamine", {"exchange/"}),
        ("shapefile", {"exchange/"}),
        ("defusedxml", {"exchange/"}),
        ("osmium", {"exchange/"}),
        ("PIL", {"exchange/"}),
        ("pi_heif", {"exchange/"}),
        ("pyproj", set()),
        ("pyogrio", {"exchange/layers/exports.py"}),
        ("sqlite3", {"store/"}),
        ("flask_login", {"web/staff/auth/"}),
        ("argon2", {"store/people/accounts.py"}),
        ("pyotp", {"store/people/second_factors.py"}),
        ("smtplib", {"web/staff/review/told.py"}),
        ("zxcvbn", {"store/people/accounts.py"}),
        ("sqlalchemy", {"store/"}),
        ("alembic", {"store/"}),
        ("psycopg", {"store/"}),
    ],
)
def test_a_library_has_one_home(library: str, homes: set[str]) -> None:
    importers = {place_of(path) for path in FILES for package, _ in imports_of(path) if package == library}
    assert {path for path in importers if not path.startswith(tuple(homes))} == set()


@pytest.mark.parametrize("library", ["pandas", "geopandas", "numpy", "shapely", "folium", "pyproj"])
def test_the_web_knows_no_frames(library: str) -> None:
    web = [path for path in FILES if part_of(path) in ("web", "app")]
    assert [path.name for path in web for package, _ in imports_of(path) if package == library] == []


def test_what_is_refused_is_an_error_of_ours() -> None:
    assert [place_of(path) for path in FILES if ("flask", "abort") in set(imports_of(path))] == []


@pytest.mark.parametrize("name", ["to_crs", "set_crs", "estimate_utm_crs"])
def test_projections_change_in_geo_alone(name: str) -> None:
    users = set()
    for path in FILES:
        if any(isinstance(node, ast.Attribute) and node.attr == name for node in nodes_of(path)):
            users.add(place_of(path))
    assert users <= {"geo/projection.py"}


@pytest.mark.parametrize(
    "name", ["read_file", "eval", "exec", "render_template_string", "urlopen", "system", "loads_pickle"]
)
def test_nobody_calls_what_runs_or_fetches(name: str) -> None:
    for path in FILES:
        for node in nodes_of(path):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                assert called != name, f"{path.name}:{node.lineno} calls {name}"


def test_importing_the_application_reads_no_framework_in_the_domain() -> None:
    domain = [path for path in FILES if part_of(path) not in ("web", "app", "serving", "cli")]
    found = {(path.name, package) for path in domain for package, _ in imports_of(path) if package in FRAMEWORKS}
    assert found == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_begins_with_one_sentence(path: Path) -> None:
    docstring = ast.get_docstring(tree_of(path)) or ""
    first = docstring.split("\n\n")[0]
    assert first[:1].isupper()
    assert first.endswith((".", "!"))
