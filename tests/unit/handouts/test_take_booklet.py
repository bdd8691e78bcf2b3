"""Make booklets of the toy city: their texts, their PDF's font and pages, and texts that look like markup."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import typst
import zxingcpp
from defusedxml import ElementTree
from PIL import Image
from pypdf import PdfReader

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.errors import BrokenGeodata
from cityatlas.handouts.booklet import booklet_pdf, make_booklet
from cityatlas.handouts.day.day_bar import COLOURS
from cityatlas.handouts.handout import make_handout
from cityatlas.i18n import Language, messages, tag_of
from cityatlas.paths import geodata_dir, templates_dir
from cityatlas.planner.itinerary.itinerary import plan
from cityatlas.planner.request.request import TourRequest
from cityatlas.settings import Settings
from pictures import scan
from toy import Json, text, with_properties
from toy_plan import walkable, walkable_sights, write_walkable

FRIDAY = date(2026, 12, 4)
MORNING = TourRequest(FRIDAY, 9 * 3600, 12 * 3600, "quay", "hall", fullness="full", allows_unknown_hours=True, party=12)
MADE = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
ATTACK = '#image("/etc/passwd") *b* $x$ @ref <label> = H [c] #sys.inputs \\u{41} {{7*191}}'
SVG = "{http://www.w3.org/2000/svg}"
RARE = "𠮷🏯👨‍👩‍👧\u2028歷史街區 \u0301"


def booklet(catalogue: Catalogue, language: Language = "zh", party: int = 12) -> Json:
    """Return the booklet of a morning in the toy city: the mill, then the hall."""
    wish = TourRequest(**(vars(MORNING) | {"party": party}))
    made = make_handout(
        catalogue,
        plan(catalogue, wish),
        language,
        "https://atlas.example/zh/plan?date=2026-12-04",
        lambda feature: f"https://atlas.example/zh/sites/{feature.id}",
    )
    return make_booklet(catalogue, made)


def with_programme(**properties: Any) -> Json:
    """Return the sights with other properties of the hall's talk."""
    layer = walkable_sights()
    (talk,) = next(row for row in layer["features"] if row["id"] == "hall")["properties"]["programmes"]
    return with_properties(layer, "hall", programmes=[talk | properties])


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return walkable(tmp_path_factory.mktemp("city") / "toy")


def test_a_booklet_tells_each_stop_with_what_is_known_and_its_sources(toy: Catalogue) -> None:
    mill, hall = booklet(toy)["stops"]
    assert (mill["name"], mill["other_name"], mill["span"]) == ("老磨坊", "Old mill", "09:15–09:45")
    assert (mill["summary"], mill["address"]) == ("水边的老磨坊。", "河边路1号")
    assert mill["facts"] == [{"label": "建成", "value": "1890年", "source": 1}]
    assert (mill["hours"], mill["notes"]) == ([], ["开放时间未知，请先核实"])
    assert "示意" in mill["position"]
    assert (hall["position"], hall["notes"]) == ("", [])
    assert [days for days, _ in hall["hours"]] == ["周二至周日", "周一"]
    assert [source["title"] for source in hall["sources"]] == ["Town paper", "Sign at the door"]
    assert (hall["programmes"][0]["title"], hall["programmes"][0]["source"]) == ("讲座", 2)


def test_a_booklet_invents_no_question(toy: Catalogue) -> None:
    made = booklet(toy)
    assert [stop["questions"] for stop in made["stops"]] == [[], []]
    assert words(read(booklet_pdf(made, MADE))).count("组织方没有提供题目") == 2  # with lines to write on at each stop
    assert words(read(booklet_pdf(booklet(toy, "en"), MADE))).count("Theorganisersuppliednone") == 2


