"""Restart PostgreSQL under reads and edits."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from postgres import new_database, restart_postgres, running_postgres

from ..scene import Scene
from ..site import Site, served

RESTARTS = 3


@contextmanager
def on_postgres(folder: Path, editors: tuple[str, ...]) -> Iterator[Site]:
    """Give a site on a PostgreSQL of its own, as durable as it is by default."""
    with running_postgres("max_connections=100") as server:
        url = new_database(server, "trust").render_as_string(hide_password=False)
        with served(Site(folder, database_url=url), editors) as site:
            yield site


def restarted(scene: Scene) -> None:
    """Restart the database three times, at last as after a crash."""
    for how in ("fast", "fast", "immediate"):
        restart_postgres(make_url(scene.site.database_url), how)
        time.sleep(3)
    scene.note = f"{RESTARTS} times, once as after a crash"
