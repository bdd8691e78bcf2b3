"""Offer the toy city, an application of it and its test client."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import StrictUndefined, Undefined
from jinja2.utils import missing
from sqlalchemy import URL
from werkzeug.routing import Rule

from cityatlas.app import create_app
from cityatlas.settings import Settings
from cityatlas.store import Store, open_store
from cityatlas.store.people import accounts
from kept import KeptTemplates, once_for_each_rule, quick_applications
from postgres import new_database, running_postgres
from toy import write_city

DATABASES = itertools.count(1)
LONGEST = "test_store_interleavings.py"
hypothesis.settings.register_profile("untimed", deadline=None)  # a busy machine is no fault of ours
hypothesis.settings.load_profile("untimed")


class Named(Undefined):
    """Stand for what a table does not hold, in templates of the tests; a name that nobody gives is a fault there."""

    def __new__(cls, hint: str | None = None, obj: Any = missing, *args: Any, **options: Any) -> Undefined:  # type: ignore[misc]
        return object.__new__(cls) if isinstance(obj, Mapping) else StrictUndefined(hint, obj, *args, **options)


Flask.jinja_options |= {"undefined": Named, "bytecode_cache": KeptTemplates()}
REAL_HASHER = accounts.HASHER
accounts.HASHER = PasswordHasher(
    memory_cost=8, time_cost=1, parallelism=1
)  # of the 40 ms only test_passwords.py speaks
Rule.compile = once_for_each_rule(Rule.compile)  # type: ignore[method-assign, assignment]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let golden files be rewritten, to be read in review like code."""
    parser.addoption("--rewrite-golden", action="store_true", help="write golden files anew from what is made now")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest file that would come last, so that two workers end together."""
    items.sort(key=lambda item: item.path.name != LONGEST)


@pytest.fixture
def real_hasher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords as the program does, at their full price."""
    monkeypatch.setattr(accounts, "HASHER", REAL_HASHER)


@pytest.fixture(scope="module")
def quickly_begun() -> Iterator[None]:
    """Let the applications of a file of tests share what each of them would make alike."""
    with pytest.MonkeyPatch.context() as patch:
        quick_applications(patch)
        yield


@pytest.fixture
def toy_city(tmp_path: Path) -> Path:
    """Return a folder with the toy city, fresh for each test."""
    return write_city(tmp_path / "toy")


@pytest.fixture(scope="session")
def toy_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return the application of a toy city that no test changes."""
    folder = write_city(tmp_path_factory.mktemp("city") / "toy")
    return create_app(
        Settings(geodata=folder, var=folder.parent / "var", public_url="https://atlas.example", plans_per_minute=10_000)
    )


@pytest.fixture
def client(toy_app: Flask) -> FlaskClient:
    """Return a browser without cookies."""
    return toy_app.test_client()


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """Return the address of a PostgreSQL that ends with the tests."""
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return CITYATLAS_DATABASE_URL of an empty store; the test runs once on each kind of database."""
    if request.param == "sqlite":
        return ""
    server: URL = request.getfixturevalue("postgres")
    return new_database(server, f"test{next(DATABASES)}").render_as_string(hide_password=False)


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """Return an empty store of the toy city, on both databases."""
    opened = open_store(database_url, tmp_path / "var", "toy")
    yield opened
    opened.close()
