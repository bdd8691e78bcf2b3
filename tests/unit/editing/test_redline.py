"""Check what is told of two versions of a feature: words that go and come, items of lists, places on the map."""

from __future__ import annotations

import pytest

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.editing.diff import DiffLine, Piece, marked, redline, title_of
from cityatlas.render.change_map import draw_difference, moved_m
from cityatlas.settings import Settings
from cityatlas.versioning.content import Content, content_of
from toy import feature, point, text, write_city

SIZE_PX = (300, 200)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return build_catalogue(Settings(geodata=write_city(tmp_path_factory.mktemp("redline"))))


def saying(**properties: object) -> Content:
    row = feature("mill", "house", text("老磨坊", "Old mill"), point(121.0), **properties)
    return content_of("sights", row["geometry"], row["properties"])


def told(line: DiffLine) -> list[str]:
    """Return the texts of a line, with [-what goes-] and {+what comes+}."""
    signs = {"same": "{}", "out": "[-{}-]", "in": "{{+{}+}}"}
    return ["".join(signs[piece.mark].format(piece.text) for piece in part.pieces) for part in line.parts]


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("水边的老磨坊", "水边的新磨坊", "same 水边的|out 老|in 新|same 磨坊"),
        ("open from 08:30 daily", "open from 09:00 daily", "same open from |out 08:30|in 09:00|same  daily"),
        ("", "new", "in new"),
        ("gone", "", "out gone"),
        ("same", "same", "same same"),
        ("a b c d e f", "u v w x y z", "out a b c d e f|in u v w x y z"),  # nothing but spaces is kept: told as a whole
    ],
)
def test_words_that_go_and_come_are_marked(old: str, new: str, pieces: str) -> None:
    assert "|".join(f"{piece.mark} {piece.text}" for piece in marked(old, new)) == pieces


def test_texts_that_would_take_long_to_compare_are_told_as_a_whole() -> None:
    old, new = "长" * 20_000, "长短" * 10_000
    assert marked(old, new) == (Piece("same", "长"), Piece("out", "长" * 19_999), Piece("in", "短" + "长短" * 9_999))


def test_fields_are_named_for_people_and_ids_by_their_titles(toy: Catalogue) -> None:
    old = saying(themes=["family"], access={"step_free": True})
    new = saying(themes=["art"], access={"step_free": False}, visit_min=30)
    lines = {line.path: (line.title, line.turn, told(line)) for line in redline(old, new, toy.city, "en")}
    assert lines == {
        "themes[family]": ("themes · Family", "removed", ["[-Family-]"]),
        "themes[art]": ("themes · Art", "added", ["{+Art+}"]),
        "access.step_free": ("access · step-free", "changed", ["[-yes-]{+no+}"]),
        "visit_min": ("visit (minutes)", "added", ["{+30+}"]),
    }


@pytest.mark.parametrize(
    ("path", "zh", "en"),
    [
        ("stated[length_m]", "来源所载长度与时间 · 长度（米）", "stated length and time · Length (metres)"),
        ("phases[piling]", "工程进度 · 桩基施工", "phase of works · Piling"),
        ("position.class", "位置依据 · 可靠程度", "basis of the position · trust"),
        ("name.en", "名称 · English", "name · English"),
        ("hours_source", "开放时间的来源", "source of the hours"),
        ("facts.0.source", "要点 1 · 来源", "Fact 1 · source"),
        ("notices.0.to", "通告 1 · 到哪天", "Notice 1 · to"),
    ],
)
def test_a_path_is_told_in_words_only(toy: Catalogue, path: str, zh: str, en: str) -> None:
    assert (title_of(path, toy.city, "zh"), title_of(path, toy.city, "en")) == (zh, en)


def test_an_item_of_a_list_tells_only_what_changed_in_it_and_leads_to_its_list(toy: Catalogue) -> None:
    fact = {"label": text("建成", "Built"), "value": text("1890年", "1890"), "source": "Town paper"}
    old, new = saying(facts=[fact]), saying(facts=[fact | {"value": text("1891年", "1890")}])
    (line,) = redline(old, new, toy.city, "zh")
    assert (line.path, line.field, line.title) == ("facts[建成]", "facts", "要点 · 建成")
    assert [(part.label, [piece.text for piece in part.pieces]) for part in line.parts] == [
        ("内容 · 中文", ["1890", "1891", "年"])
    ]


