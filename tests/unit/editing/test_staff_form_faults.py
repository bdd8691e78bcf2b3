"""Say field by field what a draft lacks, and give new features ids that nothing else has."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.catalogue.folder_export import content_of_feature
from cityatlas.catalogue.store_watch import NOTHING
from cityatlas.editing.form.faults import field_faults
from cityatlas.i18n import Language
from cityatlas.search.pinyin import make_slug
from cityatlas.settings import Settings
from cityatlas.versioning.content import content_of
from fault_cases import GEOMETRIES, PROPERTIES, SOUND
from toy import point, text, write_city


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Return the toy city."""
    return build_catalogue(Settings(geodata=write_city(tmp_path_factory.mktemp("toy") / "city")), NOTHING)


def changed(toy: Catalogue, feature_id: str, **properties: Any) -> set[str]:
    """Return the fields with faults of a feature whose properties are changed; `geometry` is one of them here."""
    content = content_of_feature(toy.features[feature_id])
    geometry = properties.pop("geometry", content.geometry)
    new = content_of(content.layer, geometry, content.properties | properties)
    return set(field_faults(toy, feature_id, new, "zh"))


def test_a_sound_feature_has_none(toy: Catalogue) -> None:
    assert {key: changed(toy, key) for key in toy.features} == {key: set() for key in toy.features}


@pytest.mark.parametrize(
    ("properties", "field", "sentence"),
    [
        (
            {"visit_min": "an hour"},
            "visit_min",
            'Visit (minutes) "an hour" is not a whole number from 0 to 1,440',
        ),
        ({"visit_min": 1441}, "visit_min", "Visit (minutes) 1441 is not a whole number from 0 to 1,440"),
        (
            {"position": {"class": "schematic", "located_by": text("估", "guess"), "accuracy_m": 5001}},
            "position.accuracy_m",
            "Basis of the position: Accuracy in metres 5001 is not a whole number from 1 to 5,000",
        ),
        (
            {"stated": [{"what": "length_m", "value": 0, "source": "Town paper"}]},
            "stated.0.value",
            "Stated length and time 1: Value 0 is not a number from 0 to 1,000,000, both beyond it",
        ),
    ],
)
def test_a_number_beyond_its_limits_is_told_with_them(
    toy: Catalogue, properties: dict[str, Any], field: str, sentence: str
) -> None:
    content = content_of_feature(toy.features["mill"])
    new = content_of(content.layer, content.geometry, content.properties | properties)
    assert field_faults(toy, "mill", new, "en")[field] == [sentence]


PAPER = {"source": "Town paper"}
POINT = {"type": "Point", "coordinates": [0.0, 0.0]}
WAYS = {"stops": ["mill", "nowhere"], "legs": [{}]}


@pytest.mark.parametrize(
    ("feature_id", "properties", "fields"),
    [
        ("mill", {"name": {"zh": "磨坊"}}, {"name.en"}),
        ("mill", {"name": {"zh": "长" * 201, "en": "Mill"}}, {"name.zh"}),
        ("mill", {"summary": {"zh": "一\x01二"}}, {"summary.zh"}),
        ("mill", {"kind": "project"}, {"kind"}),
        ("mill", {"themes": ["family", "golf"]}, {"themes"}),
        ("mill", {"figures": ["talks", "nothing"]}, {"figures"}),
        ("mill", {"visit_min": "an hour"}, {"visit_min"}),
        ("mill", {"visit_min": 2000}, {"visit_min"}),
        ("mill", {"opening_hours": "9h-5", "hours_source": "Town paper"}, {"opening_hours"}),
        ("mill", {"opening_hours": "Mo 09:00-10:00"}, {"hours_source"}),
        ("mill", {"access": {"lift": "maybe"}}, {"access.lift"}),
        ("mill", {"sources": []}, {"sources"}),
        ("mill", {"sources": [{"title": "Town paper", "url": "paper.example"}]}, {"sources.0.url"}),
        ("mill", {"sources": [{"title": "Town paper", "date": "2024-13"}]}, {"sources.0.date"}),
        ("mill", {"facts": [{"label": {"zh": "高"}} | PAPER]}, {"facts.0.value.zh"}),
        ("mill", {"facts": [{"label": {"zh": "高"}, "value": {"zh": "9"}}]}, {"facts.0.source"}),
        ("mill", {"photos": [{"file": "../x", "alt": {"zh": "门"}, "credit": "甲，CC BY 4.0"}]}, {"photos.0.file"}),
        ("mill", {"position": {"class": "schematic"}}, {"position.located_by.zh"}),
        ("mill", {"position": {"class": "approximate"} | PAPER}, {"position.accuracy_m"}),
        ("mill", {"geometry": None}, {"geometry"}),
        ("mill", {"geometry": POINT}, {"geometry"}),
        ("mill", {"colour": "red"}, {""}),
        ("school", {"phases": [{"phase": "piling", "from": "2024-1"} | PAPER]}, {"phases.0.from"}),
        ("school", {"phases": [{"phase": "piling", "from": "2024-02", "to": "2024-01"} | PAPER]}, {"phases.0.to"}),
        ("boat-tour", WAYS, {"stops.0.mode", "stops.1.id"}),
        ("boat-tour", {"stated": [{"what": "length_m", "value": "far"} | PAPER]}, {"stated.0.value"}),
        ("hall", {"programmes": [{"id": "Talk", "title": {"zh": "讲座"}} | PAPER]}, {"programmes.0.id"}),
        (
            "hall",
            {"programmes": [{"id": "talk", "title": {"zh": "讲"}, "days": "often"} | PAPER]},
            {"programmes.0.days"},
        ),
    ],
    ids=lambda value: str(sorted(value)) if isinstance(value, set) else str(value),  # the same id in every process
)
def test_a_fault_stands_at_its_field(
    toy: Catalogue, feature_id: str, properties: dict[str, Any], fields: set[str]
) -> None:
    assert changed(toy, feature_id, **properties) == fields


