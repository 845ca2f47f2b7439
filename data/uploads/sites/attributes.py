"""Read what rows say beside their place: sector, segments, status, year, capacity, value."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from functools import partial

import pandas as pd

from data.evidence_rows import STATUSES
from data.loader import Province
from data.model import Sector, Segment
from data.text import say
from data.uploads.row_faults import RowFault, row_fault, unmarked
from data.uploads.sites.amount_text import amount_in, plain_number
from data.uploads.sites.mapping import Mapping
from data.uploads.sites.status_text import status_in
from data.uploads.sites.vocabulary import (
    CODES,
    KIND_CODES,
    Units,
    bare,
    cell_text,
    is_blank_word,
    kind_words,
    sector_words,
    segment_words,
    status_words,
    unit_of,
    unit_words,
)
from data.uploads.sites.year_text import day_in, year_in

_SEPARATORS = re.compile(r"[;,\u3001\uff0c\uff1b/|]+")
_IN_BRACKETS = re.compile(r"[\(\[\uff08\u3010](.*?)[\)\]\uff09\u3011]")
_TELLING = ("sector", "kind")
"""Fields that tell what a row is."""
_SHOWN = 60
_LONGEST_HEADING = 200
"""A pattern is held against no more than this of what a stranger wrote."""


def read_attributes(
    frame: pd.DataFrame, mapping: Mapping, province: Province
) -> tuple[pd.DataFrame, list[RowFault]]:
    """Return the columns that are mapped, under the names of ``SiteRow``, and their faults.

    ``capacity`` is in the whole units of ``SiteRow`` (a heading or cell in ten thousands is
    multiplied); ``value`` is a number as written. A cell that is not understood is empty, and
    costs no more than itself: its fault is a warning. A sector or a kind that the plan does not
    know is a fault: what the row is would be another thing than it says. ``precision`` is what
    the row says, which its place may not bear out.
    """
    faults: list[RowFault] = []
    read = _Reader(frame, mapping, unit_words(province.plan), faults)
    out = pd.DataFrame(index=frame.index)
    for field, target in (
        ("name_zh", "name_zh"),
        ("name_en", "name_en"),
        ("owner", "owner"),
        ("address", "place"),
        ("note_zh", "note_zh"),
        ("note_en", "note_en"),
    ):
        out[target] = read.cells(field, lambda text: (unmarked(text), None))
    out["sector"] = read.cells(
        "sector", _one_of("sector", sector_words(province), _labels(province.plan.sectors))
    )
    out["segments"] = read.cells(
        "segment", _many_of("segment", segment_words(province), _labels(province.plan.segments()))
    )
    out["kind"] = read.cells("kind", _one_of("choice", kind_words(province.plan), _kinds(province)))
    for field, codes in CODES.items():
        out[field] = read.cells(field, _one_of("choice", codes.words, codes.labels))
    for field in ("status_date", "checked"):
        out[field] = read.cells(field, _day)
    out["status"] = read.cells("status", partial(_status, words=status_words()))
    out["year"] = read.cells("year", _year).astype("float64")
    faults += _years_ahead(frame, mapping, out)
    out["value"] = read.cells("value", _number).astype("float64")
    out[["capacity", "capacity_unit"]] = read.capacity()
    return out, faults


_Answer = tuple[object, tuple[str, dict[str, str]] | None]
_Parse = Callable[[str], _Answer]


class _Reader:
    """Reads columns of one table; parses each different text once."""

    def __init__(
        self, frame: pd.DataFrame, mapping: Mapping, units: Units, faults: list[RowFault]
    ) -> None:
        self.frame, self.mapping, self.units, self.faults = frame, mapping, units, faults

    def cells(self, field: str, parse: _Parse) -> pd.Series:
        column = dict(self.mapping.pairs).get(field)  # type: ignore[call-overload]
        if column is None:
            return pd.Series([None] * len(self.frame), index=self.frame.index, dtype=object)
        texts = self.frame[column].map(_filled)
        answers = {text: parse(text) if text else (None, None) for text in texts.unique()}
        for row, text in texts.items():
            problem = answers[text][1]
            if problem is not None:
                code, details = problem
                self.faults.append(
                    row_fault(row, column, text, code, field not in _TELLING, **details)
                )
        return pd.Series([answers[text][0] for text in texts], index=texts.index, dtype=object)

    def capacity(self) -> pd.DataFrame:
        """Return capacity and unit: that of the cell, else of its column, else of the heading."""
        column = self.mapping.column("capacity")
        heading = _IN_BRACKETS.search((column or "")[:_LONGEST_HEADING])
        stated = unit_of(heading.group(1), self.units) if heading else None
        units = self.cells("capacity_unit", partial(_unit, units=self.units))
        found = self.cells("capacity", partial(_amount, units=self.units))
        rows: list[tuple[float | None, str | None]] = []
        for row, answer, unit in zip(self.frame.index, found, units, strict=True):
            amount, own, counted = answer or (None, None, False)
            chosen = own or unit or stated
            # Where both say how many, which of them is meant is not known.
            twice = counted and own is None and any(one and one[1] > 1 for one in (unit, stated))
            if amount is not None and chosen is not None and not twice:
                rows.append((amount * chosen[1], chosen[0]))
                continue
            rows.append((None, None))
            if amount is not None:
                code, cell = "both_counts" if twice else "needs_unit", self.frame.at[row, column]
                self.faults.append(row_fault(row, column or "", cell, code, True))
        table = pd.DataFrame(rows, index=self.frame.index, columns=["capacity", "capacity_unit"])
        return table.astype({"capacity": "float64", "capacity_unit": object})


def _years_ahead(frame: pd.DataFrame, mapping: Mapping, out: pd.DataFrame) -> list[RowFault]:
    """Warn of sites that operate, and whose year is still to come."""
    ahead = (out["status"] == "operating") & (out["year"] > dt.date.today().year)
    column = mapping.column("year") or ""
    return [
        row_fault(row, column, frame.at[row, column], "year_ahead", True)
        for row in out.index[ahead]
    ]


def _labels(parts: Iterable[Sector | Segment]) -> tuple[str, ...]:
    """Return the names in both languages, as an area's are shown."""
    return tuple(f"{one.name.zh} ({one.name.en})" for one in parts)


