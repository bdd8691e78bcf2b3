"""Edit features as browsers do: save, save by script, two people at once, faults by field, and words that stay."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from cityatlas.app import create_app
from cityatlas.editing.edit_base import ground_of
from cityatlas.editing.form.fields import is_name
from cityatlas.store import Order, publish, publish_content
from cityatlas.store.log.desk_lists import open_drafts
from cityatlas.store.log.revisions import moment_text
from cityatlas.store.tables import presences
from cityatlas.versioning.content import Content, content_of_row
from hostile import EVERYTHING, PAYLOADS
from staff import add_person, desk_settings, log_in, logged_in, make_desk, store_of
from toy import sights

CHINESE, ENGLISH = re.compile("[\u4e00-\u9fff]"), re.compile("[A-Za-z]{3,} [A-Za-z]{2,} [A-Za-z]{2,}")

Fields = dict[str, list[str]]
NUMBERS = count(1)
FILE = "0123456789abcdef0123456789abcdef.webp"  # of a photo


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return a desk with three people: ann, ed and coco. Its tests share it; each that writes has a mill of its own."""
    return make_desk(tmp_path_factory.mktemp("desk"), store_recheck_s=3600)  # no map is drawn anew


@pytest.fixture(scope="module")
def coco(desk: Flask) -> FlaskClient:
    """Return the browser of a contributor."""
    return logged_in(desk, "coco")


@pytest.fixture(scope="module")
def ed(desk: Flask) -> FlaskClient:
    """Return the browser of an editor."""
    return logged_in(desk, "ed")


@pytest.fixture
def mill(desk: Flask) -> str:
    """Return the id of a published copy of the mill, which no other test has."""
    feature_id = f"mill-of-test-{next(NUMBERS)}"
    (row,) = (row for row in sights()["features"] if row["id"] == "mill")
    publish_content(store_of(desk), feature_id, content_of_row("sights", row), 0, Order("ann"))
    return feature_id


def form_of(answer: TestResponse, chosen: str = "form#edit") -> Fields:
    """Return the fields that a browser would send with a form of a page."""
    form = BeautifulSoup(answer.text, "html.parser").select_one(chosen)
    assert form, answer.text
    fields: Fields = {}
    for node in form.select("input[name], textarea[name], select[name]"):
        if node.has_attr("form"):  # of another form
            continue
        if (value := _value(node)) is not None:
            fields.setdefault(str(node["name"]), []).append(value)
    return fields


def _value(node: Tag) -> str | None:
    if node.name == "textarea":
        return node.get_text().removeprefix("\n")
    if node.name == "select":
        option = node.select_one("option[selected]") or node.select_one("option")
        return str(option["value"]) if option else None
    is_out = node.get("type") in ("checkbox", "radio") and not node.has_attr("checked")
    return None if is_out else str(node.get("value", ""))


def opened(client: FlaskClient, feature_id: str, draft: str = "") -> Fields:
    """Return the form of a feature."""
    answer = client.get(f"/en/staff/features/{feature_id}", query_string={"draft": draft})
    assert answer.status_code == 200
    return form_of(answer)


def send(client: FlaskClient, feature_id: str, fields: Fields, **typed: str) -> TestResponse:
    """Send a form; `summary__zh` stands for `summary.zh`."""
    more = {name.replace("__", "."): [value] for name, value in typed.items()}
    return client.post(f"/en/staff/features/{feature_id}", data=fields | more)


def drafted(app: Flask, feature_id: str) -> Content:
    """Return what the only draft of a feature says."""
    (draft,) = open_drafts(store_of(app), feature_id=feature_id)
    return draft.head.content


def page_of(client: FlaskClient, answer: TestResponse) -> BeautifulSoup:
    """Return the page that a browser shows after an answer."""
    assert answer.status_code == 303, answer.text
    return BeautifulSoup(client.get(answer.headers["Location"]).text, "html.parser")


