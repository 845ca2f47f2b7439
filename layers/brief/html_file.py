"""Write a brief as one HTML page that needs no network: pictures and styles stand in it."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from data.text import say
from data.uploads.limits import visible
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
    is_page,
)

_LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en-GB"}
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def html_file(brief: Brief) -> bytes:
    """Return the brief as the bytes of an ``.html`` file."""
    page = Element("html", lang=_LANGUAGE_TAGS[brief.language])
    _head(page, brief)
    body = SubElement(page, "body")
    main = SubElement(body, "main")
    _add(main, "h1", brief.title)
    _add(main, "p", brief.subtitle, "subtitle")
    _add(main, "p", brief.question, "question")
    for place, section in enumerate(brief.sections):
        _section(main, brief, section)
        if place == 0:
            _contents(main, brief)
    indent(page)
    content: bytes = tostring(page, encoding="utf-8", method="html")
    return b"<!doctype html>\n" + content


@cache
def _style() -> str:
    return (Path(__file__).parent / "brief.css").read_text(encoding="utf-8")


def _add(parent: Element, tag: str, words: str = "", kind: str = "", **attributes: str) -> Element:
    """Append an element with its words, which are escaped, and return it."""
    made = SubElement(parent, tag, {"class": kind} if kind else {}, **attributes)
    first, *more = words.split("\n")
    made.text = visible(first)
    for line in more:
        SubElement(made, "br").tail = visible(line)
    return made


def _head(page: Element, brief: Brief) -> None:
    head = SubElement(page, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    _add(head, "title", brief.title)
    # The style sheet is ours: elements of this name are written as they are.
    SubElement(head, "style").text = _style()


def _contents(main: Element, brief: Brief) -> None:
    nav = SubElement(main, "nav")
    _add(nav, "h3", say("brief.contents", brief.language))
    entries = SubElement(nav, "ol")
    for section in brief.sections:
        _add(SubElement(entries, "li"), "a", section.heading, href=f"#{section.id}")


def _section(main: Element, brief: Brief, section: BriefSection) -> None:
    part = SubElement(main, "section", id=section.id)
    _add(part, "h2", section.heading)
    for block in section.blocks:
        _block(part, brief, block, is_sources=section.id == "sources")


def _block(part: Element, brief: Brief, block: Block, *, is_sources: bool) -> None:
    if isinstance(block, Subheading):
        _add(part, "h3", block.words)
    elif isinstance(block, Statement):
        words = _add(part, "p", block.words, "note" if block.aside else "")
        _cite(words, brief, block.sources)
    elif isinstance(block, StatementList):
        points = SubElement(part, "ul")
        for point in block.points:
            _cite(_add(points, "li", point.words), brief, point.sources)
    elif isinstance(block, (ContentPicture, ContentChart)):
        _picture(part, brief, as_picture(block))
    else:
        _table(part, brief, block, is_sources=is_sources)


def _cite(parent: Element, brief: Brief, sources: Iterable[str], tag: str = "sup") -> None:
    """Append the numbers of sources, each leading to its row of the list."""
    names = sorted(set(sources), key=brief.numbers.__getitem__)
    if not names:
        return
    mark = SubElement(parent, tag)
    mark.text = "\u2009[" if tag == "sup" else "["
    for place, name in enumerate(names):
        number = brief.numbers[name]
        link = _add(mark, "a", str(number), href=f"#source-{number}")
        link.tail = "]" if place == len(names) - 1 else ", "


def _picture(part: Element, brief: Brief, picture: ContentPicture) -> None:
    figure = SubElement(part, "figure")
    content = base64.b64encode(picture.draw("upright").png).decode("ascii")
    SubElement(
        figure,
        "img",
        src=f"data:image/png;base64,{content}",
        alt=visible(picture.alternative),
    )
    _cite(_add(figure, "figcaption", picture.caption), brief, picture.sources)


def _table(part: Element, brief: Brief, table: ContentTable, *, is_sources: bool) -> None:
    box = SubElement(part, "div", {"class": "scrolling", "tabindex": "0"})
    written = SubElement(box, "table")
    _cite(_add(written, "caption", table.caption), brief, table.sources)
    heads = SubElement(SubElement(written, "thead"), "tr")
    for column in table.columns:
        words = column.heading
        if column.unit:
            words = say("brief.unit", brief.language, heading=words, unit=column.unit)
        _add(heads, "th", words, "numeric" if column.numeric else "", scope="col")
    if table.row_sources:
        _add(heads, "th", say("brief.cited_heading", brief.language), scope="col")
    body = SubElement(written, "tbody")
    for place, row in enumerate(table.rows):
        line = SubElement(body, "tr", {"id": f"source-{row[0]}"} if is_sources else {})
        for column, words in zip(table.columns, row, strict=True):
            _cell(line, words, numeric=column.numeric)
        if table.row_sources:
            _cite(SubElement(line, "td"), brief, table.row_sources[place], "span")
    if table.note:
        _add(part, "p", table.note, "note")


def _cell(line: Element, words: str, *, numeric: bool) -> None:
    """Write a cell; the address of a page is a link."""
    cell = _add(line, "td", "" if is_page(words) else words, "numeric" if numeric else "")
    if is_page(words):
        _add(cell, "a", words, href=visible(words), rel="noopener noreferrer")
