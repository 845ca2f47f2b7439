"""Audit the dependencies: ``python -m tests.audit``.

Every requirement must be locked with its hashes, installed at its version, and under a licence
that fits. Of all that runs, dependencies of dependencies too, the package index is asked for known
vulnerabilities and for the newest release: three years without one need a reason
(``tests/packages.toml``). Advisories that were carried in (``ATLAS_ADVISORIES``,
``tests.advisories``) are looked through instead where they are named. What could not be looked up
is said: a list of our own would be out of date from its first day.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.advisories import known_faults
from tests.bill import bill_of_materials, by_hand, licences
from tests.locks import LOCKS, lock_faults, locked
from tests.missing import NOT_TESTED
from tests.registry import Told, ask_index, pip_settings, three_years_before

RUNS = ("run", "scale")
FITTING = frozenset(
    (
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "HPND", "ISC", "MIT"),
        *("MIT-0", "MIT-CMU", "MPL-2.0", "OFL-1.1", "PSF-2.0", "Python-2.0", "Unlicense", "Zlib"),
        "LicenseRef-Matplotlib",
    )
)
"""Licences under which a package may be installed beside the atlas without further thought."""


def versions() -> dict[str, str]:
    """Return the version of each package that is installed here to run."""
    return {one.name: one.version for group in RUNS for one in locked(group) if one.is_for_here}


def licence_faults(stated: Mapping[str, str], loaded: Mapping[str, str]) -> list[str]:
    """Name each package (name to licence) whose licence does not fit, and each idle excuse."""
    unfit = {
        name
        for name, licence in stated.items()
        if not set(re.findall(r"[^\s()]+", licence)) - {"AND", "OR"} <= FITTING
    }
    return [
        *(
            f"{name}: {stated[name]} is no licence that fits"
            for name in sorted(unfit - set(loaded))
        ),
        *(f"tests/packages.toml: {name} needs no excuse" for name in sorted(set(loaded) - unfit)),
    ]


def silence_faults(told: Mapping[str, Told], quiet: Mapping[str, str], today: dt.date) -> list[str]:
    """Name each package without a release for three years and a reason, and each idle reason."""
    limit = three_years_before(today)
    days = {name: one.newest for name, one in told.items() if one.newest}
    old = {name for name, day in days.items() if day < limit}
    idle = {name for name in quiet if name not in told or (name in days and name not in old)}
    return [
        *(f"{name}: no release since {days[name]}" for name in sorted(old - set(quiet))),
        *(f"tests/packages.toml: {name} is not quiet any more" for name in sorted(idle)),
    ]


def advisory_faults(told: Mapping[str, Told], asked: Mapping[str, str]) -> list[str]:
    """Name each advisory about a version that is installed."""
    return [
        f"{name} {asked[name]}: {fault}"
        for name, one in sorted(told.items())
        for fault in one.faults or ()
    ]


def not_asked(what: str, names: list[str], total: int) -> list[str]:
    """Say of which packages the index told nothing; nothing where it told of all."""
    if not names:
        return []
    of = "any package" if len(names) == total else f"{len(names)} of {total}: {', '.join(names)}"
    return [f"{NOT_TESTED}{what} (the package index tells nothing of {of})"]


def looked_up(asked: Mapping[str, str], today: dt.date) -> tuple[list[str], list[str]]:
    """Return the faults of packages that were looked up, and what could not be."""
    told = ask_index(asked, pip_settings())
    silent = [name for name, one in told.items() if one.newest is None]
    faults = silence_faults(told, by_hand()["quiet"], today)
    gaps = not_asked("the newest release", silent, len(asked))
    carried = os.environ.get("ATLAS_ADVISORIES")
    if carried:
        return [*faults, *known_faults(Path(carried), asked)], gaps
    unknown = [name for name, one in told.items() if one.faults is None]
    gaps += not_asked("known vulnerabilities", unknown, len(asked))
    return [*faults, *advisory_faults(told, asked)], gaps


def local_faults() -> list[str]:
    """Name what is wrong with what is locked and installed, without asking anybody."""
    faults = [
        f"{LOCKS[group].name}: {fault}" for group in LOCKS for fault in lock_faults(locked(group))
    ]
    try:
        return faults + licence_faults(licences(bill_of_materials(RUNS)), by_hand()["loaded"])
    except ValueError as error:
        return faults + str(error).splitlines()


def main() -> int:
    """Print what is wrong, and what was not looked up; return 1 where something is wrong."""
    faults, gaps = looked_up(versions(), dt.datetime.now(dt.UTC).date())
    faults = local_faults() + faults
    sys.stderr.writelines(f"{one}\n" for one in [*gaps, *faults])
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
