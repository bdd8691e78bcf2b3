"""Where embeds were seen: counted by page and day, told to staff, and told again before a place is taken off."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from flask import Flask

from cityatlas.cli.main import main
from cityatlas.limits import EMBED_PAGES_A_DAY
from cityatlas.settings import Settings
from cityatlas.store import Store
from cityatlas.store.embed_uses import OTHERS, EmbedUse, Use, add_uses, all_uses
from cityatlas.web.embed.uses import UseCounter, page_of, use_of
from sheet_files import Rows, csv_of, rows_of, toy_layer, with_cell
from staff import logged_in, make_desk, send, store_of, token
from staff_desk import content, draft, words

DAY = date(2026, 12, 5)
NEWS = "https://news.example/city/tour?session=s3cret#top"


def counter_of(app: Flask) -> UseCounter:
    """Return what counts the frames of an application."""
    counter: UseCounter = app.extensions["cityatlas_embed_uses"]
    return counter


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return a desk whose frame of the hall was seen on two pages."""
    app = make_desk(tmp_path_factory.mktemp("uses"))
    visitor = app.test_client()
    for _ in range(3):  # the later ones are repeated before Flask is asked
        assert visitor.get("/zh/embed/sites/hall", headers={"Referer": NEWS}).status_code == 200
    visitor.get("/en/embed/sites/hall", headers={"Referer": "https://blog.example/"})
    visitor.get("/zh/embed/sites/nowhere", headers={"Referer": NEWS})
    visitor.get("/zh/embed/sites/hall", headers={"Referer": "http://localhost/zh/embed/builder"})
    visitor.get("/zh/embed/sites/hall", headers={"Referer": NEWS, "Sec-Fetch-Dest": "document"})
    visitor.get("/zh/sites/hall", headers={"Referer": NEWS})
    visitor.get("/zh/embed/", headers={"Referer": "https://evil.example/<script>alert(1)</script>"})
    counter_of(app).write()
    return app


def test_only_frames_on_pages_of_others_are_counted(desk: Flask) -> None:
    told = [(use.embed, use.page, use.views) for use in all_uses(store_of(desk))]
    assert told == [
        ("", "evil.example/<script>alert(1)</script>", 1),
        ("sites/hall", "news.example/city/tour", 3),
        ("sites/hall", "blog.example", 1),
    ]


def test_what_names_a_person_is_never_kept(desk: Flask) -> None:
    assert page_of("https://user:pass@Host.example:8443/a/b/?q=1#x") == "host.example:8443/a/b"
    assert page_of("javascript:alert(1)") == page_of("") == page_of("https://[") == ""
    assert len(page_of("https://host.example/" + "a" * 5000)) == 200
    assert "s3cret" not in repr(all_uses(store_of(desk)))


def test_staff_see_where_embeds_live(desk: Flask) -> None:
    page = BeautifulSoup(logged_in(desk, "coco").get("/zh/staff/embeds").text, "html.parser")
    (hall,) = (section for section in page.select("section.panel") if "sites/hall" in section.text)
    assert [cell.text for cell in hall.select("tbody tr:first-child td")][:2] == ["news.example/city/tour", "3"]
    assert "<script>alert(1)" not in str(page.select_one("main"))
    assert page.select_one("main").get_text().count("<script>alert(1)</script>") == 1  # type: ignore[union-attr]


def test_who_takes_a_place_off_is_told_which_pages_carry_it(desk: Flask) -> None:
    history = logged_in(desk, "ann").get("/en/staff/features/hall/history").text
    assert "2 pages carry this place" in history
    assert "news.example/city/tour" in history
    assert "pages carry this place" not in logged_in(desk, "ann").get("/en/staff/features/mill/history").text


def test_who_publishes_a_route_without_its_stops_is_told_which_pages_carry_it(desk: Flask) -> None:
    add_uses(store_of(desk), DAY, {Use("routes/boat-tour", "inn.example/walks"): 7}, 400)
    fewer, none, same = (
        draft(desk, "boat-tour", stops=[*stops])
        for stops in (["mill", "hall"], [], content(desk, "boat-tour").attributes.stops)
    )
    told = [words(logged_in(desk, "ann").get(f"/en/staff/drafts/{one.branch}")) for one in (fewer, none, same)]
    assert "loses 1 stops, and 1 pages carry it" in told[0]
    assert "keeps no stop, and 1 pages carry it" in told[1]
    assert ["inn.example/walks" in page for page in told] == [True, True, False]


@pytest.fixture
def carried(desk: Flask) -> Flask:
    """Return the desk whose boat tour stands on a page too."""
    add_uses(store_of(desk), DAY, {Use("routes/boat-tour", "inn.example/walks"): 1}, 400)
    return desk


