"""Take the slides out of a file, and all that names them: what is left are its layouts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pptx.opc.constants import CONTENT_TYPE
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Slides

from layers.brief.forgotten_contents import CUSTOM_PROPERTIES, THUMBNAIL, forget_contents

_TELLING = (
    *("/slide", "/comments", "/commentAuthors", "/authors", "/changesInfo", "/revisionInfo"),
    *("/tags", "/customXml"),
)
"""What leads to slides, or tells of them: who wrote about them, what was changed in them."""

_ABOUT = ("category", "comments", "content_status", "identifier", "keywords", "version")
"""What a file says that it is about."""

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
    forget_contents(slides.part.package._rels, (THUMBNAIL, CUSTOM_PROPERTIES))
    for name in _ABOUT:
        setattr(slides.core_properties, name, "")
    if not slides.slide_width or not slides.slide_height or not len(slides.slide_masters):
        raise ValueError("no size or no master")
    slides.part._content_type = CONTENT_TYPE.PML_PRESENTATION_MAIN
    return slides


def _forget_slides(part: Any) -> None:
    """Drop what leads from a part to slides: its list, links, shows of some; and notes of them."""
    telling = {name for name, relation in part.rels.items() if relation.reltype.endswith(_TELLING)}
    if telling:
        _change(part, lambda one: one.get(qn("r:id")) in telling)
    for name in telling:
        part.rels.pop(name)
    if str(part.partname) == "/ppt/presProps.xml":
        _change(part, lambda one: one.tag == qn("p:custShow"))


def _change(part: Any, is_gone: Callable[[Any], bool]) -> None:
    """Take elements out of a part, those too that the library keeps as bytes."""
    root = getattr(part, "_element", None)
    read = parse_xml(part.blob) if root is None else root
    for element in [one for one in read.iter() if is_gone(one)]:
        element.getparent().remove(element)
    if root is None:
        part.blob = serialize_part_xml(read)