def test_a_form_that_is_sent_as_it_came_changes_nothing(desk: Flask, coco: FlaskClient, mill: str) -> None:
    for feature_id in ("mill", "hall", "boat-tour", "old-town", "school"):
        answer = send(coco, feature_id, opened(coco, feature_id))
        assert page_of(coco, answer).select_one(".notice.done")
        assert open_drafts(store_of(desk), feature_id=feature_id) == [], feature_id


def test_a_change_is_a_draft_of_ones_own_and_visitors_see_nothing_of_it(
    desk: Flask, coco: FlaskClient, ed: FlaskClient
) -> None:
    answer = send(coco, "hall", opened(coco, "hall"), summary__en="Reworded\r\nin two lines", visit_min="50")
    page = page_of(coco, answer)
    assert page.select_one("[name='summary.en']").get_text().strip() == "Reworded\nin two lines"  # type: ignore[union-attr]
    before = ground_of(store_of(desk), desk.extensions["cityatlas_live"].current(), "hall", "ann").content
    after = drafted(desk, "hall")
    assert after.properties == before.properties | {"summary": {"en": "Reworded\nin two lines"}, "visit_min": 50}
    assert "Reworded" not in desk.test_client().get("/en/sites/hall").text
    assert opened(ed, "hall")["summary.en"] == [""]
    assert opened(coco, "hall")["visit_min"] == ["50"]  # on return, the own draft


def test_two_tabs_of_one_person_meet_in_one_draft(desk: Flask, coco: FlaskClient, mill: str) -> None:
    first, second = opened(coco, mill), opened(coco, mill)
    send(coco, mill, first, summary__en="One")
    page = page_of(coco, send(coco, mill, second, address__en="Two"))
    properties = drafted(desk, mill).properties
    assert (properties["summary"]["en"], properties["address"]["en"]) == ("One", "Two")
    assert "summary" in page.select(".notice.done")[-1].get_text()


def both_at(desk: Flask, coco: FlaskClient, mill: str) -> str:
    """Return the id of a draft of the mill that coco has begun."""
    send(coco, mill, opened(coco, mill), summary__zh="初稿")
    (draft,) = open_drafts(store_of(desk), feature_id=mill)
    return draft.branch


def test_two_editors_of_different_fields_are_merged_and_it_is_said(
    desk: Flask, coco: FlaskClient, ed: FlaskClient, mill: str
) -> None:
    branch = both_at(desk, coco, mill)
    forms = opened(coco, mill, branch), opened(ed, mill, branch)
    send(coco, mill, forms[0], name__en="Mill of coco")
    page = page_of(ed, send(ed, mill, forms[1], **{"facts.1.label.en": "Height", "facts.1.value.en": "9 m"}))
    properties = drafted(desk, mill).properties
    assert properties["name"]["en"] == "Mill of coco"
    assert [fact["label"].get("en") for fact in properties["facts"]] == ["Built", "Height"]
    assert "English" in page.select(".notice.done")[-1].get_text()


def clashing(desk: Flask, coco: FlaskClient, ed: FlaskClient, mill: str) -> TestResponse:
    """Return the page that asks, after coco has changed the same summary."""
    branch = both_at(desk, coco, mill)
    forms = opened(coco, mill, branch), opened(ed, mill, branch)
    send(coco, mill, forms[0], summary__zh="她的")
    answer = send(ed, mill, forms[1], summary__zh="他的", address__en="5 Canal Road")
    assert answer.status_code == 409
    return answer


@pytest.mark.parametrize(
    ("choice", "own", "stands"),
    [("mine", "", "他的"), ("theirs", "", "她的"), ("own", "两人的\r\n合在一起", "两人的\n合在一起")],
)
def test_the_same_field_shows_three_values_and_takes_the_answer(
    desk: Flask, choice: str, own: str, stands: str, coco: FlaskClient, ed: FlaskClient, mill: str
) -> None:
    answer = clashing(desk, coco, ed, mill)
    question = BeautifulSoup(answer.text, "html.parser").select_one("fieldset.question")
    assert question
    assert all(words in question.get_text() for words in ("初稿", "他的", "她的"))
    fields, chosen = form_of(answer, ".conflict form"), str(question.select_one("[type=radio]")["name"])  # type: ignore[index]
    fields |= {chosen: [choice]} | ({chosen.replace("choice", "own"): [own]} if own else {})
    page_of(ed, send(ed, mill, fields))
    properties = drafted(desk, mill).properties
    assert properties["summary"]["zh"] == stands
    assert properties["address"]["en"] == "5 Canal Road"


