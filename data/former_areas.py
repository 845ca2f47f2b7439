"""Know what cities and counties were called before, and their codes of then."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, StringConstraints

from data.errors import Fault
from data.model import Adcode, NonEmpty, Record

FORMER_AREAS_FILE = "former_areas.csv"
Adcodes = Annotated[str, StringConstraints(pattern=r"^\d{6}(;\d{6})*$")]


class FormerAreaRow(Record):
    """A row of ``former_areas.csv``: an area that was renamed, merged or divided.

    ``adcode`` is the code of then, empty where it is still in force; ``now`` the codes of the
    counties that it belongs to, joined by semicolons where it was divided, or of one city that
    was called so; ``since`` the year of the change; ``source`` where that stands.
    """

    name_zh: NonEmpty
    adcode: Adcode | None = None
    now: Adcodes
    since: Annotated[int, Field(ge=1949, le=2100)]
    source: NonEmpty

    @property
    def codes(self) -> tuple[int, ...]:
        """The codes of the areas of today."""
        return tuple(int(code) for code in self.now.split(";"))


def former_faults(
    rows: Iterable[FormerAreaRow], counties: Iterable[int], cities: Iterable[int] = ()
) -> list[Fault]:
    """Check that the areas of today are of the province, one alone where it is a city.

    A code of then is none of today.
    """
    known, whole = set(counties), set(cities)
    faults = []
    for number, row in enumerate(rows, start=2):
        record = f"row {number}"
        faults += [
            Fault(FORMER_AREAS_FILE, record, "now", f"no county with adcode {code}")
            for code in row.codes
            if code not in known and not (code in whole and len(row.codes) == 1)
        ]
        if row.adcode in known | whole:
            problem = f"{row.adcode} is in force; leave the cell empty"
            faults.append(Fault(FORMER_AREAS_FILE, record, "adcode", problem))
    return faults
