"""Templates of strangers: what runs, fetches or breaks something is refused in words."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from data.text import LANGUAGES
from data.uploads.limits import RefusedError
from layers.brief.word.docx_parts import begin_field, end_field
from layers.brief.word.template_reading import read_word_template
from tests.contract.office_files import a_template, repacked, saved


def letters_style(content: bytes) -> bytes:
    document = Document(io.BytesIO(content))
    document.styles["Caption"].element.getparent().remove(document.styles["Caption"].element)
    document.styles.add_style("Caption", WD_STYLE_TYPE.CHARACTER)
    return saved(document)


def outside(content: bytes) -> bytes:
    link = (
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/image" Target="https://example.org/a.png" TargetMode="External"/>'
    )
    return repacked(
        content,
        "word/_rels/document.xml.rels",
        lambda body: body.replace(b"</Relationships>", link + b"</Relationships>"),
    )


def macros(content: bytes) -> bytes:
    link = (
        b'<Relationship Id="rId98" Type="http://schemas.microsoft.com/office/2006/relationships/'
        b'vbaProject" Target="vbaProject.bin"/>'
    )
    with_link = repacked(
        content,
        "word/_rels/document.xml.rels",
        lambda body: body.replace(b"</Relationships>", link + b"</Relationships>"),
    )
    kind = b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    typed = repacked(with_link, "[Content_Types].xml", lambda body: body.replace(b"</Types>", kind))
    return repacked(typed, "word/vbaProject.bin", lambda _: b"synthetic")


def entities(content: bytes) -> bytes:
    bomb, start = b'<!DOCTYPE w [<!ENTITY a "aaaa">]>', b"<w:document"
    return repacked(
        content,
        "word/document.xml",
        lambda body: body.replace(start, bomb + start),
    )


def field(code: str, *pieces: str) -> Callable[[bytes], bytes]:
    """Return what puts a synthetic field into a template's head, its code in pieces."""

    def made(content: bytes) -> bytes:
        document = Document(io.BytesIO(content))
        paragraph = document.sections[0].header.paragraphs[0]
        begin_field(paragraph, code)
        for piece in pieces:
            add = paragraph._p.findall(f".//{qn('w:instrText')}")[-1]
            add.addnext(another := OxmlElement("w:instrText"))
            another.text = piece
        end_field(paragraph)
        return saved(document)

    return made


def simple_field(content: bytes) -> bytes:
    document = Document(io.BytesIO(content))
    element = OxmlElement("w:fldSimple")
    element.set(qn("w:instr"), ' link Excel.Sheet.12 "synthetic.xlsx" ')
    document.paragraphs[0]._p.append(element)
    return saved(document)


def computed_field(content: bytes) -> bytes:
    document = Document(io.BytesIO(content))
    begin_field(document.paragraphs[0], "")
    for element in document.paragraphs[0].runs[-1]._r.findall(qn("w:fldChar")):
        element.set(qn("w:fldCharType"), "begin")
    end_field(document.paragraphs[0])
    end_field(document.paragraphs[0])
    return saved(document)


def notes_field(content: bytes) -> bytes:
    """Return a template with a part of notes, which the library keeps as bytes."""
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = (
        f'<w:footnotes xmlns:w="{space}"><w:footnote w:id="2"><w:p>'
        f'<w:fldSimple w:instr="INCLUDETEXT synthetic.docx"/></w:p></w:footnote></w:footnotes>'
    )
    document = Document(io.BytesIO(content))
    package = document.part.package
    notes = Part(PackURI("/word/footnotes.xml"), kind, body.encode(), package)
    document.part.relate_to(notes, RELATIONSHIP_TYPE.FOOTNOTES)
    return saved(document)


def changed(name: str, old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Return what replaces bytes in a part of a template, all of it where ``old`` is empty."""

    def made(content: bytes) -> bytes:
        def change(body: bytes) -> bytes:
            assert old in body
            return body.replace(old, new) if old else new

        return repacked(content, name, change)

    return made


WORDS = "word/document.xml"
HOSTILE = {
    "a field that fetches": (
        field("INCLUDEPICTURE", ' "https://example.org/a.png"'),
        "template_outside",
    ),
    "a field in pieces": (field("DDE", "AUTO synthetic"), "template_outside"),
    "a field of one element": (simple_field, "template_outside"),
    "a field in a note": (notes_field, "template_outside"),
    "a field that makes a field": (computed_field, "template_outside"),
    "margins of letters": (changed(WORDS, b'w:left="1800"', b'w:left="x"'), None),
    "margins of parts": (changed(WORDS, b'w:left="1800"', b'w:left="1800.5"'), None),
    "columns of letters": (changed(WORDS, b"<w:cols ", b'<w:cols w:num="x" '), None),
    "other properties": (changed("docProps/core.xml", b"", b"<a/>"), None),
    "other settings": (changed("word/settings.xml", b"", b"<a/>"), None),
    "an old file": (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000), None),
    "small sheets": (changed(WORDS, b'w:w="12240"', b'w:w="7000"'), "template_narrow"),
    "low sheets": (changed(WORDS, b'w:h="15840"', b'w:h="4000"'), "template_narrow"),
    "narrow columns": (changed(WORDS, b"<w:cols ", b'<w:cols w:num="5" '), "template_narrow"),
    "nothing": (lambda _: b"", "broken_zip"),
    "no archive": (lambda _: b"synthetic" * 99, "broken_zip"),
    "no document": (lambda body: repacked(body, "word/document.xml", lambda _: b"<a/>"), None),
    "broken XML": (lambda body: repacked(body, "word/document.xml", lambda _: b"<w:p>"), None),
    "a bomb": (
        lambda body: repacked(body, "word/media/a.png", lambda _: bytes(40 << 20)),
        "zip_bomb_ratio",
    ),
    "entities": (entities, "xml_entities"),
    "macros": (macros, "template_programs"),
    "a style of letters": (letters_style, "template_style"),
    "a picture elsewhere": (outside, "template_outside"),
    "too large": (lambda _: bytes(11 << 20), "template_large"),
    "a way out": (
        lambda body: repacked(body, "../../word/a.xml", lambda _: b"<a/>"),
        "zip_path",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_templates_are_refused_in_words(name):
    made, code = HOSTILE[name]
    with pytest.raises(RefusedError) as refused:
        read_word_template(made(saved(a_template())))
    assert refused.value.note.code == (code or "template_kind")
    for language in LANGUAGES:
        assert "{" not in refused.value.note.say(language)
