"""Look known vulnerabilities up in advisories that were carried in, where no service is reached.

The advisories are those of https://osv.dev in its JSON format: a folder of files, or the archive
``all.zip`` that it offers for PyPI. ``ATLAS_ADVISORIES`` names it.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version


def advisories_of(place: Path) -> Iterator[dict[str, Any]]:
    """Yield each advisory of a folder or an archive."""
    if place.is_dir():
        for path in sorted(place.rglob("*.json")):
            yield json.loads(path.read_text(encoding="utf-8"))
        return
    with zipfile.ZipFile(place) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                yield json.loads(archive.read(name))


def plain_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def known_faults(place: Path, installed: Mapping[str, str]) -> list[str]:
    """Name each distribution (name to version) that an advisory says is affected.

    Raises ``ValueError`` where there is no advisory at all: nothing was looked up then.
    """
    faults, seen = [], 0
    for one in advisories_of(place):
        seen += 1
        if one.get("withdrawn"):
            continue
        for affected in one.get("affected", ()):
            package = affected.get("package", {})
            name = plain_name(str(package.get("name", "")))
            if package.get("ecosystem") != "PyPI" or name not in installed:
                continue
            if is_affected(installed[name], affected):
                faults.append(f"{name} {installed[name]}: {one['id']} {one.get('summary', '')}")
    if not seen:
        raise ValueError(f"{place}: holds no advisory")
    return sorted(set(faults))


def is_affected(version: str, affected: Mapping[str, Any]) -> bool:
    """Tell whether a version is listed, or lies between where a fault came in and was mended."""
    if version in affected.get("versions", ()):
        return True
    ranges = [one for one in affected.get("ranges", ()) if one.get("type") == "ECOSYSTEM"]
    return any(_within(Version(version), one.get("events", ())) for one in ranges)


def _within(version: Version, events: Any) -> bool:
    inside = False
    for event in events:
        for kind, text in event.items():
            at = _version(text)
            if kind == "introduced":
                inside = inside or version >= at
            elif (kind == "fixed" and version >= at) or (kind == "last_affected" and version > at):
                inside = False
    return inside


def _version(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion:
        return Version("0")
