"""Erase what must go, and look for it in every byte and at every address; only that something was erased stays."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text as sql

from cityatlas.city.photos import uploads, write_photo
from cityatlas.cli.main import main
from cityatlas.errors import InvalidValue
from cityatlas.exchange.uploads.photos import read_photo
from cityatlas.store import (
    Edit,
    Order,
    archive,
    back_up,
    open_draft,
    open_store,
    publish_content,
    restore_backup,
)
from cityatlas.store.log.erase import all_erasures, erase_feature, erase_person, erase_photo, erase_revision, overwrite
from cityatlas.store.media import StoredPhoto, add_photo, find_photo
from cityatlas.store.people.accounts import find_account
from cityatlas.store.people.presence import tell_presence
from cityatlas.store.reports import NewReport, add_report, all_reports
from hostile import addresses, said_by
from photo_files import half_red, written
from staff import bytes_of, logged_in, make_desk, send, store_of
from staff_desk import content, look, put, words
from toy import text

SECRET = "Geheimwort139"
CALM: dict[str, Any] = {"recheck_s": 1e9, "store_recheck_s": 1e9, "plans_per_minute": 10_000}


def city_that_said(folder: Path, database_url: str = "", key: str = "mill") -> tuple[Flask, int]:
    """Return a desk where a place's summary had a word, in drafts too, until it was published without; and when."""
    app = make_desk(folder, database_url, **CALM)
    live = app.extensions["cityatlas_live"]
    live.watch()
    said = content(app, key, summary=text(f"电话{SECRET}", f"Call {SECRET}"))
    typed = content(app, key, summary=text(f"电话{SECRET}", f"Call {SECRET} now"))
    open_draft(store_of(app), Edit(key, typed, "coco", comment=f"see {SECRET}"), content(app, key))
    order = Order("ed", f"added {SECRET}", origin=content(app, key))
    number = publish_content(store_of(app), key, said, 0, order).revision.number
    look(app)
    put(app, key, number, summary=text("电话另问", "Ask for the number"))
    live.watch()
    return app, number


def test_no_byte_of_the_database_and_of_a_backup_holds_an_erased_word(database_url: str, tmp_path: Path) -> None:
    app, number = city_that_said(tmp_path, database_url)
    store = store_of(app)
    add_report(store, NewReport("mill", "text", f"Why {SECRET}?", "", "en"))
    store.empty_log()
    assert SECRET.encode() in bytes_of(store)
    erased = erase_revision(store, "mill", number, "ann", shown=None, words=SECRET)
    overwrite(store)
    assert erased.revisions == (1, number)
    assert SECRET.encode() not in bytes_of(store)
    assert all_reports(store) == []
    back_up(store, tmp_path / "copy")
    assert SECRET not in gzip.decompress((tmp_path / "copy").read_bytes()).decode()
    there = open_store("", tmp_path / "other", "toy")
    restore_backup(there, tmp_path / "copy")
    assert [(one.kind, one.subject, one.author) for one in all_erasures(there)] == [("revision", "mill", "ann")]
    for statement in ("UPDATE revisions SET comment = ''", "UPDATE branches SET owner = ''", "DELETE FROM origins"):
        with pytest.raises(Exception, match="never changed or deleted"), store.writing() as connection:
            connection.execute(sql(statement))


def test_words_are_found_in_whatever_way_they_were_written_by_whomever(tmp_path: Path) -> None:
    app = make_desk(tmp_path, **CALM)
    store = store_of(app)
    ways = ["CAFÉ RENÉ 139", "cafe\u0301 rene\u0301 139", "Ｃａｆé　Ren\u200bé １３９", "Café\u2028René\n 139"]
    calm = content(app, "mill")
    for who, way in zip(("coco", "ed", "ann"), ways, strict=False):
        said = content(app, "mill", summary=text("安静", f"See {way}."))
        open_draft(store, Edit("mill", said, who, comment=f"not {way}"), calm)
        add_report(store, NewReport("mill", "text", f"Why {way}?", way, "en"))
    add_report(store, NewReport("mill", "text", "Why café?", "", "en"))
    said = content(app, "mill", summary=text(ways[3], "Calm"))
    number = publish_content(store, "mill", said, 0, Order("ed", "", origin=calm)).revision.number
    look(app)
    put(app, "mill", number, summary=text("安静", "Calm"))
    erased = erase_revision(store, "mill", number, "ann", shown=None, words="café rené 139")
    overwrite(store)
    assert len(erased.revisions) == 4
    assert [sign for sign in ("139", "１３９") if f"{sign}.".encode() in bytes_of(store)] == []
    assert [report.words for report in all_reports(store)] == ["Why café?"]
    with pytest.raises(InvalidValue, match="too little"):
        erase_revision(store, "mill", number, "ann", shown=None, words="\u200b\u200b\u200b")


