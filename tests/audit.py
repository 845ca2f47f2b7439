"""Audit the dependencies: ``python -m tests.audit``.

Every requirement must be pinned to an exact version, installed at it, and under a licence that
fits. Known vulnerabilities of all that runs, dependencies of dependencies too, are looked up in
the advisories that ``ATLAS_ADVISORIES`` names (``tests.advisories``), or else with pip-audit;
where its service cannot be reached that part is skipped, with a message: a list of our own would
be out of date from its first day.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from importlib.metadata import Distribution, PackageNotFoundError, distribution, requires
from pathlib import Path

from packaging.requirements import Requirement

from tests.advisories import known_faults

ROOT = Path(__file__).parents[1]
PINNED = re.compile(r"[A-Za-z0-9_.\-]+(\[[a-z,]+\])?==[0-9][A-Za-z0-9.+!]*")
FITTING = re.compile(
    r"\bMIT\b|\bBSD\b|BSD[- ]|\bApache\b|\bISC\b|\bPSF\b|Python Software Foundation|\bMPL\b|Mozilla"
    r"|\bHPND\b|\bCMU\b|Historical Permission|\bZPL\b"
    r"|Unlicense|\bCC0\b|Public Domain|0BSD|\bZlib\b|\bSIL\b"
    r"|\bOFL\b|Matplotlib",
    re.IGNORECASE,
)
COPYLEFT = re.compile(r"\bA?GPL|GNU (Affero )?General Public", re.IGNORECASE)
# Read by hand: what their metadata leaves out, or that they are linked to and not changed.
READ_BY_HAND = {
    "streamlit-folium": "MIT, by its LICENSE file",
    "xstatic-leaflet": "BSD-2-Clause, that of Leaflet",
    "psycopg": "LGPL-3.0, used as a library",
    "psycopg-binary": "LGPL-3.0, used as a library",
}


def requirement_files() -> list[Path]:
    return sorted(ROOT.glob("requirements*.txt"))


def lines_of(path: Path) -> list[tuple[int, str]]:
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    stripped = ((number, line.split("#")[0].strip()) for number, line in lines)
    return [(number, line) for number, line in stripped if line and not line.startswith("-r ")]


def pin_faults(path: Path) -> list[str]:
    """Name each line that pins no exact version."""
    return [
        f"{path.name}:{number}: {line}: expected NAME==VERSION"
        for number, line in lines_of(path)
        if not PINNED.fullmatch(line)
    ]


def licence_of(found: Distribution) -> str:
    """Return all that a distribution says of its licence, on one line."""
    meta = found.metadata
    classifiers = [one for one in meta.get_all("Classifier") or [] if one.startswith("License")]
    first = (meta.get("License") or "").strip().splitlines()
    return " | ".join(filter(None, [meta.get("License-Expression"), *first[:1], *classifiers]))


def closure(names: list[str]) -> dict[str, Distribution]:
    """Return the installed distributions that ``names`` need, by their names."""
    found: dict[str, Distribution] = {}
    pending = [(name, frozenset[str]()) for name in names]
    while pending:
        name, _ = pending.pop()
        wanted = Requirement(name)
        key = re.sub(r"[-_.]+", "-", wanted.name).lower()
        if key in found:
            continue
        try:
            found[key] = distribution(wanted.name)
        except PackageNotFoundError:
            continue  # an extra of another system
        for line in requires(wanted.name) or []:
            need = Requirement(line)
            extras = wanted.extras or {""}
            if need.marker is None or any(need.marker.evaluate({"extra": one}) for one in extras):
                pending.append((str(need).split(";")[0], frozenset()))
    return found


def licence_faults(path: Path) -> list[str]:
    """Name each dependency, those of dependencies too, whose licence is unknown or does not fit."""
    faults = []
    for name, found in closure([line for _, line in lines_of(path)]).items():
        stated = licence_of(found)
        fits = FITTING.search(stated) and not COPYLEFT.search(stated)
        if not fits and name not in READ_BY_HAND:
            faults.append(f"{name} {found.version}: licence {stated or 'not stated'!r}")
    return faults


def version_faults(path: Path) -> list[str]:
    """Name each requirement that is installed at another version than it is pinned to."""
    faults = []
    for number, line in lines_of(path):
        wanted = Requirement(line)
        try:
            version = distribution(wanted.name).version
        except PackageNotFoundError:
            version = "not installed"
        if version not in wanted.specifier:
            faults.append(f"{path.name}:{number}: {line}: found {version}")
    return faults


def known_vulnerabilities() -> int:
    """Look up all that is installed to run; 0 too where nothing can be asked."""
    names = [line for _, line in lines_of(ROOT / "requirements.txt")]
    versions = {name: found.version for name, found in closure(names).items()}
    carried = os.environ.get("ATLAS_ADVISORIES")
    if carried:
        known = known_faults(Path(carried), versions)
        sys.stderr.writelines(f"{one}\n" for one in known)
        return 1 if known else 0
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "requirements.txt"
        listed.write_text("".join(f"{name}=={one}\n" for name, one in versions.items()))
        return asked_service(listed)


def asked_service(requirements: Path) -> int:
    """Run pip-audit over pinned requirements; 0 too where its service cannot be reached."""
    command = ["pip_audit", "--requirement", str(requirements), "--no-deps"]
    command += ["--disable-pip", "--progress-spinner", "off", "--timeout", "10", "--format", "json"]
    try:
        done = subprocess.run(
            [sys.executable, "-m", *command], capture_output=True, text=True, timeout=240
        )
        looked_up = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError):
        sys.stderr.write("SKIPPED: known vulnerabilities: no service can be reached from here\n")
        return 0
    missing = [one["name"] for one in looked_up if "skip_reason" in one]
    known = [one for one in looked_up if one.get("vulns")]
    if missing:
        of = f"{len(missing)} of {len(looked_up)}"
        sys.stderr.write(f"SKIPPED: known vulnerabilities: no answer about {of} requirements\n")
    for one in known:
        ids = ", ".join(
            f"{found['id']} (mended in {found['fix_versions']})" for found in one["vulns"]
        )
        sys.stderr.write(f"{one['name']} {one['version']}: {ids}\n")
    return 1 if known else 0


def main() -> int:
    """Print what is wrong; return 1 where something is."""
    faults = [
        *(fault for path in requirement_files() for fault in pin_faults(path)),
        *version_faults(ROOT / "requirements.txt"),
        *version_faults(ROOT / "requirements-dev.txt"),
        *licence_faults(ROOT / "requirements.txt"),
        *licence_faults(ROOT / "requirements-scale.txt"),
    ]
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    return 1 if faults else known_vulnerabilities()


if __name__ == "__main__":
    sys.exit(main())
