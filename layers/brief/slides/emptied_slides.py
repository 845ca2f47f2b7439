"""Take the slides out of a file, and all that names them: what is left are its layouts."""

from __future__ import annotations

from typing import Any

from pptx.opc.constants import CONTENT_TYPE
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Slides

_TO_SLIDE = "/slide"
_LISTS = ("sectionLst", "custShowLst", "modifyVerifier")
"""What names slides, and the lock of a file that nobody is to change."""


def without_slides(slides: Slides) -> Slides:
    """Return the opened file without slides; raises ``ValueError`` for one without a master."""
    listed = slides.slides._sldIdLst
    for entry in [*listed]:
        listed.remove(entry)
    for name in _LISTS:
        for element in [*slides.part._element.iter(f"{{*}}{name}")]:
            # What stands in an extension goes with it.
            parent = element.getparent()
            gone = parent if parent.tag == qn("p:ext") else element
            gone.getparent().remove(gone)
    for part in [*slides.part.package.iter_parts()]:
        if not str(part.partname).startswith("/ppt/slides/"):
            _forget_slides(part)
    if not slides.slide_width or not slides.slide_height or not len(slides.slide_masters):
        raise ValueError("no size or no master")
    slides.part._content_type = CONTENT_TYPE.PML_PRESENTATION_MAIN
    return slides


def _forget_slides(part: Any) -> None:
    """Drop what leads from a part to slides: its list, links, shows of some."""
    for name, relation in [*part.rels.items()]:
        if relation.reltype.endswith(_TO_SLIDE):
            for element in [*part._element.iter()] if hasattr(part, "_element") else ():
                if element.get(qn("r:id")) == name:
                    element.getparent().remove(element)
            part.rels.pop(name)
    if str(part.partname) == "/ppt/presProps.xml":
        properties = parse_xml(part.blob)
        for show in [*properties.iter(qn("p:custShow"))]:
            show.getparent().remove(show)
        part.blob = serialize_part_xml(properties)