def test_a_photo_is_called_by_what_it_shows_and_else_by_its_number(toy: Catalogue) -> None:
    door = {"file": "0a1b2c.webp", "alt": text("正门", "The door"), "credit": "Li · CC0"}
    old = saying(photos=[door, {"file": "3d4e5f.webp"}])
    new = saying(photos=[door | {"credit": "Wu · CC0"}, {"file": "6a7b8c.webp", "alt": {"zh": "水车"}}])
    lines = {line.title: (line.turn, [part.label for part in line.parts]) for line in redline(old, new, toy.city, "zh")}
    assert lines == {
        "照片 · 正门": ("changed", ["谁拍的、什么许可"]),
        "照片 2": ("removed", ["照片"]),
        "照片 · 水车": ("added", ["照片里看得到什么 · 中文"]),
    }
    assert [line.title for line in redline(old, new, toy.city, "en")] == ["photo · The door", "Photo 2", "photo · 水车"]
    assert not any(".webp" in told_text for line in redline(old, new, toy.city, "en") for told_text in told(line))


def test_a_new_order_is_told_in_the_words_of_its_items(toy: Catalogue) -> None:
    old, new = (content_of("sights", None, {"themes": themes}) for themes in (["art", "family"], ["family", "art"]))
    (line,) = redline(old, new, toy.city, "en")
    assert {piece.text for piece in line.parts[0].pieces} <= {"Art, Family", "Family, Art", "Art", "Family", ", "}


def test_a_route_tells_its_stops_and_ways_by_name(toy: Catalogue) -> None:
    stops = {"stops": ["mill"], "legs": [{"mode": "walk"}], "is_loop": True}
    old, new = saying(**stops), saying(**{**stops, "stops": ["mill", "hall"], "legs": [{"mode": "boat"}]})
    (line,) = redline(old, new, toy.city, "zh", {"mill": "磨坊", "hall": "会堂"}.__getitem__)
    words = " ".join(piece.text for part in line.parts for piece in part.pieces)
    assert [word for word in ("磨坊", "会堂", "步行", "乘船") if word in words] == ["磨坊", "会堂", "步行", "乘船"]


def test_the_language_of_the_reader_comes_first(toy: Catalogue) -> None:
    old, new = saying(address=text("旧", "Old")), saying(address=text("新", "New"))
    assert [line.path for line in redline(old, new, toy.city, "zh")] == ["address.zh", "address.en"]
    assert [line.path for line in redline(old, new, toy.city, "en")] == ["address.en", "address.zh"]


def test_a_new_order_is_told_as_such(toy: Catalogue) -> None:
    (line,) = redline(saying(aliases=["a", "b"]), saying(aliases=["b", "a"]), toy.city, "en")
    assert (line.turn, line.field) == ("order", "aliases")


def test_a_moved_point_is_told_in_degrees_and_metres(toy: Catalogue) -> None:
    old, new = saying(), content_of("sights", point(121.01), saying().properties)
    (line,) = redline(old, new, toy.city, "en")
    assert told(line) == ["[-121.000000-]{+121.010000+}, 30.700000"]
    assert moved_m(toy.city, old.geometry, new.geometry) == pytest.approx(957, abs=1)  # 0.01 degrees at 30.7 N
    assert moved_m(toy.city, old.geometry, None) is None


def test_the_picture_shows_both_places_and_says_which_is_which(toy: Catalogue) -> None:
    drawn = draw_difference(toy, point(121.0), point(121.01), SIZE_PX, "en")
    assert drawn.count("<circle") == 4  # two places, and two in the legend
    assert ">before</text>" in drawn
    assert ">after</text>" in drawn


def test_a_place_that_is_new_or_cannot_be_drawn_leaves_out_the_other(toy: Catalogue) -> None:
    line = {"type": "LineString", "coordinates": [[121.0, 30.7], [121.01, 30.7]]}
    drawn = draw_difference(toy, None, line, SIZE_PX, "en")
    assert ">before</text>" not in drawn
    assert ">after</text>" in drawn
    assert draw_difference(toy, None, point(500.0), SIZE_PX, "en") == ""
