"""Say what a brief is made of: sections of blocks, the same for every format.

Blocks hold plain words in one language. What they rest on are ids of sources; the numbers by
which a reader finds them are given in the order of reading.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Literal

from data.text import Language, day

SourceNames = tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    """A sentence or more, with the ids of its sources; ``aside`` is how to read what follows."""

    words: str
    sources: SourceNames = ()
    aside: bool = False


@dataclass(frozen=True)
class StatementList:
    """Statements, a point each."""

    points: tuple[Statement, ...]


@dataclass(frozen=True)
class Subheading:
    """A heading within a section."""

    words: str


@dataclass(frozen=True)
class TableColumn:
    """A column: its heading, the unit of its cells, its part of the width (of their sum)."""

    heading: str
    width: float
    unit: str = ""
    numeric: bool = False


@dataclass(frozen=True)
class ContentTable:
    """A table of words under its caption.

    ``sources`` are those of the whole table, ``row_sources`` those of each row, where rows rest
    on sources of their own.
    """

    caption: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    sources: SourceNames = ()
    row_sources: tuple[SourceNames, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class DrawnPicture:
    """A picture (PNG), and how large it stands on a page."""

    png: bytes
    width_mm: float
    height_mm: float


PictureShape = Literal["upright", "wide"]
"""Pages of documents are upright, slides are wide."""


@dataclass(frozen=True)
class ContentPicture:
    """A picture, drawn in the shape that a format asks for, with what it shows in words."""

    draw: Callable[[PictureShape], DrawnPicture]
    alternative: str
    caption: str
    sources: SourceNames = ()


@dataclass(frozen=True)
class ChartSeries:
    """Counts of one kind, one for each category of a chart, and their colour (``#RRGGBB``)."""

    name: str
    values: tuple[int, ...]
    color: str


@dataclass(frozen=True)
class ContentChart:
    """Stacked bars, a category each from the top down, with what they show in words."""

    caption: str
    alternative: str
    categories: tuple[str, ...]
    series: tuple[ChartSeries, ...]
    sources: SourceNames = ()


Block = Statement | StatementList | Subheading | ContentTable | ContentPicture | ContentChart


@dataclass(frozen=True)
class BriefSection:
    """A part of a brief under a heading; ``wide``: its tables want a sheet on its side.

    ``unnumbered`` is the heading without its number, once it has one.
    """

    id: str
    heading: str
    blocks: tuple[Block, ...]
    wide: bool = False
    unnumbered: str = ""


@dataclass(frozen=True)
class BriefOutline:
    """What a brief can hold: ``parts`` by id, each written when it is wanted."""

    title: str
    subtitle: str
    question: str
    parts: Mapping[str, Callable[[], BriefSection]]


@dataclass(frozen=True)
class Brief:
    """A document. ``sections`` end with the list of sources, numbered as ``numbers`` says."""

    title: str
    subtitle: str
    question: str
    language: Language
    date: dt.date
    sections: tuple[BriefSection, ...]

    @property
    def head(self) -> str:
        """What stands at the head of each sheet: the title and the date."""
        return f"{self.title} · {day(self.date, self.language)}"

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each source that is cited, by id, in the order of reading."""
        names = cited_sources(self.sections)
        return {name: place for place, name in enumerate(names, start=1)}

    def citation(self, sources: Iterable[str]) -> str:
        """Return the numbers of sources as a reader meets them: ``[1, 3–5]``; empty without."""
        return citation_words(self.numbers_of(sources))

    def numbers_of(self, sources: Iterable[str]) -> list[int]:
        """Return the numbers of sources, rising, each once."""
        return sorted({self.numbers[name] for name in sources})


def is_page(words: str) -> bool:
    """Tell whether words are the address of a page, which formats make a link."""
    return words.startswith(("https://", "http://")) and not set(words) & set(' \n\t"<>')


def cited_sources(sections: Sequence[BriefSection]) -> tuple[str, ...]:
    """Return the ids of all sources that sections cite, each once, in the order of reading."""
    found = chain.from_iterable(_cited(block) for one in sections for block in one.blocks)
    return tuple(dict.fromkeys(found))


def _cited(block: Block) -> Iterator[str]:
    if isinstance(block, StatementList):
        yield from chain.from_iterable(point.sources for point in block.points)
    elif isinstance(block, ContentTable):
        yield from chain(block.sources, *block.row_sources)
    elif isinstance(block, (Statement, ContentPicture, ContentChart)):
        yield from block.sources


def citation_runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return rising numbers as runs, first and last; three or more that follow are one.

    >>> citation_runs([1, 3, 4, 5, 8, 9])
    [(1, 1), (3, 5), (8, 8), (9, 9)]
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    long = [[run] if len(run) > 2 else [[one] for one in run] for run in runs]
    return [(run[0], run[-1]) for run in chain.from_iterable(long)]


def citation_words(numbers: Sequence[int]) -> str:
    """Write rising numbers in brackets, three or more that follow each other as a range.

    >>> citation_words([1, 3, 4, 5, 8, 9])
    '[1, 3–5, 8, 9]'
    """
    runs = citation_runs(numbers)
    parts = [f"{first}–{last}" if last > first else str(first) for first, last in runs]
    return f"[{', '.join(parts)}]" if parts else ""