def _kinds(province: Province) -> tuple[str, ...]:
    """Return the names of the usual kinds, and of those that the plan adds or calls otherwise."""
    own = {kind.id: f"{kind.name.zh} ({kind.name.en})" for kind in province.plan.kinds}
    usual = dict(zip(KIND_CODES.ids, KIND_CODES.labels, strict=True))
    return tuple((usual | own).values())


_STATUS_LABELS = tuple(
    f"{say(f'status.{status}', 'zh')} ({say(f'status.{status}', 'en')})" for status in STATUSES
)


def _one_of(code: str, words: dict[str, str], labels: tuple[str, ...]) -> _Parse:
    choices = {"choices": ", ".join(labels)}

    def parse(text: str) -> _Answer:
        found = words.get(bare(text)) or words.get(bare(text.strip("()")))
        return (found, None) if found else (None, (code, choices))

    return parse


def _many_of(code: str, words: dict[str, str], labels: tuple[str, ...]) -> _Parse:
    one = _one_of(code, words, labels)
    # A name may hold what stands between names, too.
    longest = 1 + max((len(_SEPARATORS.findall(label)) for label in labels), default=0)

    def parse(text: str) -> _Answer:
        whole, problem = one(text)
        if problem is None:
            return whole, None
        parts = [part for part in _SEPARATORS.split(text) if part.strip()]
        found = _names_in(parts, words, longest)
        return (";".join(dict.fromkeys(found)), None) if found else (None, problem)

    return parse


def _names_in(parts: list[str], words: dict[str, str], longest: int) -> list[str]:
    """Return the ids of names that were cut into ``parts``, each of ``longest`` parts at most.

    The longest name that fits is taken; where a part belongs to none, there are none at all.
    """
    found: list[str] = []
    at = 0
    while at < len(parts):
        ends = range(min(at + longest, len(parts)), at, -1)
        names = ((end, words.get(bare(" ".join(parts[at:end])))) for end in ends)
        end, name = next(((end, name) for end, name in names if name), (at, ""))
        if not name:
            return []
        found.append(name)
        at = end
    return found


def _filled(cell: object) -> str:
    text = cell_text(cell)
    return "" if is_blank_word(text) else text


def _status(text: str, words: dict[str, str]) -> _Answer:
    found = status_in(text, words)
    if found is None:
        return None, ("status", {"choices": ", ".join(_STATUS_LABELS)})
    if found.doubtful:
        return "unknown", ("status_aside", {"aside": found.aside})
    return found.status, ("read_without", {"aside": found.aside}) if found.aside else None


def _year(text: str) -> _Answer:
    found = year_in(text)
    if found is None:
        return None, ("year", {})
    told = (f"read_{found.read_as}", {"read": str(found.year)}) if found.read_as else None
    return found.year, told


def _day(text: str) -> _Answer:
    found = day_in(text)
    return (found, None) if found else (None, ("day", {}))


def _number(text: str) -> _Answer:
    found = plain_number(text)
    return (None, ("number", {})) if found is None else (found, None)


def _amount(text: str, units: Units) -> _Answer:
    """Return a number, its own unit (``None``: not in the cell), and whether it was counted."""
    found = amount_in(text)
    if found is None:
        return None, ("capacity", {})
    unit = unit_of(found.unit, units) if found.unit else None
    if found.unit and unit is None:
        return None, _unknown_unit(units)
    read = f"{found.number:,.15g}{found.unit}"
    told = ("read_amount", {"read": read}) if found.with_words else None
    return (found.number, unit, found.ten_thousands), told


def _unit(text: str, units: Units) -> _Answer:
    found = unit_of(text, units)
    return (found, None) if found else (None, _unknown_unit(units))


def _unknown_unit(units: Units) -> tuple[str, dict[str, str]]:
    return "unit", {"choices": ", ".join(list(units)[:_SHOWN])}
