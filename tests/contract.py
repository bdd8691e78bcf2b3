"""Ask a toy city for everything that /openapi.json describes, and for what it does not: by schemathesis, from a seed.

Run it by hand, `cd tests && ../.venv/bin/python -m contract 20 7` for 20 cases of each kind from seed 7. It takes the
program `schemathesis` of the PATH (4.32 or newer), which wants an environment of its own: as a plug-in of pytest it
would stand in the way of the suite. What it finds becomes a test in `tests/web/test_openapi.py`.

It looks for answers that the description does not know: a status, a media type, a body, or a fault of ours. That more
is read than the description says (a flag as `Yes`, an empty `month=`) is meant, and so is 501 of oEmbed's standard.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from waitress.server import create_server

from cityatlas.app import create_app
from cityatlas.settings import Settings
from toy_plan import write_walkable

CHECKS = "status_code_conformance,content_type_conformance,response_schema_conformance"
PLENTY = 1_000_000


def main(cases: int, seed: int) -> int:
    """Serve a toy city and let schemathesis ask it; return what that returns, 0 when nothing was found."""
    program = shutil.which("schemathesis")
    if program is None:
        print("schemathesis is not in the PATH: pip install it into an environment of its own.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        city = write_walkable(Path(folder) / "toy")
        app = create_app(Settings(geodata=city, var=Path(folder) / "var", plans_per_minute=PLENTY))
        server = create_server(app, host="127.0.0.1", port=0, threads=4)
        threading.Thread(target=server.run, daemon=True).start()
        address = f"http://127.0.0.1:{server.effective_port}/openapi.json"  # type: ignore[union-attr]
        try:
            return _ask([program, "run", address], cases, seed, Path(folder))
        finally:
            server.close()


def _ask(command: list[str], cases: int, seed: int, folder: Path) -> int:
    options = [f"--seed={seed}", f"--max-examples={cases}", f"--checks={CHECKS}", "--continue-on-failure"]
    env = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    phases = ["--phases=examples,coverage,fuzzing", "--workers=2"]
    return subprocess.run([*command, *options, *phases], env=env, cwd=folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in [*sys.argv[1:], "20", "7"][:2])))