def test_a_sheet_is_looked_at_with_what_it_breaks_on_pages_of_others(carried: Flask) -> None:
    ed, page = logged_in(carried, "ed"), "/en/staff/layers/sights/import"

    def looked_at(rows: Rows) -> str:
        sent = {"csrf": token(ed.get(page)), "file": (BytesIO(csv_of(rows)), "sheet.csv")}
        address = ed.post(page, data=sent).headers["Location"]
        while "<progress" in (answer := ed.get(address)).text:
            pass
        return words(answer)

    rows, _ = with_cell(rows_of(toy_layer()), "boat-tour", "stops", "mill\nquay\nmill")
    told = looked_at([row for row in rows if row[0] != "hall"])
    assert "Boat tour This route loses 1 stops, and 1 pages carry it" in told
    assert "pages carry this place" not in told  # the tour needs the hall: it cannot be ticked off
    gone = looked_at([row for row in rows if row[0] != "boat-tour"])
    assert "Boat tour 1 pages carry this place. Once it is taken off" in gone


def test_a_table_its_drafts_and_the_list_tell_what_they_break(carried: Flask) -> None:
    coco, layer = logged_in(carried, "coco"), "/en/staff/layers/sights"
    fields = {"column": "stops", "id": ["boat-tour"], "value": ["mill\nquay\nmill"], "do": "table"}
    version = BeautifulSoup(coco.get(f"{layer}?column=stops&q=boat").text, "html.parser").select('[name="version"]')
    fields["version"] = [str(field["value"]) for field in version]
    loses = "Boat tour This route loses 1 stops"
    assert loses in words(send(coco, f"{layer}/preview", layer, **fields))
    assert loses in words(coco.get(send(coco, f"{layer}/save", layer, **fields).headers["Location"]))
    assert loses in words(logged_in(carried, "ann").get("/en/staff/drafts/?kind=all"))


def test_who_edits_a_route_is_told_before_and_while_stops_go(carried: Flask) -> None:
    ann, page = logged_in(carried, "ann"), "/en/staff/features/boat-tour"
    before = "pages carry this route. A stop that is taken out"
    assert before in words(ann.get(page))
    assert before in words(ann.get(f"{page}/history"))
    assert before not in words(ann.get("/en/staff/features/hall"))
    one = draft(carried, "boat-tour", kind="boat_stop")
    assert "no tour route any more" in words(ann.get(f"{page}?draft={one.branch}"))
    for stops, lost in ((["mill", "quay", "hall"], ""), (["mill", "hall"], "loses 1 stops"), ([], "loses 3 stops")):
        told = send(ann, "/en/staff/route", page, feature="boat-tour", stop=stops).get_json()
        assert lost in told["broken"]
        assert bool(told["broken"]) == bool(lost)


def test_a_check_of_the_files_tells_which_pages_embed_a_layer_that_is_gone(tmp_path: Path) -> None:
    app = make_desk(tmp_path)
    settings: Settings = app.config["SETTINGS"]
    add_uses(store_of(app), DAY, {Use("layers/works", "news.example/a"): 2, Use("layers/old", "inn.example"): 1}, 400)
    environ = {"CITYATLAS_VAR": str(settings.var), "CITYATLAS_GEODATA": str(settings.geodata)}
    told = CliRunner().invoke(main, ["check"], env=environ)
    assert (told.exit_code, "news.example" in told.stderr) == (0, False)
    assert "no layer “old” any more, and 1 pages of others embed it (inn.example)" in told.stderr
    assert CliRunner().invoke(main, ["check"], env=environ | {"CITYATLAS_VAR": str(tmp_path / "new")}).stderr == ""
    assert not (tmp_path / "new").exists()


def test_nothing_is_counted_where_the_operator_wants_none(tmp_path: Path) -> None:
    app = make_desk(tmp_path, embed_days=0)
    assert "cityatlas_embed_uses" not in app.extensions
    assert "CITYATLAS_EMBED_DAYS" in logged_in(app, "coco").get("/en/staff/embeds").text


def test_days_are_added_up_and_old_ones_deleted(store: Store) -> None:
    use = Use("routes/red", "news.example")
    for ago in (401, 3, 0):
        add_uses(store, DAY - timedelta(days=ago), Counter({use: 2}), kept_days=400)
    add_uses(store, DAY, Counter({use: 5}), kept_days=400)
    assert all_uses(store) == [EmbedUse("routes/red", "news.example", 9, "2026-12-05")]
    assert all_uses(store, "routes/blue") == []


def test_a_flood_of_pages_is_counted_together(store: Store) -> None:
    flood = Counter({Use("", f"host{n}.example"): 1 for n in range(EMBED_PAGES_A_DAY + 50)})
    add_uses(store, DAY, flood, kept_days=400)
    told = all_uses(store)
    assert len(told) == EMBED_PAGES_A_DAY + 1
    assert {use.views for use in told if use.page == OTHERS} == {50}


def test_what_asks_for_no_frame_is_not_looked_at() -> None:
    for method, path in (("GET", "/zh/embed/builder"), ("POST", "/zh/embed/"), ("GET", "/embed/"), ("GET", "/zh/")):
        assert use_of({"REQUEST_METHOD": method, "PATH_INFO": path}) is None


@pytest.mark.parametrize(
    ("path", "embed"), [("@57-3f9a2c81", ""), ("list@57.1", "list"), ("sites/mill@57", "sites/mill")]
)
def test_a_pinned_frame_counts_as_what_it_shows(path: str, embed: str) -> None:
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": f"/en/embed/{path}", "HTTP_HOST": "atlas.example"}
    use = use_of(asked)
    assert use
    assert use.embed == embed
