"""What visitors sought in vain: counted by week once it was asked for often, and nothing that may name a person."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from cityatlas.limits import VAIN_LETTERS, VAIN_MINUTES, VAIN_TERMS_A_WEEK
from cityatlas.store import Store, open_store
from cityatlas.store.vain_searches import VainSearch, add_terms, vain_terms
from cityatlas.web.public.vain_searches import KEY, VainTerms, term_of, whole
from staff import bytes_of, logged_in, make_desk, send, store_of
from staff_desk import words

MONDAY = date(2026, 11, 30)


def vain_of(app: Flask) -> VainTerms:
    vain: VainTerms = app.extensions[KEY]
    return vain


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ｗｅｓｔ   Gate ", "west gate"),
        ("厕所", "厕所"),
        ("bus 101", "bus 101"),
        ("13805731234", ""),
        ("王先生 138 0573 1234", ""),
        ("ann@paper.example", ""),
        ("a" * (VAIN_LETTERS + 1), ""),
        ("x", ""),
        ("2026-11", ""),
        ("west\u202egate", ""),
    ],
)
def test_what_may_name_a_person_is_no_term(typed: str, kept: str) -> None:
    assert term_of(typed) == kept


def test_what_was_typed_on_the_way_is_not_a_term() -> None:
    assert whole(set()) == set()
    assert whole({"w", "wes", "west gate", "east", "厕", "厕所"}) == {"west gate", "east", "厕所"}


def test_a_term_is_kept_once_it_was_asked_for_in_several_minutes(tmp_path: Path) -> None:
    app = make_desk(tmp_path)
    visitor, vain = app.test_client(), vain_of(app)
    for minute in range(VAIN_MINUTES):
        assert vain_terms(store_of(app)) == []
        for address in ("/en/search?q=Fähre", "/search.json?q=Fähre", "/en/search?q=mill", "/search.json?q=Fä"):
            assert visitor.get(address).status_code == 200
        if not minute:
            visitor.get("/en/search?q=Nikolaus Geheim")  # once, by whoever
        vain.write()
    assert [(one.term, one.minutes) for one in vain_terms(store_of(app))] == [("fähre", VAIN_MINUTES)]
    visitor.get("/zh/search?q=FÄHRE")
    vain.write()
    ed = logged_in(app, "ed")
    assert "fähre 4 times" in words(ed.get("/en/staff/searches"))
    assert "Geheim" not in ed.get("/en/staff/searches").text
    assert send(ed, "/en/staff/searches/forget", "/en/staff/searches", term="fähre").status_code == 303
    assert vain_terms(store_of(app)) == []
    assert "fähre".encode() not in bytes_of(store_of(app))


def test_of_a_week_so_many_are_kept_and_old_weeks_go(store: Store) -> None:
    add_terms(store, date(2026, 5, 4), {"old": 3}, 26)
    add_terms(store, MONDAY, {f"term {n}": 3 for n in range(VAIN_TERMS_A_WEEK + 5)}, 26)
    add_terms(store, MONDAY, {"term 1": 2}, 26)
    told = vain_terms(store)
    assert len(told) == VAIN_TERMS_A_WEEK
    assert told[0] == VainSearch("2026-11-30", "term 1", 5)


def test_a_setting_turns_it_off_and_a_search_makes_no_database(tmp_path: Path) -> None:
    assert KEY not in make_desk(tmp_path / "off", search_weeks=0).extensions
    store = open_store("", tmp_path, "none")
    vain = VainTerms(store, 26, lambda: MONDAY)
    for _ in range(VAIN_MINUTES):
        vain.add("ferry")
        vain.write()
    assert not store.exists()
