"""Hold every address to its row: who may come to it, and with which headers it answers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, Rule

from cityatlas.store.log.revisions import moment_text
from cityatlas.store.people import accounts
from cityatlas.store.tables import accounts as people
from cityatlas.store.tables import sessions
from cityatlas.web.http.desk import is_desk
from cityatlas.web.http.sending import caching
from cityatlas.web.http.sending.formats import endpoints
from cityatlas.web.staff.auth.access import ACCESS, EDITOR, MEMBER, OPEN, Access
from hostile import addresses
from staff import add_person, logged_in, make_desk, store_of, token

OUT = ("nobody", "disabled", "expired")  # who has no login that counts
ROLE_OF: dict[str, accounts.Role] = {"contributor": "contributor", "editor": "editor", "admin": "admin"}
LAST = ("staff_auth.logout", "staff_me.end", "staff_me.password")  # what may end the caller's login
COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "frame-ancestors 'none'",
}
OWN = {
    "Accept-Ranges",
    "Content-Type",
    "Content-Length",
    "Content-Crs",
    "Content-Disposition",
    "ETag",
    "Link",
    "Location",
    "Allow",
    "Retry-After",
    "Set-Cookie",
}
# The headers of each kind of address where it answers 200, besides those that every answer has, or in their place.
KINDS: dict[str, dict[str, str | None]] = {
    "page": {"Cache-Control": caching.PUBLIC, "Vary": "Accept-Encoding"},
    "data": {"Cache-Control": caching.PUBLIC, "Vary": "Accept-Encoding", "Access-Control-Allow-Origin": "*"},
    "ogc": {
        "Cache-Control": caching.PUBLIC,
        "Vary": "Accept, Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
    },
    "search": {"Cache-Control": caching.PUBLIC, "Access-Control-Allow-Origin": "*"},
    "lasting": {
        "Cache-Control": caching.IMMUTABLE,
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
    },
    "icon": {"Cache-Control": caching.PUBLIC, "Vary": "Accept-Encoding"},
    "worker": {"Cache-Control": caching.ASKED, "Vary": "Accept-Encoding"},
    "embed": {
        "Cache-Control": caching.PUBLIC,
        "Vary": "Accept-Encoding",
        "Cross-Origin-Opener-Policy": None,
        "Content-Security-Policy": "form-action 'self'",
    },
    "embed_data": {
        "Cache-Control": caching.PUBLIC,
        "Vary": "Accept-Encoding",
        "Cross-Origin-Opener-Policy": None,
        "Content-Security-Policy": "form-action 'self'",
        "Access-Control-Allow-Origin": "*",
    },
    "status": {"Cache-Control": caching.PRIVATE},
    "desk": {"Cache-Control": caching.PRIVATE, "Vary": "Cookie", "Referrer-Policy": "same-origin"},
}
PUBLIC = {
    "page": """offline.cards offline.listed offline.shell offline.web_manifest offline.map_file
        public.about public.figures public.layer public.layers public.search public.show_map public.site
        public.sites plan.show_plan seo.robots seo.sitemap seo.sitemap_part staff_help.show public_routes.route
        public_routes.routes visitor_reports.thanks assets.licences plan_booklet.html plan_booklet.pdf
        plan_booklet.sheet plan_files.qr embed_builder.show paper.map_on_paper embed_kit.kit embed_help.show
        changes.show
        route_leaflets.leaflet route_stamps.stamps route_stamps.sign
        api_help.show data_help.show api.search_index operators_help.show
        privacy_help.show security_help.show""",
    "data": """api.base api.base_tile api.colours api.dark api.extent api.feature api.layer api.map_layer api.opening
        api.tile public.card public.map_png public.map_svg plan_api.plan_json plan_api.post_plan plan_files.geojson
        plan_files.gpx plan_files.ics plan_files.kml plan_files.png plan_files.txt oembed.answer
        pictures.layer pictures.route pictures.site changes.atom changes.json_feed
        vector_tiles.about vector_tiles.style vector_tiles.tile
        openapi.show""",
    "ogc": """ogc.api ogc.collection ogc.collections ogc.conformance ogc.item ogc.items ogc.landing ogc.queryable
        ogc.schema""",
    "search": "api.search",
    "lasting": "api.map_script assets.static_file",
    "icon": "assets.favicon",
    "worker": "offline.worker",
    "embed": "embed.accent embed.feature_list embed.layer embed.route embed.show embed.site embed_plan.show",
    "embed_data": "embed.card embed.element embed_since.count",
    "status": "metrics.show operators.health operators.ready visitor_reports.report route_stamps.check",
    "file": "offline.icon public.photo media.file staff_help.picture",  # test_media and test_staff_help look at these
}
FILES = {endpoint: "data" for _, one, endpoint in endpoints() if one.suffix != "pdf"}
KIND_OF = (
    FILES
    | {"downloads.bare": "data", "downloads.city": "page"}
    | {endpoint: kind for kind, endpoints in PUBLIC.items() for endpoint in endpoints.split()}
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return a desk with an editor of another layer, somebody disabled, and somebody whose login has ended."""
    app = make_desk(tmp_path_factory.mktemp("desk"))
    store = store_of(app)
    add_person(store, "eve", "editor", ("works",))
    add_person(store, "dan", "admin")
    add_person(store, "rip", "admin")
    return app


