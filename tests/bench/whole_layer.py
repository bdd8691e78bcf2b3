"""Measure what a whole layer as GeoJSON costs a running server: CPU a request, in each coding, from memory.

`cd REPO && .venv/bin/python -m tests.bench.whole_layer [FEATURES [REQUESTS]]` asks from as many threads as there are
connections in the other measurements, by sockets that read quickly, and takes the server's CPU from /proc.
"""

from __future__ import annotations

import socket
import sys
import tempfile
import threading
from pathlib import Path

from .cities import write_city
from .servers import CONNECTIONS, Server, cityatlas, running

FEATURES, REQUESTS = 10_000, 800
LAYER = "/layers/things.geojson"
READ_BYTES = 1 << 20


def main(count: int, asked: int) -> None:
    """Print the figures for a layer of so many points."""
    with tempfile.TemporaryDirectory() as folder:
        city = write_city(Path(folder) / "city", count, "points")
        with running(cityatlas(city), LAYER) as server:
            for coding in ("identity", "gzip", "br"):
                size = _ask(server, coding, 1)
                before_s = server.cpu_s
                threads = [
                    threading.Thread(target=_ask, args=(server, coding, asked // CONNECTIONS))
                    for _ in range(CONNECTIONS)
                ]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                spent_ms = (server.cpu_s - before_s) * 1000 / (asked // CONNECTIONS * CONNECTIONS)
                print(f"{count} points, {coding}, {size} bytes: {spent_ms:.2f} ms CPU a request")


def _ask(server: Server, coding: str, times: int) -> int:
    """Ask for the layer over one connection, and return the bytes of an answer."""
    request = f"GET {LAYER} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: {coding}\r\n\r\n".encode()
    buffer, size = bytearray(READ_BYTES), 0
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        for _ in range(times):
            connection.sendall(request)
            head, _, rest = _head(connection).partition(b"\r\n\r\n")
            size = int(head.lower().partition(b"content-length:")[2].split()[0])
            left = size - len(rest)
            while left:
                left -= connection.recv_into(buffer, min(left, READ_BYTES))
    return size


def _head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        head += connection.recv(4096)
    return head


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    main(*(given + [FEATURES, REQUESTS][len(given) :]))
