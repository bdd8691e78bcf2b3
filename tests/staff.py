"""Build desks for tests: an application with a store of its own, accounts, and browsers that are logged in."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text as sql
from werkzeug.test import TestResponse

from cityatlas.app import create_app
from cityatlas.settings import Settings
from cityatlas.store import Store
from cityatlas.store.people import accounts
from cityatlas.store.people.accounts import Account, NewAccount, Role
from toy import write_city

PASSWORD = "seven quiet herons wade"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"


def desk_settings(folder: Path, database_url: str = "", **more: object) -> Settings:
    """Return settings of a toy city in a folder, with everything that is written in it too."""
    return Settings(geodata=write_city(folder / "toy"), var=folder / "var", database_url=database_url, **more)  # type: ignore[arg-type]


def make_desk(folder: Path, database_url: str = "", **more: object) -> Flask:
    """Return an application whose desk has an admin (ann), an editor of the sights (ed) and a contributor (coco)."""
    app = create_app(desk_settings(folder, database_url, **more))
    for login, role, layers in (("ann", "admin", None), ("ed", "editor", ("sights",)), ("coco", "contributor", None)):
        add_person(store_of(app), login, role, layers)  # type: ignore[arg-type]
    return app


def add_person(store: Store, login: str, role: Role, layers: tuple[str, ...] | None = None) -> Account:
    """Add an account that can log in with `PASSWORD`."""
    accounts.add_account(store, NewAccount(login, role, layers=layers))
    return accounts.set_password(store, login, _hashed())


@cache
def _hashed() -> str:
    return accounts.hash_password(PASSWORD)


def store_of(app: Flask) -> Store:
    """Return the store of an application."""
    store: Store = app.extensions["cityatlas_store"]
    return store


def token(answer: TestResponse) -> str:
    """Return the token of the first form on a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', answer.text)
    assert found, answer.text
    return found[1]


def log_in(
    client: FlaskClient, login: str, password: str = PASSWORD, *, next: str = "", address: str = "10.1.2.3"
) -> TestResponse:
    """Send the login form as a browser would, and return its answer."""
    headers, environ = {"User-Agent": CHROME}, {"REMOTE_ADDR": address}
    form = client.get("/en/staff/login", headers=headers, environ_base=environ)
    fields = {"csrf": token(form), "login": login, "password": password, "next": next}
    return client.post("/en/staff/login", data=fields, headers=headers, environ_base=environ)


def logged_in(app: Flask, login: str) -> FlaskClient:
    """Return a browser in which somebody is logged in."""
    client = app.test_client()
    assert log_in(client, login).status_code == 303
    return client


@cache
def _other_app(settings: Settings) -> Flask:
    return create_app(settings)


def login_status(settings: Settings, login: str, password: str, address: str) -> int:
    """Return the status of an attempt to log in; a process that is asked again keeps its application."""
    return log_in(_other_app(settings).test_client(), login, password, address=address).status_code


def send(client: FlaskClient, address: str, page: str = "/en/staff/me", **fields: object) -> TestResponse:
    """Send a form with the token of a page."""
    return client.post(address, data={"csrf": token(client.get(page)), **fields})


def bytes_of(store: Store) -> bytes:
    """Return all that the database's files hold, its log too; of PostgreSQL, of its tables."""
    if store.path:
        return b"".join(path.read_bytes() for path in store.path.parent.glob(f"{store.path.name}*"))
    tables = "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 't', 'i') AND relfilenode <> 0"
    with store.writing() as connection:
        connection.execute(sql("CHECKPOINT"))
        names = connection.execute(sql(tables)).scalars().all()
        read = sql("SELECT pg_read_binary_file(pg_relation_filepath(cast(:name AS regclass)))")
        return b"".join(bytes(connection.execute(read, {"name": name}).scalar_one()) for name in names)
