"""Check that the wheel holds all it needs, that an installed city is served and stops, from any directory."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from email import message_from_bytes
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(".*", "node_modules", "__pycache__", "tests")
BUILT = shutil.ignore_patterns("node_modules", "__pycache__")
COMMAND = "import sys; from cityatlas.cli.main import main; sys.exit(main())"


def clean_env(**more: str) -> dict[str, str]:
    """Return the environment without what could lend the checkout to the installed program."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "CITYATLAS_", "VIRTUAL_ENV"))}
    return kept | more


def run(command: list[str | Path], cwd: Path, **more: str) -> str:
    """Run a command to its end and return what it printed; fail with its errors."""
    done = subprocess.run(
        command, cwd=cwd, env=clean_env(**more), capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a wheel from a copy of the checkout, so that nothing is left behind in it."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, folder / "copy", ignore=LEFT_OUT)
    shutil.rmtree(folder / "copy" / "src")
    shutil.copytree(ROOT / "src", folder / "copy" / "src", ignore=BUILT)
    run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, "."], folder / "copy")
    (made,) = folder.glob("*.whl")
    return made


def needed_by(wheel: Path) -> dict[str, Distribution]:
    """Return by name every distribution of this environment that a wheel needs, and that those need."""
    with zipfile.ZipFile(wheel) as parts:
        (told,) = (name for name in parts.namelist() if name.endswith(".dist-info/METADATA"))
        wanted = message_from_bytes(parts.read(told)).get_all("Requires-Dist", [])
    found: dict[str, Distribution] = {}
    while wanted:
        requirement = Requirement(wanted.pop())
        if requirement.name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        found[requirement.name] = distribution(requirement.name)
        wanted += found[requirement.name].requires or []
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the `cityatlas` command of a fresh environment with the wheel and what it needs in it, and nothing else.

    What it declares is linked from this environment, where it was installed: unpacking it anew takes half a minute.
    """
    folder = tmp_path_factory.mktemp("fresh")
    python = folder / "venv" / "bin" / "python"
    run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], folder)
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    for needed in needed_by(wheel).values():
        for part in {file.parts[0] for file in needed.files or () if file.parts[0] not in ("..", "__pycache__")}:
            if not (packages / part).exists():
                (packages / part).symlink_to(str(needed.locate_file(part)))
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", python]
    run([*pip, "install", "--quiet", "--no-deps", "--no-compile", wheel], folder)
    assert run([*pip, "check"], folder) == "No broken requirements found.\n"
    return folder / "venv" / "bin" / "cityatlas"


@pytest.mark.install
def test_the_wheel_holds_templates_geodata_and_built_files_but_no_tools(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "cityatlas/templates/base.html",
        "cityatlas/geodata/city.toml",
        "cityatlas/messages/common.toml",
        "cityatlas/static/dist/manifest.json",
        "cityatlas/static/help/zh/desk.webp",
    ):
        assert needed in names
    assert [n for n in names if re.search(r"node_modules|(^|/)tests/|frontend|\.pyc$|static/(js|css)/", n)] == []
    assert wheel.stat().st_size < 6_600_000  # 2.7 MB are the booklet's Chinese font, 1.2 the handbook's pictures


@pytest.mark.install
def test_an_installed_city_has_no_faults(installed: Path, tmp_path: Path) -> None:
    assert run([installed, "--version"], tmp_path).startswith("cityatlas, version ")
    told = run([installed, "check"], tmp_path)
    assert told.endswith("no faults.\n")
    assert "venv" in told
    assert list(tmp_path.iterdir()) == []
    shutil.copytree(ROOT / "geodata", tmp_path / "geodata")
    assert run([installed, "check"], tmp_path).startswith(f"City: {tmp_path / 'geodata'}, which is in the present")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(address: str) -> tuple[str, str]:
    """Return an answer's type and text; no proxy stands between."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(address, timeout=20) as answer:
        return answer.headers["Content-Type"], answer.read().decode()


def wait_until_ready(address: str, process: subprocess.Popen[str]) -> None:
    """Wait until the server answers, at most thirty seconds."""
    for _ in range(150):
        assert process.poll() is None, process.communicate()[1]
        try:
            fetch(f"{address}/ready")
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the server did not answer")


def serve_and_stop(command: list[str | Path], cwd: Path, **more: str) -> None:
    """Serve on a free port, fetch the map with its scripts and styles, and stop with Ctrl-C."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [*command, "serve", "--port", str(port)],
        cwd=cwd,
        env=clean_env(PYTHONUNBUFFERED="1", **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until_ready(address, process)
        _, page = fetch(f"{address}/zh/")
        files = re.findall(r'(?:src|href)="(/(?:static|maps|city)[^"]+)"', page)
        assert len(files) >= 4
        for file in files:
            kind, body = fetch(address + file.replace("&amp;", "&"))
            assert kind.startswith(("text/javascript", "text/css", "image/svg+xml"))
            assert body
        process.send_signal(signal.SIGINT)
        printed, complained = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0
    assert address in printed
    assert re.match(r"City: .*geodata, which is shipped with the program", printed)
    assert "Stopped." in printed
    assert "Traceback" not in printed + complained


@pytest.mark.install
def test_an_installed_city_is_served_and_stops_cleanly(installed: Path, tmp_path: Path) -> None:
    serve_and_stop([installed], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_checkout_is_served_from_another_directory(tmp_path: Path) -> None:
    serve_and_stop([sys.executable, "-c", COMMAND], tmp_path, PYTHONPATH=str(ROOT / "src"))
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-c", COMMAND, "serve", "--port", port],
            cwd=tmp_path,
            env=clean_env(PYTHONPATH=str(ROOT / "src")),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 1
    assert f"Error: cannot listen on 127.0.0.1:{port}: Address already in use" in done.stderr
    assert "Traceback" not in done.stderr
