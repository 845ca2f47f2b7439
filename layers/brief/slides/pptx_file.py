"""Write a brief as slides, in the house's own template or without one."""

from __future__ import annotations

import io

from pptx.util import Mm

from data.uploads.limits import visible
from layers.brief.content import (
    Block,
    Brief,
    ContentChart,
    ContentPicture,
    Statement,
    StatementList,
    Subheading,
)
from layers.brief.slides.deck import Deck, words_mm
from layers.brief.slides.slide_chart import write_chart
from layers.brief.slides.slide_table import write_table
from layers.brief.slides.slide_template import SlideTemplate
from layers.specification.symbology import INK, MUTED_INK

_TEXT_PT, _LIST_PT, _SUBTITLE_PT, _NOTE_PT = 16.0, 14.0, 11.0, 9.0
_WITH_HEADING_MM = 40.0
_LEAST_PICTURE_MM = 60.0


def pptx_file(brief: Brief, template: SlideTemplate | None = None) -> bytes:
    """Return the brief as the bytes of a ``.pptx`` file.

    A template's layouts, letters and colours stay as they are.
    """
    deck = Deck(brief, template)
    told = deck.cover()
    for place, section in enumerate(brief.sections):
        deck.title = brief.title if place == 0 and not told else section.heading
        deck.turn()
        if place == 0:
            _front(deck, section.heading, told)
        for block in section.blocks:
            _write(deck, block)
    buffer = io.BytesIO()
    deck.slides.save(buffer)
    return buffer.getvalue()


def _front(deck: Deck, heading: str, told: frozenset[str]) -> None:
    """Write what the brief is about, but what the cover has told."""
    if "subtitle" not in told:
        deck.words(deck.brief.subtitle, _SUBTITLE_PT, MUTED_INK)
    if "question" not in told:
        deck.words(deck.brief.question, _TEXT_PT, INK, bold=True)
    if not told:
        deck.y += 4.0
        deck.words(heading, _TEXT_PT, INK, bold=True)


def _write(deck: Deck, block: Block) -> None:
    if isinstance(block, Subheading):
        deck.need(_WITH_HEADING_MM)
        deck.words(block.words, _TEXT_PT, INK, bold=True)
    elif isinstance(block, Statement):
        points = _NOTE_PT if block.aside else _TEXT_PT
        color = MUTED_INK if block.aside else INK
        deck.words(f"{block.words} {deck.brief.citation(block.sources)}", points, color)
    elif isinstance(block, StatementList):
        for point in block.points:
            words = f"• {point.words} {deck.brief.citation(point.sources)}"
            deck.words(words, _LIST_PT, INK)
    elif isinstance(block, ContentPicture):
        _picture(deck, block)
    elif isinstance(block, ContentChart):
        write_chart(deck, block)
    else:
        write_table(deck, block)


def _picture(deck: Deck, picture: ContentPicture) -> None:
    """Show a picture as large as there is room for, its caption below it."""
    area = deck.area
    below = f"{picture.caption} {deck.brief.citation(picture.sources)}"
    caption = words_mm(below, _NOTE_PT, area.width) + 1.0
    deck.need(min(_LEAST_PICTURE_MM + caption, area.height))
    drawn = picture.draw("wide")
    scale = min((deck.room - caption) / drawn.height_mm, area.width / drawn.width_mm)
    width, height = drawn.width_mm * scale, drawn.height_mm * scale
    left = area.left + (area.width - width) / 2
    box = (Mm(one) for one in (left, deck.y, width, height))
    shape = deck.slide.shapes.add_picture(io.BytesIO(drawn.png), *box)
    shape._element.nvPicPr.cNvPr.set("descr", visible(picture.alternative))
    deck.y += height + 1.0
    deck.words(below, _NOTE_PT, MUTED_INK)
