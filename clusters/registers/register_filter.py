"""Choose points of a register: what is asked for, and which rows that is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

from clusters.area_of_interest import area_shape
from clusters.plan import role_membership
from clusters.registers.register_area import rows_inside
from clusters.selection import Selection
from data.errors import UnknownChoiceError
from data.loader import Province
from data.register.grid import to_grid
from data.register.store import CategoryLabel, Register, Rows

Counts: TypeAlias = npt.NDArray[np.int64]

_SHOWN_CHOICES = 30
_DECIMALS = 7


@dataclass(frozen=True)
class RegisterFilter:
    """What is asked of a register: facets that are combined with "and".

    ``cities`` and ``counties`` are adcodes; ``None`` filters nothing, an empty tuple leaves
    nothing. ``values`` pairs a category with the values wanted, ``ranges`` one of whole
    numbers with the first and the last wanted (rows without a value are outside any range).
    ``bounds`` is west, south, east, north in decimal degrees, ``area`` a polygon as WKT in
    EPSG:4326: rows without a place lie in neither.
    """

    cities: tuple[int, ...] | None = None
    counties: tuple[int, ...] | None = None
    values: tuple[tuple[str, tuple[CategoryLabel, ...]], ...] = ()
    ranges: tuple[tuple[str, int, int], ...] = ()
    bounds: tuple[float, float, float, float] | None = None
    area: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filtered."""
        return self == RegisterFilter()

    @cached_property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that stand for this filter."""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class Chosen:
    """Which rows of a register are chosen.

    ``mask`` is a boolean for each row, or ``None`` for all ``size`` rows. Rows in a run are
    counted from sums made once, so that a count does not depend on how long the run is.
    """

    def __init__(self, size: int, mask: npt.NDArray[np.bool_] | None = None) -> None:
        self.size = size
        self.mask = mask

    def __len__(self) -> int:
        return self.size if self.mask is None else int(self._sums[-1])

    @cached_property
    def _sums(self) -> npt.NDArray[np.uint32]:
        sums = np.zeros(self.size + 1, dtype=np.uint32)
        if self.mask is not None:
            np.cumsum(self.mask, dtype=np.uint32, out=sums[1:])
        return sums

    @cached_property
    def rows(self) -> Rows:
        """The chosen rows, in order."""
        if self.mask is None:
            return np.arange(self.size, dtype=np.uint32)
        return np.flatnonzero(self.mask).astype(np.uint32)

    def count_between(self, starts: Rows, stops: Rows) -> Counts:
        """Count the chosen rows from each start up to, not including, each stop."""
        if self.mask is None:
            return stops.astype(np.int64) - starts
        return self._sums[stops].astype(np.int64) - self._sums[starts]

    def last_between(self, starts: Rows, stops: Rows) -> Rows:
        """Return the last chosen row of each run that has one; runs are in order."""
        held = self.count_between(starts, stops) > 0
        if self.mask is None:
            return stops[held] - np.uint32(1)
        last: Rows = self.rows[self._sums[stops[held]] - np.uint32(1)]
        return last

    def rows_between(self, start: int, stop: int) -> Rows:
        """Return the chosen rows from ``start`` up to, not including, ``stop``."""
        if self.mask is None:
            return np.arange(start, stop, dtype=np.uint32)
        return self.rows[int(self._sums[start]) : int(self._sums[stop])]


def choose(register: Register, wanted: RegisterFilter) -> Chosen:
    """Return which rows of ``register`` are wanted.

    Raises ``UnknownChoiceError`` for a category, a value, a city or a county that the
    register does not know, and for a range of a category that holds text.
    """
    parts = [_area_part(register, wanted)]
    parts += [_value_part(register, name, values) for name, values in wanted.values]
    parts += [_range_part(register, name, first, last) for name, first, last in wanted.ranges]
    if wanted.bounds is not None:
        parts.append(_bounds_part(register, wanted.bounds))
    if wanted.area is not None:
        parts.append(rows_inside(register, shapely.from_wkt(wanted.area)))
    masks = [part for part in parts if part is not None]
    if not masks:
        return Chosen(len(register))
    mask = masks[0]
    for other in masks[1:]:
        mask &= other
    return Chosen(len(register), mask)


def without_place(register: Register, chosen: Chosen) -> int:
    """Count the chosen rows that are known only to their county or city."""
    return len(chosen) - len(chosen.rows_between(0, register.placed))


def _area_part(register: Register, wanted: RegisterFilter) -> npt.NDArray[np.bool_] | None:
    areas = register.areas
    if wanted.cities is None and wanted.counties is None:
        return None
    allowed = np.ones(areas.size, dtype=bool)
    allowed[areas.outside] = False
    known_to_city = areas.city_adcodes
    for argument, asked, homes in (
        ("cities", wanted.cities, (*areas.cities, 0, *known_to_city)),
        ("counties", wanted.counties, (*areas.counties, 0, *[0] * len(known_to_city))),
    ):
        if asked is not None:
            _require_known(argument, asked, {*homes} - {0})
            allowed &= np.isin(homes, np.array(asked, dtype=np.int64))
    return allowed[register.county]


def _value_part(
    register: Register, name: str, values: tuple[CategoryLabel, ...]
) -> npt.NDArray[np.bool_]:
    category = register.category(name)
    _require_known(name, values, category.labels)
    allowed = np.array([label in values for label in category.labels], dtype=bool)
    return allowed[category.codes]


def _range_part(register: Register, name: str, first: int, last: int) -> npt.NDArray[np.bool_]:
    category = register.category(name)
    if any(isinstance(label, str) for label in category.labels):
        numbers = [
            other
            for other, one in register.categories.items()
            if not any(isinstance(label, str) for label in one.labels)
        ]
        raise UnknownChoiceError("ranges", name, sorted(numbers))
    allowed = [isinstance(label, int) and first <= label <= last for label in category.labels]
    return np.array(allowed, dtype=bool)[category.codes]


def _bounds_part(
    register: Register, bounds: tuple[float, float, float, float]
) -> npt.NDArray[np.bool_]:
    west, south, east, north = bounds
    (left, right), (bottom, top) = to_grid(np.array([west, east]), np.array([south, north]))
    mask = (register.column >= left) & (register.column <= right)
    mask &= (register.row >= top) & (register.row <= bottom)
    mask[register.placed :] = False
    return np.asarray(mask, dtype=bool)


def _require_known(argument: str, asked: Collection[Any], known: Collection[Any]) -> None:
    unknown = [value for value in asked if value not in known]
    if unknown:
        shown = [str(value) for value in list(known)[:_SHOWN_CHOICES]]
        more = ["..."] if len(known) > _SHOWN_CHOICES else []
        raise UnknownChoiceError(argument, str(unknown[0]), shown + more)


def filter_of(
    selection: Selection, province: Province, register: Register
) -> tuple[RegisterFilter, tuple[str, ...]]:
    """Return what a selection of the atlas asks of a register, and what it cannot be asked.

    Cities and roles choose by place; sectors, segments, statuses and years by the categories
    ``sector``, ``segment``, ``status`` and ``year``. Facets whose category the register
    lacks are not applied; their names come second. An area chooses by place.
    """
    facets: dict[str, frozenset[str]] = {
        "sector": selection.sectors,
        "segment": selection.segments,
        "status": selection.statuses,
    }
    values = tuple(
        (name, tuple(sorted(asked & set(register.categories[name].labels))))
        for name, asked in facets.items()
        if asked and name in register.categories
    )
    lacking = [name for name, asked in facets.items() if asked and name not in register.categories]
    ranges: tuple[tuple[str, int, int], ...] = ()
    if selection.years is not None:
        if "year" in register.categories:
            ranges = (("year", *selection.years),)
        else:
            lacking.append("year")
    cities = _cities(selection, province)
    area = selection.area
    shape = None if area is None else shapely.to_wkt(area_shape(province, area), _DECIMALS)
    wanted = RegisterFilter(cities=cities, values=values, ranges=ranges, area=shape)
    return wanted, tuple(lacking)


def _cities(selection: Selection, province: Province) -> tuple[int, ...] | None:
    if not selection.cities and not selection.roles:
        return None
    cities = set(selection.cities or province.cities.index)
    if selection.roles:
        holders = role_membership(province)[sorted(selection.roles)].any(axis="columns")
        cities &= set(holders.index[holders])
    return tuple(sorted(int(adcode) for adcode in cities))
