"""Join the parts into one Flask application; nothing else happens here."""

from __future__ import annotations

from flask import Flask

from . import paths
from .live import LiveCatalogue
from .settings import Settings, read_settings
from .web import (
    api,
    assets,
    callers,
    embed,
    explore,
    handbook,
    headers,
    languages,
    limits,
    media,
    mistakes,
    operators,
    pages,
    plan,
    plan_api,
    plan_booklet,
    plan_files,
    plans,
    raw_queries,
    ready,
    reports,
    seo,
    sharing,
    staff,
    tours,
)
from .web.answers import AnswerCache, bound_allocator


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application of a city, by the CITYATLAS_* variables unless settings are given.

    Raises BrokenGeodata, with all faults, when its folder has any.
    """
    settings = settings or read_settings()
    bound_allocator()
    app = Flask(__name__, static_folder=None, template_folder=str(paths.templates_dir()))
    app.config.update(PUBLIC_URL=settings.public_url, MAX_CONTENT_LENGTH=64 * 1024, SETTINGS=settings)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    live = LiveCatalogue(settings)
    app.extensions["cityatlas_live"] = live
    app.extensions["cityatlas_store"] = live.store
    app.extensions["cityatlas_answers"] = AnswerCache(settings.cache_mb << 20)
    raw_queries.init_app(app)
    ready.init_app(app, live)  # first, so that what it keeps has the headers that the others set
    callers.init_app(app)
    limits.init_app(app)
    staff.init_app(app)
    languages.init_app(app)
    pages.init_app(app)
    media.init_app(app)
    mistakes.init_app(app)
    plans.init_app(app)
    headers.init_app(app)
    sharing.init_app(app)
    for module in (
        explore,
        handbook,
        reports,
        tours,
        plan,
        plan_api,
        plan_files,
        plan_booklet,
        embed,
        api,
        seo,
        operators,
        assets,
    ):
        app.register_blueprint(module.bp)
    return app
