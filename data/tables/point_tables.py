"""Points that a page can show: a person's own, or a table that the province names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from data.loader import PROVINCES_FOLDER, Province
from data.model import PointTable, Source
from data.reading_progress import Progress, silent
from data.register.store import Register
from data.tables.register_of_source import register_of_source, wanted_rows
from data.text import Language, say


class Points(Protocol):
    """A register of points, and what it is called wherever it is shown."""

    @property
    def register(self) -> Register:
        """The points."""

    @property
    def source(self) -> Source:
        """Where they are from; its id stands for them."""

    def title(self, language: Language) -> str:
        """Return what to call them in a list."""

    def mark(self, language: Language) -> str:
        """Return what to write beside every figure that is made of them."""


@dataclass(frozen=True, eq=False)
class TablePoints:
    """The points of a table that a province names."""

    table: PointTable
    source: Source
    register: Register

    def title(self, language: Language) -> str:
        """Return the table's name."""
        return self.table.name.say(language)

    def mark(self, language: Language) -> str:
        """Return the table's name, its publisher and its date."""
        return say(
            "points.mark",
            language,
            name=self.title(language),
            publisher=self.source.publisher,
            date=self.source.date,
        )


def table_points(
    province: Province, table: PointTable, *, progress: Progress = silent
) -> TablePoints:
    """Return the points of a table that ``province`` names.

    Raises what ``data.tables.register_of_source.register_of_source`` raises.
    """
    address = table.source
    if "://" not in address:
        address = str(PROVINCES_FOLDER / province.id / address)
    register = register_of_source(
        address,
        province.counties,
        wanted=wanted_rows(table.where, table.bounds),
        categories=table.categories,
        name=table.id,
        progress=progress,
    )
    return TablePoints(table, province.sources[table.evidence], register)
