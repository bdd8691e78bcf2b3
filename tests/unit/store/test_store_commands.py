"""Run export, import, backup and restore as a person would, and read what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.catalogue.live import LiveCatalogue
from cityatlas.cli.main import main
from cityatlas.settings import Settings
from cityatlas.store import Edit, Order, Store, archive, open_draft, open_store, publish_content, published
from cityatlas.store.people import accounts
from cityatlas.versioning.content import content_of, content_of_row
from toy import Json, feature, point, sights, text, with_properties, write_city

NEW = text("新磨坊", "New mill")


class Shell:
    """Run commands about one city with a folder that is written to."""

    def __init__(self, city: Path, var: Path) -> None:
        self.city, self.var = city, var

    def __call__(self, *words: str | Path | int) -> Result:
        environ = {"CITYATLAS_VAR": str(self.var), "CITYATLAS_GEODATA": str(self.city), "CITYATLAS_DATABASE_URL": ""}
        return CliRunner().invoke(main, [str(word) for word in words], env=environ)

    @property
    def store(self) -> Store:
        """Return the store that the commands use."""
        return open_store("", self.var, "toy")


@pytest.fixture
def shell(toy_city: Path, tmp_path: Path) -> Shell:
    return Shell(toy_city, tmp_path / "var")


def with_ann(shell: Shell) -> Shell:
    """Give ann an account, in whose name something may be imported."""
    accounts.add_account(shell.store, accounts.NewAccount("ann", "admin"))
    return shell


def origin(feature_id: str) -> Any:
    return content_of_row("sights", next(row for row in sights()["features"] if row["id"] == feature_id))


def rename_mill(shell: Shell) -> int:
    """Publish another name for the mill."""
    row = feature("mill", "house", NEW, point(121.0))
    said = content_of("sights", row["geometry"], row["properties"])
    return publish_content(shell.store, "mill", said, 0, Order("ann", origin=origin("mill"))).revision.number


def write_changed(folder: Path, layer: Json) -> Path:
    return write_city(folder, sights=layer)


def test_an_export_of_what_nobody_changed_is_the_same_files(shell: Shell, tmp_path: Path) -> None:
    done = shell("export", tmp_path / "out")
    assert (done.exit_code, done.output.splitlines()[-1].split(": ")[1].split(";")[0]) == (
        0,
        "6 features, 0 of them changed by staff, no faults",
    )
    for name in ("city.toml", "sights.geojson", "works.geojson", "figures.json"):
        assert (tmp_path / "out" / name).read_bytes() == (shell.city / name).read_bytes()


def test_an_export_holds_what_is_published_and_no_draft(shell: Shell, tmp_path: Path) -> None:
    rename_mill(shell)
    open_draft(shell.store, Edit("quay", content_of("sights", None, {"name": {"zh": "草稿"}}), "ann"))
    archive(shell.store, "old-town", 0, Order("ann", origin=content_of("works", point(121.0), {"name": NEW})))
    assert shell("export", tmp_path / "out").exit_code == 0
    catalogue = build_catalogue(Settings(geodata=tmp_path / "out"))
    assert catalogue.feature("mill").name == NEW
    assert catalogue.city.retired == {"old-mill": "mill", "old-town": ""}
    assert "草稿" not in (tmp_path / "out" / "sights.geojson").read_text("utf-8")
    assert (tmp_path / "out" / "figures.json").read_bytes() == (shell.city / "figures.json").read_bytes()


def test_an_export_of_an_earlier_number_or_day_is_as_it_was_then(shell: Shell, tmp_path: Path) -> None:
    first = rename_mill(shell)
    said = content_of("sights", point(121.0), {**origin("mill").properties, "name": text("后", "Later")})
    publish_content(shell.store, "mill", said, first, Order("ann"))
    assert shell("export", tmp_path / "then", "--at", first).exit_code == 0
    assert shell("export", tmp_path / "before", "--at", "2020-01-01").exit_code == 0
    names = [build_catalogue(Settings(geodata=tmp_path / at)).feature("mill").name["en"] for at in ("then", "before")]
    assert names == ["New mill", "Old mill"]


def test_an_export_never_writes_over_something(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("keep")
    done = shell("export", tmp_path / "out")
    assert (done.exit_code, "is not empty" in done.output) == (1, True)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine"]


@pytest.mark.parametrize("at", ["yesterday", "2026-13-01", "2026-11-24 99:00"])
def test_a_day_that_is_none_is_told(shell: Shell, tmp_path: Path, at: str) -> None:
    rename_mill(shell)
    done = shell("export", tmp_path / "out", "--at", at)
    assert (done.exit_code, "is no number, day or moment" in done.output) == (1, True)


def test_an_import_publishes_the_differences_under_a_name(shell: Shell, tmp_path: Path) -> None:
    layer = with_properties(sights(), "mill", name=NEW)
    layer["features"].append(feature("brand-new", "house", text("新", "Brand new"), point(121.005)))
    folder = write_changed(tmp_path / "other", layer)
    trial = shell("import", folder, "--author", "ann", "--dry-run")
    assert trial.stdout.splitlines()[1:] == [
        "  change   mill",
        "  add      brand-new",
        "2 features would change in toy.",
    ]
    assert not shell.store.exists()
    with_ann(shell)
    assert shell("import", folder, "--author", "ann", "--comment", "from the field").exit_code == 0
    assert [(r.feature_id, r.author, r.comment) for r in published(shell.store).shown] == [
        ("mill", "ann", "from the field"),
        ("brand-new", "ann", "from the field"),
    ]
    assert shell("import", folder, "--author", "ann").output.splitlines()[1:] == ["0 features changed in toy."]


def test_an_export_that_is_imported_changes_nothing(shell: Shell, tmp_path: Path) -> None:
    rename_mill(shell)
    shell("export", tmp_path / "out")
    assert shell("import", tmp_path / "out", "--author", "ann").output.splitlines()[1:] == [
        "0 features changed in toy."
    ]


def test_a_feature_that_the_folder_lacks_stays_unless_ticked(shell: Shell, tmp_path: Path) -> None:
    folder = write_changed(tmp_path / "other", sights())
    works = json.loads((folder / "works.geojson").read_text("utf-8"))
    works["features"] = [row for row in works["features"] if row["id"] != "old-town"]
    (folder / "works.geojson").write_text(json.dumps(works), "utf-8")
    assert shell("import", folder, "--author", "ann").output.splitlines()[1:] == ["0 features changed in toy."]
    with_ann(shell)
    assert "archive  old-town" in shell("import", folder, "--author", "ann", "--archive-missing").output
    assert published(shell.store).hidden == ("old-town",)


def test_a_folder_with_faults_is_not_imported(shell: Shell, tmp_path: Path) -> None:
    folder = write_changed(tmp_path / "other", with_properties(sights(), "mill", kind="castle"))
    done = shell("import", folder, "--author", "ann")
    assert (done.exit_code, "is not a kind" in done.output) == (1, True)
    assert not shell.store.exists()


def test_a_backup_restores_into_an_empty_folder_and_into_no_other(shell: Shell, tmp_path: Path) -> None:
    rename_mill(shell)
    assert "1 revisions; read again and found whole" in shell("backup", tmp_path / "copy.gz").output
    other = Shell(shell.city, tmp_path / "second")
    assert "1 revisions; counted and found the same" in other("restore", tmp_path / "copy.gz").output
    assert published(other.store).text == published(shell.store).text
    again = other("restore", tmp_path / "copy.gz")
    assert (again.exit_code, "The store is not empty" in again.output) == (1, True)


def test_a_backup_of_nothing_is_told(shell: Shell, tmp_path: Path) -> None:
    done = shell("backup", tmp_path / "copy.gz")
    assert (done.exit_code, "There is no database" in done.output) == (1, True)


def test_an_import_passes_the_guard_as_the_desk_does(shell: Shell, tmp_path: Path) -> None:
    with_ann(shell)
    chinese = with_properties(sights(), "mill", name={"zh": "只有中文"}, summary={"zh": "只有中文"})
    folder = write_changed(tmp_path / "other", chinese)
    for more in ((), ("--dry-run",)):
        done = shell("import", folder, "--author", "ann", *more)
        assert (done.exit_code, "mill: name.en: " in done.output) == (1, True)
    assert published(shell.store).revisions == ()
    warned = write_changed(tmp_path / "warned", with_properties(sights(), "mill", summary={"zh": "只有中文"}))
    done = shell("import", warned, "--author", "ann")
    assert (done.exit_code, "Warning: mill: summary.en: " in done.output) == (0, True)


def test_an_import_is_in_the_name_of_an_account(shell: Shell, tmp_path: Path) -> None:
    folder = write_changed(tmp_path / "other", with_properties(sights(), "mill", name=NEW))
    done = shell("import", folder, "--author", "nobody")
    assert (done.exit_code, 'There is no account "nobody"' in done.output) == (1, True)
    assert not shell.store.exists()


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def serve_once(shell: Shell) -> None:
    """Let a server look at folder and store, as it does all the time."""
    live = LiveCatalogue(Settings(geodata=shell.city, var=shell.var))
    live.watch()
    live.close()


def test_a_past_day_is_the_same_bytes_after_the_folder_has_changed(shell: Shell, tmp_path: Path) -> None:
    (shell.city / "README.md").write_text("As it was", "utf-8")
    number = rename_mill(shell)
    serve_once(shell)
    first = rename_mill_again(shell, number)
    assert shell("export", tmp_path / "one", "--at", first).exit_code == 0
    changed = with_properties(sights(), "quay", summary=text("改", "The folder changed"))
    (shell.city / "sights.geojson").write_text(json.dumps(changed, ensure_ascii=False), "utf-8")
    serve_once(shell)
    done = shell("export", tmp_path / "two", "--at", first)
    assert (done.exit_code, "Warning" in done.output) == (0, False)
    assert files_in(tmp_path / "two") == files_in(tmp_path / "one")
    assert shell("export", tmp_path / "now").exit_code == 0
    assert b"The folder changed" in (tmp_path / "now" / "sights.geojson").read_bytes()
    serve_once(shell)
    assert len(list((shell.var / "geodata").glob("*.json"))) == 2


def rename_mill_again(shell: Shell, seen: int) -> int:
    said = content_of("sights", point(121.0), {**origin("mill").properties, "name": text("后", "Later")})
    return publish_content(shell.store, "mill", said, seen, Order("ann")).revision.number


def test_a_past_day_of_which_the_folder_is_not_known_says_so(shell: Shell, tmp_path: Path) -> None:
    number = rename_mill(shell)
    assert "no version of the city's folder was kept" in shell("export", tmp_path / "a", "--at", number).output
    serve_once(shell)
    assert "is not known before" in shell("export", tmp_path / "b", "--at", "2020-01-01").output
