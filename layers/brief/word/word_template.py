"""Read the house's own Word template for briefs: letterhead, styles, and where the words go.

A paragraph that holds ``{{brief}}`` is where the brief is put; ``{{title}}``, ``{{subtitle}}``,
``{{question}}`` and ``{{date}}`` are replaced wherever they stand, in heads and feet too. Each may
be written in Chinese, as the phrases of ``template_place`` have them.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from data.loader import Province
from data.province_cache import cached_on_province
from data.text import LANGUAGES, say
from data.uploads.formats.archive import check_packed
from data.uploads.limits import MEGABYTE, Limits, RefusedError, visible

TEMPLATE_PLACES = ("brief", "title", "subtitle", "question", "date")
"""What a template can hold between double braces, in either language."""

_PLACE = re.compile(r"\{\{\s*([^{}]{1,20}?)\s*\}\}")
_PLACE_OF = {
    say(f"template_place.{place}", language): place
    for place in TEMPLATE_PLACES
    for language in LANGUAGES
}
_BROKEN = (ValueError, LookupError, AttributeError, TypeError, SyntaxError, OpcError, BadZipFile)
"""What the library raises for files that are no documents; broken XML is a ``SyntaxError``."""
MOST_MEGABYTES = 10
"""What a template may have."""

_LIMITS = Limits(file_bytes=MOST_MEGABYTES * MEGABYTE, unpacked_bytes=30 * MEGABYTE)
_ATTACHED = "/attachedTemplate"
_RUNNING = ("vbaProject", "/oleObject", "/package", "/aFChunk", "/control", "/subDocument")


@dataclass(frozen=True)
class WordTemplate:
    """A template that was read: ``content`` is safe to open; ``places`` are those that it has."""

    content: bytes
    places: frozenset[str]

    def opened(self) -> WordDocument:
        """Return the template as a document of its own."""
        return Document(io.BytesIO(self.content))


def read_word_template(content: bytes) -> WordTemplate:
    """Read a template (``.docx``) of a stranger.

    Raises ``RefusedError`` for what is no such file, is too large unpacked, brings programs or
    other documents, or shows what stands outside of it.
    """
    if len(content) > _LIMITS.file_bytes:
        raise RefusedError("template_large", limit=MOST_MEGABYTES)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.docx"
        path.write_bytes(content)
        check_packed(path, _LIMITS)
    document = _opened(content)
    for part in _parts(document):
        _check_part(part)
    places = frozenset(
        _PLACE_OF[word]
        for paragraph in _paragraphs(document)
        for word in _PLACE.findall(paragraph.text)
        if word in _PLACE_OF
    )
    buffer = io.BytesIO()
    document.save(buffer)
    return WordTemplate(buffer.getvalue(), places)


@cached_on_province(1)
def house_template(province: Province) -> WordTemplate | None:
    """Return the template that the province names; raises what ``read_word_template`` does."""
    path = province.brief_template
    return None if path is None else read_word_template(path.read_bytes())


def _opened(content: bytes) -> WordDocument:
    """Open a file, and look for what each document has."""
    try:
        document = Document(io.BytesIO(content))
        first, usual = document.sections[0].page_width, document.styles["Normal"].font
    except _BROKEN:
        raise RefusedError("template_kind") from None
    if first is None or usual is None:
        raise RefusedError("template_kind")
    return document


def fill_places(document: WordDocument, words: Mapping[str, str]) -> Paragraph | None:
    """Replace what stands between braces by ``words``; return the paragraph of the brief.

    ``None`` where the template names no place for it. A place that is not known stays as it is.
    """
    found = None
    for paragraph in _paragraphs(document):
        names = [_PLACE_OF.get(word) for word in _PLACE.findall(paragraph.text)]
        if "brief" in names and paragraph._parent is document._body:
            found = found or paragraph
        elif any(name in words for name in names):
            _fill(paragraph, words)
    return found


def _fill(paragraph: Paragraph, words: Mapping[str, str]) -> None:
    """Replace within each piece of letters, or in the whole where a place spans several."""

    def replaced(text: str) -> str:
        def of(found: re.Match[str]) -> str:
            return visible(words.get(_PLACE_OF.get(found[1], ""), found[0]))

        return _PLACE.sub(of, text)

    pieces = [*paragraph._p.iter(qn("w:t"))]
    for piece in pieces:
        piece.text = replaced(piece.text or "")
    whole = "".join(piece.text or "" for piece in pieces)
    if pieces and replaced(whole) != whole:
        pieces[0].text = replaced(whole)
        for piece in pieces[1:]:
            piece.text = ""


def _paragraphs(document: WordDocument) -> Iterator[Paragraph]:
    """Return all paragraphs: of the body, tables, frames, heads and feet."""
    for element in document.element.body.iter(qn("w:p")):
        inside = element.getparent() is document.element.body
        yield Paragraph(element, document._body if inside else document)
    for part in _parts(document):
        if str(part.content_type).endswith(("header+xml", "footer+xml")):
            for element in part.element.iter(qn("w:p")):
                yield Paragraph(element, document)


def _parts(document: WordDocument) -> Iterator[Any]:
    yield from document.part.package.iter_parts()


def _check_part(part: Part) -> None:
    """Refuse what runs or shows what is elsewhere; forget where the template itself came from."""
    for name, relation in [*part.rels.items()]:
        kind = relation.reltype
        if any(kind.endswith(one) for one in _RUNNING):
            raise RefusedError("template_programs")
        if not relation.is_external or kind == RELATIONSHIP_TYPE.HYPERLINK:
            continue
        if not kind.endswith(_ATTACHED):
            raise RefusedError("template_outside", name=relation.target_ref[:80])
        for element in part.element.findall(qn("w:attachedTemplate")):  # type: ignore[attr-defined]
            part.element.remove(element)  # type: ignore[attr-defined]
        del part.rels[name]
