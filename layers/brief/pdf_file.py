"""Write a brief as a tagged PDF (PDF/UA-1), set by Typst as ``brief.typ`` says."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typst

from data.text import say
from layers.brief.chart_picture import as_picture
from layers.brief.content import (
    Block,
    Brief,
    BriefSection,
    ContentChart,
    ContentPicture,
    ContentTable,
    Statement,
    StatementList,
    Subheading,
    TableColumn,
    citation_runs,
    is_page,
)
from layers.paper.fonts import PAPER_FONT_FAMILY, paper_font_path, printable
from layers.specification.symbology import INK, MUTED_INK

_TEMPLATE = Path(__file__).with_name("brief.typ")
_MANY_COLUMNS = 6


def pdf_file(brief: Brief) -> bytes:
    """Return the brief as the bytes of a ``.pdf`` file.

    The words of the brief reach the template as data, never as code; it reads no other files than
    those of its folder, and no package.
    """
    midnight = dt.datetime.combine(brief.date, dt.time(), dt.UTC)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(_TEMPLATE, folder)
        content = _Content(brief, folder).written()
        (folder / "brief.json").write_text(json.dumps(content), encoding="utf-8")
        compiler = typst.Compiler(
            folder / _TEMPLATE.name,
            root=folder,
            font_paths=[Path(paper_font_path()).parent],
            ignore_system_fonts=True,
        )
        made = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=midnight)
    if not isinstance(made, bytes):
        raise TypeError(f"Typst wrote {type(made).__name__}, not one file")
    return made


class _Content:
    """A brief as the template reads it; pictures stand beside it as files."""

    def __init__(self, brief: Brief, folder: Path) -> None:
        self.brief = brief
        self.folder = folder
        self.pictures = 0

    def written(self) -> dict[str, Any]:
        brief = self.brief
        return {
            "language": brief.language,
            "font": PAPER_FONT_FAMILY,
            "ink": INK,
            "muted": MUTED_INK,
            "title": printable(brief.title),
            "subtitle": printable(brief.subtitle),
            "question": printable(brief.question),
            "author": say("app.name", brief.language),
            "date": [brief.date.year, brief.date.month, brief.date.day],
            "head": printable(brief.head),
            "contents": say("brief.contents", brief.language),
            "foot": say("brief.page", brief.language, page="{page}", pages="{pages}"),
            "sections": [self._section(section) for section in brief.sections],
        }

    def _section(self, section: BriefSection) -> dict[str, Any]:
        is_sources = section.id == "sources"
        return {
            "heading": printable(section.heading),
            "wide": section.wide,
            "blocks": [self._block(block, is_sources) for block in section.blocks],
        }

    def _block(self, block: Block, is_sources: bool) -> dict[str, Any]:
        if isinstance(block, Subheading):
            return {"kind": "subheading", "words": printable(block.words)}
        if isinstance(block, Statement):
            return {"kind": "statement", "aside": block.aside, **self._statement(block)}
        if isinstance(block, StatementList):
            return {"kind": "points", "points": [self._statement(one) for one in block.points]}
        if isinstance(block, ContentPicture):
            return self._picture(block, "sheet")
        if isinstance(block, ContentChart):
            return self._picture(as_picture(block), "chart")
        return self._table(block, is_sources)

    def _statement(self, statement: Statement) -> dict[str, Any]:
        return {"words": _lines(statement.words), "cited": self._cited(statement.sources)}

    def _cited(self, sources: Sequence[str]) -> list[tuple[int, int]]:
        return citation_runs(self.brief.numbers_of(sources))

    def _picture(self, picture: ContentPicture, kind: str) -> dict[str, Any]:
        self.pictures += 1
        drawn = picture.draw("upright")
        file = self.folder / f"{self.pictures}.png"
        file.write_bytes(drawn.png)
        return {
            "kind": kind,
            "file": file.name,
            "alternative": printable(picture.alternative),
            "caption": printable(picture.caption),
            "width": drawn.width_mm,
            "cited": self._cited(picture.sources),
        }

    def _table(self, table: ContentTable, is_sources: bool) -> dict[str, Any]:
        cited = [self._cited(sources) for sources in table.row_sources]
        columns = [*table.columns]
        if cited:
            columns.append(TableColumn(say("brief.cited_heading", self.brief.language), 1.4))
        return {
            "kind": "table",
            "caption": printable(table.caption),
            "cited": self._cited(table.sources),
            "small": len(columns) >= _MANY_COLUMNS,
            "heads": [printable(self._heading(column)) for column in columns],
            "widths": [column.width for column in columns],
            "numeric": [column.numeric for column in columns],
            "rows": [
                {
                    "cells": [_cell(words) for words in row],
                    "cited": cited[place] if cited else None,
                    "number": int(row[0]) if is_sources else None,
                }
                for place, row in enumerate(table.rows)
            ],
            "none": say("brief.none", self.brief.language),
            "note": printable(table.note),
        }

    def _heading(self, column: TableColumn) -> str:
        if not column.unit:
            return column.heading
        return say("brief.unit", self.brief.language, heading=column.heading, unit=column.unit)


def _lines(words: str) -> list[str]:
    return [printable(line) for line in words.split("\n")]


def _cell(words: str) -> dict[str, Any]:
    return {"lines": _lines(words), "link": printable(words) if is_page(words) else None}
