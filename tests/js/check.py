"""Check the scripts of the pages: their types, their style, and what of them is pure. `tests/run` runs this.

Its packages lie beside it and not in src/frontend, so that a wheel is built without them.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CHECKS: dict[str, list[str | Path]] = {
    "tsc": [HERE / "node_modules/typescript/bin/tsc", "--project", HERE],
    "eslint": [
        HERE / "node_modules/eslint/bin/eslint.js",
        *("--config", HERE / "eslint.config.js", "--max-warnings", "0"),
        *("src/cityatlas/static/js", "src/frontend", "tests/js"),
    ],
    "node --test": ["--test", "--test-reporter=dot", "tests/js/*.test.js"],
}


def main() -> int:
    """Run each check under its name; return 1 if one failed."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "src/frontend/hatch_build.py")
    assert spec
    assert spec.loader
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    for folder in (HERE, ROOT / "src/frontend"):  # the types of Leaflet's plugins come with those
        build.bring_modules(folder)
    node, _ = build.find_node()
    failed = [name for name, command in CHECKS.items() if not _passes(name, [node, *(str(part) for part in command)])]
    for name in failed:
        print(f"FAILED: {name}", file=sys.stderr)
    return bool(failed)


def _passes(name: str, command: list[str]) -> bool:
    print(f"== {name}", flush=True)
    env = {key: value for key, value in os.environ.items() if key != "NODE_OPTIONS"}
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
