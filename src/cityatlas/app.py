"""Join the parts into one Flask application; nothing else happens here."""

from __future__ import annotations

from flask import Flask

from . import paths
from .catalogue.changes.past import Past
from .catalogue.changes.public_changes import PublicChanges
from .catalogue.live import LiveCatalogue
from .settings import Settings, read_settings
from .web import staff
from .web.api import help as api_help
from .web.api import map_data, ogc, openapi, vector_tiles
from .web.embed import builder as embed_builder
from .web.embed import help as embed_help
from .web.embed import kit as embed_kit
from .web.embed import oembed
from .web.embed import page as embed_page
from .web.embed import plan as embed_plan
from .web.embed import since as embed_since
from .web.embed import uses as embed_uses
from .web.help import data as data_help
from .web.help import handbook, operators
from .web.help import privacy as privacy_help
from .web.help import security as security_help
from .web.http import assets, clients, cors, errors, languages, pages, pins, rate_limit, raw_queries
from .web.http.sending import headers, repeats
from .web.http.sending.answers import AnswerCache, bound_allocator
from .web.ops import health, metrics, request_log
from .web.plan import api as plan_api
from .web.plan import booklet, files, plans
from .web.plan import page as plan_page
from .web.public import changes, explore, offline, report_form, routes, sitemap, stamps, subjects, vain_searches
from .web.public.files import downloads, leaflets, paper, photos

PARTS = (  # the order in which they look at a request; their looks at the answer come the other way round
    clients,
    rate_limit,
    pins,
    staff,
    languages,
    pages,
    photos,
    errors,
    plans,
    oembed,
    headers,
    cors,
)
WINGS = (
    explore,
    changes,
    handbook,
    embed_help,
    api_help,
    data_help,
    operators,
    security_help,
    privacy_help,
    report_form,
    routes,
    subjects,
    downloads,
    paper,
    leaflets,
    stamps,
    offline,
    plan_page,
    plan_api,
    files,
    booklet,
    embed_builder,
    embed_kit,
    embed_page,
    embed_plan,
    embed_since,
    oembed,
    map_data,
    vector_tiles,
    ogc,
    openapi,
    sitemap,
    health,
    metrics,
    assets,
)


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application of a city, by the CITYATLAS_* variables unless settings are given.

    Raises BrokenGeodata, with all faults, when its folder has any.
    """
    settings = settings or read_settings()
    bound_allocator()
    app = _bare_app(settings)
    live = LiveCatalogue(settings)
    app.extensions["cityatlas_live"] = live
    app.extensions["cityatlas_store"] = live.store
    app.extensions["cityatlas_past"] = past = Past(settings, live.store)
    app.extensions["cityatlas_changes"] = PublicChanges(settings, live.store, past)
    app.extensions["cityatlas_answers"] = AnswerCache(settings.cache_mb << 20)
    live.when_erased += [app.extensions["cityatlas_past"].forget, app.extensions["cityatlas_answers"].clear]
    raw_queries.init_app(app)
    repeats.init_app(app, live)  # first, so that what it keeps has the headers that the others set
    vain_searches.init_app(app)
    embed_uses.init_app(app)  # around it: what it repeats is counted too
    for part in PARTS:
        part.init_app(app)
    for wing in WINGS:
        app.register_blueprint(wing.bp)
    metrics.init_app(app)  # around all, so that every answer is counted
    request_log.init_app(app)
    return app


def _bare_app(settings: Settings) -> Flask:
    """Return Flask with its options, and nothing of ours in it."""
    app = Flask(__name__, static_folder=None, template_folder=str(paths.templates_dir()))
    app.config.update(PUBLIC_URL=settings.public_url, MAX_CONTENT_LENGTH=64 * 1024, SETTINGS=settings, IS_FROZEN=False)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    return app