def told(toy: Catalogue, language: Language, geometry: Any = POINT, **properties: Any) -> list[str]:
    """Return all that a form says of a new feature with these properties."""
    faults = field_faults(toy, "new", content_of("sights", geometry, SOUND | properties), language)
    return [sentence for sentences in faults.values() for sentence in sentences]


def test_faults_speak_the_reader_s_language(toy: Catalogue) -> None:
    assert told(toy, "en", point(121.0), visit_min="x", colour="red") == [
        'Visit (minutes) "x" is not a whole number from 0 to 1,440',
        'property "colour" is not known',
        "The name is needed in Chinese and English.",
    ]
    assert told(toy, "zh", point(121.0), visit_min="x", colour="red")[:2] == [
        '参观时长（分钟） "x" 不是 0 到 1,440 之间的整数',
        "不认识属性“colour”，请改名或删掉",
    ]


ENGLISH = re.compile(r"[A-Za-z]{3,}( [A-Za-z]{2,}){2,}")
IN_CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("rule", sorted(set(PROPERTIES) - {"no_properties"}))
def test_whatever_is_wrong_with_a_property_is_told_in_chinese(toy: Catalogue, rule: str) -> None:
    said = told(toy, "zh", point(121.0), **PROPERTIES[rule])
    assert said
    assert [sentence for sentence in said if ENGLISH.search(sentence) or not IN_CHINESE.search(sentence)] == []


@pytest.mark.parametrize("rule", sorted(GEOMETRIES))
def test_whatever_is_wrong_with_a_shape_is_told_in_chinese_at_the_place(toy: Catalogue, rule: str) -> None:
    given = GEOMETRIES[rule]
    content = content_of("sights", {"type": given[0], "coordinates": given[1]} if given else None, SOUND)
    (said,) = field_faults(toy, "new", content, "zh")["geometry"]
    assert IN_CHINESE.search(said)
    assert not ENGLISH.search(said)


def test_a_field_that_is_needed_and_empty_says_so_and_a_choice_is_to_be_made_from_its_list(toy: Catalogue) -> None:
    empty = {"facts": [{"source": "Town paper"}], "phases": [{"source": "Town paper"}]}
    faults = field_faults(toy, "new", content_of("sights", point(121.0), SOUND | empty), "en")
    assert [faults[name] for name in ("facts.0.label.zh", "facts.0.value.zh", "phases.0.phase")] == [
        ["This is needed."]
    ] * 3
    golf = content_of("sights", point(121.0), SOUND | {"themes": ["golf"], "stops": ["nowhere"]})
    faults = field_faults(toy, "new", golf, "en")
    assert faults["themes"] == ["Choose themes from the list."]
    assert faults["stops.0.id"] == ["There is no such place, or several of this name; choose one from the list."]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ({"zh": "平湖塔"}, "ping-hu-ta"),
        ({"zh": "平湖塔", "en": "Pinghu Tower"}, "pinghu-tower"),
        ({"en": "Café d'Été № 3"}, "cafe-dete-no-3"),
        ({"zh": "🏯"}, "place"),
        ({"en": "../../etc"}, "etc"),
        ({"en": "mill"}, "mill-3"),
        ({"en": "word " * 20}, "word-word-word-word-word-word-word-word-word"),
    ],
)
def test_an_id_is_made_from_the_name_and_never_taken_twice(name: dict[str, str], slug: str) -> None:
    assert make_slug(name, {"mill", "mill-2"}.__contains__) == slug
