"""Write a template for slides to begin with: a cover and pages, with places that briefs fill."""

from __future__ import annotations

import io
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Emu, Mm

from data.text import Language, say

_SIZE_MM = (338.67, 190.5)
_COVER, _PAGE = 0, 1
_TITLE_MM = (18.0, 12.0, 302.0, 18.0)
_CONTENT_MM = (18.0, 36.0, 302.0, 134.0)
_COVER_TITLE_MM, _COVER_SUBTITLE_MM = (18.0, 62.0, 302.0, 36.0), (18.0, 102.0, 302.0, 30.0)
_LETTERHEAD = RGBColor(0xC0, 0x1C, 0x28)
_RULE_MM = 4.0


def example_slides(language: Language) -> bytes:
    """Return a template (``.pptx``) that a bureau gives its own look: two layouts, no slides."""
    slides = Presentation()
    slides.slide_width, slides.slide_height = (Mm(one) for one in _SIZE_MM)
    layouts = slides.slide_layouts
    for layout in [*layouts][_PAGE + 1 :]:
        layouts.remove(layout)
    for shape in [*slides.slide_master.placeholders]:
        _stretch(shape)
    cover, page = layouts[_COVER], layouts[_PAGE]
    _shape(cover, language, "cover", ("title", _COVER_TITLE_MM), ("subtitle", _COVER_SUBTITLE_MM))
    _shape(page, language, "page", ("title", _TITLE_MM), ("brief", _CONTENT_MM))
    buffer = io.BytesIO()
    slides.save(buffer)
    return buffer.getvalue()


def _stretch(shape: Any) -> None:
    """Widen a placeholder of the library's own, narrower slide."""
    scale = _SIZE_MM[0] / 254.0
    shape.left, shape.width = Emu(round(shape.left * scale)), Emu(round(shape.width * scale))


def _shape(layout: Any, language: Language, use: str, *places: tuple[str, Any]) -> None:
    """Name a layout and its first placeholders for what a brief puts there, below a rule."""
    layout.name = say(f"slide_layout.{use}", language)
    for shape, (place, box) in zip(layout.placeholders, places, strict=False):
        shape.name = say(f"template_place.{place}", language)
        shape.left, shape.top, shape.width, shape.height = (Mm(one) for one in box)
    if use == "page":
        level = OxmlElement("a:lvl1pPr")
        level.set("algn", "l")
        layout.placeholders[0]._element.txBody.find(qn("a:lstStyle")).append(level)
    for shape in [*layout.placeholders][len(places) :]:
        shape._element.getparent().remove(shape._element)
    rule = _SIZE_MM[0], _RULE_MM
    # Layouts offer no shapes to add: the rule is made on a slide of the layout, and moved there.
    slide = layout.part.package.presentation_part.presentation.slides.add_slide(layout)
    band = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Mm(0), Mm(0), *(Mm(one) for one in rule))
    band.fill.solid()
    band.fill.fore_color.rgb = _LETTERHEAD
    band.line.fill.background()
    layout.shapes._spTree.append(band._element)
