"""Check what id a name makes, on the form as in a file that is brought in."""

from __future__ import annotations

import pytest

from cityatlas.search.pinyin import make_slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ({"zh": "平湖塔"}, "ping-hu-ta"),
        ({"zh": "平湖塔", "en": "Pinghu Tower"}, "pinghu-tower"),
        ({"zh": "钟楼", "en": "Bell Tower (North)"}, "bell-tower-north"),
        ({"zh": "钟楼2号"}, "zhong-lou-2-hao"),
        ({"en": "Café d'Été № 3"}, "cafe-dete-no-3"),
        ({"en": "Café Müller"}, "cafe-muller"),
        ({"zh": "🏯"}, "place"),
        ({"en": "🏯", "zh": "塔"}, "ta"),
        ({"en": "../../etc"}, "etc"),
        ({"en": "word " * 20}, "word-word-word-word-word-word-word-word-word"),
        ({"zh": "长" * 100}, "-".join(["zhang"] * 8)),
    ],
)
def test_an_id_is_made_of_the_name(name: dict[str, str], slug: str) -> None:
    assert make_slug(name, {"mill"}.__contains__) == slug


@pytest.mark.parametrize(
    ("name", "taken", "slug"),
    [
        ({"en": "mill"}, {"mill", "mill-2"}, "mill-3"),
        ({"zh": "钟楼2号"}, {"zhong-lou-2-hao"}, "zhong-lou-2-hao-2"),
        ({"zh": "🏯"}, {"place", "place-2"}, "place-3"),
    ],
)
def test_an_id_is_never_taken_twice(name: dict[str, str], taken: set[str], slug: str) -> None:
    assert make_slug(name, taken.__contains__) == slug
