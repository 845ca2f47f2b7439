"""Fill slides from the top: words are measured first, and go on with the next slide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.slide import Slide
from pptx.util import Emu, Mm, Pt

from data.text import day, say
from data.uploads.limits import visible
from layers.brief.content import Brief
from layers.brief.office_template import TEMPLATE_PLACES
from layers.brief.slides.slide_frame import (
    FOOT_PT,
    Rectangle,
    house_frame,
    own_frame,
    placeholders_by_place,
    title_of,
)
from layers.brief.slides.slide_template import SlideTemplate
from layers.paper.furniture import wrapped
from layers.specification.symbology import INK, MUTED_INK

SLIDE_FONT = "Microsoft YaHei"
_MM_PER_POINT = 25.4 / 72
_LEADING = 1.3
_WIDER = 1.12
"""Fonts of slides differ: lines are taken to be that much wider than in the paper's font."""
_SMALLER = (1.0, 0.8, 0.65, 0.5, 0.4)
_SMALLEST_PT = 9.0


def line_mm(points: float) -> float:
    """Return the height of a line of letters of a size."""
    return points * _MM_PER_POINT * _LEADING


def words_mm(words: str, points: float, width_mm: float) -> float:
    """Return the height of words in a column."""
    lines = [wrapped(part, points * _WIDER, width_mm) or [""] for part in words.split("\n")]
    return line_mm(points) * sum(len(one) for one in lines)


class Deck:
    """Slides that are being filled; ``y`` is where the next block goes, from the top in mm.

    In the house's own ``template`` letters and colours are those of its theme.
    """

    def __init__(self, brief: Brief, template: SlideTemplate | None) -> None:
        self.brief = brief
        self.slides: Any = Presentation() if template is None else template.opened()
        house = None if template is None else house_frame(self.slides)
        self.frame = house or own_frame(self.slides)
        properties = self.slides.core_properties
        properties.title, properties.subject = visible(brief.title), visible(brief.question)
        properties.author = properties.last_modified_by = say("app.name", brief.language)
        self.slide: Slide
        self.title = ""
        self.y = self.frame.content.top

    @property
    def area(self) -> Rectangle:
        """Where blocks stand."""
        return self.frame.content

    @property
    def room(self) -> float:
        """How much of the slide is left."""
        return self.area.bottom - self.y

    def cover(self) -> frozenset[str]:
        """Write a first slide with the title, where the layouts have one; return what it tells."""
        layout = self.frame.cover
        if layout is None:
            return frozenset()
        slide = self.slides.slides.add_slide(layout)
        words = self._place_words()
        numbers = placeholders_by_place(layout)
        numbers["title"] = title_of(layout).placeholder_format.idx
        told = {number: place for place, number in numbers.items() if place in words}
        for shape in [*slide.placeholders]:
            place = told.get(shape.placeholder_format.idx)
            if place is None:
                shape._element.getparent().remove(shape._element)
            else:
                shape.text_frame.text = visible(words[place])
        return frozenset(told.values())

    def _place_words(self) -> dict[str, str]:
        brief = self.brief
        date = day(brief.date, brief.language)
        words = (brief.title, brief.subtitle, brief.question, date)
        return dict(zip(TEMPLATE_PLACES[1:], words, strict=True))

    def turn(self) -> None:
        """Begin a slide under the title of the section."""
        self.slide = self.slides.slides.add_slide(self.frame.layout)
        title = self.slide.shapes.title
        for shape in [*self.slide.placeholders]:
            if shape.shape_id != title.shape_id:
                shape._element.getparent().remove(shape._element)
        self._write_title(title)
        self.y = self.area.top
        self._foot()

    def _write_title(self, shape: Any) -> None:
        box, size = self.frame.title, self.frame.title_pt
        points = self._fitting_pt(self.title, size, box)
        if not self.frame.has_own_look:
            shape.text_frame.text = visible(self.title)
            if points < size:
                shape.text_frame.paragraphs[0].runs[0].font.size = Pt(points)
            return
        shape.left, shape.top, shape.width, shape.height = (
            Mm(one) for one in (box.left, box.top, box.width, box.height)
        )
        self.fill(shape.text_frame, self.title, points, INK, bold=True)
        shape.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT

    @staticmethod
    def _fitting_pt(words: str, points: float, box: Rectangle) -> float:
        """Return the size, ``points`` at most, in which words take the room of a box."""
        sizes = [points * part for part in _SMALLER]
        fitting = (one for one in sizes if words_mm(words, one, box.width) <= box.height)
        return max(next(fitting, _SMALLEST_PT), _SMALLEST_PT)

    def _foot(self) -> None:
        number = len(self.slides.slides)
        date = day(self.brief.date, self.brief.language)
        words = f"{self.brief.title} · {date} · {number}"
        foot = self.frame.foot
        lines = wrapped(words, FOOT_PT * _WIDER, foot.width)
        self.text_box(lines[0], FOOT_PT, MUTED_INK, foot)

    def text_box(
        self, words: str, points: float, color: str, box: Rectangle, *, bold: bool = False
    ) -> None:
        """Write words into a box of the slide."""
        sizes = (Mm(one) for one in (box.left, box.top, box.width, box.height))
        made = self.slide.shapes.add_textbox(*sizes)
        self.fill(made.text_frame, words, points, color, bold=bold)

    def fill(
        self, frame: Any, words: str, points: float, color: str, *, bold: bool = False
    ) -> None:
        """Write words into a frame, without margins and never shrunk."""
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Emu(0)
        for place, line in enumerate(words.split("\n")):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            run = paragraph.add_run()
            run.text = visible(line)
            run.font.size, run.font.bold = Pt(points), bold
            self.give_look(run.font, color)

    def give_look(self, font: Any, color: str) -> None:
        """Name the font and colour of letters; a template's theme does it in the house's own."""
        if self.frame.has_own_look:
            font.name = SLIDE_FONT
            font.color.rgb = RGBColor.from_string(color.removeprefix("#"))

    def need(self, height: float) -> None:
        """Go on with the next slide where there is less room, unless this one is empty."""
        if height > self.room and self.y > self.area.top:
            self.turn()

    def words(self, words: str, points: float, color: str, *, bold: bool = False) -> None:
        """Write a paragraph; one that is longer than a slide goes on with the next."""
        area = self.area
        most = int(area.height / line_mm(points))
        lines = wrapped(words, points * _WIDER, area.width)
        whole = len(lines) <= most
        starts = range(0, len(lines), most)
        parts = [words] if whole else ["\n".join(lines[at : at + most]) for at in starts]
        for part in parts:
            height = words_mm(part, points, area.width)
            self.need(height)
            box = Rectangle(area.left, self.y, area.width, height)
            self.text_box(part, points, color, box, bold=bold)
            self.y += height + 2.0


def row_mm(row: Sequence[str], widths: Sequence[float], points: float, margin: float) -> float:
    """Return the height of the highest cell of a row; ``margin`` is what is free on each side."""
    return max(
        words_mm(words, points, width - 2 * margin)
        for words, width in zip(row, widths, strict=True)
    )
