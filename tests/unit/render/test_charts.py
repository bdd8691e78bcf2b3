"""Check amounts and bars against numbers worked out by hand."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup

from cityatlas.city.figures import Figure
from cityatlas.render.charts import amount, bar_chart, charted


def figure(value: float, unit: str = "visits", **more: Any) -> Figure:
    said = {"zh": "标签", "en": "Label"}
    values: dict[str, Any] = {
        "id": f"f{value}",
        "group": "visits",
        "label": said,
        "value": value,
        "value_max": None,
        "unit": {"zh": "次", "en": unit},
        "bound": "exact",
        "period": said,
        "sentence": said,
        "feature": "",
        "programme": "",
        "source": {"title": "paper"},
    }
    return Figure(**values | more)


def test_large_round_numbers_are_counted_in_wan_in_chinese_only() -> None:
    assert amount(figure(600000), "zh") == "60万次"
    assert amount(figure(2_600_000), "en") == "2,600,000 visits"
    assert amount(figure(12345), "zh") == "12,345次"


def test_a_bound_and_a_range_are_said() -> None:
    assert amount(figure(2000, bound="more_than"), "en") == "more than 2,000 visits"
    assert amount(figure(24, value_max=30, bound="about"), "zh") == "约24至30次"


def test_only_figures_of_one_unit_share_a_chart_largest_first() -> None:
    rows = [figure(1), figure(5, "days"), figure(3)]
    assert [[f.value for f in chart] for chart in charted(rows)] == [[3, 1]]


def test_bars_are_as_long_as_their_numbers_and_text_is_escaped() -> None:
    hostile = {"zh": "<b>", "en": "<b>"}
    soup = BeautifulSoup(bar_chart([figure(40), figure(10, label=hostile)], "en", "c"), "html.parser")
    long, short = (float(str(bar["width"])) for bar in soup.select(".bar"))
    # 340 wide, less the text "40 visits" (9 letters of 0.56 em of 13 px) and a gap of 10: 264.5
    assert long == 264.5
    assert short == 66.1
    assert not soup.select("b")