def test_a_photo_is_called_by_what_it_shows_where_it_is_asked_about(
    desk: Flask, coco: FlaskClient, ed: FlaskClient, mill: str
) -> None:
    photo = {"photos.0.file": FILE, "photos.0.alt.zh": "水车", "photos.0.alt.en": "The wheel", "photos.0.credit": "Li"}
    send(coco, mill, opened(coco, mill), **photo)
    (draft,) = open_drafts(store_of(desk), feature_id=mill)
    assert "photo · The wheel" in coco.get(f"/en/staff/drafts/{draft.branch}").text
    forms = opened(coco, mill, draft.branch), opened(ed, mill, draft.branch)
    send(coco, mill, forms[0], **{"photos.0.credit": "Wu"})
    answer = send(ed, mill, forms[1], **{"photos.0.credit": "An"})
    question = BeautifulSoup(answer.text, "html.parser").select_one("fieldset.question")
    assert question
    assert "photo · The wheel" in question.get_text()
    assert FILE not in question.get_text()


def test_hostile_text_is_only_text_where_it_is_asked_about(
    desk: Flask, coco: FlaskClient, ed: FlaskClient, mill: str
) -> None:
    payload, branch = "".join(PAYLOADS.values()), both_at(desk, coco, mill)
    typed = {"facts.1.label.zh": payload, "facts.1.value.zh": payload, "summary.zh": f"{payload}1"}
    forms = opened(coco, mill, branch), opened(ed, mill, branch)
    send(coco, mill, forms[0], **typed)
    answer = send(ed, mill, forms[1], **typed | {"facts.1.value.zh": f"{payload}2", "summary.zh": f"{payload}2"})
    page = BeautifulSoup(answer.text, "html.parser")
    assert len(page.select("fieldset.question")) == 2
    assert page.select("body script, img, [onfocus], [onload], main svg[onload]") == []
    choices = {str(node["name"]): ["mine"] for node in page.select("main [type=radio]")}
    page_of(ed, send(ed, mill, form_of(answer, ".conflict form") | choices))
    assert drafted(desk, mill).properties["facts"][1]["value"]["zh"] == f"{payload}2"


def test_a_conflict_without_an_answer_is_asked_again_and_keeps_every_word(
    desk: Flask, coco: FlaskClient, ed: FlaskClient, mill: str
) -> None:
    answer = clashing(desk, coco, ed, mill)
    again = send(ed, mill, form_of(answer, ".conflict form"))
    assert again.status_code == 409
    assert form_of(again, ".conflict form")["address.en"] == ["5 Canal Road"]
    assert drafted(desk, mill).properties["summary"]["zh"] == "她的"


def test_an_answer_to_an_older_conflict_does_not_count(
    desk: Flask, coco: FlaskClient, ed: FlaskClient, mill: str
) -> None:
    answer = clashing(desk, coco, ed, mill)
    fields = form_of(answer, ".conflict form")
    send(coco, mill, opened(coco, mill), summary__zh="她又改的")
    (radio,) = {node["name"] for node in BeautifulSoup(answer.text, "html.parser").select("main [type=radio]")}
    again = send(ed, mill, fields | {str(radio): ["mine"]})
    assert again.status_code == 409
    assert "她又改的" in again.text


def autosave(client: FlaskClient, feature_id: str, fields: Fields, **typed: str) -> TestResponse:
    """Save as the script does."""
    more = {name.replace("__", "."): [value] for name, value in typed.items()}
    headers = {"Accept": "application/json", "X-CSRF-Token": fields["csrf"][0]}
    sent = {name: value for name, value in (fields | more).items() if name != "csrf"}
    return client.post(f"/en/staff/features/{feature_id}/autosave", data=sent, headers=headers)


