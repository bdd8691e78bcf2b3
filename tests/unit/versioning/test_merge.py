"""Merge two edits field by field: what one side changed is kept, what both changed is asked."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityatlas.versioning.content import Content, content_of
from cityatlas.versioning.fields import ABSENT, woven
from cityatlas.versioning.merge import Clash, differences, is_same, merge, pick

Json = dict[str, Any]
POINT = {"type": "Point", "coordinates": [121.0, 30.7]}
MILL: Json = {
    "name": {"zh": "老磨坊", "en": "Old mill"},
    "kind": "house",
    "visit_min": 20,
    "themes": ["family", "art"],
    "sources": [{"title": "Paper"}, {"title": "Sign"}],
    "phases": [{"phase": "planned", "from": "2023-01"}, {"phase": "piling", "from": "2023-09"}],
    "photos": [{"file": "a.jpg", "alt": {"zh": "甲"}}, {"file": "b.jpg", "alt": {"zh": "乙"}}],
    "access": {"step_free": True, "note": {"zh": "有坡道"}},
    "position": {"class": "schematic", "located_by": {"zh": "沿河"}},
}


def mill(**changed: Any) -> Content:
    """Return the mill with some properties changed; None takes one out."""
    return content_of("sights", POINT, MILL | changed)


def merged(mine: Json, theirs: Json) -> Json:
    """Return the properties of a merge that asks nothing."""
    done = merge(mill(), mill(**mine), mill(**theirs))
    assert done.clashes == ()
    return done.content.properties


def clashes(mine: Json, theirs: Json) -> list[Clash]:
    return list(merge(mill(), mill(**mine), mill(**theirs)).clashes)


def test_different_properties_merge() -> None:
    done = merge(mill(), mill(visit_min=30), mill(kind="museum"))
    assert (done.content.properties["visit_min"], done.content.properties["kind"]) == (30, "museum")
    assert (done.mine, done.theirs) == (("visit_min",), ("kind",))


def test_languages_of_one_text_merge() -> None:
    done = merged({"name": {"zh": "新磨坊", "en": "Old mill"}}, {"name": {"zh": "老磨坊", "en": "New mill"}})
    assert done["name"] == {"zh": "新磨坊", "en": "New mill"}


def test_members_of_access_merge_and_its_note_by_language() -> None:
    mine = {"access": {"step_free": False, "note": {"zh": "有坡道"}}}
    theirs = {"access": {"step_free": True, "lift": True, "note": {"zh": "有坡道", "en": "A ramp"}}}
    assert merged(mine, theirs)["access"] == {
        "step_free": False,
        "lift": True,
        "note": {"zh": "有坡道", "en": "A ramp"},
    }


def test_one_field_changed_by_both_asks_with_base_and_both_values() -> None:
    assert clashes({"visit_min": 30}, {"visit_min": 40}) == [Clash("visit_min", 20, 30, 40)]


def test_the_same_change_on_both_sides_asks_nothing() -> None:
    assert merged({"visit_min": 30}, {"visit_min": 30})["visit_min"] == 30


def test_taking_out_what_the_other_changed_asks() -> None:
    assert clashes({"visit_min": None}, {"visit_min": 40}) == [Clash("visit_min", 20, ABSENT, 40)]


def test_true_is_not_one() -> None:
    assert clashes({"visit_min": True}, {"visit_min": 1}) == [Clash("visit_min", 20, True, 1)]


def test_position_is_one_field_since_its_members_hang_together() -> None:
    mine = {"position": {"class": "approximate", "located_by": {"zh": "沿河"}}}
    theirs = {"position": {"class": "schematic", "located_by": {"zh": "报纸"}}}
    assert [clash.path for clash in clashes(mine, theirs)] == ["position"]


def test_geometry_is_one_field_and_121_is_121_0() -> None:
    moved = content_of("sights", {"type": "Point", "coordinates": [121.01, 30.7]}, MILL)
    written_by_browser = content_of("sights", {"type": "Point", "coordinates": [121, 30.7]}, MILL)
    assert merge(mill(), moved, written_by_browser).content.geometry == moved.geometry
    other = content_of("sights", {"type": "Point", "coordinates": [121.02, 30.7]}, MILL)
    assert [clash.path for clash in merge(mill(), moved, other).clashes] == ["geometry"]


def test_different_photos_merge() -> None:
    a, b = MILL["photos"]
    new_a, c = a | {"alt": {"zh": "磨坊"}}, {"file": "c.jpg", "alt": {"zh": "丙"}}
    assert merged({"photos": [new_a, b]}, {"photos": [a, c]})["photos"] == [new_a, c]


def test_the_same_photo_changed_by_both_asks_for_that_photo() -> None:
    a, b = MILL["photos"]
    one, other = a | {"alt": {"zh": "一"}}, a | {"alt": {"zh": "二"}}
    assert clashes({"photos": [one, b]}, {"photos": [other, b]}) == [Clash("photos[a.jpg]", a, one, other)]


def test_moved_photos_keep_what_the_other_added() -> None:
    a, b = MILL["photos"]
    c = {"file": "c.jpg", "alt": {"zh": "丙"}}
    assert merged({"photos": [b, a]}, {"photos": [a, b, c]})["photos"] == [b, c, a]


def test_photos_moved_in_two_ways_ask_for_the_order() -> None:
    three = [{"file": f"{name}.jpg"} for name in "abc"]
    a, b, c = three
    done = merge(mill(photos=three), mill(photos=[b, a, c]), mill(photos=[c, a, b]))
    assert [clash.path for clash in done.clashes] == ["photos:order"]


def test_a_first_phase_without_a_month_stays_first() -> None:
    base, (one, other) = {"phase": "planned"}, ({"phase": name, "from": "2023-09"} for name in ("piling", "roof"))
    done = merge(mill(phases=[base]), mill(phases=[base, one]), mill(phases=[base, other]))
    assert done.content.properties["phases"] == [base, other, one]


def test_two_phases_that_were_added_stand_in_order_of_time() -> None:
    old = MILL["phases"]
    later, earlier = {"phase": "complete", "from": "2024-05"}, {"phase": "structure", "from": "2024-01"}
    assert merged({"phases": [*old, later]}, {"phases": [*old, earlier]})["phases"] == [*old, earlier, later]
    assert merged({"phases": [*old, earlier]}, {"phases": [*old, later]})["phases"] == [*old, earlier, later]


def test_a_phase_without_a_month_stays_behind_the_one_before_it() -> None:
    unknown = {"phase": "fit_out", "from": None}
    old = MILL["phases"]
    first = {"phase": "approved", "from": "2023-03"}
    both = merged({"phases": [*old, unknown]}, {"phases": [old[0], first, old[1]]})["phases"]
    assert both == [old[0], first, old[1], unknown]


def test_themes_are_a_set_whose_order_is_never_asked() -> None:
    assert merged({"themes": ["art", "family"]}, {"themes": ["family", "art", "new"]})["themes"][:1] == ["art"]
    three = mill(themes=["a", "b", "c"])
    assert merge(three, mill(themes=["b", "a", "c"]), mill(themes=["c", "a", "b"])).clashes == ()


def test_one_takes_a_theme_out_and_the_other_adds_one() -> None:
    assert merged({"themes": ["art"]}, {"themes": ["family", "art", "new"]})["themes"] == ["art", "new"]


def test_stops_and_legs_are_one_field() -> None:
    base = mill(stops=["a", "b"], legs=[{"mode": "walk"}])
    longer = mill(stops=["a", "b", "c"], legs=[{"mode": "walk"}, {"mode": "boat"}])
    sailed = mill(stops=["a", "b"], legs=[{"mode": "boat"}])
    assert [clash.path for clash in merge(base, longer, sailed).clashes] == ["stops"]


@pytest.mark.parametrize("twice", [[{"file": "a.jpg"}, {"file": "a.jpg"}], [{"alt": 1}], "a.jpg", {"a.jpg": 1}, [1]])
def test_a_list_whose_items_have_no_clear_name_is_one_field(twice: Any) -> None:
    other = [*MILL["photos"], {"file": "c.jpg"}]
    assert [clash.path for clash in clashes({"photos": twice}, {"photos": other})] == ["photos"]


def test_choices_answer_and_only_for_the_paths_they_name() -> None:
    mine, theirs = mill(visit_min=30, kind="a"), mill(visit_min=40, kind="b")
    done = merge(mill(), mine, theirs, {"visit_min": "mine", "kind": "theirs"})
    assert done.clashes == ()
    assert (done.content.properties["visit_min"], done.content.properties["kind"]) == (30, "b")
    assert [clash.path for clash in merge(mill(), mine, theirs, {"kind": "mine"}).clashes] == ["visit_min"]


def test_two_new_features_of_one_id_ask_for_each_field_that_differs() -> None:
    done = merge(None, mill(visit_min=30), mill(visit_min=40))
    assert [clash.path for clash in done.clashes] == ["visit_min"]


def test_a_layer_changed_by_both_asks_by_its_name() -> None:
    base, mine, theirs = (content_of(layer, POINT, MILL) for layer in ("sights", "works", "routes"))
    assert merge(base, mine, theirs).clashes == (Clash("layer", "sights", "works", "routes"),)
    assert merge(base, mine, base).mine == ("layer",)


def test_new_features_of_both_sides_ask_for_the_layer_of_which_none_was_before() -> None:
    done = merge(None, content_of("sights", POINT, {}), content_of("works", POINT, {}))
    assert done.clashes == (Clash("layer", "", "sights", "works"),)


def test_what_has_no_geometry_is_merged_without() -> None:
    bare = content_of("sights", None, MILL)
    done = merge(bare, content_of("sights", None, MILL | {"visit_min": 30}), bare)
    assert (done.content.geometry, done.mine) == (None, ("visit_min",))
    assert merge(bare, content_of("sights", POINT, MILL), bare).content.geometry == POINT


def test_null_and_empty_are_the_same_as_absent() -> None:
    assert mill(summary=None, aliases=[], facts=[]) == mill()


def test_differences_name_each_field_with_old_and_new() -> None:
    found = differences(mill(), mill(visit_min=30, themes=["family"], name={"zh": "新", "en": "Old mill"}))
    assert {(d.path, str(d.old), str(d.new)) for d in found} == {
        ("visit_min", "20", "30"),
        ("themes[art]", "art", "ABSENT"),
        ("name.zh", "老磨坊", "新"),
    }


def test_a_choice_that_names_no_side_is_no_answer() -> None:
    base, mine, theirs = (mill(opening_hours=hours) for hours in ("Mo", "Tu", "We"))
    assert merge(base, mine, theirs, {"opening_hours": "both"}).clashes  # type: ignore[dict-item]


def test_single_fields_can_be_picked() -> None:
    old, new = mill(), mill(visit_min=30, themes=["family"], kind="museum")
    assert pick(old, new, {"visit_min", "themes[art]"}) == mill(visit_min=30, themes=["family"])


NAMES = st.sampled_from(["a", "b", "c", "d"])
ITEMS = st.lists(st.tuples(NAMES, st.integers(0, 2)), max_size=4, unique_by=lambda pair: pair[0])
PROPERTIES = st.fixed_dictionaries(
    {},
    optional={
        "visit_min": st.integers(0, 2),
        "name": st.dictionaries(st.sampled_from(["zh", "en"]), st.sampled_from("xyz"), min_size=1),
        "themes": st.lists(NAMES, unique=True, min_size=1),
        "photos": ITEMS.map(lambda pairs: [{"file": name, "n": number} for name, number in pairs]),
        "phases": ITEMS.map(lambda pairs: [{"phase": name, "from": f"202{number}-01"} for name, number in pairs]),
        "stops": st.lists(NAMES, min_size=1),
    },
)
CONTENTS = st.builds(lambda properties: content_of("sights", POINT, properties), PROPERTIES)


@given(CONTENTS, CONTENTS)
def test_an_edit_that_nobody_else_made_stays_as_it_is(base: Content, edited: Content) -> None:
    for done in (merge(base, edited, base), merge(base, base, edited), merge(base, edited, edited)):
        assert done.clashes == ()
        assert done.content == edited


@given(CONTENTS, CONTENTS, CONTENTS)
def test_each_change_is_in_the_merge_or_is_asked(base: Content, mine: Content, theirs: Content) -> None:
    done = merge(base, mine, theirs)
    asked = {clash.path for clash in done.clashes}
    whole = {path.split("[")[0] for path in asked}
    for side in (mine, theirs):
        for change in differences(base, side):
            if change.path in asked or change.path.endswith(":order") or change.path.split("[")[0] in whole:
                continue
            now = {d.path: d.new for d in differences(base, done.content)}
            assert change.path in now
            assert is_same(now[change.path], change.new)


@given(CONTENTS, CONTENTS, CONTENTS)
def test_choosing_all_of_mine_or_of_theirs_leaves_no_question(base: Content, mine: Content, theirs: Content) -> None:
    first = merge(base, mine, theirs)
    for side in ("mine", "theirs"):
        assert merge(base, mine, theirs, {clash.path: side for clash in first.clashes}).clashes == ()


def woven_by_definition(first: list[str], second: list[str]) -> list[str]:
    """Return what `woven` is by definition: each name that is missing goes behind the last one before it."""
    order = list(first)
    for at, name in enumerate(second):
        if name not in order:
            before = [forerunner for forerunner in second[:at] if forerunner in order]
            order.insert(order.index(before[-1]) + 1 if before else 0, name)
    return order


FEW_NAMES = st.lists(st.sampled_from("abcdefgh"), max_size=8, unique=True)


@given(FEW_NAMES, FEW_NAMES)
def test_lists_are_woven_as_they_are_defined_to_be(first: list[str], second: list[str]) -> None:
    assert woven(first, second) == woven_by_definition(first, second)


class Counted(str):
    """A name that counts how often one was compared with another."""

    compared: ClassVar[int] = 0
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)


def test_a_long_list_is_merged_with_a_handful_of_comparisons_for_each_item() -> None:
    def aliases(side: str) -> list[str]:
        return [Counted(f"{side} {number}") for number in range(1_200)]

    base = mill(aliases=aliases("both"))
    mine, theirs = (mill(aliases=aliases("both") + aliases(side)) for side in ("mine", "theirs"))
    Counted.compared = 0
    done = merge(base, mine, theirs)
    assert 0 < Counted.compared < 20 * 3_600
    assert done.clashes == ()
    assert done.content.properties["aliases"] == aliases("both") + aliases("theirs") + aliases("mine")
