"""Type more than a place may say: names of many lines, lists without an end. All else is saved, nothing is lost."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from cityatlas.editing.change_checks import change_faults
from cityatlas.store.log.desk_lists import open_drafts
from staff import logged_in, make_desk, send, store_of
from staff_desk import content

FIELDS = {"draft": "", "seen": "0"}
LONG, LINES = "磨" * 60_000, "老\r\n磨坊"
TOO_MANY = {"zh": "这里太多了，最多 500 项。", "en": "There is too much here: 500 items at most."}
ONE_LINE = {"zh": "名称要写在一行里，不能换行。", "en": "A name stands on one line; take the line break out."}
TOO_LONG = {"zh": "名称太长了，最多 200 个字。", "en": "The name is too long: 200 letters at most."}


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return a desk of its own for each test, with the toy city."""
    return make_desk(tmp_path_factory.mktemp("desk"), store_recheck_s=3600)


@pytest.fixture
def coco(desk: Flask) -> FlaskClient:
    """Return the browser of a contributor."""
    return logged_in(desk, "coco")


def rows(count: int) -> dict[str, str]:
    """Return the fields of so many sources."""
    return {f"sources.{number}.title": f"Paper {number}" for number in range(count)}


def drafts_of(desk: Flask, feature_id: str) -> list[dict[str, object]]:
    """Return what the drafts of a feature say."""
    return [draft.head.content.properties for draft in open_drafts(store_of(desk), feature_id=feature_id)]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("typed", "told"), [(LONG, TOO_LONG), (LINES, ONE_LINE)], ids=["long", "lines"])
def test_a_name_that_is_none_is_refused_at_its_field_and_all_else_is_saved(
    desk: Flask, coco: FlaskClient, language: str, typed: str, told: dict[str, str]
) -> None:
    fields = {**FIELDS, "name.zh": typed, "visit_min": "25"}
    answer = send(coco, f"/{language}/staff/features/mill", f"/{language}/staff/features/mill", **fields)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    assert told[language] in page.select_one("[id='name.zh'] .field-fault").get_text()  # type: ignore[union-attr]
    assert page.select_one("[name='name.zh']")["value"] == typed  # type: ignore[index]  # to be mended, not typed anew
    (draft,) = drafts_of(desk, "mill")
    assert draft["name"] == {"zh": "老磨坊", "en": "Old mill"}
    assert draft["visit_min"] == 25


def test_a_list_of_five_hundred_is_saved_and_of_one_more_is_not(desk: Flask, coco: FlaskClient) -> None:
    page = "/en/staff/features/mill"
    assert send(coco, page, page, **FIELDS, **rows(500)).status_code == 303
    answer = send(coco, page, page, **FIELDS, **rows(501), visit_min="25")
    assert answer.status_code == 422
    told = BeautifulSoup(answer.text, "html.parser").select_one("#sources > .field-fault")
    assert TOO_MANY["en"] in told.get_text()  # type: ignore[union-attr]
    assert 'value="Paper 500"' in answer.text
    (draft,) = drafts_of(desk, "mill")
    assert len(draft["sources"]) == 500  # type: ignore[arg-type]
    assert draft["visit_min"] == 25


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_script_is_told_which_lines_were_too_many(desk: Flask, coco: FlaskClient, language: str) -> None:
    page = f"/{language}/staff/features/mill"
    fields = {**FIELDS, "aliases": "\n".join(f"磨{n}" for n in range(501)), "visit_min": "25"}
    answer = send(coco, f"{page}/autosave", page, **fields)
    assert answer.get_json()["faults"] == {"aliases": TOO_MANY[language]}
    (draft,) = drafts_of(desk, "mill")
    assert "aliases" not in draft
    assert draft["visit_min"] == 25


def test_a_new_place_whose_only_name_is_none_is_not_begun(desk: Flask, coco: FlaskClient) -> None:
    page = "/en/staff/new/sights"
    answer = send(coco, page, page, **{"name.en": "Old\nmill", "name.zh": ""})
    assert answer.status_code == 422
    assert ONE_LINE["en"] in answer.text
    assert open_drafts(store_of(desk)) == []


def test_what_stands_already_may_be_longer_and_is_not_asked_about_again(desk: Flask, coco: FlaskClient) -> None:
    page = "/en/staff/features/mill"
    send(coco, page, page, **FIELDS, **rows(500))
    (draft,) = open_drafts(store_of(desk), feature_id="mill")
    fields = FIELDS | {"seen": str(draft.head.number), "draft": draft.branch, "visit_min": "25"}
    assert send(coco, page, page, **fields, **rows(500)).status_code == 303


def test_neither_can_be_published_by_another_way(desk: Flask) -> None:
    catalogue = desk.extensions["cityatlas_live"].current()
    lines = content(desk, "mill", name={"zh": "老\n磨坊", "en": "Old mill"})
    many = content(desk, "mill", aliases=[f"m{n}" for n in range(501)])
    assert [str(fault) for fault in change_faults(catalogue, "mill", lines)] == [
        "name holds a line break; write it on one line"
    ]
    assert [str(fault) for fault in change_faults(catalogue, "mill", many)] == [
        "aliases has 501 items, the limit is 500"
    ]