def test_a_script_saves_and_learns_where_its_form_stands(desk: Flask, coco: FlaskClient, mill: str) -> None:
    fields = opened(coco, mill)
    assert autosave(coco, mill, fields).get_json()["draft"] == ""  # nothing changed, nothing kept
    told = autosave(coco, mill, fields, summary__en="One").get_json()
    (draft,) = open_drafts(store_of(desk), feature_id=mill)
    assert told == {
        "seen": draft.head.number,
        "draft": draft.branch,
        "merged": [],
        "names": [],
        "form": [],
        "lists": [],
        "cited": [],
        "faults": {},
    }
    stands = fields | {"seen": [str(told["seen"])], "draft": [told["draft"]]}
    autosave(coco, mill, stands, summary__en="One two")
    assert drafted(desk, mill).properties["summary"]["en"] == "One two"


def test_a_script_is_given_what_it_must_show_before_it_saves_again(
    desk: Flask, coco: FlaskClient, ed: FlaskClient, mill: str
) -> None:
    branch = both_at(desk, coco, mill)
    fields = opened(ed, mill, branch)
    send(coco, mill, opened(coco, mill, branch), name__en="Hers", **{"facts.0.value.en": "1891"})
    told = autosave(ed, mill, fields, address__en="His").get_json()
    shown: dict[str, Any] = dict(told["form"])
    assert (shown["name.en"], shown["facts.0.value.en"], told["lists"]) == ("Hers", "1891", ["facts"])
    assert "address.en" not in shown
    stands = fields | {name: [value] for name, value in shown.items()} | {"seen": [str(told["seen"])]}
    autosave(ed, mill, stands, address__en="His own")
    properties = drafted(desk, mill).properties
    assert (properties["name"]["en"], properties["address"]["en"]) == ("Hers", "His own")
    assert properties["facts"][0]["value"]["en"] == "1891"


def test_a_script_is_told_of_a_conflict_and_nothing_is_overwritten(
    desk: Flask, coco: FlaskClient, ed: FlaskClient, mill: str
) -> None:
    branch = both_at(desk, coco, mill)
    fields = opened(ed, mill, branch)
    send(coco, mill, opened(coco, mill, branch), summary__zh="她的")
    answer = autosave(ed, mill, fields, summary__zh="他的")
    assert answer.status_code == 409
    (clash,) = answer.get_json()["clashes"]
    assert [clash[side] for side in ("base", "mine", "theirs")] == ["初稿", "他的", "她的"]
    assert drafted(desk, mill).properties["summary"]["zh"] == "她的"


def test_a_draft_may_be_incomplete_and_each_field_says_what_it_lacks(desk: Flask, coco: FlaskClient) -> None:
    typed = {"opening_hours": "9点开门", "visit_min": "an hour", "sources.0.url": "paper.example", "name__en": ""}
    page = page_of(coco, send(coco, "hall", opened(coco, "hall"), **typed))
    for name, value in (("opening_hours", "9点开门"), ("visit_min", "an hour"), ("sources.0.url", "paper.example")):
        field = page.select_one(f"[name='{name}']")
        assert field, name
        assert (field["value"], field["aria-describedby"]) == (value, f"fault-{name}")
        assert page.find(id=f"fault-{name}"), name
    assert page.select_one(".pair.lacks .missing")
    assert drafted(desk, "hall").properties["opening_hours"] == "9点开门"


def test_what_a_draft_lacks_is_told_in_the_reader_s_language(desk: Flask, coco: FlaskClient) -> None:
    typed = {
        "opening_hours": "9点开门",
        "visit_min": "long",
        "sources.0.url": "paper.example",
        "facts.0.label__zh": "高",
    }
    assert send(coco, "hall", opened(coco, "hall"), **typed).status_code == 303
    (draft,) = open_drafts(store_of(desk), feature_id="hall")
    page = BeautifulSoup(coco.get(f"/zh/staff/features/hall?draft={draft.branch}").text, "html.parser")
    said = [span.get_text(strip=True) for span in page.select(".field-fault > span > span, .lacks-list li")]
    assert len(said) >= 8
    assert [text for text in said if not CHINESE.search(text) or ENGLISH.search(text)] == []


