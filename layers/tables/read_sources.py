"""Number the sources of a workbook, list them, and name them beside the rows that rest on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from data.loader import Province
from data.text import Language, say
from layers.tables.read_table import (
    Link,
    ReadCell,
    ReadColumn,
    ReadTable,
    number_column,
    words_column,
)

_HEADING_ROWS = 1


@dataclass(frozen=True, eq=False)
class CitedSources:
    """The sources that a workbook cites, in the order of ``ids``: their numbers count from 1."""

    province: Province
    ids: tuple[str, ...]
    language: Language

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each source, by its id."""
        return {name: place for place, name in enumerate(self.ids, start=1)}

    @property
    def sheet(self) -> str:
        """The name of the sheet that lists them."""
        return say("sheet.sources", self.language)

    def table(self) -> ReadTable:
        """Return the list: number, title, publisher, date, grade, address."""
        language = self.language
        found = [self.province.sources[name] for name in self.ids]
        addresses: list[ReadCell] = [
            Link(one.address, one.address) if one.has_page else one.address for one in found
        ]
        columns = (
            number_column(say("column.number", language), pd.Series(self.numbers.values()), 0),
            words_column(
                say("column.sources_title", language), (one.title.say(language) for one in found)
            ),
            words_column(say("column.publisher", language), (one.publisher for one in found)),
            words_column(say("column.date", language), (one.date for one in found)),
            words_column(
                say("column.grade", language),
                (say(f"grade.{one.grade}", language) for one in found),
            ),
            words_column(say("column.address", language), addresses),
        )
        return ReadTable("sources", self.sheet, say("sheet_lead.sources", language), columns)

    def cited(self, joined: Iterable[object]) -> tuple[ReadColumn, tuple[ReadColumn, ...]]:
        """Return how rows name their sources, which are ids joined by semicolons.

        First a column of their numbers, for paper; then as many columns of links as a row has
        sources at most.
        """
        rows = [sorted(source_ids(cell), key=self.numbers.__getitem__) for cell in joined]
        language = self.language
        numbers = words_column(
            say("column.sources", language),
            (" ".join(f"[{self.numbers[name]}]" for name in row) for row in rows),
        )
        most = max(map(len, rows), default=0)
        links = (
            words_column(
                say("column.source", language, place=place + 1),
                (self._link(row[place]) if place < len(row) else None for row in rows),
            )
            for place in range(most)
        )
        return numbers, tuple(links)

    def _link(self, name: str) -> Link:
        """Lead to the page of a source; to its row of the list where it has none."""
        source, number = self.province.sources[name], self.numbers[name]
        words = f"[{number}] {source.title.say(self.language)}"
        if source.has_page:
            return Link(words, source.address)
        return Link(words, sheet=self.sheet, row=number + _HEADING_ROWS)


def source_ids(cell: object) -> list[str]:
    """Return the ids that a cell joins by semicolons."""
    return [one for one in cell.split(";") if one] if isinstance(cell, str) else []
