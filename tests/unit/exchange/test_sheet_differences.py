"""Check what is found in a sheet that people, Excel and WPS had their hands on: cell by cell, with the cure."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest

from cityatlas.errors import InvalidFile
from cityatlas.exchange.incoming.row_comparison import with_kept_items
from cityatlas.exchange.layers.sheets import content_version, layer_xlsx
from cityatlas.i18n import LANGUAGES
from sheet_files import (
    change,
    csv_of,
    place_of,
    read,
    rows_of,
    toy_catalogue,
    toy_layer,
    with_cell,
    xlsx_of,
)

HOURS = "files.not_hours"


def test_one_changed_cell_is_one_change() -> None:
    found, address = change("mill", "name.zh", "新磨坊")
    (only,) = found.changes
    assert (only.cell, only.feature_id, only.column) == (address, "mill", "name.zh")
    assert (only.before, only.after) == ("老磨坊", "新磨坊")
    assert address == "B3"
    assert (found.faults, found.unchanged) == ((), 3)


def test_a_changed_feature_comes_whole_with_everything_else_as_it_was() -> None:
    found, _ = change("hall", "visit_min", "60")
    (edited,) = found.edited
    before = next(f for f in toy_layer().features if f.id == "hall").properties
    assert edited["id"] == "hall"
    assert edited["properties"] == {**before, "visit_min": 60}
    assert edited["geometry"] == {"type": "Point", "coordinates": [121.03, 30.7]}


def test_the_layer_itself_never_changes() -> None:
    before = copy.deepcopy(dict(toy_layer().features[0].properties))
    change("mill", "facts", "")
    assert toy_layer().features[0].properties == before


def test_an_emptied_cell_takes_the_value_out() -> None:
    found, _ = change("mill", "summary.en", "")
    assert (found.changes[0].before, found.changes[0].after) == ("A mill by the water.", None)
    assert found.edited[0]["properties"]["summary"] == {"zh": "水边的老磨坊。"}


def test_a_column_that_was_taken_out_changes_nothing() -> None:
    rows = rows_of(toy_layer())
    place = place_of(rows, "summary.zh")
    assert read(csv_of([row[:place] + row[place + 1 :] for row in rows])).is_empty


def test_columns_may_stand_in_any_order() -> None:
    rows, _ = with_cell(rows_of(toy_layer()), "mill", "name.en", "Mill")
    found = read(csv_of([row[::-1] for row in rows]))
    assert [(c.column, c.after) for c in found.changes] == [("name.en", "Mill")]


def test_a_column_that_nobody_knows_is_told() -> None:
    rows = [[*row, cell] for row, cell in zip(rows_of(toy_layer()), ["电话", "", *"1234"], strict=True)]
    found = read(csv_of(rows))
    assert found.is_empty
    assert [title for _, title in found.unread] == ["电话"]


@pytest.mark.parametrize("kept", [0, 1], ids=["titles", "keys"])
def test_one_of_the_two_header_rows_is_enough(kept: int) -> None:
    rows, _ = with_cell(rows_of(toy_layer()), "mill", "name.zh", "新磨坊")
    found = read(csv_of([rows[kept], *rows[2:]]))
    assert [(c.cell, c.after) for c in found.changes] == [("B2", "新磨坊")]


def test_english_titles_are_known_too() -> None:
    found = read(csv_of([["Id", "Name (Chinese)", "Visit (minutes)"], ["mill", "老磨坊", "20"]]))
    assert [(c.cell, c.column, c.after) for c in found.changes] == [("C2", "visit_min", 20)]
    assert found.missing == ("quay", "hall", "boat-tour")


def test_a_title_above_and_merged_headers_are_seen_through() -> None:
    rows = [["平湖市景点一览表", "", "", ""], ["编号", "名称", "", "参观时长（分钟）"], ["", "中文", "英文", ""]]
    rows += [["mill", "老磨坊", "The old mill", ""], ["", "", "", ""], ["hall", "纪念馆", "Memory hall", "45"]]
    found = read(xlsx_of(rows, merged=("A1:D1", "B2:C2")))
    assert [(c.cell, c.column, c.after) for c in found.changes] == [("C4", "name.en", "The old mill")]
    assert (found.faults, found.new, found.missing) == ((), (), ("quay", "boat-tour"))


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("utf-8", "\t"), ("gbk", ","), ("gb18030", "\t"), ("utf-16", "\t")],
)
def test_any_encoding_and_delimiter_of_a_spreadsheet_is_read(encoding: str, delimiter: str) -> None:
    rows, address = with_cell(rows_of(toy_layer()), "mill", "summary.zh", "水边；老，磨坊")
    found = read(csv_of(rows, encoding, delimiter))
    assert [(c.cell, c.after) for c in found.changes] == [(address, "水边；老，磨坊")]


def test_a_row_that_is_missing_is_told_and_nothing_is_deleted() -> None:
    rows = rows_of(toy_layer())
    found = read(csv_of(rows[:2] + rows[3:]))
    assert found.missing == ("mill",)
    assert found.is_empty


def test_a_file_without_a_header_is_refused_in_both_languages() -> None:
    with pytest.raises(InvalidFile) as caught:
        read(csv_of([["a", "b"], ["1", "2"]]))
    assert caught.value.values["reason"] == "files.no_header"


# What spreadsheets make of values


@pytest.mark.parametrize(
    ("key", "value", "after"),
    [
        ("visit_min", "60.0", 60),
        ("visit_min", "６０", 60),
        ("visit_min", 60.0, 60),
        ("access.step_free", "FALSE", False),
        ("access.toilets", "有", True),
        ("access.lift", "是", True),
        ("access.lift", True, True),
        ("access.lift", "yes", True),
        ("position.verified_on", "2024/5/6", "2024-05-06"),
        ("position.verified_on", "2024年5月6日", "2024-05-06"),
        ("position.verified_on", date(2024, 5, 6), "2024-05-06"),
        ("position.verified_on", 45418, "2024-05-06"),
        ("position.verified_on", 2024, "2024"),
        ("kind", "HOUSE", "house"),
        ("kind", "house", "house"),
        ("kind", " 宅第 ", "house"),
        ("themes", "亲子，艺术", ["family", "art"]),
        ("themes", "Art; family", ["art", "family"]),
    ],
)
def test_what_spreadsheets_make_of_a_value_is_read(key: str, value: Any, after: Any) -> None:
    rows, address = with_cell(rows_of(toy_layer()), "hall", key, value)
    found = read(xlsx_of(rows))
    assert found.faults == ()
    assert [(c.cell, c.column, c.after) for c in found.changes] == [(address, key, after)]


@pytest.mark.parametrize("made", ["45.0", "４５", " 45 ", 45.0])
def test_a_number_in_other_clothes_is_no_change(made: Any) -> None:
    rows, _ = with_cell(rows_of(toy_layer()), "hall", "visit_min", made)
    assert read(xlsx_of(rows)).is_empty


def test_space_around_a_text_is_no_change() -> None:
    found, _ = change("mill", "name.zh", "  老磨坊 \n")
    assert found.is_empty


def test_a_date_read_from_another_form_says_so() -> None:
    found, _ = change("hall", "position.verified_on", "2024/5/6")
    assert (found.changes[0].given, found.changes[0].is_mended) == ("2024/5/6", True)
    found, _ = change("hall", "position.verified_on", "2024-05-06")
    assert not found.changes[0].is_mended


@pytest.mark.parametrize("made", [date(2024, 3, 1), "2024/3/1", "2024年3月", 45352])
def test_a_month_that_became_a_day_is_no_change(made: Any) -> None:
    layer = toy_layer()
    hall = next(f for f in layer.features if f.id == "hall")
    rows, _ = with_cell(rows_of(layer), "hall", "position.verified_on", made)
    rows, _ = with_cell(rows, "hall", "version", "v0")
    held: Any = hall.properties["position"]
    position = {**held, "verified_on": "2024-03"}
    base = type(hall)(
        hall.id, hall.layer, hall.kind, hall.geometry, hall.lon, hall.lat, {**hall.properties, "position": position}
    )
    assert read(xlsx_of(rows), base_of=lambda feature_id, version: base).is_empty


@pytest.mark.parametrize(
    ("key", "value", "sentence", "cure"),
    [
        ("opening_hours", "9点", HOURS, ""),
        ("opening_hours", "每天9:00-5:00", HOURS, "每天 9:00–17:00"),
        ("opening_hours", "每天9点到17点半，春节闭馆", HOURS, "每天 9:00–17:30"),
        ("opening_hours", date(2024, 7, 24), HOURS, "24/7"),
        ("visit_min", "30分钟", "files.not_whole", "30"),
        ("visit_min", "半小时", "files.not_whole", ""),
        ("visit_min", "1.5", "files.not_whole", "1"),
        ("access.lift", "也许", "files.not_truth", ""),
        ("position.verified_on", "2024-13", "files.not_date", ""),
        ("position.verified_on", "May-24", "files.not_date", ""),
        ("kind", "纪念管", "files.not_choice", "纪念馆"),
        ("themes", "亲子、芸术", "files.not_choice", ""),  # a cure would replace the whole list
        ("name.zh", "磨\x01坊", "files.control", ""),
        ("name.en", "Memory\nhall", "files.line_break", "Memory hall"),
        ("hours_source", "Sign at the dor", "files.unknown_source", "Sign at the door"),
        ("position.source", "Town papers", "files.unknown_source", "Town paper"),
        ("sources", "Town paper | 2024年13月", "files.not_date", ""),
        ("programmes", "a|b|c|1|2|3|d|e|f|g|h|i|j|k", "files.many_parts", ""),
        ("lon", "东经121度", "files.not_number", ""),
        ("lon", "", "files.required", ""),
        ("lon", "12.103", "files.outside", ""),
        ("visit_min", "99999", "fault.whole_range", ""),
        ("kind", "", "fault.missing", ""),
    ],
)
def test_a_fault_names_its_cell_and_offers_the_cure(key: str, value: Any, sentence: str, cure: str) -> None:
    rows, address = with_cell(rows_of(toy_layer()), "hall", key, value)
    found = read(csv_of(rows) if "\x01" in str(value) else xlsx_of(rows))
    told = [fault for fault in found.faults if fault.key == sentence]
    assert [(fault.where, fault.cure) for fault in told] == [(address, cure)]
    assert found.edited == ()  # nothing of a row with a fault goes in
    for language in LANGUAGES:
        title = told[0].title(language)
        place = {"zh": f"{address}（{title}）：", "en": f"{address} ({title}): "}
        assert told[0].say(language).startswith(place[language])


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("Tu-Su ０８：３０－１６：００", "Tu-Su 08:30-16:00"),
        ("Tu-Su 08:30–17:30", "Tu-Su 08:30-17:30"),
        ("周二至周日 9:00~17:00", "Tu-Su 09:00-17:00"),
        ("每天9点到17点半", "Mo-Su 09:00-17:30"),
    ],
)
def test_hours_are_taken_as_people_write_them(typed: str, hours: str) -> None:
    found, _ = change("hall", "opening_hours", typed)
    assert found.faults == ()
    assert found.edited[0]["properties"]["opening_hours"] == hours


def test_what_was_wrong_is_shown_as_text() -> None:
    found, address = change("hall", "opening_hours", "9点")
    assert (
        found.faults[0].say("zh")
        == f"{address}（开放时间）：“9点”不是能识别的开放时间。请写成“周二至周日 8:30–16:30，法定节假日闭馆”这样。"
    )


def test_swapped_longitude_and_latitude_are_seen_with_the_right_order_as_cure() -> None:
    rows, lon_cell = with_cell(rows_of(toy_layer()), "mill", "lon", "30.7")
    rows, lat_cell = with_cell(rows, "mill", "lat", "121")
    found = read(csv_of(rows))
    assert [(f.key, f.where, float(f.cure)) for f in found.faults] == [
        ("files.swapped", lon_cell, 121.0),
        ("files.swapped", lat_cell, 30.7),
    ]


def test_a_moved_point_is_a_change_of_its_cells() -> None:
    found, address = change("mill", "lon", "121.005")
    assert [(c.cell, c.column, c.before, c.after) for c in found.changes] == [(address, "lon", 121.0, 121.005)]
    assert found.edited[0]["geometry"] == {"type": "Point", "coordinates": [121.005, 30.7]}


def test_fifteen_digits_of_a_position_are_no_change() -> None:
    found, _ = change("mill", "lon", "121.0000000000004")
    assert found.is_empty


def test_the_shape_of_a_line_is_not_changed_in_a_sheet() -> None:
    found, address = change("boat-tour", "lon", "121.0")
    assert [(f.key, f.where) for f in found.faults] == [("files.not_a_point", address)]


def test_one_phase_of_a_list_can_change_and_the_others_stay_as_they_were() -> None:
    rows = rows_of(toy_layer("works"))
    old = rows[3][place_of(rows, "phases")]
    found, _ = change("school", "phases", old + "\n主体施工 | 2025年3月 |  | Town paper", "works")
    before = toy_layer("works").features[1].properties["phases"]
    assert found.changes[0].after[:3] == before
    assert found.changes[0].after[3] == {"phase": "structure", "from": "2025-03", "source": "Town paper"}


def test_what_a_cell_has_no_room_for_stays_with_its_item() -> None:
    asked = {"id": "talk", "duration_min": 30, "questions": [{"en": "Why here?"}]}
    untouched = {"id": "walk", "questions": [{"en": "Which bridge?"}]}
    read_back = [{"id": "talk", "duration_min": 45}, {"id": "walk"}, {"id": "new"}]
    assert with_kept_items(read_back, [asked, untouched]) == [asked | {"duration_min": 45}, untouched, {"id": "new"}]


def test_a_source_that_statements_still_need_is_missed() -> None:
    found, address = change("hall", "sources", "Town paper | 2024-03")
    assert {(f.key, f.where) for f in found.faults} == {("files.unknown_source", address)}


# New rows, ids, versions


def new_row(**cells: Any) -> list[Any]:
    """Return a row of a new museum, with some cells changed."""
    row = {
        "name.zh": "平湖馆",
        "kind": "纪念馆",
        "lon": 121.02,
        "lat": 30.69,
        "sources": "Town paper | 2024-03",
    } | cells
    return [row.get(key, "") for key in rows_of(toy_layer())[1]]


def test_a_new_row_gets_an_id_of_its_pinyin_and_an_honest_position() -> None:
    found = read(xlsx_of([*rows_of(toy_layer()), new_row()]))
    (new,) = found.new
    assert (new.row, new.feature_id, new.is_id_made) == (7, "ping-hu-guan", True)
    properties = new.feature["properties"]
    assert properties["name"] == {"zh": "平湖馆"}
    assert properties["position"]["class"] == "schematic"
    assert properties["position"]["located_by"]["en"] == "Taken from a sheet; the position is to be verified"
    assert new.feature["geometry"] == {"type": "Point", "coordinates": [121.02, 30.69]}
    assert (found.faults, found.missing) == ((), ())


def test_two_new_rows_never_share_an_id_and_none_takes_one_in_use() -> None:
    rows = [
        *rows_of(toy_layer()),
        new_row(**{"name.en": "School"}),
        new_row(**{"name.zh": "别馆", "name.en": "School!"}),
    ]
    found = read(xlsx_of(rows))
    assert [new.feature_id for new in found.new] == ["school-2", "school-3"]


@pytest.mark.parametrize(
    ("cells", "key", "cure"),
    [
        ({"name.zh": ""}, "files.required", ""),
        ({"kind": ""}, "files.required", ""),
        ({"sources": ""}, "files.required", ""),
        ({"lat": ""}, "files.required", ""),
        ({"id": "Big Hall"}, "files.bad_id", "ping-hu-guan"),
        ({"id": "school"}, "files.other_layer", ""),
        ({"id": "old-mill"}, "files.retired_id", ""),
        ({"name.zh": "纪念馆"}, "files.same_name", "hall"),
        ({"lon": 30.69, "lat": 121.02}, "files.swapped", "121.02"),
        ({"position.class": "实测"}, "fault.no_position_source", ""),
    ],
)
def test_a_new_row_that_cannot_stand_is_told(cells: dict[str, Any], key: str, cure: str) -> None:
    found = read(xlsx_of([*rows_of(toy_layer()), new_row(**cells)]))
    assert [fault.key for fault in found.faults][:1] == [key]
    assert found.faults[0].cure == cure
    assert found.new == ()


def test_an_id_that_somebody_changed_is_found_by_the_name() -> None:
    rows, address = with_cell(rows_of(toy_layer()), "hall", "id", "hall-2")
    found = read(csv_of(rows))
    assert [(f.key, f.where, f.cure) for f in found.faults] == [("files.id_changed", address, "hall")]
    assert found.new == ()


def test_an_id_that_stands_twice_counts_once() -> None:
    rows = rows_of(toy_layer())
    found = read(csv_of([*rows, rows[2]]))
    assert [(f.key, f.where) for f in found.faults] == [("files.double_id", "A7")]


def test_a_sheet_that_is_older_than_the_atlas_says_so() -> None:
    found = read(layer_xlsx(toy_layer(), toy_catalogue().city, "zh", {"mill": "r3"}), versions={"mill": "r4"})
    assert found.stale == ("mill",)
    assert found.based_on["mill"] == "r3"
    assert found.based_on["quay"] == content_version(toy_layer().features[1])


def test_with_the_old_state_at_hand_only_what_the_writer_changed_is_a_change() -> None:
    mill = toy_layer().features[0]
    rows, _ = with_cell(rows_of(toy_layer()), "mill", "version", "r3")
    rows, _ = with_cell(rows, "mill", "summary.zh", "写表的人看到的简介")
    rows, _ = with_cell(rows, "mill", "name.en", "New mill")
    old = {**mill.properties, "summary": {"zh": "写表的人看到的简介", "en": "A mill by the water."}}
    base = type(mill)(mill.id, mill.layer, mill.kind, mill.geometry, mill.lon, mill.lat, old)
    found = read(
        csv_of(rows), versions={"mill": "r4"}, base_of=lambda *asked: base if asked == ("mill", "r3") else None
    )
    assert [(c.column, c.before, c.after) for c in found.changes] == [("name.en", "Old mill", "New mill")]
    assert found.stale == ()


def test_all_faults_of_a_row_are_told_at_once_each_at_its_cell() -> None:
    rows = rows_of(toy_layer())
    rows, hours = with_cell(rows, "mill", "opening_hours", "9h-5")
    rows, source = with_cell(rows, "mill", "hours_source", "")
    rows, visit = with_cell(rows, "mill", "visit_min", "soon")
    found = read(xlsx_of(rows))
    assert {fault.where for fault in found.faults} == {hours, source, visit}
    assert not found.edited


def test_all_faults_of_a_new_row_are_told_at_once() -> None:
    rows = rows_of(toy_layer())
    row = [""] * len(rows[0])
    for column, text in {"name.zh": "新", "opening_hours": "9h-5", "phone": "0573-1", "website": "ftp:x"}.items():
        row[place_of(rows, column)] = text
    told = {(fault.column, fault.where[-1]) for fault in read(csv_of([*rows, row])).faults}
    columns = {"kind", "sources", "lon", "lat", "opening_hours", "hours_source", "phone_source", "website"}
    assert told == {(column, "7") for column in columns}
