"""Fill the house's own Word template for briefs: letterhead, styles, and where the words go.

A paragraph of the body that holds ``{{brief}}`` is where the brief is put; ``{{title}}``,
``{{subtitle}}``, ``{{question}}`` and ``{{date}}`` are replaced wherever they stand, in heads,
feet and notes too. Each may be written in Chinese, as the phrases of ``template_place`` have
them, with the wide braces of Chinese input methods, and in capitals.
"""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.oxml import serialize_part_xml
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from data.uploads.limits import visible
from layers.brief.office_template import place_named
from layers.brief.word.docx_sheets import shows_something

_PLACE = re.compile(r"[{\uff5b]{2}([^{}\uff5b\uff5d]{1,60})[}\uff5d]{2}")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_ONCE = (
    *("w:bookmarkStart", "w:bookmarkEnd", "w:commentRangeStart", "w:commentRangeEnd"),
    *("w:commentReference", "w:pageBreakBefore"),
)
"""What is not repeated below the brief."""

_ASIDE = ("w:tbl", "w:txbxContent")
"""What stands beside the lines of the body."""


@dataclass(frozen=True)
class WordTemplate:
    """A template that was read: ``content`` is safe to open; ``places`` are those of its body."""

    content: bytes
    places: frozenset[str]

    def opened(self) -> WordDocument:
        """Return the template as a document of its own."""
        return Document(io.BytesIO(self.content))


def places_of(document: WordDocument) -> frozenset[str]:
    """Return the places that the body has; that of the brief only where it can be filled.

    What stands in tables, frames, heads and feet repeats what a brief says, or is a form: it does
    not stand for the title of one.
    """
    names = {
        name
        for paragraph in document.element.body.iter(qn("w:p"))
        if not any(True for _ in paragraph.iterancestors(*map(qn, _ASIDE)))
        for name, _ in _found(paragraph)
        if name != "brief"
    }
    return frozenset(names if place_of_the_brief(document) is None else names | {"brief"})


def place_of_the_brief(document: WordDocument) -> Paragraph | None:
    """Return the paragraph that the brief is put in: it stands in the body itself."""
    for element in document.element.body.findall(qn("w:p")):
        if any(name == "brief" for name, _ in _found(element)):
            return Paragraph(element, document._body)
    return None


def fill_places(document: WordDocument, words: Mapping[str, str]) -> Paragraph | None:
    """Replace what stands between braces by ``words``; return the paragraph of the brief.

    That one is empty then: what stood around the place stands in paragraphs of its own. ``None``
    where the template names no place for it; places where no brief can be put are cleared. A
    place that is not known stays as it is.
    """
    place = place_of_the_brief(document)
    if place is not None:
        _set_apart(place._p)
    put = {**words, "brief": ""}
    for paragraph in _paragraphs(document):
        _fill(paragraph, put)
    for part in _notes(document):
        root = parse_xml(part.blob)
        for paragraph in root.iter(qn("w:p")):
            _fill(paragraph, put)
        part._blob = serialize_part_xml(root)
    return place


def unknown_places(document: WordDocument) -> list[str]:
    """Return what stands between braces, in any part, and is no place of a brief."""
    notes = (one for part in _notes(document) for one in parse_xml(part.blob).iter(qn("w:p")))
    paragraphs = (*_paragraphs(document), *notes)
    found = (one for paragraph in paragraphs for one in _braced(paragraph))
    return [*dict.fromkeys(one[0] for one in found if not place_named(one[1]))]


def _found(paragraph: Any) -> list[tuple[str, tuple[int, int]]]:
    """Return the known places of a paragraph, and where they begin and end in its letters."""
    found = [(place_named(one[1]), one.span()) for one in _braced(paragraph)]
    return [one for one in found if one[0]]


def _braced(paragraph: Any) -> Iterator[re.Match[str]]:
    return _PLACE.finditer("".join(piece.text or "" for piece in _pieces(paragraph)))


def _pieces(paragraph: Any) -> list[Any]:
    """Return what holds the letters of a paragraph, but not those of frames within it."""
    return [
        piece
        for piece in paragraph.iter(qn("w:t"))
        if next(piece.iterancestors(qn("w:p"))) is paragraph
    ]


def _fill(paragraph: Any, words: Mapping[str, str]) -> None:
    """Put words into the first of the pieces that a place spans, and cut it from the others."""
    waiting = deque(
        (span, visible(words[name])) for name, span in _found(paragraph) if name in words
    )
    at = 0
    for piece in _pieces(paragraph) if waiting else []:
        letters = piece.text or ""
        behind, made, begun = at + len(letters), "", at
        while waiting and waiting[0][0][0] < behind:
            (start, end), put = waiting[0]
            made += letters[begun - at : max(start, at) - at] + (put if start >= at else "")
            begun = min(end, behind)
            if end > behind:
                break
            waiting.popleft()
        if begun > at:
            _write(piece, made + letters[begun - at :])
        at = behind


def _write(piece: Any, letters: str) -> None:
    piece.text = letters
    piece.set(_SPACE, "preserve")


def _take_out(paragraph: Any, start: int, end: int) -> list[Any]:
    """Take letters out of a paragraph, and return the pieces that they stood in."""
    at, spanned = 0, []
    for piece in _pieces(paragraph):
        letters = piece.text or ""
        first, last = max(start - at, 0), min(end - at, len(letters))
        at += len(letters)
        if first < last:
            _write(piece, letters[:first] + letters[last:])
            spanned.append(piece)
    return spanned


def _set_apart(place: Any) -> None:
    """Leave a paragraph empty but for the end of its section; what it showed stands around it.

    That it begins a page goes to what stands first.
    """
    start, end = next(span for name, span in _found(place) if name == "brief")
    length = sum(len(piece.text or "") for piece in _pieces(place))
    before, after = deepcopy(place), deepcopy(place)
    _cut(before, _take_out(before, start, length)[0], later=True)
    _cut(after, _take_out(after, 0, end)[-1], later=False)
    for element in [*after.iter(*map(qn, _ONCE))]:
        element.getparent().remove(element)
    for element in [*place]:
        if element.tag != qn("w:pPr"):
            place.remove(element)
    _drop(before, "w:sectPr")
    if shows_something(before):
        place.addprevious(before)
        _drop(place, "w:pageBreakBefore")
    if shows_something(after):
        place.addnext(after)
        _drop(place, "w:sectPr")


def _cut(paragraph: Any, piece: Any, *, later: bool) -> None:
    """Take what runs hold out of a paragraph, before or after one of its pieces."""
    order = [*paragraph.iter()]
    place = order.index(piece)
    for element in order[place + 1 :] if later else order[:place]:
        parent = element.getparent()
        if parent is not None and parent.tag == qn("w:r") and element.tag != qn("w:rPr"):
            parent.remove(element)


def _drop(paragraph: Any, name: str) -> None:
    properties = paragraph.pPr
    for element in [] if properties is None else properties.findall(qn(name)):
        properties.remove(element)


def _paragraphs(document: WordDocument) -> Iterator[Any]:
    """Return all paragraphs: of the body, tables, frames, heads and feet."""
    yield from [*document.element.body.iter(qn("w:p"))]
    for part in document.part.package.iter_parts():
        if str(part.content_type).endswith(("header+xml", "footer+xml")):
            yield from [*part.element.iter(qn("w:p"))]


def _notes(document: WordDocument) -> Iterator[Any]:
    """Return the parts of notes, which the library keeps as bytes."""
    for part in document.part.package.iter_parts():
        if str(part.content_type).endswith(("footnotes+xml", "endnotes+xml")):
            yield part
