"""Come from the worklist to the very field that mends a task, whatever kind of task it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from browser.conftest import DESKTOP, OpenVisit, served
from browser.desk import log_in
from staff import make_desk
from staff_desk import put
from toy import text

pytestmark = pytest.mark.browser
PHOTO = {"file": "mill.jpg", "credit": "ann"}
# A path that the worklist names, and the control in which the cursor then is.
SOUGHT = {
    "school": {"phases.2": "phases.2.phase", "geometry": "lon", "position.class": "position.class"},
    "hall": {"opening_hours": "opening_hours", "sources.1.url": "sources.1.url", "hours_source": "hours_source"},
    "mill": {
        "summary.en": "summary.en",
        "facts.0.source": "facts.0.source",
        "photos.0.alt": "photos.0.alt.zh",
        "programmes.0.questions.1.en": "programmes.0.questions.zh",
        "phases.7": "",  # there is no such row: the button that adds one
    },
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a desk whose mill has a photo and a programme."""
    app = make_desk(tmp_path_factory.mktemp("desk"))
    asked = [text("问一", "One"), text("问二", "Two")]
    programme = {"id": "talk", "title": text("讲座", "Talk"), "questions": asked, "source": "Town paper"}
    put(app, "mill", photos=[PHOTO], programmes=[programme])
    with served(app.config["SETTINGS"]) as url:
        yield url


@pytest.mark.parametrize("feature_id", SOUGHT)
def test_the_cursor_is_in_the_field_that_the_worklist_names(visit: OpenVisit, desk: str, feature_id: str) -> None:
    visitor = visit(DESKTOP, at=desk)
    page = log_in(visitor, "coco", f"/en/staff/features/{feature_id}")
    for path, name in SOUGHT[feature_id].items():
        page.goto("about:blank")
        page.goto(f"{desk}/en/staff/features/{feature_id}#{path}")
        if path == "opening_hours":
            expect(page.get_by_label("Always open")).to_be_focused()
            continue
        if path == "phases.7":
            expect(page.get_by_role("button", name="Add a phase")).to_be_focused()
            continue
        expect(page.locator(f"[name='{name}']")).to_be_focused()
        expect(page.locator(f"[name='{name}']")).to_be_in_viewport()
        expect(page.locator(".is-sought")).to_have_count(1)


def test_a_row_of_the_worklist_opens_its_field(visit: OpenVisit, desk: str) -> None:
    visitor = visit(DESKTOP, at=desk)
    log_in(visitor, "coco", "/en/staff/features/school")
    page = visitor.open("/en/staff/worklist?kind=phase")
    page.locator(".desk-list a").click()
    expect(page.locator("[name='phases.2.phase']")).to_be_focused()
