"""Scan our QR codes as a phone would."""

from __future__ import annotations

import pytest
from defusedxml import ElementTree

from cityatlas.handouts.handout import draw_qr
from pictures import scan

ADDRESS = "https://atlas.example/zh/plan?date=2026-12-05&start=13:30&end=17:00&theme=integrity,canal_town&party=12"


@pytest.mark.parametrize("address", ["https://a.example/", ADDRESS, f"{ADDRESS}&must={'old-town,' * 40}"])
def test_the_address_is_read_back_at_level_m_or_better(address: str) -> None:
    ((text, level),) = scan(draw_qr(address))
    assert text == address
    assert level in ("M", "Q", "H")


def test_a_quiet_zone_of_four_modules_is_white() -> None:
    root = ElementTree.fromstring(draw_qr(ADDRESS))
    modules = int(root.attrib["viewBox"].split()[2])
    ground, code = list(root)
    assert (ground.get("fill"), ground.get("d")) == ("#fff", f"M0 0h{modules}v{modules}h-{modules}z")
    assert code.attrib["d"].startswith("M4 4.5h7")  # the first finder pattern
    assert (modules - 8 - 17) % 4 == 0  # a code's own sides are 21, 25, 29, ... modules


def test_a_code_holds_nothing_that_a_page_could_run() -> None:
    assert {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(draw_qr(ADDRESS)).iter()} == {
        "svg",
        "path",
    }
