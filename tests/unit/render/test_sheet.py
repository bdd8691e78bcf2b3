"""Check how a map is put on a sheet: its room, its scale, its legend and its looks."""

from __future__ import annotations

import io

import pytest
from markupsafe import Markup
from PIL import Image

from cityatlas.city.spec import View
from cityatlas.render.city_map import to_png
from cityatlas.render.looks import DRAWN_LOOKS, dressed
from cityatlas.render.sheet import Entry, draw_sheet, fit_view, lay_out, scale_bar, shorten

ENTRY = Entry("circle", "#1b7a5e", "景点")  # 16 + 6 + 24 + 16 px


@pytest.mark.parametrize(
    ("lat", "zoom", "length_m", "bar_px"),
    [(0, 14, 1000, 104.7), (60, 14, 500, 104.7), (0, 17, 100, 83.7), (0, 0, 10_000_000, 63.9), (0, 24, 1, 107.2)],
)
def test_a_scale_is_the_longest_round_length_that_has_room(
    lat: float, zoom: float, length_m: int, bar_px: float
) -> None:
    assert scale_bar(View(0, lat, zoom)) == (length_m, bar_px)


def test_a_sheet_has_its_title_above_and_its_legend_below() -> None:
    layout = lay_out((800, 600), [ENTRY] * 3)
    assert (layout.head_px, layout.foot_px, layout.map_px) == (44, 40, (800, 516))
    assert [x for _, x in layout.rows[0]] == [12, 12 + 62, 12 + 124]


def test_a_legend_takes_as_many_rows_as_it_needs_and_is_left_out_where_it_would_hide_the_map() -> None:
    many = lay_out((800, 600), [ENTRY] * 20)
    assert ([len(row) for row in many.rows], many.foot_px) == ([9, 9, 2], 3 * 22 + 12)
    assert lay_out((800, 250), [ENTRY] * 20).rows == ()
    assert lay_out((320, 240), [Entry("line", "#000000", "长" * 99)]).map_px == (320, 240 - 44 - 40)


def test_a_map_that_is_not_cut_at_its_edges_gives_the_same_pixels() -> None:
    layout = lay_out((400, 300), [ENTRY])
    drawn = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}">'
        '<rect x="-60" y="-60" width="900" height="900" fill="#ff0000"/></svg>'
    ).format(*layout.map_px)
    pictures = []
    for is_cut in (True, False):
        sheet = draw_sheet(layout, drawn, View(121, 30, 14), ("Mill", "Toy"), "en", (400, 300), is_cut=is_cut)
        with Image.open(io.BytesIO(to_png(sheet))) as picture:
            pictures.append(picture.convert("RGB"))
    assert pictures[0].tobytes() == pictures[1].tobytes()
    assert pictures[1].getpixel((200, layout.head_px + 10)) == (255, 0, 0)
    assert pictures[1].getpixel((200, 2)) == pictures[1].getpixel((2, 298)) == (246, 241, 230)  # paper


@pytest.mark.parametrize(("size_px", "is_bare"), [((299, 400), False), ((400, 199), False), ((800, 600), True)])
def test_a_small_picture_is_all_map(size_px: tuple[int, int], is_bare: bool) -> None:
    assert lay_out(size_px, [ENTRY], is_bare=is_bare).map_px == size_px


def test_a_view_shows_all_of_an_extent_and_is_never_too_close() -> None:
    assert fit_view((-180, -1, 180, 1), (1024, 4000), 16) == View(0, 0, 2)  # the world is 256 px wide at zoom 0
    assert fit_view((7, 7, 7, 7), (400, 400), 16) == View(7, 7, 16)


def test_a_long_title_ends_in_dots() -> None:
    assert shorten("平湖", 20, 40) == "平湖"
    assert shorten("平湖城市地图", 20, 80) == "平湖城…"
    assert shorten("平湖", 20, 5) == "…"


def test_a_look_changes_colours_and_no_text() -> None:
    drawn = Markup('<path fill="#f6f1e6"/><text fill="#22303a">{}</text>').format('fill="#f6f1e6"')
    assert dressed(drawn, "light") == drawn
    dark = dressed(drawn, "dark")
    assert dark == '<path fill="#222c33"/><text fill="#f3efe6">fill=&#34;#f6f1e6&#34;</text>'
    assert DRAWN_LOOKS == ("light", "dark", "print")
