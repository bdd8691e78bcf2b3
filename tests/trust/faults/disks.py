"""Break the disk that staff's changes are written to: full, read-only, failing, damaged."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..scene import Scene
from ..site import ROOT, SERVE, Site, need, run, served

BROKEN_S = 5.0
DISK_MB = 64
PAGE = 4096


@contextmanager
def small_disk(folder: Path, editors: tuple[str, ...]) -> Iterator[Site]:
    """Give a site whose folder for writing is a small disk of its own."""
    need("mount", root=True)
    site = Site(folder)
    site.var.mkdir()
    run("mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", site.var)
    try:
        with served(site, editors):
            yield site
    finally:
        run("umount", "-l", site.var)


@contextmanager
def read_only_disk(folder: Path, editors: tuple[str, ...]) -> Iterator[Site]:
    """Give a site that was killed and started again while its disk takes no writes."""
    with small_disk(folder, editors) as site:
        site.kill(signal.SIGKILL)
        run("mount", "-o", "remount,ro", site.var)
        site.start()
        yield site


def full(scene: Scene) -> None:
    """Fill the disk to its last byte, and make room again."""
    ballast = scene.site.var / "ballast"
    with suppress(OSError), ballast.open("wb") as file:
        while True:
            file.write(bytes(1 << 20))
            file.flush()
    with suppress(OSError), ballast.open("ab", buffering=0) as file:
        while True:
            file.write(bytes(1))
    time.sleep(BROKEN_S)
    ballast.unlink()


def read_only(scene: Scene) -> None:
    """Let a disk take writes again that the server was started on while it took none."""
    time.sleep(BROKEN_S)
    run("mount", "-o", "remount,rw", scene.site.var)
    scene.note = "from the start of the server on"


def failing(scene: Scene) -> None:
    """Let each fsync of the server fail for a while."""
    need("strace")
    inject = "inject=fsync,fdatasync:error=EIO"
    pids = [part for pid in scene.site.workers() for part in ("-p", str(pid))]
    command = ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-e", inject, "-o", os.devnull, *pids]
    tracer = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    time.sleep(BROKEN_S)
    tracer.terminate()
    tracer.wait(30)


def damaged(scene: Scene) -> None:
    """Copy the database, overwrite pages in its middle, and put the copy in its place, as the log advises."""
    site, people = scene.site, scene.people
    people.may_write.clear()
    time.sleep(1)  # until the last save is through
    copy, file = site.folder / "copy.sqlite", next(site.var.glob("*.sqlite"))
    env = os.environ | {"PYTHONPATH": str(ROOT / "src"), "CITYATLAS_VAR": str(site.var)}
    command = [*SERVE, "backup", "--geodata", str(site.geodata), str(copy)]
    subprocess.run(command, env=env, check=True, capture_output=True)
    scene.site.store().empty_log()
    size = file.stat().st_size
    with file.open("r+b") as opened:
        opened.seek(size // 2 // PAGE * PAGE)
        opened.write(os.urandom(min(4 * PAGE, size // 4)))
    time.sleep(BROKEN_S)  # visitors go on
    aside = file.with_suffix(".aside")
    shutil.move(file, aside)
    for each in site.var.glob(f"{file.name}-*"):
        each.unlink()
    subprocess.run(
        [*SERVE, "restore", "--geodata", str(site.geodata), str(copy)], env=env, check=True, capture_output=True
    )
    people.may_write.set()
    scene.note = f"editors waited for {BROKEN_S:.0f} s, from the copy to its restoring"
