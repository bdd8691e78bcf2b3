"""Let axe-core look at every page, in both languages, on a phone and on a desk: no violation at any level.

Languages and devices cross by turns: one page is Chinese on the phone and English on the desk, the next the other way.
"""

from __future__ import annotations

import pytest

from browser.axe import AXE, OPTIONS, faults_of
from browser.conftest import DESKTOP, PHONE, OpenVisit
from browser.plans import PARTY

pytestmark = pytest.mark.browser
PAGES = [
    "/",
    "/?site=minghu-sci-tech-island",
    "/?site=li-shutong-memorial&theme=art",
    "/sites/",
    "/sites/east-lake",
    "/sites/nanhetou-phase-2",
    "/layers/",
    "/layers/city_projects",
    "/routes/",
    "/routes/water-shore-route",
    "/plan",
    f"/plan?{PARTY}",
    "/plan?must=li-shutong-memorial&not=mo-manor&unknown_hours=yes",
    "/figures",
    "/about",
    "/search?q=lsjq",
    "/search?q=zzzz",
    "/ogc",
    "/embed/",
    "/embed/builder?of=layers/sights&theme=nobody",
    "/help/embed",
    "/routes/water-shore-route/stamps",
    "/sites/no-such-place",
]


@pytest.mark.parametrize("is_phone", [True, False], ids=["phone", "desktop"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(visit: OpenVisit, path: str, is_phone: bool) -> None:
    lang = ("zh", "en")[(PAGES.index(path) + is_phone) % 2]
    visitor = visit(PHONE if is_phone else DESKTOP)
    page = visitor.open(f"/{lang}{path}")
    if "site=" in path:
        page.wait_for_selector("#card-place article")
    source = AXE.read_text("utf-8")
    page.evaluate(f"() => {{ {source}; window.axe = axe; }}")
    found = page.evaluate("options => window.axe.run(document, options)", OPTIONS)
    if (
        "site=" in path
    ):  # where a mark stands is essential (WCAG 2.2, 2.5.8), and a moved map may put it under a control
        for violation in found["violations"]:
            if violation["id"] == "target-size":
                violation["nodes"] = [node for node in violation["nodes"] if "leaflet-marker-icon" not in node["html"]]
        found["violations"] = [violation for violation in found["violations"] if violation["nodes"]]
    told = [(v["id"], v["impact"], [n["target"] for n in v["nodes"]][:4]) for v in found["violations"]]
    if path == "/sites/no-such-place":
        visitor.allow_complaints()  # the browser reports the 404 itself
    assert told == []


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/zh/?layers=sights&c=121.02390,30.69890&z=16", {"look": "dark"}),
        ("/zh/sites/nanhetou-phase-2", {"look": "dark"}),
        (f"/en/plan?{PARTY}", {"look": "dark"}),
        ("/en/sites/", {"look": "dark", "type": "large"}),
        ("/en/embed/builder?of=layers/sights", {"look": "dark"}),
        ("/zh/routes/water-shore-route", {"type": "large"}),
    ],
)
def test_axe_finds_nothing_in_the_dark_and_in_large_type(
    visit: OpenVisit, address: str, path: str, kept: dict[str, str]
) -> None:
    storage = [{"name": name, "value": value} for name, value in kept.items()]
    state = {"cookies": [], "origins": [{"origin": address, "localStorage": storage}]}
    page = visit(PHONE, storage_state=state).open(path)
    assert page.locator(":root").get_attribute("data-look") == kept.get("look", "auto")
    assert faults_of(page) == []
