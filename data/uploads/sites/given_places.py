"""Take the coordinates of rows from geometry, from two columns, or from one that holds both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.loader import Province
from data.uploads.formats.crs_text import degrees_of
from data.uploads.formats.raw_table import RawTable
from data.uploads.limits import Note, RefusedError, note
from data.uploads.row_faults import GEOMETRY, RowFault, row_fault
from data.uploads.sites.coordinate_text import (
    Angle,
    angle_in,
    is_east,
    is_north,
    pair_in,
)
from data.uploads.sites.crs_guess import CrsGuess, are_metres, east_first, guess_crs, old_datum
from data.uploads.sites.mapping import Mapping
from data.uploads.sites.vocabulary import cell_text, is_blank_word

_SHARE = 0.8
_FARTHEST = 1e9
"""No coordinate of any system is larger, in degrees or in metres."""
_Pairs = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GivenPlaces:
    """Coordinates of each row, (n, 2), in degrees: longitude, latitude; NaN where there are none.

    ``columns`` names where they stand; ``faults`` are cells that are no coordinates.
    """

    degrees: _Pairs
    columns: str
    faults: tuple[RowFault, ...] = ()
    notes: tuple[Note, ...] = ()


def given_places(
    table: RawTable, mapping: Mapping, province: Province, crs: str | None
) -> GivenPlaces:
    """Return the coordinates of ``table``; ``crs`` is what a person said, where the file does not.

    A system that neither says is taken where only one puts the points into the province, and
    noted. Raises ``RefusedError`` where several do, or none.
    """
    raw = _raw(table, mapping)
    stated = table.crs if raw.columns == GEOMETRY else None
    if not np.isfinite(raw.degrees).any():
        return raw
    metres = are_metres(raw.degrees)
    if stated is None and crs is None:
        if raw.columns != GEOMETRY and not metres:
            return raw
        guess = guess_crs(_ordered(raw, metres), province)
        if guess.crs is None and mapping.has_area:
            left = note("unread_metres", columns=raw.columns, choices=guess.choices)
            nothing = np.full_like(raw.degrees, np.nan)
            return GivenPlaces(nothing, raw.columns, raw.faults, (*raw.notes, left))
        crs = _taken(guess)
        found = note("guessed_crs" if metres else "guessed_degrees", crs=crs, choices=guess.choices)
        raw = GivenPlaces(raw.degrees, raw.columns, raw.faults, (*raw.notes, found))
    points = _ordered(raw, metres)
    moved = np.column_stack(degrees_of(points[:, 0], points[:, 1], stated or crs))
    moved[~np.isfinite(moved)] = np.nan
    old = old_datum(str(stated or crs))
    doubt = (note("old_datum", crs=old),) if old else ()
    return GivenPlaces(moved, raw.columns, raw.faults, (*raw.notes, *doubt))


def crs_question(table: RawTable, mapping: Mapping, province: Province) -> CrsGuess | None:
    """Return what a person is to be asked of the system; ``None`` where nothing is open."""
    raw = _raw(table, mapping)
    is_open = raw.columns == GEOMETRY and table.crs is None
    metres = are_metres(raw.degrees)
    if not is_open and (raw.columns == GEOMETRY or not metres):
        return None
    return guess_crs(_ordered(raw, metres), province)


def _taken(guess: CrsGuess) -> str:
    if guess.crs is None:
        raise RefusedError("needs_crs_of", choices=guess.choices)
    return guess.crs


def _ordered(raw: GivenPlaces, metres: bool) -> _Pairs:
    own = raw.columns != GEOMETRY and metres
    return east_first(raw.degrees) if own else raw.degrees


def _raw(table: RawTable, mapping: Mapping) -> GivenPlaces:
    """Return the numbers as they stand, in degrees or in metres."""
    if table.geometry is not None and table.geometry.notna().any():
        points = np.column_stack([table.geometry.x.to_numpy(), table.geometry.y.to_numpy()])
        return GivenPlaces(points.astype(np.float64), GEOMETRY)
    east, north = mapping.column("longitude"), mapping.column("latitude")
    if east is not None and north is not None:
        return _of_two(table.frame, east, north)
    both = mapping.column("coordinates")
    if both is not None:
        return _of_one(table.frame[both])
    return GivenPlaces(np.full((len(table.frame), 2), np.nan), "")


def _of_one(cells: pd.Series) -> GivenPlaces:
    name = str(cells.name)
    texts = cells.map(cell_text)
    found = {text: pair_in(text) for text in texts.unique()}
    given = np.full((len(texts), 2), np.nan)
    faults = []
    for at, (row, text) in enumerate(texts.items()):
        pair = found[text]
        if pair is not None:
            given[at] = pair[0].value, pair[1].value
        elif text and not is_blank_word(text):
            faults.append(row_fault(row, name, text, "one_cell"))
    return GivenPlaces(given, name, tuple(faults))


def _of_two(frame: pd.DataFrame, east: str, north: str) -> GivenPlaces:
    columns = f"{east}, {north}"
    packed = _is_packed(frame[east], is_east) and _is_packed(frame[north], is_north)
    faults: list[RowFault] = []
    sides = [_angles(frame[name], packed, faults) for name in (east, north)]
    given = np.column_stack(sides)
    half = np.isnan(given).sum(axis=1) == 1
    bad = {one.row for one in faults if not one.warning}
    for at in np.flatnonzero(half):
        row = frame.index[at]
        if row not in bad:
            faults.append(row_fault(row, (east, north)[int(np.isnan(given[at, 1]))], "", "pair"))
    given[half] = np.nan
    return GivenPlaces(given, columns, tuple(faults))


def _angles(values: pd.Series, packed: bool, faults: list[RowFault]) -> NDArray[np.float64]:
    """Return the numbers of a column; each different text is read once."""
    name = str(values.name)
    if values.dtype.kind in "fi" and not packed:
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
        far = ~(np.abs(numbers) <= _FARTHEST)
        wrong = far & values.notna().to_numpy()
        faults += [row_fault(row, name, values[row], "degrees") for row in values.index[wrong]]
        return np.where(far, np.nan, numbers)
    plain = np.full(len(values), np.nan)
    if not packed:
        plain = np.asarray(pd.to_numeric(values, errors="coerce"), dtype=np.float64)
    out = np.where(np.abs(plain) <= _FARTHEST, plain, np.nan)
    # Plain numbers are read at once; only what is something else is looked at.
    texts = values[np.isnan(out)].map(cell_text)
    found: dict[str, Angle | None] = {
        text: angle_in(text, packed=packed) for text in texts.unique() if text
    }
    for at, (row, text) in zip(np.flatnonzero(np.isnan(out)), texts.items(), strict=True):
        angle = found.get(text)
        if angle is not None and np.isfinite(angle.value):
            out[at] = angle.value
            if angle.written in ("packed", "comma"):
                read = f"{angle.value:.6f}"
                faults.append(row_fault(row, name, text, f"read_{angle.written}", True, read=read))
        elif text and not is_blank_word(text):
            faults.append(row_fault(row, name, text, "degrees"))
    return out


def _is_packed(values: pd.Series, fits: Callable[[float], bool]) -> bool:
    texts = [text for text in values.head(500).map(cell_text) if text and not is_blank_word(text)]
    angles = [angle_in(text, packed=True) for text in texts]
    good = [one is not None and one.written == "packed" and fits(one.value) for one in angles]
    return bool(good) and sum(good) / len(good) >= _SHARE