@pytest.fixture(scope="module")
def callers(desk: Flask) -> dict[str, FlaskClient]:
    """Return a browser for each kind of caller."""
    logins = {"contributor": "coco", "editor": "eve", "admin": "ann", "disabled": "dan", "expired": "rip"}
    found = {kind: logged_in(desk, login) for kind, login in logins.items()}
    accounts.set_active(store_of(desk), "dan", is_active=False)
    long_ago = moment_text(datetime.now(UTC) - timedelta(hours=9))
    with store_of(desk).writing() as connection:
        of_rip = select(people.c.id).where(people.c.login == "rip").scalar_subquery()
        connection.execute(update(sessions).where(sessions.c.account_id == of_rip).values(until=long_ago))
    return found | {"nobody": desk.test_client()}


def asked(app: Flask) -> list[tuple[str, str, str]]:
    """Return endpoint, method and address of everything at the desk, what ends a login last."""
    rows = [
        (rule.endpoint, method, address_of(rule))
        for rule in app.url_map.iter_rules()
        if is_desk(address_of(rule))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    return sorted(rows, key=lambda row: row[0] in LAST)


def address_of(rule: Rule) -> str:
    """Return an address of a rule, with something in each place."""
    fixed = re.sub(r"<any\(([^,)]+)[^>]*>", lambda found: found[1].strip("'"), rule.rule)
    return re.sub(r"<[^>]*>", "x", re.sub(r"<(int|float)[^>]*>", "1", fixed))


def test_each_address_of_the_desk_has_a_row_and_each_row_an_address(desk: Flask) -> None:
    assert {endpoint for endpoint, _, _ in asked(desk)} == ACCESS.keys()


def test_an_address_without_a_row_lets_nobody_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_desk(tmp_path)
    client = logged_in(app, "ann")
    monkeypatch.delitem(ACCESS, "staff_me.show")
    assert client.get("/en/staff/me").status_code == 403


@pytest.mark.parametrize("caller", [*OUT, "contributor", "editor", "admin"])
def test_every_address_decides_by_its_row(desk: Flask, callers: dict[str, FlaskClient], caller: str) -> None:
    client = callers[caller]
    login = client.get("/en/staff/login") if caller in OUT else client.get("/en/staff/me")
    headers = {"X-CSRF-Token": token(login), "Accept": "application/json"}
    decided = []
    for endpoint, method, address in asked(desk):
        answer = client.open(address, method=method, headers=headers)
        expected = _expected(ACCESS[endpoint], caller)
        refused = (answer.get_json(silent=True) or {}).get("error", {}).get("code", "")
        met = refused if refused in ("login", "role") else "in"
        assert met == expected, (caller, method, address, answer.status_code, refused)
        assert answer.status_code < 500, (caller, method, address)
        decided.append(met)
        if endpoint in LAST and caller not in OUT:
            client = callers[caller] = logged_in(desk, {"contributor": "coco", "editor": "eve", "admin": "ann"}[caller])
            headers["X-CSRF-Token"] = token(client.get("/en/staff/me"))
    assert len(decided) > 100


def _expected(access: Access, caller: str) -> str:
    if access.role is None:
        return "in"
    if caller in OUT:
        return "login"
    return "in" if access.lets_in(ROLE_OF[caller]) else "role"


def test_the_rows_say_what_they_are_thought_to_say() -> None:
    roles: tuple[accounts.Role, ...] = ("contributor", "editor", "admin")
    assert [row.lets_in(role) for row in (OPEN, MEMBER, EDITOR, Access("admin")) for role in roles] == [
        *(True, True, True),
        *(True, True, True),
        *(False, True, True),
        *(False, False, True),
    ]


def test_every_public_address_has_a_kind(desk: Flask) -> None:
    public = {rule.endpoint for rule in desk.url_map.iter_rules() if not is_desk(address_of(rule))}
    assert public == KIND_OF.keys()


def test_every_answer_has_exactly_the_headers_of_its_kind(desk: Flask, callers: dict[str, FlaskClient]) -> None:
    met, adapter = set(), desk.url_map.bind("localhost")
    for address in addresses(desk, "mill"):
        client = callers["admin"] if is_desk(address) else callers["nobody"]
        answer = client.get(address)
        kind = _kind(adapter, address) if answer.status_code == 200 else ""
        if kind not in KINDS:
            continue
        expected = {name: value for name, value in (COMMON | KINDS[kind]).items() if value is not None}
        found = {name: value for name, value in answer.headers.items() if name not in OWN}
        found["Content-Security-Policy"] = found["Content-Security-Policy"].rpartition("; ")[2]
        assert found == expected, address
        met.add(kind)
    assert met == KINDS.keys()


def _endpoint(adapter: MapAdapter, address: str) -> str:
    try:
        return str(adapter.match(address.partition("?")[0])[0])
    except HTTPException:
        return ""


def _kind(adapter: MapAdapter, address: str) -> str:
    kind = "desk" if is_desk(address) else KIND_OF.get(_endpoint(adapter, address), "")
    return "data" if kind == "ogc" and not address.startswith("/ogc") else kind  # a page has one form
