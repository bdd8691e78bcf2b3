"""Look at a frame that stays as it was: it says so, and how much has changed since."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenVisit, served
from cityatlas.catalogue.folder import keep_folder
from cityatlas.store import Order, moment_now, open_store, publish_content
from cityatlas.versioning.content import content_of
from staff import desk_settings
from toy import feature, point, text

pytestmark = pytest.mark.browser


def test_a_pinned_frame_draws_its_map_and_says_how_much_has_changed(visit: OpenVisit, tmp_path: Path) -> None:
    settings = desk_settings(tmp_path)
    store = open_store("", settings.var, "toy")
    for seen, name in enumerate(("mill", "mill", "quay")):
        row = feature(name, "house", text("磨坊", f"Mill {seen}"), point(121.0))
        said = content_of("sights", row["geometry"], row["properties"])
        publish_content(store, name, said, seen if name == "mill" else 0, Order("ann"))
        if not seen:
            keep_folder(settings.var, settings.geodata, moment_now(store))
    with served(settings) as address:
        visitor = visit(at=address)
        page = visitor.open("/en/embed/layers/sights@1?look=dark")
        expect(page.locator(".embed-pinned a")).to_have_text("2 changes since, look")
        expect(page.locator(".embed-pinned")).to_contain_text("As of ")
        page = visitor.open("/zh/embed/sites/mill@1")
        expect(page.locator(".embed-pinned a")).to_have_text("之后有 1 处改动，去看看")
    store.close()
