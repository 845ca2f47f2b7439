"""Know where the parts of slides stand: on slides of our own, and on layouts of a house.

Lengths are in millimetres from the upper left corner of the slide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.presentation import Presentation as Slides
from pptx.util import Mm

from data.text import LANGUAGES, say
from layers.brief.office_template import PLACE_OF

_SLIDE_MM = (338.67, 190.5)
_MARGIN_MM = 14.0
_TITLE_ONLY_LAYOUT = 5
_TITLE_PT = 24.0
FOOT_PT = 9.0
_FOOT_MM, _GAP_MM, _EDGE_MM = 5.0, 4.0, 6.0
FEWEST_MM = (120.0, 60.0)
"""How wide and high the place for a brief is at least."""

_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_FOOT_KINDS = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
_SIZE = "{http://schemas.openxmlformats.org/drawingml/2006/main}defRPr"


@dataclass(frozen=True)
class Rectangle:
    """A rectangle of a slide."""

    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.top + self.height


@dataclass(frozen=True)
class SlideFrame:
    """Where the parts of slides stand; ``has_own_look``: with fonts and colours of our own.

    ``cover`` is the layout of a first slide with the title alone, where there is one.
    """

    layout: Any
    title: Rectangle
    title_pt: float
    content: Rectangle
    foot: Rectangle
    has_own_look: bool
    cover: Any | None = None


def own_frame(slides: Slides) -> SlideFrame:
    """Give slides the size of briefs, and return where their parts stand."""
    width, height = _SLIDE_MM
    slides.slide_width, slides.slide_height = Mm(width), Mm(height)
    inner = width - 2 * _MARGIN_MM
    return SlideFrame(
        layout=slides.slide_layouts[_TITLE_ONLY_LAYOUT],
        title=Rectangle(_MARGIN_MM, 10.0, inner, 16.0),
        title_pt=_TITLE_PT,
        content=Rectangle(_MARGIN_MM, 31.0, inner, 145.0),
        foot=Rectangle(_MARGIN_MM, 180.0, inner, _FOOT_MM),
        has_own_look=True,
    )


def house_frame(slides: Slides) -> SlideFrame | None:
    """Return where parts stand on the layouts of a house; ``None`` without a layout with a title.

    Pages take the layout of that name, or the one that has a title and nothing else, or the first
    with a title. The brief stands where a placeholder is called so, or below the title.
    """
    with_title = [
        layout
        for layout in _layouts(slides)
        if any(_kind(one) in _TITLES for one in layout.placeholders)
    ]
    named, plain = _named(with_title, "page"), [*filter(_is_plain, with_title)]
    layout = next(iter([*named, *plain, *with_title]), None)
    if layout is None:
        return None
    title = title_of(layout)
    content = _content(slides, layout)
    feet = [one for one in layout.placeholders if _kind(one) == PP_PLACEHOLDER.FOOTER]
    below = Rectangle(content.left, content.bottom + 1, content.width, _FOOT_MM)
    covers = [one for one in with_title if _kind(title_of(one)) == PP_PLACEHOLDER.CENTER_TITLE]
    return SlideFrame(
        layout=layout,
        title=_box(title),
        title_pt=_title_pt(layout),
        content=content,
        foot=_box(feet[0]) if feet else below,
        has_own_look=False,
        cover=next((one for one in [*_named(with_title, "cover"), *covers] if one != layout), None),
    )


def is_named_for(layout: Any, use: str) -> bool:
    """Whether a layout is called for a use (``page``, ``cover``), in either language."""
    names = {say(f"slide_layout.{use}", language).casefold() for language in LANGUAGES}
    return layout.name.strip().casefold() in names


def title_of(layout: Any) -> Any:
    """Return the placeholder of the title of a layout that has one."""
    return next(one for one in layout.placeholders if _kind(one) in _TITLES)


def placeholders_by_place(layout: Any) -> dict[str, int]:
    """Return the numbers of the placeholders that are called for a place of a brief."""
    found = {PLACE_OF.get(one.name.strip()): one for one in layout.placeholders}
    return {place: one.placeholder_format.idx for place, one in found.items() if place}


def _layouts(slides: Slides) -> Iterator[Any]:
    for master in slides.slide_masters:
        yield from master.slide_layouts


def _named(layouts: list[Any], use: str) -> list[Any]:
    return [one for one in layouts if is_named_for(one, use)]


def _is_plain(layout: Any) -> bool:
    return all(_kind(one) in (*_TITLES, *_FOOT_KINDS) for one in layout.placeholders)


def _kind(placeholder: Any) -> Any:
    return placeholder.placeholder_format.type


def _box(shape: Any) -> Rectangle:
    return Rectangle(*(Mm(0) if one is None else one.mm for one in _lengths(shape)))


def _lengths(shape: Any) -> tuple[Any, ...]:
    return shape.left, shape.top, shape.width, shape.height


def _content(slides: Slides, layout: Any) -> Rectangle:
    """Return the placeholder that is called for the brief, or what is free below the title."""
    height = (slides.slide_height or Mm(_SLIDE_MM[1])).mm
    for one in layout.placeholders:
        if PLACE_OF.get(one.name.strip()) == "brief":
            named = _box(one)
            room = height - _FOOT_MM - 2 - named.top
            return replace(named, height=min(named.height, room))
    title = _box(title_of(layout))
    feet = [_box(one).top for one in layout.placeholders if _kind(one) in _FOOT_KINDS]
    lowest = min([height - _EDGE_MM, *(top for top in feet if top > title.bottom)])
    top = title.bottom + _GAP_MM
    return Rectangle(title.left, top, title.width, lowest - 2 - _FOOT_MM - top)


def _title_pt(layout: Any) -> float:
    """Return the size of titles: of the layout, else of its master."""
    master = layout.slide_master
    places = (
        title_of(layout)._element,
        *(one._element for one in master.placeholders if _kind(one) in _TITLES),
        *master._element.iter("{*}titleStyle"),
    )
    sizes = (one.get("sz") for place in places for one in place.iter(_SIZE))
    return next((int(size) / 100 for size in sizes if size), _TITLE_PT)
