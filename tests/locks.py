"""Read what is to be installed: groups of ``pyproject.toml``, and the files locked from them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = {
    "run": ROOT / "requirements.txt",
    "scale": ROOT / "requirements" / "scale.txt",
    "dev": ROOT / "requirements" / "dev.txt",
    "bench": ROOT / "requirements" / "bench.txt",
    "ground": ROOT / "requirements" / "ground.txt",
}
"""The locked file of each group of ``pyproject.toml``."""

_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Locked:
    """One requirement of a locked file, with the SHA-256 of each file that may be installed."""

    requirement: Requirement
    hashes: tuple[str, ...]
    rest: str
    """What stands beside requirement and hashes: nothing, in a file that is right."""

    @property
    def name(self) -> str:
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        """Return the exact version; empty where there is none, or more than one would do."""
        pins = [one for one in self.requirement.specifier if one.operator == "=="]
        exact = len(pins) == len(self.requirement.specifier) == 1 and "*" not in pins[0].version
        return pins[0].version if exact else ""

    @property
    def is_for_here(self) -> bool:
        """Tell whether this system and this Python install it."""
        return self.requirement.marker is None or self.requirement.marker.evaluate()


def read_lock(text: str) -> list[Locked]:
    """Return the requirements of a locked file; raises ``InvalidRequirement`` for other lines."""
    joined = re.sub(r"\\\n", " ", re.sub(r"(?m)^\s*#.*$", "", text))
    found = []
    for line in filter(None, map(str.strip, joined.splitlines())):
        stated, *options = re.split(r"\s+(?=--)", line)
        hashes = [_HASH.fullmatch(one) for one in options]
        rest = " ".join(one for one, match in zip(options, hashes, strict=True) if not match)
        known = tuple(match[1] for match in hashes if match)
        found.append(Locked(Requirement(stated), known, rest))
    return found


def locked(group: str) -> list[Locked]:
    return read_lock(LOCKS[group].read_text(encoding="utf-8"))


def wanted(group: str) -> list[Requirement]:
    """Return what a group of ``pyproject.toml`` names, groups that it includes not counted."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text)["dependency-groups"][group]
    return [Requirement(one) for one in entries if isinstance(one, str)]


def lock_faults(entries: list[Locked]) -> list[str]:
    """Name each requirement that is not one exact version with the hashes of its files."""
    return [
        f"{one.requirement} {one.rest}".strip() + ": expected NAME==VERSION and --hash=sha256:..."
        for one in entries
        if one.requirement.url or one.rest or not one.version or not one.hashes
    ]
