"""Read the house's own Word template for briefs: letterhead, styles, and where the words go.

A paragraph that holds ``{{brief}}`` is where the brief is put; ``{{title}}``, ``{{subtitle}}``,
``{{question}}`` and ``{{date}}`` are replaced wherever they stand, in heads and feet too. Each may
be written in Chinese, as the phrases of ``template_place`` have them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from data.text import Language, join, say
from data.uploads.limits import RefusedError, visible
from layers.brief.office_template import PLACE_OF, check_relations, opened_template
from layers.brief.word.docx_styles import SIZES_PT, lacking_styles

_PLACE = re.compile(r"\{\{\s*([^{}]{1,20}?)\s*\}\}")
_ATTACHED = "/attachedTemplate"


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
    other documents, shows what stands outside of it, or calls something else by the name of a
    style of paragraphs.
    """
    document = opened_template(content, "docx", _opened)
    _forget_where_it_came_from(document)
    check_relations(_parts(document))
    for name in SIZES_PT:
        if name in document.styles and document.styles[name].type != WD_STYLE_TYPE.PARAGRAPH:
            raise RefusedError("template_style", name=name)
    places = frozenset(
        PLACE_OF[word]
        for paragraph in _paragraphs(document)
        for word in _PLACE.findall(paragraph.text)
        if word in PLACE_OF
    )
    buffer = io.BytesIO()
    document.save(buffer)
    return WordTemplate(buffer.getvalue(), places)


def word_template_remarks(template: WordTemplate, language: Language) -> tuple[str, ...]:
    """Say what a template lacks."""
    lacking = lacking_styles(template.opened())
    remarks = [] if "brief" in template.places else [say("template.no_place", language)]
    if lacking:
        remarks.append(say("template.lacking", language, styles=join(lacking, language)))
    return tuple(remarks)


def _opened(file: io.BytesIO) -> WordDocument:
    """Open a file, and look for what each document has."""
    document = Document(file)
    if document.sections[0].page_width is None or document.styles["Normal"].font is None:
        raise ValueError("no sheet or no style")
    return document


def fill_places(document: WordDocument, words: Mapping[str, str]) -> Paragraph | None:
    """Replace what stands between braces by ``words``; return the paragraph of the brief.

    ``None`` where the template names no place for it. A place that is not known stays as it is.
    """
    found = None
    for paragraph in _paragraphs(document):
        names = [PLACE_OF.get(word) for word in _PLACE.findall(paragraph.text)]
        if "brief" in names and paragraph._parent is document._body:
            found = found or paragraph
        elif any(name in words for name in names):
            _fill(paragraph, words)
    return found


def _fill(paragraph: Paragraph, words: Mapping[str, str]) -> None:
    """Replace within each piece of letters, or in the whole where a place spans several."""

    def replaced(text: str) -> str:
        def of(found: re.Match[str]) -> str:
            return visible(words.get(PLACE_OF.get(found[1], ""), found[0]))

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


def _forget_where_it_came_from(document: WordDocument) -> None:
    """Take out where the template was made from, which is a path of somebody's machine."""
    for part in _parts(document):
        for name, relation in [*part.rels.items()]:
            if relation.is_external and relation.reltype.endswith(_ATTACHED):
                for element in part.element.findall(qn("w:attachedTemplate")):
                    part.element.remove(element)
                del part.rels[name]
