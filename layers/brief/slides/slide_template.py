"""Read the house's own slides as a template: its layouts stay, the slides in it go."""

from __future__ import annotations

import io
from dataclasses import dataclass

from pptx import Presentation
from pptx.presentation import Presentation as Slides

from data.text import Language, say
from data.uploads.limits import RefusedError
from layers.brief.office_template import check_relations, opened_template
from layers.brief.slides.slide_frame import (
    FEWEST_MM,
    house_frame,
    is_named_for,
    placeholders_by_place,
)

_LISTS_OF_SLIDES = ("sectionLst", "custShowLst")


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
    slides = opened_template(content, "pptx", _without_slides)
    check_relations(slides.part.package.iter_parts())
    frame = house_frame(slides)
    if frame is None:
        raise RefusedError("template_layout")
    width, height = FEWEST_MM
    if frame.content.width < width or frame.content.height < height:
        raise RefusedError(
            "template_small", layout=frame.layout.name, width=f"{width:.0f}", height=f"{height:.0f}"
        )
    buffer = io.BytesIO()
    slides.save(buffer)
    return SlideTemplate(buffer.getvalue())


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
    if "brief" not in placeholders_by_place(frame.layout):
        remarks.append(say("template.no_frame", language, layout=frame.layout.name, place=place))
    return tuple(remarks)


def _without_slides(file: io.BytesIO) -> Slides:
    """Open a file, and take out its slides and what names them."""
    slides = Presentation(file)
    listed = slides.slides._sldIdLst
    for entry in [*listed]:
        slides.part.drop_rel(entry.rId)
        listed.remove(entry)
    for name in _LISTS_OF_SLIDES:
        for element in [*slides.part._element.iter(f"{{*}}{name}")]:
            parent = element.getparent()
            (parent if parent.tag.endswith("}ext") else element).getparent().remove(
                parent if parent.tag.endswith("}ext") else element
            )
    if slides.slide_width is None or not len(slides.slide_masters):
        raise ValueError("no size or no master")
    return slides
