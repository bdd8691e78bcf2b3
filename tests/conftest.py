"""Offer the toy city, an application of it and its test client."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.settings import Settings
from toy import write_city


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let golden files be rewritten, to be read in review like code."""
    parser.addoption("--rewrite-golden", action="store_true", help="write golden files anew from what is made now")


@pytest.fixture
def toy_city(tmp_path: Path) -> Path:
    """Return a folder with the toy city, fresh for each test."""
    return write_city(tmp_path / "toy")


@pytest.fixture(scope="session")
def toy_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return the application of a toy city that no test changes."""
    folder = write_city(tmp_path_factory.mktemp("city") / "toy")
    return create_app(Settings(geodata=folder, public_url="https://atlas.example"))


@pytest.fixture
def client(toy_app: Flask) -> FlaskClient:
    """Return a browser without cookies."""
    return toy_app.test_client()