def test_what_a_position_rests_on_has_a_place_of_its_own_in_the_form(coco: FlaskClient, mill: str) -> None:
    soup = BeautifulSoup(coco.get(f"/zh/staff/features/{mill}").text, "html.parser")
    part = soup.select_one("#edit #position")  # where the address of a position that is missing leads
    assert part
    assert [heading.get_text() for heading in part.select("h3")] == ["位置依据"]
    assert part.select_one("[name='position.class']")
    assert not part.select_one("[name=lon]")
    assert soup.select_one("#edit [name=lon]")


def test_a_feature_without_faults_shows_none(desk: Flask, ed: FlaskClient) -> None:
    page = BeautifulSoup(ed.get("/zh/staff/features/hall").text, "html.parser")
    assert page.select(".field-fault, .lacks-list") == []


def test_a_place_that_cannot_be_read_stays_typed_while_all_else_is_saved(
    desk: Flask, coco: FlaskClient, mill: str
) -> None:
    answer = send(coco, mill, opened(coco, mill), lon="121 deg", summary__en="Kept")
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.select_one("[name=lon]")["value"] == "121 deg"  # type: ignore[index]
    assert page.find(id="fault-lon")
    content = drafted(desk, mill)
    assert content.properties["summary"]["en"] == "Kept"
    assert content.geometry == {"type": "Point", "coordinates": [121.0, 30.7]}
    page_of(coco, send(coco, mill, form_of(answer), lon="121.001"))
    assert drafted(desk, mill).geometry == {"type": "Point", "coordinates": [121.001, 30.7]}


def test_a_route_of_five_thousand_positions_can_be_saved(desk: Flask, coco: FlaskClient) -> None:
    line = {"type": "LineString", "coordinates": [[121 + n / 1e6, 30.7123456789] for n in range(5_000)]}
    page_of(coco, send(coco, "boat-tour", opened(coco, "boat-tour"), geometry=json.dumps(line)))
    geometry = drafted(desk, "boat-tour").geometry
    assert geometry is not None
    assert len(geometry["coordinates"]) == 5_000


def test_bytes_and_signs_that_are_no_text_are_saved_as_far_as_they_can_be_and_told(
    desk: Flask, coco: FlaskClient, mill: str
) -> None:
    fields = {name: values[0] for name, values in opened(coco, mill).items()}
    body = urlencode(fields | {"summary.en": "a\x00b"}).replace("a%00b", "a%00b%ED%B2%80")  # half a sign
    answer = coco.post(
        f"/en/staff/features/{mill}", data=body.encode(), content_type="application/x-www-form-urlencoded"
    )
    assert page_of(coco, answer).find(id="fault-summary.en")
    assert drafted(desk, mill).properties["summary"]["en"] == "a\x00b%ED%B2%80"


def test_a_new_feature_needs_a_name_alone_and_gets_an_id_of_its_own(desk: Flask, coco: FlaskClient, mill: str) -> None:
    fields = form_of(coco.get("/en/staff/new/sights"))
    refused = coco.post("/en/staff/new/sights", data=fields | {"summary.en": ["No name yet"]})
    assert (refused.status_code, form_of(refused)["summary.en"]) == (422, ["No name yet"])
    named = fields | {"name.zh": ["老磨坊"], "name.en": ["Mill"]}
    for feature_id in ("mill-2", "mill-3"):  # "mill" is there, and "mill-2" is a draft's by then
        answer = coco.post("/en/staff/new/sights", data=named)
        assert f"/features/{feature_id}?" in answer.headers["Location"]
        assert page_of(coco, answer).select_one(".lacks-list")
    assert drafted(desk, "mill-2").properties == {"name": {"zh": "老磨坊", "en": "Mill"}}
    answer = coco.post("/en/staff/new/sights", data=fields | {"name.zh": ["平湖塔"]})
    assert "/features/ping-hu-ta?" in answer.headers["Location"]
    assert coco.get("/en/staff/new/nowhere").status_code == 404


