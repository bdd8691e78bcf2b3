"""Hold prices, phone, website, booking, notices, services and months of a route to what they may say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.catalogue.folder_export import content_of_feature
from cityatlas.city.contacts import host_of, tel_address
from cityatlas.city.property_checks import check_properties
from cityatlas.editing.completeness import unsourced
from cityatlas.exchange.incoming.sheet_comparison import read_sheet
from cityatlas.exchange.layers.sheets import layer_csv, layer_xlsx
from cityatlas.schema.items import Price
from cityatlas.settings import Settings
from cityatlas.versioning.content import content_of
from cityatlas.versioning.merge import merge
from toy import Json, sights, text, with_properties, write_city

REPAIRS = {"text": text("修缮", "Repairs"), "from": "2026-02-03", "to": "2026-02-08", "closes": True}
SAID: Json = {
    "notices": [REPAIRS | {"source": "Sign at the door"}],
    "price": [
        {"amount": 10, "currency": "CNY", "for": "adult", "source": "Sign at the door"},
        {
            "amount": 0,
            "currency": "CNY",
            "for": "child",
            "note": text("1.2米以下", "below 1.2 m"),
            "source": "Town paper",
        },
    ],
    "reservation": {"needed": True, "how": text("打电话", "by phone")},
    "reservation_source": "Sign at the door",
    "phone": "0573-85012345",
    "phone_source": "Sign at the door",
    "website": "https://hall.example/visit",
    "services": {"parking": True, "water": False, "lockers": True, "nursing_room": False, "note": text("西侧", "west")},
}
SEASON = {"valid_from": "2026-04", "valid_to": "2026-10", "valid_source": "Town paper"}


@pytest.fixture
def city(tmp_path: Path) -> Catalogue:
    """Return the toy city, whose hall says all of them and whose boat tour has a season."""
    layer = with_properties(with_properties(sights(), "hall", **SAID), "boat-tour", **SEASON)
    return build_catalogue(Settings(geodata=write_city(tmp_path / "city", sights=layer)))


def faults_of(city: Catalogue, feature_id: str, **wrong: Any) -> list[str]:
    said = dict(city.features[feature_id].properties) | wrong
    return [str(found) for found in check_properties(said, city.layers["sights"].spec, city.city)]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"phone": "call us"}, 'phone "call us" is not a phone number'),
        ({"phone": "85012345/85012346"}, 'phone "85012345/85012346" is not a phone number'),
        ({"phone": "tel:110;ext=<b>"}, "phone "),
        ({"phone_source": None}, "phone has no source"),
        ({"website": "javascript:alert(1)"}, 'website "javascript:alert(1)" is not an http or https address'),
        ({"website": "https://[::1"}, 'website "https://[::1" is not an http or https address'),
        ({"price": [SAID["price"][0] | {"amount": -1}]}, "price amount -1 is not a number from 0 to 100,000"),
        ({"price": [SAID["price"][0] | {"currency": "yuan"}]}, 'price currency "yuan" is not the code of a currency'),
        ({"price": [SAID["price"][0] | {"for": "dogs"}]}, 'price for "dogs" is not one of adult, child'),
        ({"price": [{"currency": "CNY", "source": "Town paper"}]}, "price amount is missing"),
        ({"price": [SAID["price"][0] | {"source": None}]}, "price has no source"),
        ({"reservation": {"needed": "maybe"}}, 'reservation needed "maybe" is neither true nor false'),
        ({"services": {"sauna": True}}, 'services "sauna" is not known'),
        ({"notices": [SAID["notices"][0] | {"to": "2026-02-02"}]}, "notices to 2026-02-02 is before the beginning"),
        ({"notices": [SAID["notices"][0] | {"text": None}]}, "notices text is missing"),
    ],
)
def test_what_they_may_not_say(city: Catalogue, wrong: dict[str, Any], told: str) -> None:
    assert faults_of(city, "hall") == []
    (found,) = faults_of(city, "hall", **wrong)
    assert found.startswith(told)


def test_months_of_a_route_are_in_order_and_share_one_source(city: Catalogue) -> None:
    assert faults_of(city, "boat-tour") == []
    assert faults_of(city, "boat-tour", valid_to="2026-03")[0].startswith("valid_to 2026-03 is before the beginning")
    assert faults_of(city, "boat-tour", valid_to="summer")[0].startswith('valid_to "summer" is not a month')
    (one,) = faults_of(city, "boat-tour", valid_source=None)
    assert "no source" in one
    lacking = dict(city.features["boat-tour"].properties) | {"valid_source": None}
    assert list(unsourced(lacking)) == ["valid_source"]


def test_a_sheet_goes_out_and_comes_in_without_a_difference(city: Catalogue) -> None:
    layer = city.layers["sights"]
    taken = {feature.id: feature.layer for feature in city.features.values()}
    for raw in (layer_csv(layer, city.city, "zh"), layer_xlsx(layer, city.city, "en")):
        assert read_sheet(raw, layer, city.city, taken=taken).is_empty
    written = layer_csv(layer, city.city, "zh").decode("utf-8-sig")
    assert "10 | CNY | 成人 |  |  | Sign at the door" in written
    assert "修缮 | Repairs | 2026-02-03 | 2026-02-08 | 是 | Sign at the door" in written


def test_two_prices_are_merged_and_one_that_both_changed_is_asked(city: Catalogue) -> None:
    hall = city.features["hall"]
    base = content_of_feature(hall)

    def saying(*prices: Json) -> Any:
        return content_of(hall.layer, base.geometry, dict(hall.properties) | {"price": list(prices)})

    adult, child = SAID["price"]
    mine, theirs = saying(adult | {"amount": 12}, child), saying(adult, child, adult | {"for": "senior"})
    assert [row["amount"] for row in merge(base, mine, theirs).content.properties["price"]] == [12, 0, 10]
    (clash,) = merge(base, mine, saying(adult | {"amount": 15}, child)).clashes
    assert clash.path == "price[adult CNY ]"


@pytest.mark.parametrize(
    ("phone", "address"),
    [
        ("0573-85012345", "tel:057385012345"),
        ("+86 573 8501 2345", "tel:+8657385012345"),
        ("(0573) 85012345 转 801", "tel:057385012345;ext=801"),
        ("85012345 ext. 7", "tel:85012345;ext=7"),
    ],
)
def test_a_number_becomes_a_link(city: Catalogue, phone: str, address: str) -> None:
    assert faults_of(city, "hall", phone=phone) == []
    assert tel_address(phone) == address


def test_a_link_says_where_it_leads() -> None:
    assert host_of("https://user@Hall.example:8443/visit") == "hall.example"
    assert host_of("https://[::1") == ""


def test_a_price_of_nothing_is_free_and_of_nobody_in_particular() -> None:
    assert Price.of({"amount": 0, "currency": "CNY"}) == Price(0, "CNY", "", {}, "")
