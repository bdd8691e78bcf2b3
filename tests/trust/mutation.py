"""Break the code in one place after the other, and tell which breaks no test notices.

`cd tests && ../.venv/bin/python -m trust.mutation [merge hours datum planner messages]` works on copies in folders of
its own, and holds each module to its own tests alone, which are quick; a module by its path, as
planner/day/containment.py, is one of its group. It wants mutmut (`pip install mutmut`) for Python, and
npm, which brings Stryker, for what a frame is told. It prints every break that survived, then a row for each module,
and ends with 1 where less than 85 % were noticed. A break that changes nothing which can be seen, such as
`default=1` for a list that is never empty, survives too, and is counted as the others are: `survivors.md` lists them.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("src/cityatlas", "tests", "geodata", "templates", "pyproject.toml", "README.md")
LEAST = 0.85  # of the breaks of a module that its tests notice
SLOW_S, SLOWER = 3, 4  # tests that take SLOWER times as long as they do on whole code, and SLOW_S more, never end


# Modules below src/cityatlas, and the tests below tests/unit that are theirs.
GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "merge": {
        "versioning/merge.py": ("versioning/test_merge.py",),
        "versioning/fields.py": ("versioning/test_merge.py",),
    },
    "hours": {
        "city/opening/hours_notice.py": ("city/test_hours_notice.py",),
        "city/opening/hours_sentence.py": ("city/test_hours_notice.py",),
        "city/opening/hours_tokens.py": ("city/test_hours_notice.py",),
        "city/opening/opening_hours.py": ("city/test_hours.py",),
    },
    "datum": {"geo/datum.py": ("geo/test_datum.py",)},
    "planner": {
        "planner/advice/advice.py": ("planner/test_advice.py", "planner/test_smallest_changes.py"),
        "planner/day/candidates.py": ("planner/test_candidates.py",),
        "planner/day/containment.py": ("planner/test_containment.py",),
    },
}
MESSAGES = "messages"  # a group in JavaScript
SCRIPT, SCRIPT_TEST = "src/cityatlas/static/js/embed/messages.js", "tests/js/embed.test.js"
STRYKER = {
    "testRunner": "command",
    "commandRunner": {"command": f"node {SCRIPT_TEST}"},
    "mutate": [SCRIPT],
    "reporters": ["json"],
    "concurrency": 1,
}


@dataclass(frozen=True)
class Broken:
    """Hold one break: its module, what came of it (killed, timeout, survived, no tests), and lines that show it."""

    module: str
    end: str
    shown: str

    @property
    def is_noticed(self) -> bool:
        """Return whether a test failed, or never ended."""
        return self.end.lower() in ("killed", "timeout", "segfault")


def main(names: Sequence[str]) -> int:
    """Run groups by name, all without one; return 1 where a module has too few breaks noticed."""
    rows: list[Broken] = []
    for name in names or (*GROUPS, MESSAGES):
        began, began_cpu = time.monotonic(), _computed_s()
        with tempfile.TemporaryDirectory() as folder:
            found = _scripts(Path(folder)) if name == MESSAGES else list(_python(Path(folder), _modules(name)))
            rows += found
        for broken in found:
            if not broken.is_noticed:
                print(f"{broken.end}: {broken.module}\n{broken.shown}")
        print(f"{name}: {time.monotonic() - began:.0f} s, {_computed_s() - began_cpu:.0f} s computing", flush=True)
    made = Counter(row.module for row in rows)
    noticed = Counter(row.module for row in rows if row.is_noticed)
    for module, count in made.items():
        print(f"{module:30} {count:5} breaks {noticed[module]:5} noticed {noticed[module] / count:7.1%}")
    return any(noticed[module] < LEAST * count for module, count in made.items())


def _computed_s() -> float:
    """Return the seconds that the programs that were run and have ended took of a processor."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _modules(name: str) -> dict[str, tuple[str, ...]]:
    """Return the modules of a group and their tests, or a single module. Raises StopIteration for neither."""
    return GROUPS.get(name) or {name: next(group[name] for group in GROUPS.values() if name in group)}


def _python(folder: Path, modules: Mapping[str, Sequence[str]]) -> Iterator[Broken]:
    """Break modules one after the other, each in a copy of its own, and yield what came of each break."""
    mutmut = (sys.executable, "-m", "mutmut")
    for module, tests in modules.items():
        copy = folder / Path(module).stem
        for part in COPIED:
            _copy(ROOT / part, copy / part)
        (copy / "setup.cfg").write_text(_config(module, tests), encoding="utf-8")
        _say(copy, *mutmut, "run", "--max-children", "1")
        for line in _say(copy, *mutmut, "results", "--all", "true").splitlines():
            name, _, end = line.strip().rpartition(": ")
            if name.startswith("cityatlas."):
                shown = "" if end == "killed" else _changed_lines(_say(copy, *mutmut, "show", name))
                yield Broken(module, end, shown)


def _scripts(copy: Path) -> list[Broken]:
    """Break what reads the messages of a host, and return what came of each break."""
    for part in ("src/cityatlas/static/js", "tests/js", "tests/data"):
        _copy(ROOT / part, copy / part)
    (copy / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (copy / "stryker.config.json").write_text(json.dumps(STRYKER), encoding="utf-8")
    _say(copy, "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "@stryker-mutator/core")
    _say(copy, "node", "node_modules/@stryker-mutator/core/bin/stryker.js", "run")
    report = json.loads((copy / "reports/mutation/mutation.json").read_text("utf-8"))
    lines = (ROOT / SCRIPT).read_text("utf-8").splitlines()
    return [
        Broken(Path(SCRIPT).name, found["status"], f"    {lines[line - 1].strip()}\n    + {found.get('replacement')}")
        for found in report["files"][SCRIPT]["mutants"]
        if (line := found["location"]["start"]["line"])
    ]


def _copy(source: Path, goal: Path) -> None:
    """Copy a file, or a folder without packages of scripts and what was compiled."""
    goal.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, goal, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    else:
        shutil.copy2(source, goal)


def _config(module: str, tests: Sequence[str]) -> str:
    """Return the settings for mutmut; it makes a copy of its own below, and wants there what tests read."""
    lists = {
        "only_mutate": [f"src/cityatlas/{module}"],
        "also_copy": ["geodata", "templates", "pyproject.toml", "README.md", "src/cityatlas/static"],
        "pytest_add_cli_args_test_selection": [f"tests/unit/{test}" for test in tests],
        "pytest_add_cli_args": ["-p", "no:cacheprovider"],
    }
    told = "".join(f"{key}=\n" + "".join(f"    {value}\n" for value in values) for key, values in lists.items())
    limit = f"timeout_constant={SLOW_S}\ntimeout_multiplier={SLOWER}\n"
    return f"[mutmut]\nsource_paths=src\nuse_git_change_detection=false\n{limit}{told}"


def _say(folder: Path, *command: str) -> str:
    """Return what a program says in a folder."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command[:4])} failed:\n{(done.stdout + done.stderr)[-3_000:]}")
    return done.stdout


def _changed_lines(shown: str) -> str:
    """Return the lines of a difference that are other, without the names of files."""
    lines = (line for line in shown.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---"))
    return "\n".join(f"    {line}" for line in lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