def test_the_questions_of_a_programme_stand_in_its_language(tmp_path: Path) -> None:
    asked = with_programme(questions=[text("磨坊何时建成？", "When was the mill built?"), text("为什么？", "Why?")])
    catalogue = walkable(tmp_path / "toy", sights=asked)
    assert booklet(catalogue, "zh")["stops"][1]["questions"] == ["磨坊何时建成？", "为什么？"]
    assert booklet(catalogue, "en")["stops"][1]["questions"] == ["When was the mill built?", "Why?"]
    pages = [page.extract_text() for page in read(booklet_pdf(booklet(catalogue, "en"), MADE)).pages]
    assert "Why?" in pages[3]
    assert "Discussion / notes" in pages[3]
    assert "supplied none" not in pages[3]


def test_the_day_is_told_with_its_start_and_end(toy: Catalogue) -> None:
    rows = booklet(toy)["rows"]
    assert [row["kind"] for row in rows] == ["start", "walk", "visit", "walk", "visit", "end"]
    assert (rows[0]["text"], rows[-1]["text"]) == ("从这里出发：渡口", "到这里结束：纪念馆")


def test_the_strip_of_hours_has_a_bar_for_each_span_and_explains_itself(toy: Catalogue) -> None:
    root = ElementTree.fromstring(booklet(toy, "en")["strip"])
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert texts == ["9", "10", "11", "12", "1", "2", "Visit", "On foot"]
    bars = [r.attrib for r in root.iter(f"{SVG}rect") if r.get("y") == "20" and r.get("fill") in COLOURS.values()]
    # Three hours are 672 px: two visits of 30 and 45 minutes, two walks of 15 and 45.
    assert sorted(round(float(bar["width"])) for bar in bars) == [56, 112, 168, 168]


def test_a_long_day_has_its_map_on_a_page_of_its_own(toy: Catalogue) -> None:
    made = booklet(toy)
    assert not made["is_map_alone"]
    pages = len(read(booklet_pdf(made, MADE)).pages)
    assert len(read(booklet_pdf(made | {"is_map_alone": True}, MADE)).pages) == pages + 1


def test_the_other_language_says_which_it_is(toy: Catalogue) -> None:
    english = booklet(toy, "en")
    assert (english["stops"][0]["other_name"], english["stops"][0]["other_tag"]) == ("老磨坊", "zh-CN")
    assert {source["tag"] for stop in english["stops"] for source in stop["sources"]} == {"en"}
    assert [tag_of(title) for title in ("平湖 (bbs.ph66.com)", "Town paper")] == ["zh-CN", "en"]


def test_a_group_fills_in_its_name_and_who_leads_it(toy: Catalogue) -> None:
    assert "带队人" in read(booklet_pdf(booklet(toy), MADE)).pages[0].extract_text()
    assert "带队人" not in read(booklet_pdf(booklet(toy, party=1), MADE)).pages[0].extract_text()


@pytest.mark.parametrize("questions", ["Why?", [{"fr": "Pourquoi ?"}], [{"zh": ""}], [["Why?"]]])
def test_questions_that_cannot_be_shown_are_refused(tmp_path: Path, questions: Any) -> None:
    folder = write_walkable(tmp_path / "toy", sights=with_programme(questions=questions))
    with pytest.raises(BrokenGeodata) as refused:
        build_catalogue(Settings(geodata=folder))
    assert any("programmes questions" in str(fault) for fault in refused.value.faults)


def test_codes_lead_to_the_plan_and_to_each_stops_page(toy: Catalogue) -> None:
    made = booklet(toy)
    codes = [made["qr"], *(stop["qr"] for stop in made["stops"])]
    assert [scan(code)[0][0] for code in codes] == [
        "https://atlas.example/zh/plan?date=2026-12-04",
        "https://atlas.example/zh/sites/mill",
        "https://atlas.example/zh/sites/hall",
    ]


def test_the_codes_of_the_pdf_are_scanned_as_they_are_set(toy: Catalogue) -> None:
    page = templates_dir() / "plan" / "booklet.typ"
    data = json.dumps(booklet(toy), ensure_ascii=False)
    drawn: Any = typst.compile(str(page), root=str(page.parent), sys_inputs={"booklet": data}, format="png", ppi=200)
    codes = [zxingcpp.read_barcodes(Image.open(io.BytesIO(one)).convert("L")) for one in drawn]
    assert [[code.text for code in found] for found in codes] == [
        ["https://atlas.example/zh/plan?date=2026-12-04"],
        [],
        ["https://atlas.example/zh/sites/mill"],
        ["https://atlas.example/zh/sites/hall"],
        [],
    ]


