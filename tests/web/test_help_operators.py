"""Hold the handbook for operators to the commands and settings that it names."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from cityatlas import __version__
from cityatlas.cli.main import main
from cityatlas.i18n import LANGUAGES
from cityatlas.settings import Settings
from cityatlas.web.frozen.upload import LISTS, MANIFEST, SCRIPT, STEPS
from cityatlas.web.help.operators import PARTS


@pytest.mark.parametrize("lang", LANGUAGES)
def test_commands_settings_files_and_the_version_are_those_of_the_program(client: FlaskClient, lang: str) -> None:
    page = BeautifulSoup(client.get(f"/{lang}/help/operators").text, "html.parser")
    text = page.select_one("main").get_text()  # type: ignore[union-attr]
    assert set(re.findall(r"cityatlas (freeze|sbom|backup|erase|export|print-config)\b", text)) <= main.commands.keys()
    settings = {f"CITYATLAS_{field.name.upper()}" for field in fields(Settings)}
    assert set(re.findall(r"CITYATLAS_[A-Z_]+", text)) <= settings
    assert all(f"{number}-{step}.txt" in text for number, step in enumerate([*STEPS, "deleted"], 1))
    assert MANIFEST in text
    assert "CITYATLAS_PLANS_PER_MINUTE" in text  # that each process counts for itself
    assert f"out.{LISTS}/{SCRIPT}" in text
    assert f"{Settings().max_features:,}" in text
    assert f"{Settings().max_file_mb} MB" in text
    assert __version__ in text
    assert [section["id"] for section in page.select("section[id]")] == list(PARTS)
    assert not re.search(r"\{[a-z_]+\}", text)
    assert page.select(f'footer a[href="/{lang}/help/operators"]')
