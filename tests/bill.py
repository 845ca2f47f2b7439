"""Write a bill of materials: ``python -m tests.bill sbom.json``.

It names what is installed to run, at which version and under which licence (CycloneDX). The
licence is what a package's metadata says, or what was read by hand (``tests/packages.toml``).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.utils import canonicalize_name

from tests.locks import locked

BY_HAND = Path(__file__).with_name("packages.toml")


def by_hand() -> dict[str, dict[str, str]]:
    """Return what was looked at by hand: ``licences``, ``loaded``, ``quiet``, each by package."""
    return tomllib.loads(BY_HAND.read_text(encoding="utf-8"))


def installed() -> dict[str, Any]:
    """Return the bill of all that is installed beside this Python, as its metadata has it."""
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible"]
    done = subprocess.run(
        [*command, "--no-validate", "--output-format", "JSON", sys.executable],
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)


def bill_of_materials(groups: tuple[str, ...] = ("run",)) -> dict[str, Any]:
    """Return the bill of what the groups' locked files install here, with a licence for each.

    Raises ``ValueError`` that names each package that is installed at another version or not at
    all, and each whose licence is known neither from its metadata nor by hand.
    """
    bill = installed()
    found = {canonicalize_name(one["name"]): one for one in bill["components"]}
    versions = {
        one.name: one.version for group in groups for one in locked(group) if one.is_for_here
    }
    faults = [
        f"{name}=={version}: found {found[name]['version'] if name in found else 'nothing'}"
        for name, version in versions.items()
        if name not in found or found[name]["version"] != version
    ]
    kept = [found[name] for name in sorted(versions) if name in found]
    read = by_hand()["licences"]
    for component in kept:
        licence = licence_of(component, read)
        if not licence:
            stated = component.get("licenses", "nothing")
            faults.append(f"{component['name']}: expected a licence of SPDX, found {stated}")
        component["licenses"] = [{"expression": licence}]
    if faults:
        raise ValueError("\n".join(faults))
    references = {one["bom-ref"] for one in kept}
    bill["components"] = kept
    bill["dependencies"] = [
        one | {"dependsOn": [each for each in one.get("dependsOn", ()) if each in references]}
        for one in bill["dependencies"]
        if one["ref"] in references
    ]
    return bill


def licence_of(component: Mapping[str, Any], read: Mapping[str, str]) -> str:
    """Return a component's licence as an expression of SPDX; empty where none is known."""
    name = canonicalize_name(component["name"])
    return read[name] if name in read else stated_licence(component)


def stated_licence(component: Mapping[str, Any]) -> str:
    """Return what a component's metadata says, as an expression of SPDX; else nothing.

    What it says twice in two ways ("BSD-3-Clause", "BSD License") counts once; a licence of the
    GNU family that is not told exactly leaves the whole unknown.
    """
    known: list[str] = []
    for one in component.get("licenses", ()):
        stated = one.get("expression") or one["license"].get("id") or one["license"].get("name", "")
        try:
            known.append(canonicalize_license_expression(stated))
        except InvalidLicenseExpression:
            if re.search("GPL|General Public", stated):
                return ""
    found = list(dict.fromkeys(known))
    return found[0] if len(found) == 1 else " AND ".join(f"({one})" for one in found)


def licences(bill: Mapping[str, Any]) -> dict[str, str]:
    """Return the licence of each component of a bill, by its plain name."""
    return {
        canonicalize_name(one["name"]): one["licenses"][0]["expression"]
        for one in bill["components"]
    }


def main(place: str) -> int:
    """Write the bill; return 1, and say why, where a package or its licence is not known."""
    try:
        bill = bill_of_materials()
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    Path(place).write_text(json.dumps(bill, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"{place}: {len(bill['components'])} packages\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
