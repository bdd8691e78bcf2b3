"""Lose packets between people and the server, in a network of its own."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..scene import Scene
from ..site import Site, need, run, served

LOST_S = 20.0
SHARE = "0.2"


@contextmanager
def own_network(folder: Path, editors: tuple[str, ...]) -> Iterator[Site]:
    """Give a site in a network namespace that only a virtual cable leads to."""
    need("ip", "iptables", root=True)
    name = f"atlas{os.getpid() % 10_000}"
    run("ip", "netns", "add", name)
    try:
        run("ip", "link", "add", f"{name}a", "type", "veth", "peer", "name", f"{name}b", "netns", name)
        run("ip", "address", "add", "10.213.77.1/30", "dev", f"{name}a")
        run("ip", "link", "set", f"{name}a", "up")
        run("ip", "-n", name, "address", "add", "10.213.77.2/30", "dev", f"{name}b")
        run("ip", "-n", name, "link", "set", f"{name}b", "up")
        run("ip", "-n", name, "link", "set", "lo", "up")
        inside = ("ip", "netns", "exec", name)
        with served(Site(folder, host="10.213.77.2", wrapper=inside, environ={"ATLAS_NETWORK": name}), editors) as site:
            yield site
    finally:
        subprocess.run(["ip", "netns", "del", name], check=False)


def lossy(scene: Scene) -> None:
    """Lose every fifth packet, both ways, for a while."""
    inside = ("ip", "netns", "exec", scene.site.environ["ATLAS_NETWORK"])
    rule = ("-m", "statistic", "--mode", "random", "--probability", SHARE, "-j", "DROP")
    for chain in ("INPUT", "OUTPUT"):
        run(*inside, "iptables", "-A", chain, *rule)
    time.sleep(LOST_S)
    run(*inside, "iptables", "-F")
    scene.note = "both ways"
