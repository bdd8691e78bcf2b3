"""Live long histories: what the suite holds of the past in half a minute, from many more seeds and for hours.

`cd tests && ../.venv/bin/python -m trust.histories` takes about an hour; or some of it, with numbers of one's own:

    python -m trust.histories moments 500 since 1000 pins 1000 contract 10000

`moments` are random histories, each asked as of every moment of it; `since` random revisions from which what has
changed is taken up; `pins` publications, after which, and after a start, addresses pinned on the way are the same;
`contract` cases that schemathesis asks (see `contract.py`, which wants that program in the PATH). The models are the
suite's own, in `histories.py`. It stops at the first difference, and says from which seed it came.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import contract
from cityatlas.app import create_app
from cityatlas.catalogue import catalogue
from cityatlas.catalogue.live import LiveCatalogue
from cityatlas.web.http.sending import caching
from histories import LivedCity, check_moments, check_replays

STEPS = 12  # of a history that is asked as of each of its moments
LONG = 100  # steps of a city from which revisions are taken
PINNED_EVERY = 20
PLACES = (
    "/layers/sights.geojson",
    "/layers/works.geojson",
    "/zh/embed/",
    "/en/embed/list",
    "/en/layers/sights.map.json",
)


@contextmanager
def lived(seed: int) -> Iterator[LivedCity]:
    """Return a city to live in, without relations, which no answer here tells."""
    with TemporaryDirectory() as folder, patch.object(catalogue, "relate", lambda *_: {}):
        city = LivedCity(Path(folder), seed)
        try:
            yield city
        finally:
            city.live.close()


def moments(count: int) -> str:
    """Ask `count` random histories as of each of their moments."""
    asked = 0
    for seed in range(1, count + 1):
        with lived(seed) as city, told_seed(seed):
            city.live_on(STEPS)
            check_moments(city, len(city.seen), seed)
            asked += len(city.seen)
    return f"{count} histories of {STEPS} steps, {asked} moments"


def since(count: int) -> str:
    """Take up from `count` random revisions, in cities of `LONG` steps each."""
    told = 0
    for seed, steps in enumerate((LONG,) * (count // LONG) + ((count % LONG,) if count % LONG else ()), 1):
        with lived(seed) as city, told_seed(seed):
            told += check_replays(city, steps, seed)
    return f"{count} revisions, {told} features changed or gone"


def pins(count: int) -> str:
    """Publish `count` times, pin what is shown now and then, and ask for all of it at the end and after a start."""
    with lived(count) as city, told_seed(count):
        client, kept = city.client, dict[str, bytes]()
        for number in range(count):
            city.edit()
            city.look()
            if number % PINNED_EVERY == 0:
                for address in (f"{place}@{city.seen[-1].pin}" for place in PLACES):
                    answer = client.get(address)
                    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, caching.IMMUTABLE), address
                    kept[address] = answer.data
            del city.seen[:-1]  # what was seen is not asked for here
        _same(client.get, kept)
        other = create_app(city.settings)
        live: LiveCatalogue = other.extensions["cityatlas_live"]
        live.store._clock = lambda: city.now
        live.refresh()
        _same(other.test_client().get, kept)
        live.close()
    return f"{count} publications, {len(kept)} pinned addresses, asked again twice"


def _same(get: Callable[..., object], kept: Mapping[str, bytes]) -> None:
    for address, before in kept.items():
        assert get(address).data == before, address  # type: ignore[attr-defined]


def asked_by_contract(count: int) -> str:
    """Let schemathesis ask some `count` cases: as many of each operation as that gives."""
    operations = len(json.loads(_description())["paths"])
    each = max(1, count // operations)
    assert contract.main(each, 7) == 0, "schemathesis is absent or found something; see above"
    return f"{each} random cases for each of {operations} addresses, beside its own examples"


def _description() -> bytes:
    with lived(1) as city:
        document: bytes = city.client.get("/openapi.json").data
    return document


@contextmanager
def told_seed(seed: int) -> Iterator[None]:
    """Name the seed where something differs."""
    try:
        yield
    except AssertionError:
        print(f"it differs in the history of seed {seed}", file=sys.stderr)
        raise


PARTS: Mapping[str, tuple[Callable[[int], str], int]] = {
    "moments": (moments, 500),
    "since": (since, 1_000),
    "pins": (pins, 1_000),
    "contract": (asked_by_contract, 10_000),
}


def main(arguments: list[str]) -> None:
    """Run the parts that are named, each with its number, or all of them."""
    logging.disable(logging.ERROR)  # what staff may not do is part of a history
    asked = [(name, int(count)) for name, count in zip(arguments[::2], arguments[1::2], strict=True)]
    for name, count in asked or [(name, count) for name, (_, count) in PARTS.items()]:
        begun_s = time.monotonic()
        print(f"{name}: {PARTS[name][0](count)}, {time.monotonic() - begun_s:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
