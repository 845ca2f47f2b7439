"""Read the house's own slides as a template: its layouts stay, the slides in it go."""

from __future__ import annotations

import io
from dataclasses import dataclass

from pptx import Presentation
from pptx.presentation import Presentation as Slides

from data.text import Language, say
from data.uploads.limits import RefusedError
from layers.brief.office_template import check_relations, opened_template
from layers.brief.slides.emptied_slides import without_slides
from layers.brief.slides.slide_frame import (
    FEWEST_MM,
    SlideFrame,
    brief_place,
    has_title,
    house_frame,
    is_named_for,
)


@dataclass(frozen=True)
class SlideTemplate:
    """A template that was read: ``content`` is safe to open, and holds no slides."""

    content: bytes

    def opened(self) -> Slides:
        """Return the template as slides of its own."""
        return Presentation(io.BytesIO(self.content))


def read_slide_template(content: bytes) -> SlideTemplate:
    """Read a template (``.pptx``) of a stranger.

    Raises ``RefusedError`` for what is no such file, is too large unpacked, brings programs or
    other documents, shows what stands outside of it, or has no layout that a brief can stand on.
    """
    slides, frame = opened_template(content, "pptx", _tried)
    check_relations(slides.part.package.iter_parts())
    if frame is None:
        raise RefusedError("template_layout")
    width, height = FEWEST_MM
    if frame.content.width < width or frame.content.height < height:
        raise RefusedError(
            "template_small", layout=frame.layout.name, width=f"{width:.0f}", height=f"{height:.0f}"
        )
    return SlideTemplate(_saved(slides))


def _tried(file: io.BytesIO) -> tuple[Slides, SlideFrame | None]:
    """Open a file without its slides, and see that slides can be made of it."""
    slides = without_slides(Presentation(file))
    frame = house_frame(slides)
    if frame is not None:
        tried = Presentation(io.BytesIO(_saved(slides)))
        again = house_frame(tried)
        for layout in () if again is None else (again.layout, again.cover):
            if layout is not None and not has_title(tried.slides.add_slide(layout)):
                raise ValueError("no title")
        _saved(tried)
    return slides, frame


def _saved(slides: Slides) -> bytes:
    buffer = io.BytesIO()
    slides.save(buffer)
    return buffer.getvalue()


def slide_template_remarks(template: SlideTemplate, language: Language) -> tuple[str, ...]:
    """Say which layouts are taken, and what a template could have."""
    frame = house_frame(template.opened())
    if frame is None:
        return ()
    page, cover = (say(f"slide_layout.{use}", language) for use in ("page", "cover"))
    place = say("template_place.brief", language)
    remarks = []
    if not is_named_for(frame.layout, "page"):
        remarks.append(say("template.page", language, layout=frame.layout.name, page=page))
    if frame.cover is None:
        remarks.append(say("template.no_cover", language, cover=cover))
    if brief_place(frame.layout) is None:
        remarks.append(say("template.no_frame", language, layout=frame.layout.name, place=place))
    return tuple(remarks)