def at(client: FlaskClient, feature_id: str) -> list[dict[str, str]]:
    """Tell the desk that somebody has a feature open, and return who else has."""
    csrf = form_of(client.get(f"/en/staff/features/{feature_id}"))["csrf"][0]
    answer = client.post(f"/en/staff/features/{feature_id}/others", headers={"X-CSRF-Token": csrf})
    found: list[dict[str, str]] = answer.get_json()["others"]
    return found


def test_who_has_a_feature_open_is_named_for_a_minute_also_without_a_draft(
    desk: Flask, coco: FlaskClient, ed: FlaskClient, mill: str
) -> None:
    assert at(coco, mill) == []
    assert [(other["told"], other["draft"]) for other in at(ed, mill)] == [("coco has this place open too.", "")]
    with store_of(desk).writing() as connection:
        connection.execute(update(presences).values(seen_at=moment_text(datetime.now(UTC) - timedelta(seconds=61))))
    assert at(ed, mill) == []


def test_who_else_edits_is_named_for_half_an_hour(desk: Flask, coco: FlaskClient, ed: FlaskClient, mill: str) -> None:
    branch = both_at(desk, coco, mill)
    (other,) = at(ed, mill)
    assert (other["told"].startswith("coco saved a draft"), other["draft"]) == (True, branch)
    assert [other["told"] for other in at(coco, mill)] == ["ed has this place open too."]
    assert "coco" in BeautifulSoup(ed.get(f"/en/staff/features/{mill}").text, "html.parser").select_one(".others").text  # type: ignore[union-attr]


def test_a_form_outlives_the_publication_of_its_draft(
    desk: Flask, coco: FlaskClient, ed: FlaskClient, mill: str
) -> None:
    branch = both_at(desk, coco, mill)
    fields = opened(coco, mill, branch)
    (draft,) = open_drafts(store_of(desk), feature_id=mill)
    publish(store_of(desk), branch, draft.head.number, Order("ed"))
    page_of(coco, send(coco, mill, fields, summary__en="Later"))
    assert drafted(desk, mill).properties["summary"] == {"zh": "初稿", "en": "Later"}
    assert opened(ed, mill, branch)["summary.zh"] == ["初稿"]  # the old link leads to what visitors see


def test_hostile_text_in_every_field_is_only_text(coco: FlaskClient, mill: str) -> None:
    payload = "".join(PAYLOADS.values())
    fields = opened(coco, mill)
    # from the only stop nothing leads on
    own = ("csrf", "seen", "draft", "geometry", "lon", "lat", "lon_was", "lat_was", "datum", "stops.0.mode")
    moved = {*own, "cites.title", "cites.date", "cites.url"}  # a new source is listed once it is saved
    texts = {name: EVERYTHING if is_name(name) else payload for name in fields if name not in moved}
    typed = fields | {name: [text] for name, text in texts.items()}
    answer = coco.post(f"/en/staff/features/{mill}", data=typed)
    page = page_of(coco, answer)
    assert page.select("body script:not([type='application/json']), img:not([hidden]), [onfocus], [onload]") == []
    shown = form_of(coco.get(answer.headers["Location"]))
    assert {name for name, text in texts.items() if text not in shown[name]} == set()
    assert "1337" not in page.get_text()
    broken = send(coco, mill, opened(coco, mill), geometry=payload)
    assert form_of(broken)["geometry"] == [payload]


def test_what_was_typed_is_given_back_when_the_session_has_ended(desk: Flask, mill: str) -> None:
    client = logged_in(desk, "coco")
    fields = opened(client, mill)
    client.delete_cookie("desk")
    refused = send(client, mill, fields, summary__en=EVERYTHING)
    assert refused.status_code == 401
    kept = form_of(refused, ".kept form")
    assert kept["summary.en"] == [EVERYTHING]
    log_in(client, "coco")
    old = client.post(f"/en/staff/features/{mill}", data=kept)
    assert old.status_code == 403  # the token was the old session's: it is shown once more, with a new one
    page_of(client, client.post(f"/en/staff/features/{mill}", data=form_of(old, ".kept form")))
    assert drafted(desk, mill).properties["summary"] == {"zh": "水边的老磨坊。", "en": EVERYTHING}


