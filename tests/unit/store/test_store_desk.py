"""Keep photos and reports on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cityatlas.errors import NotFound
from cityatlas.store import Store, open_store
from cityatlas.store.media import StoredPhoto, add_photo, find_photo, photos
from cityatlas.store.reports import NewReport, add_report, all_reports, answer_report, forget_old


def photo(number: int, digest: str = "") -> StoredPhoto:
    name = f"{number:032x}-9x9.webp"
    return StoredPhoto(name, "桥", "Bridge", "Li", "CC0", "ann", 9, 9, digest or f"{number:064x}")


def test_photos_are_kept_once_and_listed_newest_first(store: Store) -> None:
    kept = [add_photo(store, photo(number)) for number in (1, 2, 3)]
    assert add_photo(store, photo(4, digest=kept[0].digest)) == kept[0]
    assert photos(store, 1, 1) == ([kept[1]], 3)
    assert find_photo(store, kept[2].name) == kept[2]
    assert find_photo(store, photo(4).name) is None


def test_a_report_is_deleted_with_contact_and_answers_after_its_days(database_url: str, tmp_path: Path) -> None:
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    store = open_store(database_url, tmp_path, "toy", clock=lambda: now[0])
    assert add_report(store, NewReport("mill", "text", "older", "Li", "en"))
    older = all_reports(store)[0]
    answer_report(store, older.id, "task", "", "ed")
    answer_report(store, older.id, "done", "mended", "ann")
    now[0] += timedelta(days=89)
    assert add_report(store, NewReport("mill", "text", "younger", "", "en"))
    assert forget_old(store, 90) == 0
    assert [(report.words, report.state) for report in all_reports(store)] == [("older", "done"), ("younger", "new")]
    now[0] += timedelta(days=1, seconds=1)
    assert forget_old(store, 90) == 1
    assert [(report.words, report.answers) for report in all_reports(store)] == [("younger", ())]
    with pytest.raises(NotFound):
        answer_report(store, older.id, "done", "", "ed")
    store.close()


def test_a_contact_that_was_deleted_is_in_no_file_any_more(tmp_path: Path) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    store = open_store("", tmp_path, "toy", lambda: moment)
    add_report(store, NewReport("mill", "text", "words", "phone 13800138000", "zh"))
    store.empty_log()
    assert b"13800138000" in (tmp_path / "toy.sqlite").read_bytes()
    moment += timedelta(days=91)
    assert forget_old(store, 90) == 1
    assert not any(b"13800138000" in path.read_bytes() for path in tmp_path.iterdir())
