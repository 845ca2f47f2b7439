"""Know where the parts of slides stand: on slides of our own, and on layouts of a house."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.presentation import Presentation as Slides
from pptx.util import Emu, Mm

from data.text import LANGUAGES, say
from layers.brief.office_template import place_named
from layers.brief.slides.house_letters import letters_fill, letters_pt
from layers.brief.slides.rectangle import Rectangle, rectangle_of

_SLIDE_MM = (338.67, 190.5)
_MARGIN_MM = 14.0
_TITLE_ONLY_LAYOUT = 5
_TITLE_PT = 24.0
FOOT_PT = 9.0
_FOOT_MM, _GAP_MM, _EDGE_MM = 5.0, 4.0, 6.0
_BAND = 0.5
"""A shape at the lower edge that is wider than this part of the slide is a band."""

FEWEST_MM = (120.0, 60.0)
"""How wide and high the place for a brief is at least."""

_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_FOOT_KINDS = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)


@dataclass(frozen=True)
class SlideFrame:
    """Where the parts of slides stand, in mm; ``has_own_look``: with fonts and colours of our own.

    ``letters`` and ``foot_letters`` are colours of the house, ``None`` for that of every text;
    ``cover`` is the layout of a first slide with the title alone, where there is one.
    """

    layout: Any
    title: Rectangle
    title_pt: float
    content: Rectangle
    foot: Rectangle
    has_own_look: bool
    letters: Any | None = None
    foot_letters: Any | None = None
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
    with a title. The brief stands where a placeholder is called so, or below the title; never on
    the title, on the foot, or beyond the slide.
    """
    with_title = [layout for layout in _layouts(slides) if has_title(layout)]
    named, plain = _named(with_title, "page"), [*filter(_is_plain, with_title)]
    layout = next(iter([*named, *plain, *with_title]), None)
    if layout is None:
        return None
    slide = Rectangle(0, 0, Emu(slides.slide_width or 0).mm, Emu(slides.slide_height or 0).mm)
    title, place = title_of(layout), brief_place(layout)
    content = _content(layout, slide)
    footer = next(iter(_of_kinds(layout, (PP_PLACEHOLDER.FOOTER,))), None)
    below = Rectangle(content.left, content.bottom + 1, content.width, _FOOT_MM)
    covers = [one for one in with_title if _kind(title_of(one)) == PP_PLACEHOLDER.CENTER_TITLE]
    return SlideFrame(
        layout=layout,
        title=rectangle_of(title).within(slide),
        title_pt=letters_pt(layout, title, "titleStyle"),
        content=content,
        foot=below if footer is None else rectangle_of(footer).within(slide),
        has_own_look=False,
        letters=letters_fill(layout, place, "bodyStyle"),
        foot_letters=None if footer is None else _foot_letters(layout, footer),
        cover=next((one for one in [*_named(with_title, "cover"), *covers] if one != layout), None),
    )


def is_named_for(layout: Any, use: str) -> bool:
    """Whether a layout is called for a use (``page``, ``cover``), in either language."""
    names = {say(f"slide_layout.{use}", language).casefold() for language in LANGUAGES}
    return layout.name.strip().casefold() in names


def has_title(layout: Any) -> bool:
    """Whether a layout, or a slide, has a placeholder for a title."""
    return any(True for _ in _of_kinds(layout, _TITLES))


def title_of(layout: Any) -> Any:
    """Return the placeholder of the title of a layout, or of a slide, that has one."""
    return next(_of_kinds(layout, _TITLES))


def brief_place(layout: Any) -> Any | None:
    """Return the placeholder that is called for the brief."""
    named = (one for one in layout.placeholders if place_named(one.name) == "brief")
    return next(named, None)


def placeholders_by_place(layout: Any) -> dict[str, Any]:
    """Return the placeholders that are called for a place of a brief."""
    found = {place_named(one.name): one for one in layout.placeholders}
    return {place: one for place, one in found.items() if place}


def _layouts(slides: Slides) -> Iterator[Any]:
    for master in slides.slide_masters:
        yield from master.slide_layouts


def _named(layouts: list[Any], use: str) -> list[Any]:
    return [one for one in layouts if is_named_for(one, use)]


def _of_kinds(layout: Any, kinds: tuple[Any, ...]) -> Iterator[Any]:
    return (one for one in layout.placeholders if _kind(one) in kinds)


def _is_plain(layout: Any) -> bool:
    return all(_kind(one) in (*_TITLES, *_FOOT_KINDS) for one in layout.placeholders)


def _kind(placeholder: Any) -> Any:
    return placeholder.placeholder_format.type


def _content(layout: Any, slide: Rectangle) -> Rectangle:
    """Return the placeholder that is called for the brief, or what is free below the title.

    It ends above whatever is a foot, with room for one where the layout has none.
    """
    title, named = rectangle_of(title_of(layout)), brief_place(layout)
    if named is None:
        wanted = Rectangle(title.left, title.bottom + _GAP_MM, title.width, slide.height)
    else:
        wanted = rectangle_of(named)
    if wanted.meets(title):
        wanted = wanted.below(title.bottom + _GAP_MM)
    feet = [rectangle_of(one) for one in _of_kinds(layout, _FOOT_KINDS)]
    has_foot = any(True for _ in _of_kinds(layout, (PP_PLACEHOLDER.FOOTER,)))
    floor = slide.bottom - (_EDGE_MM if named is None else 1.0)
    lowest = [floor, *(one.top for one in (*feet, *_bands(layout, slide)) if one.top > wanted.top)]
    room = 1.0 if has_foot else 2.0 + _FOOT_MM
    return wanted.within(slide).above(min(lowest) - room)


def _bands(layout: Any, slide: Rectangle) -> Iterator[Rectangle]:
    """Return the shapes of a layout and its master that lie along the lower edge of the slide."""
    for shape in (*layout.shapes, *layout.slide_master.shapes):
        found = rectangle_of(shape)
        is_low = found.bottom >= slide.bottom - _EDGE_MM and found.top > slide.height / 2
        if not shape.is_placeholder and is_low and found.width > _BAND * slide.width:
            yield found


def _foot_letters(layout: Any, footer: Any) -> Any | None:
    """Return the colour of the house's foot: of the layout's, else of the master's."""
    masters = _of_kinds(layout.slide_master, (PP_PLACEHOLDER.FOOTER,))
    for place in (footer, *masters):
        found = letters_fill(layout, place, "otherStyle")
        if found is not None:
            return found
    return None
