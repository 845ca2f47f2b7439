"""Ask the package index that pip is set up for: what is known to be wrong, and when was a release?

It is asked by PyPI's JSON API, beside the index (``.../simple`` → ``.../pypi/NAME/json``). An
index that does not offer it, or cannot be reached, is no answer, which is said. Some tell nothing
but of a package's newest release: then there is no answer about older ones.
"""

from __future__ import annotations

import datetime as dt
import re
import ssl
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx

PYPI = "https://pypi.org/simple"
WITNESS = ("pycrypto", "2.6.1")
"""The last release of a package that was given up: an index that tells of faults tells of its."""


@dataclass(frozen=True)
class Told:
    """What an index tells of a package; None where it gives no answer."""

    faults: tuple[str, ...] | None
    """Advisories about the version that was asked for, one line each."""
    newest: dt.date | None
    """The day of the newest release's newest file."""


def pip_settings() -> dict[str, str]:
    """Return ``index-url`` and ``cert`` of pip, as far as they are set, the environment first."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.findall(r"^(\S+)\.(index-url|cert)='(.*)'$", listed, re.MULTILINE)
    order = ("global", "install", ":env:")
    stated = sorted((order.index(one), name, value) for one, name, value in found if one in order)
    return {name: value for _, name, value in stated}


def ask_index(versions: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, Told]:
    """Return what the index of ``pip_settings`` tells of each package (name to version).

    An index that tells nothing of ``WITNESS`` knows no advisories: ``faults`` is None for all.
    """
    index = settings.get("index-url", PYPI).rstrip("/")
    base = f"{index.removesuffix('/simple')}/pypi"
    certificates = ssl.create_default_context(cafile=settings.get("cert"))
    with (
        httpx.Client(verify=certificates, timeout=20, follow_redirects=True) as client,
        ThreadPoolExecutor(8) as pool,
    ):
        witness = _told(client, base, *WITNESS)
        answers = pool.map(lambda one: _told(client, base, *one), versions.items())
        told = dict(zip(versions, answers, strict=True))
    if witness.faults:
        return told
    return {name: Told(None, one.newest) for name, one in told.items()}


def _told(client: httpx.Client, base: str, name: str, version: str) -> Told:
    project = _answer(client, f"{base}/{name}/json")
    if project is None:
        return Told(None, None)
    days = [one["upload_time_iso_8601"][:10] for one in project.get("urls", ())]
    newest = dt.date.fromisoformat(max(days)) if days else None
    is_newest = project["info"]["version"] == version
    asked = project if is_newest else _answer(client, f"{base}/{name}/{version}/json")
    if asked is None or "vulnerabilities" not in asked:
        return Told(None, newest)
    return Told(tuple(map(_words, filter(_is_in_force, asked["vulnerabilities"]))), newest)


def _answer(client: httpx.Client, address: str) -> dict[str, Any] | None:
    try:
        answer = client.get(address)
        return answer.json() if answer.status_code == 200 else None
    except (httpx.HTTPError, ValueError):
        return None


def _is_in_force(advisory: Mapping[str, Any]) -> bool:
    return not advisory.get("withdrawn")


def _words(advisory: Mapping[str, Any]) -> str:
    mended = ", ".join(advisory.get("fixed_in", ())) or "no release yet"
    return f"{advisory['id']} (mended in {mended})"


def three_years_before(day: dt.date) -> dt.date:
    """Return the same day three years earlier; 28 February for the 29th."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 3, day=28 if leap else day.day)