def test_a_form_from_another_site_is_not_given_back(desk: Flask, coco: FlaskClient, mill: str) -> None:
    headers = {"Origin": "https://evil.example"}
    answer = coco.post(f"/en/staff/features/{mill}", data=opened(coco, mill), headers=headers)
    assert answer.status_code == 403
    assert 'class="kept"' not in answer.text


def test_the_script_of_a_session_that_ended_is_told_401(desk: Flask, mill: str) -> None:
    client = logged_in(desk, "coco")
    fields = opened(client, mill)
    client.delete_cookie("desk")
    assert autosave(client, mill, fields, summary__en="One").status_code == 401


def test_nobody_is_noted_at_a_feature_that_there_is_not(desk: Flask, mill: str) -> None:
    client = logged_in(desk, "coco")
    csrf = opened(client, mill)["csrf"][0]
    answers = [
        client.post(f"/en/staff/features/{feature_id}/others", headers={"X-CSRF-Token": csrf}).status_code
        for feature_id in (mill, *(f"flood-{n}" for n in range(9)), "..", "~")
    ]
    assert answers == [200, *[404] * 11]
    with store_of(desk).reading() as connection:
        noted = set(connection.execute(select(presences.c.feature_id)).scalars())
    assert (mill in noted, [feature_id for feature_id in noted if not feature_id.startswith("mill-")]) == (True, [])


def test_a_draft_of_another_feature_cannot_be_opened_as_this_one(desk: Flask, coco: FlaskClient, mill: str) -> None:
    branch = both_at(desk, coco, mill)
    assert coco.get("/en/staff/features/hall", query_string={"draft": branch}).status_code == 404


@pytest.mark.parametrize("seen", ["", "-1", "x", "7" * 40, "999999"])
def test_a_form_that_names_no_revision_is_not_guessed_at(coco: FlaskClient, mill: str, seen: str) -> None:
    assert send(coco, mill, opened(coco, mill), seen=seen, summary__en="x").status_code == 404


def test_a_notice_can_be_given_at_once_of_a_place_of_any_kind(coco: FlaskClient) -> None:
    page = BeautifulSoup(coco.get("/en/staff/features/hall").text, "html.parser")
    assert page.select_one("#group-notices [data-list=notices]")
    assert not page.select(".more-groups #group-notices")
    assert page.select(".more-groups #group-works")


def test_the_source_of_an_edit_is_named_once_and_stays_chosen(desk: Flask, coco: FlaskClient, mill: str) -> None:
    typed = {"cites.title": "Notice", "cites.date": "2024年9月1日", "phone": "0573-85012345"}
    answer = send(coco, mill, opened(coco, mill), **typed)
    properties = drafted(desk, mill).properties
    assert properties["phone_source"] == "Notice"
    assert properties["sources"][-1] == {"title": "Notice", "date": "2024-09-01"}
    (chosen,) = page_of(coco, answer).select("#f-cites option[selected]")
    assert chosen["value"] == "Notice"


def test_a_source_named_by_mistake_leaves_the_list_when_another_takes_its_place(
    desk: Flask, coco: FlaskClient, mill: str
) -> None:
    answer = send(coco, mill, opened(coco, mill), **{"cites.title": "Notise", "phone": "0573-85012345"})
    fields = form_of(coco.get(str(answer.location)))
    answer = send(coco, mill, fields, **{"cites.title": "Notice"})
    assert [source["title"] for source in drafted(desk, mill).properties["sources"]] == ["Town paper", "Notice"]
    assert drafted(desk, mill).properties["phone_source"] == "Notice"
    told = autosave(coco, mill, form_of(coco.get(str(answer.location))), **{"cites.title": "Notice at the door"})
    shown = dict(told.get_json()["cited"])
    assert shown["phone_source"] == shown["cites_listed"] == shown["sources.1.title"] == "Notice at the door"
    assert [source["title"] for source in drafted(desk, mill).properties["sources"]] == [
        "Town paper",
        "Notice at the door",
    ]


