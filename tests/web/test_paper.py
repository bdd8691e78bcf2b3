"""Check the map on paper: its size, its letters and lines, its index."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from cityatlas.handouts.map_pdf import Grid
from hostile import PAYLOADS

A4_PT, A3_PT = (595, 842), (842, 1191)


def read(client: FlaskClient, address: str) -> PdfReader:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return PdfReader(io.BytesIO(answer.data))


@pytest.mark.parametrize(("query", "size_pt"), [("", A4_PT), ("?paper=a3", A3_PT)])
def test_the_map_has_the_size_of_the_paper(client: FlaskClient, query: str, size_pt: tuple[int, int]) -> None:
    pages = read(client, f"/en/map.pdf{query}").pages
    assert len(pages) == 2
    for page in pages:
        sides = (round(page.mediabox.width), round(page.mediabox.height))
        assert sorted(sides) == list(size_pt)


def test_it_is_drawn_as_lines_and_letters(client: FlaskClient) -> None:
    page, index = read(client, "/zh/map.pdf").pages
    assert len(page.images) == 0
    words = page.extract_text()
    assert {"玩具城地图", "老磨坊", "北"} <= set(words.split())
    assert "虚线空心" in words
    assert "地点索引" in index.extract_text()


def test_the_index_names_each_place_with_its_square_and_says_where_it_comes_from(client: FlaskClient) -> None:
    lines = read(client, "/en/map.pdf").pages[1].extract_text().splitlines()
    assert any(line.startswith("Old mill") for line in lines)
    assert "https://atlas.example/en/" in lines
    only = read(client, "/en/map.pdf?layers=works&paper=a4").pages[1].extract_text()
    assert "Old mill" not in only
    assert "https://atlas.example/en/?layers=works" in only


def test_squares_are_counted_from_the_north_west() -> None:
    grid = Grid((600, 450))
    assert grid.counts == (4, 3)
    assert [grid.square(x, y) for x, y in ((0, 0), (149, 149), (150, 150), (600, 450))] == ["A1", "A1", "B2", "D3"]


@pytest.mark.parametrize("paper", ["a0", "letter", *PAYLOADS.values()])
def test_other_paper_is_refused(client: FlaskClient, paper: str) -> None:
    assert client.get("/zh/map.pdf", query_string={"paper": paper}).status_code == 422