def test_the_button_erases_what_a_version_said_from_every_address(tmp_path: Path) -> None:
    app, number = city_that_said(tmp_path)
    ann, anybody = logged_in(app, "ann"), app.test_client()
    folder = app.extensions["cityatlas_live"].newest.revision.folder[:8]
    pins = [f"/en/embed/@{number}-{folder}", f"/layers/sights.geojson@{number}-{folder}"]
    moment = (datetime.now(UTC) - timedelta(seconds=0)).isoformat().replace("+00:00", "Z")
    then = f"/ogc/collections/sights/items?f=json&datetime={moment}"
    assert SECRET in anybody.get(pins[1]).text  # and is kept from now on
    history = "/en/staff/features/mill/history"
    assert SECRET in ann.get(history).text
    unsure = send(ann, f"{history}/erase", history, number=number)
    assert (unsure.status_code, SECRET in ann.get(history).text) == (422, True)
    assert send(ann, f"{history}/erase", history, number=number, words=SECRET.lower(), sure="yes").status_code == 303
    said = ann.get(history)
    assert SECRET not in said.text
    assert "Something in this version was erased" in words(said)
    for pin in pins:
        gone = anybody.get(pin)
        assert (gone.status_code, SECRET in gone.text) == (410, False)
    assert "erased" in anybody.get(pins[0]).text
    assert "was erased" in words(ann.get("/en/staff/erasures"), "li")
    asked = [
        then,
        "/changes.atom",
        "/changes.json",
        "/en/changes",
        "/layers/sights.geojson?since=0",
        "/ogc/collections/sights/items",
    ]
    asked += [address for address in addresses(app, "paper") if "/en/staff/" in address or "en/sites/mill" in address]
    told = [ann.get(address) for address in asked if not address.endswith((".png", ".pdf"))]
    assert [one.request.path for one in told if SECRET.encode() in one.data] == []
    assert SECRET.encode() not in bytes_of(store_of(app))


def test_of_an_erased_place_nothing_is_served_from_any_address_that_was_kept(tmp_path: Path) -> None:
    app = make_desk(tmp_path, **CALM)
    live, store, anybody = app.extensions["cityatlas_live"], store_of(app), app.test_client()
    live.watch()
    properties = content(app, "old-town").properties | {"name": text(f"{SECRET}中", f"{SECRET} town")}
    number = put(app, "old-town", **properties)
    live.watch()
    pin = f"{number}-{live.newest.revision.folder[:8]}"
    moment = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    query = f"?f=json&datetime={moment}"
    asked = [one for one in addresses(app, "paper", pin) + addresses(app, "paper") if may_show(one)]
    asked += [f"/en/search{form}?q={SECRET[:6]}" for form in ("", ".json", ".csv", ".geojson")]
    asked += [f"/ogc/collections/works/items{query}", f"/ogc/collections/works/items/old-town{query}"]
    asked += [f"/layers/works.geojson?since=0-{pin[-8:]}", f"/oembed?url=/en/sites/old-town@{pin}"]
    before = {address: anybody.get(address) for address in asked}
    told = {address for address, answer in before.items() if SECRET in said_by(answer)}
    assert len(told) > len(asked) / 8, "what is erased was shown, and kept, at these addresses"
    archive(store, "old-town", number, Order("ed"))
    erase_feature(store, "old-town", "ann", shown=None)  # by another process
    live.watch()
    for address, answer in before.items():
        held = answer.headers.get("ETag", "")
        for headers in ({}, {"If-None-Match": held}) if address in told else ({},):
            after = anybody.get(address, headers=headers)
            assert SECRET not in said_by(after), address
            assert address not in told or after.status_code != 304, address
        if f"@{pin}" in address.partition("?")[0] and answer.status_code == 200:
            assert after.status_code == 410, address


def may_show(address: str) -> bool:
    """Return whether the old town may be at a public address, in English or in none; of others' addresses none is."""
    others = r"/zh/|/help/|/plan|/staff|\b(mill|quay|hall|boat-tour|school|sights|paper|no-such-thing)\b|\.pdf|\.png\?"
    return re.search(others, address) is None


def test_what_visitors_see_is_not_erased(tmp_path: Path) -> None:
    app, number = city_that_said(tmp_path)
    store, shown = store_of(app), content(app, "mill")
    assert erase_revision(store, "mill", number, "ann", shown=shown).revisions == (1, number)  # the same text in both
    for wanted in (number + 1, number):
        with pytest.raises(InvalidValue, match="Visitors still see"):
            erase_revision(store, "mill", wanted, "ann", shown=shown, words="Ask for")
    with pytest.raises(InvalidValue, match="Visitors still see it"):
        erase_feature(store, "mill", "ann", shown=shown)
    assert len(all_erasures(store)) == 1


