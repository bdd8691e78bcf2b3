"""Tell operators in Prometheus' text how many requests this process answered, how fast, and what it shows.

Each of several processes counts alone, and a request for the counts is answered by one of them: `process` tells them
apart. Without a token only this machine is answered, by a name of its own, so that a proxy here does not hand them out.
"""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask, Response, current_app, request
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from ...catalogue.live import LiveCatalogue
from ...errors import NotAllowed
from ...settings import Settings
from ..http.rate_limit import Turns
from ..http.sending.caching import PRIVATE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

bp = Blueprint("metrics", __name__)
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)
LABELS = ("process", "kind", "status")
# The kind of an answer by how its media type begins or ends; the first that fits counts.
KINDS = {
    "text/html": "page",
    "image/": "picture",
    "text/css": "asset",
    "text/javascript": "asset",
    "font/": "asset",
    "application/vnd.mapbox-vector-tile": "tile",
}
OWN_NAMES = ("localhost", "127.0.0.1", "[::1]")
STORE_STATES = ("ok", "none", "lost")


class Meter:
    """Stand around an application and count what it answers: until its answer begins, by kind and class of status."""

    def __init__(self, app: WSGIApplication, registry: CollectorRegistry) -> None:
        self._app = app
        told = "Requests that this process answered, by kind of answer and class of status."
        self._requests = Counter("cityatlas_requests", told, LABELS, registry=registry)
        told = "Seconds until an answer of this process began."
        self._seconds = Histogram("cityatlas_request_seconds", told, LABELS[:1], buckets=BUCKETS_S, registry=registry)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does."""
        begun_s = time.perf_counter()

        def started(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:  # Any: as WSGI has it
            process = str(os.getpid())
            self._requests.labels(process, kind_of(headers), f"{status[0]}xx").inc()
            self._seconds.labels(process).observe(time.perf_counter() - begun_s)
            return start_response(status, headers, *rest)

        return self._app(environ, started)


def kind_of(headers: Iterable[tuple[str, str]]) -> str:
    """Return the kind of an answer: a page, picture, asset, tile, data, or none where it has no body."""
    mimetype = next((value.partition(";")[0] for name, value in headers if name.lower() == "content-type"), "")
    found = (kind for begun, kind in KINDS.items() if mimetype.startswith(begun))
    return next(found, "data" if mimetype else "none")


class State(Collector):
    """Tell what the process shows at the moment when it is asked."""

    def __init__(self, app: Flask) -> None:
        self._parts = app.extensions

    def collect(self) -> Iterator[Metric]:
        """Yield refusals, the published revision that is shown, the store's state and the faults."""
        live: LiveCatalogue = self._parts["cityatlas_live"]
        turns: Turns = self._parts["cityatlas_turns"]
        process, shown = [str(os.getpid())], live.current()
        busy = CounterMetricFamily("cityatlas_busy", "Requests refused since too many waited.", labels=LABELS[:1])
        busy.add_metric(process, turns.refused)
        yield busy
        told = "The published revision that the snapshot shows, 0 for the folder alone, with the snapshot's tag."
        revision = GaugeMetricFamily("cityatlas_snapshot_revision", told, labels=["process", "snapshot"])
        revision.add_metric([*process, shown.tag], shown.number)
        yield revision
        store = GaugeMetricFamily("cityatlas_store_state", "1 for how the store is.", labels=["process", "state"])
        for state in STORE_STATES:
            store.add_metric([*process, state], float(state == live.store_state))
        yield store
        faults = GaugeMetricFamily("cityatlas_faults", "What is not shown as it should be.", labels=LABELS[:1])
        faults.add_metric(process, len(live.faults))
        yield faults


@bp.get("/metrics")
def show() -> Response:
    """Answer with the counts. Raises NotAllowed for who is neither on this machine nor knows the token."""
    settings: Settings = current_app.config["SETTINGS"]
    if not _may_read(settings.metrics_token):
        raise NotAllowed("The counts are for operators.", "Ask from this machine, or set CITYATLAS_METRICS_TOKEN.")
    text = generate_latest(current_app.extensions["cityatlas_metrics"])
    return Response(text, content_type=CONTENT_TYPE_PLAIN_0_0_4, headers={"Cache-Control": PRIVATE})


def _may_read(token: str) -> bool:
    if token:
        return hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    host = request.host if request.host in OWN_NAMES else request.host.rpartition(":")[0]
    return host in OWN_NAMES and "X-Forwarded-For" not in request.headers and _is_loopback(request.remote_addr or "")


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def init_app(app: Flask) -> None:
    """Count every answer of an application, from now on."""
    disable_created_metrics()  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    registry.register(State(app))
    app.extensions["cityatlas_metrics"] = registry
    app.wsgi_app = Meter(app.wsgi_app, registry)  # type: ignore[method-assign]