@pytest.mark.parametrize(("party", "lines"), [(1, 0), (2, 2), (12, 12)])
def test_the_sheet_to_sign_has_a_line_for_each(toy: Catalogue, party: int, lines: int) -> None:
    assert booklet(toy, party=party)["signers"] == lines


def read(pdf: bytes) -> Any:  # Any: pypdf does not say that its objects are tables
    return PdfReader(io.BytesIO(pdf))


def words(reader: Any) -> str:
    """Return all that a PDF says, without the line breaks of its pages."""
    return "".join("".join(page.extract_text().split()) for page in reader.pages)


def test_a_pdf_says_the_names_in_chinese_with_its_own_small_font(toy: Catalogue) -> None:
    pdf = booklet_pdf(booklet(toy), MADE)
    reader = read(pdf)
    assert len(reader.pages) == 5  # cover, the day, two stops, the sheet to sign
    said = words(reader)
    for word in ("玩具城地图", "游览手册", "老磨坊", "纪念馆", "1890年", "讲座", "签到表", "2026-12-04周五"):
        assert word in said
    fonts = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            for part in font.get_object().get("/DescendantFonts", []):
                fonts[part.get_object()["/BaseFont"]] = part.get_object()["/FontDescriptor"]
    assert fonts
    for name, descriptor in fonts.items():
        assert name[7:8] == "+"  # six letters and a plus: a subset
        assert name.endswith("NotoSerifSC-Regular")
        assert "/FontFile2" in descriptor
    assert len(pdf) < 400_000


def test_an_english_pdf_says_so(toy: Catalogue) -> None:
    reader = read(booklet_pdf(booklet(toy, "en"), MADE))
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert "Memory hall" in reader.pages[3].extract_text()


def test_the_same_booklet_is_the_same_file(toy: Catalogue) -> None:
    assert booklet_pdf(booklet(toy), MADE) == booklet_pdf(booklet(toy), MADE)


def test_text_that_looks_like_markup_is_printed_as_it_is(tmp_path: Path) -> None:
    said = text(ATTACK, ATTACK)
    layer = with_programme(title=said, summary=said, booking=said, questions=[said])
    layer = with_properties(layer, "mill", name=said, summary=said, address=said)
    reader = read(booklet_pdf(booklet(walkable(tmp_path / "toy", sights=layer)), MADE))
    assert words(reader).count("".join(ATTACK.split())) >= 8
    assert "root:" not in words(reader)


def test_signs_that_the_font_lacks_stop_nothing(tmp_path: Path) -> None:
    said = text(f"{RARE}中", f"{RARE}e")
    catalogue = walkable(tmp_path / "toy", sights=with_properties(walkable_sights(), "mill", name=said, summary=said))
    assert "歷史街區" in words(read(booklet_pdf(booklet(catalogue), MADE)))


def test_the_font_has_every_sign_of_the_shipped_city(toy: Catalogue) -> None:
    files = [*geodata_dir().glob("*.geojson"), geodata_dir() / "city.toml", geodata_dir() / "figures.json"]
    texts = "".join(file.read_text("utf-8") for file in files) + "".join(messages("zh").values())
    signs = sorted({sign for sign in texts if sign.isprintable() and not sign.isspace()})
    assert len(signs) > 1000
    made = booklet(toy)
    made["stops"][0]["summary"] = " ".join(signs)
    assert sorted(set(signs) - set(words(read(booklet_pdf(made, MADE))))) == []


def test_a_large_party_gets_its_lines_on_several_pages(toy: Catalogue) -> None:
    made = booklet(toy, party=60)
    assert len(read(booklet_pdf(made, MADE)).pages) == 8  # four to sign: 18 lines below the head, then 20 a page