def test_a_script_is_told_what_the_source_of_an_edit_was_put_into(coco: FlaskClient, mill: str) -> None:
    told = autosave(coco, mill, opened(coco, mill), cites__title="Notice", phone="0573-85012345").get_json()
    shown = dict(told["cited"])
    assert shown["phone_source"] == "Notice"
    assert "Notice" in (text for name, text in shown.items() if name.startswith("sources."))


def test_the_parts_of_a_form_follow_the_kind_before_it_is_saved(coco: FlaskClient) -> None:
    answer = coco.get("/en/staff/new/sights")
    page, fields = BeautifulSoup(answer.text, "html.parser"), form_of(answer)
    assert not page.select(".more-groups #group-hours")  # no kind is chosen yet
    told = {str(group["id"]): str(group["data-kinds"]).split() for group in page.select("#edit .group")}
    for kind in ("house", "museum", "boat_stop", "route"):
        laid = coco.post("/en/staff/new/sights", data=fields | {"kind": [kind], "action": ["lay"]})
        behind = BeautifulSoup(laid.text, "html.parser").select(".more-groups .group")
        assert {str(group["id"]) for group in behind} == {key for key, kinds in told.items() if kind not in kinds}


def test_a_form_that_is_laid_anew_keeps_what_is_typed_and_saves_nothing(
    desk: Flask, coco: FlaskClient, mill: str
) -> None:
    answer = send(coco, mill, opened(coco, mill), summary__en="Typed", action="lay")
    assert form_of(answer)["summary.en"] == ["Typed"]
    assert not open_drafts(store_of(desk), feature_id=mill)


def test_an_editor_saves_and_goes_on_to_publish_and_a_contributor_to_review(
    ed: FlaskClient, coco: FlaskClient, mill: str
) -> None:
    answer = send(ed, mill, opened(ed, mill), summary__zh="新的话", action="go_on")
    assert re.fullmatch(r"/en/staff/drafts/\w+", str(answer.location))
    assert "新的话" in ed.get(str(answer.location)).text
    again = send(ed, mill, opened(ed, mill), action="go_on")  # nothing was changed since
    assert again.location == answer.location
    assert "Nothing was changed" not in ed.get(str(answer.location)).text
    pages = [BeautifulSoup(one.get(f"/en/staff/features/{mill}").text, "html.parser") for one in (ed, coco)]
    assert [page.select_one("[value=go_on]").text for page in pages] == [  # type: ignore[union-attr]
        "Save, and go to publish",
        "Save, and go to review",
    ]


def test_no_part_of_the_form_bears_the_name_of_a_field_that_scripts_read(coco: FlaskClient, mill: str) -> None:
    form = BeautifulSoup(coco.get(f"/en/staff/features/{mill}").text, "html.parser").find(id="edit")
    assert isinstance(form, Tag)
    named = {
        tag["name"]
        for tag in form.select("select[name], textarea[name], input[name]:not([type=checkbox], [type=hidden])")
    }
    parts = {
        tag["id"] for tag in form.select("fieldset[id], output[id], button[id]")
    }  # form.elements finds these too, by id
    assert "cites" in named
    assert named & parts == set()


def test_a_new_place_of_a_layer_with_one_kind_has_it_already(tmp_path: Path) -> None:
    settings = desk_settings(tmp_path)
    told, works = settings.geodata / "city.toml", settings.geodata / "works.geojson"
    told.write_text(told.read_text("utf-8").replace('kinds = ["project", "district"]', 'kinds = ["project"]'), "utf-8")
    works.write_text(works.read_text("utf-8").replace('"district"', '"project"'), "utf-8")
    app = create_app(settings)
    add_person(store_of(app), "ann", "admin")
    ann = logged_in(app, "ann")
    assert form_of(ann.get("/en/staff/new/works"))["kind"] == ["project"]
    assert form_of(ann.get("/en/staff/new/sights"))["kind"] == [""]
