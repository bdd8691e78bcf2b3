"""Take the desk's database or its secret away: the public map stays as it was, and the desk says why it is closed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import URL, event, text

from cityatlas.app import create_app
from cityatlas.errors import InvalidValue
from cityatlas.settings import help_lines, read_settings
from postgres import new_database
from staff import desk_settings, log_in, logged_in, make_desk, store_of

PUBLIC = ["/zh/", "/en/sites/hall", "/layers/sights.geojson", "/en/search?q=mill", "/zh/embed/"]


def words(app: Flask, language: str = "en", page: str = "login") -> str:
    """Return what the desk says while it is closed; all of its pages and the public ones are asked."""
    client = app.test_client()
    for address in PUBLIC:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "Set-Cookie" not in answer.headers
    for other in ("", "me", "accounts", "welcome/x"):
        assert client.get(f"/{language}/staff/{other}").status_code == 503, other
    assert client.post(f"/{language}/staff/login").status_code == 503
    answer = client.get(f"/{language}/staff/{page}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "private, no-store")
    return answer.text


def test_without_a_database_the_first_account_is_explained_and_nothing_is_written(tmp_path: Path) -> None:
    app = create_app(desk_settings(tmp_path))
    assert "cityatlas user add NAME --role admin" in words(app)
    assert "cityatlas user add" in words(app, "zh")
    assert not (tmp_path / "var").exists()


def test_the_desk_opens_when_the_first_account_is_made_while_the_server_runs(tmp_path: Path) -> None:
    app = create_app(desk_settings(tmp_path))
    assert app.test_client().get("/en/staff/login").status_code == 503
    make_desk(tmp_path)
    assert log_in(app.test_client(), "ann").status_code == 303


def test_a_damaged_database_is_named_as_the_cause_without_its_place(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "toy.sqlite").write_bytes(b"this is no database at all" * 100)
    page = words(create_app(desk_settings(tmp_path)))
    assert "it may be damaged" in page
    assert str(tmp_path) not in page


def test_a_database_that_breaks_while_people_are_logged_in_closes_the_desk(tmp_path: Path) -> None:
    app = make_desk(tmp_path)
    client = logged_in(app, "ann")
    store_of(app).close()
    for path in (tmp_path / "var").glob("toy.sqlite*"):
        path.write_bytes(b"this is no database at all" * 100)
    assert client.get("/en/staff/me").status_code == 503
    assert client.get("/zh/sites/hall").status_code == 200


def test_a_database_that_is_gone_is_not_to_be_begun_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    app = make_desk(tmp_path)
    logged_in(app, "ann")
    store_of(app).close()
    for path in (tmp_path / "var").glob("toy.sqlite*"):
        path.unlink()
    page = words(app)
    assert "restores a backup (cityatlas restore)" in page
    assert "cityatlas restore" in words(app, "zh")
    assert "cityatlas restore FILE" in caplog.text
    assert "cityatlas user add" not in caplog.text


def test_a_file_that_cannot_be_written_to_closes_the_desk_before_anybody_types(tmp_path: Path) -> None:
    app = make_desk(tmp_path)
    logged_in(app, "ann")
    app = create_app(app.config["SETTINGS"])
    event.listen(store_of(app)._engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only = ON"))
    store_of(app).close()
    assert "can be read but not written to" in words(app)


def test_a_read_only_postgresql_closes_the_desk_before_anybody_types(tmp_path: Path, postgres: URL) -> None:
    url = new_database(postgres, "readonly").render_as_string(hide_password=False)
    app = make_desk(tmp_path, url)
    with store_of(app).alone() as connection:
        connection.execute(text("ALTER DATABASE readonly SET default_transaction_read_only = on"))
    store_of(app).close()
    assert "can be read but not written to" in words(create_app(app.config["SETTINGS"]))


def test_a_folder_that_cannot_be_looked_into_closes_the_desk_alone(tmp_path: Path) -> None:
    settings = replace(desk_settings(tmp_path), var=tmp_path / ("x" * 300))  # no system takes so long a name
    app = create_app(settings)
    assert "cannot be used at the moment" in words(app)
    app.extensions["cityatlas_live"].look_at_store()  # the thread that watches it would have ended


def test_a_server_of_postgresql_that_is_away_closes_the_desk_and_names_no_host(tmp_path: Path) -> None:
    url = f"postgresql://atlas:s3same@/atlas?host={tmp_path}"
    page = words(create_app(desk_settings(tmp_path, url)))
    assert "cannot be used at the moment" in page
    assert "s3same" not in page
    assert str(tmp_path) not in page


def test_a_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    app = make_desk(tmp_path)
    client = logged_in(app, "ann")
    path = tmp_path / "var" / "secret"
    assert path.stat().st_mode & 0o777 == 0o600
    again = create_app(desk_settings(tmp_path))
    again.test_client().get("/staff")
    assert again.secret_key == app.secret_key == path.read_text("utf-8")
    assert client.get("/en/staff/me").status_code == 200
    assert sorted(p.name for p in path.parent.iterdir() if "secret" in p.name) == ["secret"]


def test_a_secret_that_others_may_read_or_that_is_none_closes_the_desk(tmp_path: Path) -> None:
    make_desk(tmp_path)
    path = tmp_path / "var" / "secret"
    for kept, mode in (("x" * 40, 0o644), ("", 0o600), ("short", 0o600)):
        path.write_text(kept, "utf-8")
        path.chmod(mode)
        page = words(create_app(desk_settings(tmp_path)))
        assert "cannot keep the key that logins are signed with" in page
        assert str(path) not in page


def test_a_given_secret_is_used_and_none_is_kept(tmp_path: Path) -> None:
    app = make_desk(tmp_path, secret="a secret of at least thirty-two letters")
    logged_in(app, "ann")
    assert not (tmp_path / "var" / "secret").exists()


def test_a_short_secret_is_refused_at_the_start() -> None:
    with pytest.raises(InvalidValue, match="CITYATLAS_SECRET is shorter than 32 letters"):
        read_settings({"CITYATLAS_SECRET": "changeme"})


def test_settings_of_the_desk_are_told_and_read() -> None:
    told = " ".join(help_lines())
    assert all(f"CITYATLAS_{name}" in told for name in ("SECRET", "SESSION_H", "PROXIES", "VAR"))
    settings = read_settings({"CITYATLAS_PROXIES": "0", "CITYATLAS_SESSION_H": "4", "CITYATLAS_SECRET": "s" * 32})
    assert (settings.proxies, settings.session_h) == (0, 4)
    assert "s" * 32 not in repr(settings)
