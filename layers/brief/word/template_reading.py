"""Read the house's own Word template: refuse what is broken or fetches, and try it once."""

from __future__ import annotations

import base64
import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm

from data.text import Language, join, say
from data.uploads.limits import RefusedError, visible
from layers.brief.content import (
    Brief,
    BriefSection,
    ContentPicture,
    ContentTable,
    DrawnPicture,
    Statement,
    StatementList,
    TableColumn,
)
from layers.brief.forgotten_contents import forget_contents
from layers.brief.office_template import TEMPLATE_PLACES, check_relations, opened_template
from layers.brief.word.docx_file import docx_file
from layers.brief.word.docx_sheets import (
    Sheets,
    add_lacking_sheet,
    text_height,
    text_width,
    whole_width,
)
from layers.brief.word.docx_styles import SIZES_PT, lacking_styles, style_named
from layers.brief.word.word_template import (
    WordTemplate,
    place_of_the_brief,
    places_of,
    unknown_places,
)

_ATTACHED = "/attachedTemplate"
_NESTED = " … "
_FETCHING = frozenset(
    {
        *("INCLUDEPICTURE", "INCLUDETEXT", "INCLUDE", "IMPORT", "LINK", "DATABASE", "RD"),
        *("DDE", "DDEAUTO", _NESTED.strip()),
    }
)
"""Fields that show, or start, what stands outside of a document, or are computed by another."""

_DROPPED = ("documentProtection", "writeProtection", "mailMerge")
"""Settings that would keep readers from the brief, or ask a database for its words."""

_LEAST_WIDTH_MM, _LEAST_HEIGHT_MM, _LEAST_COLUMN_MM = 100.0, 80.0, 40.0
_MOST_SHOWN, _MOST_UNKNOWN = 80, 5
_DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsv2M2wAAAABJRU5ErkJggg=="
)


def read_word_template(content: bytes) -> WordTemplate:
    """Read a template (``.docx``) of a stranger.

    Raises ``RefusedError`` for what is no such file, is too large unpacked, brings programs or
    other documents, shows what stands outside of it, calls something else by the name of a style
    of paragraphs, or leaves too little room.
    """
    return opened_template(content, "docx", _read)


def word_template_remarks(template: WordTemplate, language: Language) -> tuple[str, ...]:
    """Say what a template lacks, and which of its places are no places."""
    document = template.opened()
    lacking, unknown = lacking_styles(document), unknown_places(document)[:_MOST_UNKNOWN]
    remarks = [] if "brief" in template.places else [say("template.no_place", language)]
    if unknown:
        known = [f"{{{{{say(f'template_place.{one}', language)}}}}}" for one in TEMPLATE_PLACES]
        words = {"places": visible(join(unknown, language)), "known": join(known, language)}
        remarks.append(say("template.unknown", language, **words))
    if lacking:
        remarks.append(say("template.lacking", language, styles=join(lacking, language)))
    return tuple(remarks)


def _read(file: io.BytesIO) -> WordTemplate:
    document = Document(file)
    add_lacking_sheet(document)
    _forget_where_it_came_from(document)
    forget_contents(document.part.package.rels)
    check_relations(_parts(document))
    for part in _parts(document):
        root = _root(part)
        _check_fields(root)
        _check_letterhead(part, root)
    _check_styles(document)
    _check_room(document)
    _drop_settings(document)
    buffer = io.BytesIO()
    document.save(buffer)
    template = WordTemplate(buffer.getvalue(), places_of(document))
    # What the library cannot write into is told now, and not to the one who wants a brief.
    docx_file(_trial(), template)
    return template


def _parts(document: WordDocument) -> Iterator[Any]:
    yield from document.part.package.iter_parts()


def _root(part: Any) -> Any | None:
    """Return the markup of a part, those too that the library keeps as bytes; ``None`` without."""
    element = getattr(part, "element", None)
    kind = str(part.content_type)
    if element is None and kind.startswith("application/") and kind.endswith("xml") and part.blob:
        return parse_xml(part.blob)
    return element


