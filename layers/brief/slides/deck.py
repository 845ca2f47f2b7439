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
from layers.brief.office_template import MOST_LETTERS, TEMPLATE_PLACES
from layers.brief.slides.house_letters import give_fill, letters_pt
from layers.brief.slides.rectangle import Rectangle, rectangle_of
from layers.brief.slides.slide_frame import (
    FOOT_PT,
    house_frame,
    own_frame,
    placeholders_by_place,
    title_of,
)
from layers.brief.slides.slide_template import SlideTemplate
from layers.paper.fonts import text_width_mm
from layers.paper.furniture import wrapped
from layers.specification.symbology import INK, MUTED_INK

SLIDE_FONT = "Microsoft YaHei"
_MM_PER_POINT = 25.4 / 72
_LEADING = 1.3
_WIDER = 1.12
"""Fonts of slides differ: lines are taken to be that much wider than in the paper's font."""
_BOLDER = 1.08
_SMALLER = (1.0, 0.8, 0.65, 0.5, 0.4)
_SMALLEST_PT = 9.0
_ROUNDING_MM = 0.01


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
        properties.title = visible(brief.title)[:MOST_LETTERS]
        properties.subject = visible(brief.question)[:MOST_LETTERS]
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
        named = placeholders_by_place(layout) | {"title": title_of(layout)}
        told = {
            one.placeholder_format.idx: (place, one)
            for place, one in named.items()
            if place in words
        }
        for shape in [*slide.placeholders]:
            place, asked = told.get(shape.placeholder_format.idx, (None, None))
            if place is None:
                shape._element.getparent().remove(shape._element)
            else:
                style = "titleStyle" if place == "title" else "bodyStyle"
                points = letters_pt(layout, asked, style)
                self._fill_fitting(shape, words[place], points, rectangle_of(asked))
        return frozenset(place for place, _ in told.values())

    def _fill_fitting(self, shape: Any, words: str, points: float, box: Rectangle) -> None:
        """Write words into a placeholder of the house, smaller where they would not fit."""
        shape.text_frame.text = visible(words)
        fitting = self._fitting_pt(words, points, box)
        if fitting < points:
            for paragraph in shape.text_frame.paragraphs:
                paragraph.font.size = Pt(fitting)

    def _place_words(self) -> dict[str, str]:
        brief = self.brief
        date = day(brief.date, brief.language)
        words = (brief.title, brief.subtitle, brief.question, date)
        return dict(zip(TEMPLATE_PLACES[1:], words, strict=True))

    def turn(self) -> None:
        """Begin a slide under the title of the section."""
        self.slide = self.slides.slides.add_slide(self.frame.layout)
        title = title_of(self.slide)
        for shape in [*self.slide.placeholders]:
            if shape.shape_id != title.shape_id:
                shape._element.getparent().remove(shape._element)
        self._write_title(title)
        self.y = self.area.top
        self._foot()

    def _write_title(self, shape: Any) -> None:
        box, size = self.frame.title, self.frame.title_pt
        if not self.frame.has_own_look:
            self._fill_fitting(shape, self.title, size, box)
            return
        points = self._fitting_pt(self.title, size, box)
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
        """Write title, date and number of the slide on one line: what is cut is the title."""
        date, foot = day(self.brief.date, self.brief.language), self.frame.foot
        title, rest = self.brief.title, f" · {date} · {len(self.slides.slides)}"
        while title and text_width_mm(f"{title}{rest}", FOOT_PT * _WIDER) > foot.width:
            title = f"{title.rstrip('…')[:-1].rstrip()}…" if len(title) > 1 else ""
        made = self.text_box(f"{title}{rest}", FOOT_PT, MUTED_INK, foot)
        if self.frame.foot_letters is not None:
            for paragraph in made.text_frame.paragraphs:
                for run in paragraph.runs:
                    give_fill(run.font, self.frame.foot_letters)

    def text_box(
        self, words: str, points: float, color: str, box: Rectangle, *, bold: bool = False
    ) -> Any:
        """Write words into a box of the slide, and return its shape."""
        sizes = (Mm(one) for one in (box.left, box.top, box.width, box.height))
        made = self.slide.shapes.add_textbox(*sizes)
        self.fill(made.text_frame, words, points, color, bold=bold)
        return made

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
        """Name the font and colour of letters; in a template they are those of the house."""
        if self.frame.has_own_look:
            font.name = SLIDE_FONT
            font.color.rgb = RGBColor.from_string(color.removeprefix("#"))
        elif self.frame.letters is not None:
            give_fill(font, self.frame.letters)

    def need(self, height: float) -> None:
        """Go on with the next slide where there is less room, unless this one is empty."""
        if height > self.room + _ROUNDING_MM and self.y > self.area.top:
            self.turn()

    def words(self, words: str, points: float, color: str, *, bold: bool = False) -> None:
        """Write a paragraph; one that is longer than a slide goes on with the next."""
        area, measured = self.area, points * (_BOLDER if bold else 1.0)
        most = int(area.height / line_mm(points))
        lines = wrapped(words, measured * _WIDER, area.width)
        whole = len(lines) <= most
        starts = range(0, len(lines), most)
        parts = [words] if whole else ["\n".join(lines[at : at + most]) for at in starts]
        for part in parts:
            height = words_mm(part, measured, area.width) * points / measured
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
