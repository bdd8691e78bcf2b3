"""Serve in several processes: gunicorn starts, replaces and stops them, waitress answers in each.

gunicorn's own workers read a head in a thread, so that sixteen half-sent ones stop two of them; its master is what we
need. Windows knows no fork: there one process answers.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.sock import TCPSocket
from gunicorn.workers.base import Worker

from .answering import FINISH_S, Answering, Site

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HANGS_S = 60  # a process that has not come round for so long is replaced
MEMORY = Path("/dev/shm")  # nosec B108 # where processes show that they live, without a disk


class Process(Worker):
    """Answer requests in a process of its own."""

    app: Served
    sockets: list[TCPSocket]  # type: ignore[assignment]
    _answering: Answering | None = None

    def run(self) -> None:
        """Answer until the master says so or is gone; then finish what is begun."""
        site = self.app.site
        site.begin()
        self._answering = Answering(site, [listener.sock for listener in self.sockets])
        while self.alive and os.getppid() == self.ppid:
            self.notify()
            self._answering.turn()
        self._answering.finish()

    def init_signals(self) -> None:
        """Stop in the same way when the terminal tells all processes at once."""
        hang_up = signal.getsignal(signal.SIGHUP)
        super().init_signals()
        signal.signal(signal.SIGINT, self.handle_exit)
        signal.signal(signal.SIGHUP, signal.SIG_IGN if hang_up == signal.SIG_IGN else self.handle_exit)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Remember to stop, and look at once."""
        super().handle_exit(sig, frame)
        if self._answering:
            self._answering.wake()


class Master(Arbiter):
    """Keep the processes. All three signals that end a program let answers be finished; a second Ctrl-C does not.

    SIGINT counts although it was ignored at the start, as it is in a script's background; SIGHUP then does not, since
    that is what nohup is for.
    """

    handle_int = handle_hup = Arbiter.handle_term

    def init_signals(self) -> None:
        """Take the signals over from the program."""
        hang_up = signal.getsignal(signal.SIGHUP)
        super().init_signals()
        if hang_up == signal.SIG_IGN:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)


class Served(BaseApplication):
    """Tell gunicorn what is served and how."""

    def __init__(self, site: Site, options: dict[str, object]) -> None:
        self.site, self._options = site, options
        super().__init__()

    def load_config(self) -> None:
        """Set what is not gunicorn's default."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIApplication:  # type: ignore[override]
        """Return the application, which is made before the first process is."""
        return self.site.app


def serve_in_processes(
    site: Site,
    listeners: list[socket.socket],
    count: int,
    tell_ready: Callable[[], None],
    tell_stopped: Callable[[], None],
) -> None:
    """Serve until a signal comes. Raises SystemExit, in each process."""
    options: dict[str, object] = {
        "bind": [f"fd://{listener.detach()}" for listener in listeners],
        "workers": count,
        "worker_class": Process,
        "preload_app": True,
        "timeout": HANGS_S,
        "graceful_timeout": int(FINISH_S) + 2,
        "worker_tmp_dir": str(MEMORY) if os.access(MEMORY, os.W_OK) else None,
        "control_socket_disable": True,
        "loglevel": "warning",
        "when_ready": lambda _: tell_ready(),
        "on_exit": lambda _: tell_stopped(),
    }
    gc.freeze()  # what is made by now is shared by all processes
    Master(Served(site, options)).run()