def _forget_where_it_came_from(document: WordDocument) -> None:
    """Take out where the template was made from, which is a path of somebody's machine."""
    for part in _parts(document):
        for name, relation in [*part.rels.items()]:
            if relation.is_external and relation.reltype.endswith(_ATTACHED):
                for element in part.element.findall(qn("w:attachedTemplate")):
                    part.element.remove(element)
                del part.rels[name]


def _check_fields(root: Any | None) -> None:
    """Raise ``RefusedError`` where a field fetches or starts what stands outside."""
    for code in [] if root is None else _field_codes(root):
        name = code.split(maxsplit=1)[:1]
        if name and name[0].upper() in _FETCHING:
            raise RefusedError("template_outside", name=code.strip()[:_MOST_SHOWN])


def _check_letterhead(part: Any, root: Any | None) -> None:
    for kind, tag in (("header+xml", "w:hdr"), ("footer+xml", "w:ftr")):
        if str(part.content_type).endswith(kind) and getattr(root, "tag", None) != qn(tag):
            raise ValueError("no head or foot")


def _field_codes(root: Any) -> list[str]:
    """Return what fields say, each in one piece, with a sign where another field stands in it."""
    codes: list[list[str]] = []
    # The codes of the fields that are open, the innermost last; what they show comes after them.
    opened: list[list[str]] = []
    for element in root.iter():
        kind = str(element.tag).rpartition("}")[2]
        state = element.get(qn("w:fldCharType")) if kind == "fldChar" else None
        if kind == "fldSimple":
            codes.append([element.get(qn("w:instr")) or ""])
        elif state == "begin":
            if opened:
                opened[-1].append(_NESTED)
            codes.append([])
            opened.append(codes[-1])
        elif state == "separate" and opened:
            opened[-1] = []
        elif state == "end" and opened:
            opened.pop()
        elif kind in ("instrText", "delInstrText") and opened:
            opened[-1].append(element.text or "")
    return ["".join(code) for code in codes]


def _check_styles(document: WordDocument) -> None:
    if style_named(document, "Normal") is None:
        raise ValueError("no style of plain paragraphs")
    for name in SIZES_PT:
        style = style_named(document, name)
        if style is not None and style.type != WD_STYLE_TYPE.PARAGRAPH:
            raise RefusedError("template_style", name=name)


def _check_room(document: WordDocument) -> None:
    """Raise ``RefusedError`` where the sheets of the brief leave too little room."""
    sheet = Sheets(document, place_of_the_brief(document)).sheet
    if (
        whole_width(sheet) < Mm(_LEAST_WIDTH_MM)
        or text_height(sheet) < Mm(_LEAST_HEIGHT_MM)
        or text_width(sheet) < Mm(_LEAST_COLUMN_MM)
    ):
        sizes = {"width": _LEAST_WIDTH_MM, "height": _LEAST_HEIGHT_MM, "column": _LEAST_COLUMN_MM}
        raise RefusedError("template_narrow", **{key: f"{mm:.0f}" for key, mm in sizes.items()})


def _drop_settings(document: WordDocument) -> None:
    settings = document.settings.element
    if settings.tag != qn("w:settings"):
        raise ValueError("no settings")
    for name in _DROPPED:
        for element in settings.findall(qn(f"w:{name}")):
            settings.remove(element)


def _trial() -> Brief:
    """Return a brief that has each kind of block once."""
    sentence = Statement("1", ("1",))
    picture = ContentPicture(lambda _: DrawnPicture(_DOT, _LEAST_WIDTH_MM, 50.0), "1", "1")
    table = ContentTable("1", (TableColumn("1", 1.0),), (("1",),))
    blocks = (sentence, StatementList((sentence,)), picture, table)
    sections = (BriefSection("1", "1", blocks), BriefSection("2", "2", (table,), wide=True))
    return Brief("1", "1", "1", "en", dt.date(2000, 1, 1), sections)