def test_a_whole_feature_goes_once_it_is_off_the_map_from_kept_folders_too(tmp_path: Path) -> None:
    app, number = city_that_said(tmp_path, key="old-town")
    store, live = store_of(app), app.extensions["cityatlas_live"]
    live.keep_folder()
    archive(store, "old-town", number + 1, Order("ed"))
    look(app)
    assert b"old-town" in b"".join(path.read_bytes() for path in (tmp_path / "var" / "geodata").iterdir())
    ann, page = logged_in(app, "ann"), "/en/staff/features/old-town/history"
    assert send(ann, f"{page}/erase_all", page, sure="yes").status_code == 303
    assert "works.geojson" in words(ann.get("/en/staff/erasures"), ".notice")
    assert b'"old-town"' not in b"".join(path.read_bytes() for path in (tmp_path / "var" / "geodata").iterdir())
    assert SECRET.encode() not in bytes_of(store)
    assert "old-town" not in live.newest.features
    assert app.test_client().get("/en/sites/old-town").status_code == 410
    assert ann.get(page).status_code == 200


def test_the_form_erases_a_photo_with_all_its_files_and_not_without_the_box(tmp_path: Path) -> None:
    app = make_desk(tmp_path, **CALM)
    ann, page = logged_in(app, "ann"), "/en/staff/erasures"
    photo = read_photo(written(half_red(600, 400), "JPEG"))
    write_photo(uploads(app.config["SETTINGS"]), photo.files)
    add_photo(store_of(app), StoredPhoto(photo.name, "图", "A face", "Li", "CC0", "coco", 600, 400, photo.digest))
    files = [uploads(app.config["SETTINGS"]) / name for name in photo.files]
    assert (len(files), all(path.exists() for path in files)) == (2, True)
    address = f"https://atlas.example/staff/media/{photo.name}"
    assert send(ann, f"{page}/photo", page, photo=address).status_code == 422
    assert all(path.exists() for path in files)
    assert send(ann, f"{page}/photo", page, photo=address, sure="yes").status_code == 303
    assert [path for path in files if path.exists()] == []
    assert find_photo(store_of(app), photo.name) is None
    assert "A face" not in ann.get(page).text
    assert send(logged_in(app, "ed"), f"{page}/photo", page, photo=address, sure="yes").status_code == 403


def test_a_photo_goes_with_its_files_and_a_person_with_their_names(tmp_path: Path) -> None:
    app = make_desk(tmp_path, **CALM)
    store, name = store_of(app), f"{'0' * 31}1-800x600.webp"
    add_photo(store, StoredPhoto(name, "图", f"Face {SECRET}", SECRET, "CC0", "coco", 800, 600, "d"))
    photo = {"file": name, "alt": text("图", f"Face {SECRET}"), "credit": SECRET}
    open_draft(store, Edit("mill", content(app, "mill", photos=[photo]), "coco"), content(app, "mill"))
    with pytest.raises(InvalidValue, match="Visitors see it at hall"):
        erase_photo(store, name, "ann", shown_by=("hall",))
    erase_photo(store, name, "ann", shown_by=())
    assert find_photo(store, name) is None
    coco = find_account(store, "coco")
    assert coco
    tell_presence(store, "mill", coco)
    erase_person(store, "coco", "ann")
    overwrite(store)
    with store.reading() as connection:
        assert connection.execute(sql("SELECT count(*) FROM presences")).scalar() == 0
    held = bytes_of(store)
    assert (SECRET.encode() in held, b"coco" in held) == (False, False)


def test_the_command_erases_and_says_what_is_left_to_do(tmp_path: Path) -> None:
    app, number = city_that_said(tmp_path)
    environ = {
        "CITYATLAS_VAR": str(tmp_path / "var"),
        "CITYATLAS_GEODATA": str(tmp_path / "toy"),
        "CITYATLAS_DATABASE_URL": "",
    }
    told = CliRunner().invoke(
        main, ["erase", "mill", "--revision", str(number), "--words", SECRET, "--by", "ann", "--yes"], env=environ
    )
    assert told.exit_code == 0, told.output
    assert "something was erased from 2 revisions" in told.output
    assert SECRET.encode() not in bytes_of(store_of(app))
    app.extensions["cityatlas_live"].watch()  # as every process does
    again = CliRunner().invoke(main, ["erase", "mill", "--revision", "999", "--by", "ann", "--yes"], env=environ)
    assert (again.exit_code, "There is no revision 999" in again.output) == (1, True)
