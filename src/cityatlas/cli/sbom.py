"""Run the command that lists what the program is made of: its Python packages and what its scripts hold of others."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

import click
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .. import __version__
from ..paths import static_dir

US = "cityatlas"
SPEC = "1.6"
NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 4122's own for URLs
OF_SCRIPTS = re.compile(r"^(@?[\w./-]+) (\d[\w.+-]*) \(([^()]+|.*\(.*\).*)\)$", re.MULTILINE)

Row = dict[str, object]


@click.command()
def sbom() -> None:
    """Print a bill of materials (CycloneDX 1.6, JSON): every package that runs here, with version and licence.

    Python packages are those that are installed and that cityatlas needs, themselves or through others; of the scripts
    in the pages it tells the packages that they were built from. Equal installations print equal texts.
    """
    click.echo(json.dumps(bill(), ensure_ascii=False, indent=2))


def bill() -> Row:
    """Return the bill of materials of this installation."""
    needs = _needs()
    scripts = list(_scripts())
    components = [_python(distribution(name)) for name in sorted(needs) if name != US] + scripts
    refs = {name: f"pkg:pypi/{name}@{distribution(name).version}" for name in needs}
    rows = [{"ref": refs[name], "dependsOn": sorted(refs[one] for one in needs[name])} for name in sorted(needs)]
    rows[sorted(needs).index(US)]["dependsOn"] = sorted(
        [*(refs[one] for one in needs[US]), *(str(row["bom-ref"]) for row in scripts)]
    )
    own: Row = {"type": "application", "bom-ref": refs[US], "name": US, "version": __version__, "purl": refs[US]}
    serial = uuid.uuid5(NAMESPACE, json.dumps([own, components], sort_keys=True))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": SPEC,
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": own | {"licenses": [{"license": {"id": "MIT"}}]}},
        "components": components,
        "dependencies": rows,
    }


def _needs() -> dict[str, set[str]]:
    """Return what each installed package needs of others that are installed, from ours on, by canonical names."""
    found: dict[str, set[str]] = {}
    waiting = [US]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = {one for one in _required(distribution(name).requires or ()) if _is_installed(one)}
        waiting.extend(found[name])
    return found


def _required(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
            yield canonicalize_name(wanted.name)


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def _python(found: Distribution) -> Row:
    name = canonicalize_name(found.metadata["Name"])
    told = next((one for key in ("License-Expression", "License") for one in found.metadata.get_all(key) or ()), "")
    kinds = [line.rpartition(" :: ")[2] for line in found.metadata.get_all("Classifier") or () if "License ::" in line]
    licence = told if told and len(told) < 80 and "\n" not in told else " AND ".join(kinds)
    return _row(name, found.version, f"pkg:pypi/{name}@{found.version}", licence)


def _scripts() -> Iterator[Row]:
    """Yield the packages that the built scripts hold, as their licences name them."""
    text = (static_dir() / "THIRD-PARTY.txt").read_text("utf-8")
    for name, version, licence in OF_SCRIPTS.findall(text):
        yield _row(name, version, f"pkg:npm/{name.replace('@', '%40', 1)}@{version}", licence)


def _row(name: str, version: str, purl: str, licence: str) -> Row:
    row: Row = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    return row | ({"licenses": [{"license": {"name": licence}}]} if licence else {})
