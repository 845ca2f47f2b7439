"""The office's own Word template: what it has stays, what it lacks is added, and told."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt

from data.errors import DataError
from data.loader import PROVINCES_FOLDER, load_folder
from data.text import LANGUAGES, day, say
from data.uploads.limits import RefusedError
from layers.address.query import parse_query
from layers.brief.brief_formats import BRIEF_FORMATS, house_template
from layers.brief.briefs import brief_of
from layers.brief.content import Brief
from layers.brief.office_template import TEMPLATE_PLACES
from layers.brief.word.docx_file import docx_file
from layers.brief.word.docx_styles import CELL_STYLE, HEAD_STYLE, NOTE_STYLE, lacking_styles
from layers.brief.word.example_template import example_template
from layers.brief.word.template_reading import read_word_template
from layers.command.cli import main
from tests.places import PLACES

DAY = dt.date(2026, 11, 30)
CITY = PLACES.hub
PARTS = ["answer", "map", "unknown", "sites"]


@pytest.fixture(scope="module", params=LANGUAGES)
def brief(request, province) -> Brief:
    view = parse_query(f"city={CITY.slug}&lang={request.param}", province).view
    return brief_of(view, province, parts=PARTS, date=DAY)


def saved(document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def written(brief: Brief, document):
    return Document(io.BytesIO(docx_file(brief, read_word_template(saved(document)))))


def texts(document) -> list[str]:
    return [one.text for one in document.paragraphs]


def repacked(content: bytes, name: str, change) -> bytes:
    """Return an archive of which one member is changed; ``change`` gets ``b""`` for a new one."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            body = old.read(member)
            new.writestr(member, change(body) if member == name else body)
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return buffer.getvalue()


def test_the_example_is_filled(brief):
    template = read_word_template(example_template(brief.language))
    assert template.places == set(TEMPLATE_PLACES)
    document = Document(io.BytesIO(docx_file(brief, template)))
    words = texts(document)
    assert "{{" not in document.element.xml
    assert words[0] == brief.title
    assert document.paragraphs[0].style.name == "Title"
    assert brief.question in words
    assert words.count(brief.title) == 1
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings == [section.heading for section in brief.sections]
    assert words[-1].endswith(day(DAY, brief.language))
    for sheet in document.sections:
        assert sheet.header.paragraphs[0].text == say("template.letterhead", brief.language)
        assert sheet.footer.paragraphs[0].text == brief.title
    # The annex lies on its side; the signature stands upright again.
    turned = [sheet.orientation for sheet in document.sections]
    assert turned == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]


def test_styles_of_the_house_stay(brief):
    house = Document()
    house.styles["Heading 1"].font.size = Pt(31)
    house.styles["Heading 1"].font.name = "Synthetic Song"
    document = written(brief, house)
    assert document.styles["Heading 1"].font.size == Pt(31)
    assert document.styles["Heading 1"].font.name == "Synthetic Song"


def test_without_a_place_the_brief_comes_at_the_end_with_its_own_title(brief):
    house = Document()
    house.add_paragraph("Synthetic foreword")
    words = texts(written(brief, house))
    assert words[:2] == ["Synthetic foreword", brief.title]


def test_a_place_may_be_written_in_pieces_in_a_table_and_twice(brief):
    house = Document()
    split = house.add_paragraph()
    for piece in ("To the office: {", "{ti", "tle}", "}, {{unknown}}"):
        split.add_run(piece)
    cell = house.add_table(1, 1).rows[0].cells[0]
    cell.text = "{{ date }}"
    house.add_paragraph("{{正文}}")
    house.add_paragraph("Synthetic end")
    document = written(brief, house)
    assert texts(document)[0] == f"To the office: {brief.title}, {{{{unknown}}}}"
    assert document.tables[0].rows[0].cells[0].text == day(DAY, brief.language)
    assert texts(document)[-1] == "Synthetic end"


def test_what_a_template_lacks_is_told_and_added(brief):
    house = Document()
    for name in ("Heading 1", "List Bullet", "Caption"):
        element = house.styles[name].element
        element.getparent().remove(element)
    template = read_word_template(saved(house))
    assert lacking_styles(template.opened()) == ["Heading 1", "List Bullet", "Caption", "TOC 1"]
    document = Document(io.BytesIO(docx_file(brief, template)))
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings == [section.heading for section in brief.sections]
    assert "outlineLvl" in document.styles["Heading 1"].element.xml
    points = [one.text for one in document.paragraphs if one.style.name == "List Bullet"]
    assert points
    assert all(point.startswith("• ") for point in points)


def test_where_a_template_came_from_is_forgotten():
    name = "word/_rels/settings.xml.rels"
    relation = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/attachedTemplate" Target="file:///C:/synthetic/Normal.dotm" '
        b'TargetMode="External"/></Relationships>'
    )
    content = repacked(saved(Document()), name, lambda _: relation)
    assert b"C:/synthetic" not in read_word_template(content).content
    with zipfile.ZipFile(io.BytesIO(read_word_template(content).content)) as archive:
        assert all(b"C:/synthetic" not in archive.read(one) for one in archive.namelist())


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


HOSTILE = {
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
        read_word_template(made(saved(Document())))
    assert refused.value.note.code == (code or "template_kind")
    for language in LANGUAGES:
        assert "{" not in refused.value.note.say(language)


def test_the_command_and_a_province_take_a_template(tmp_path, province, capsys):
    house = Document()
    house.add_paragraph("Synthetic letterhead")
    (tmp_path / "house.docx").write_bytes(saved(house))
    query = f"city={CITY.slug}&lang=en"
    path = tmp_path / "brief.docx"
    template = str(tmp_path / "house.docx")
    assert main(["brief", query, "-o", str(path), "--parts", "answer", "--template", template]) == 0
    words = texts(Document(path))
    assert words[0] == "Synthetic letterhead"
    headings = [one.text for one in Document(path).paragraphs if one.style.name == "Heading 1"]
    assert len(headings) == 2
    (tmp_path / "bad.docx").write_bytes(b"synthetic")
    bad = str(tmp_path / "bad.docx")
    assert main(["brief", query, "-o", str(path), "--template", bad]) == 1
    assert "zip" in capsys.readouterr().err.lower()
    slides = ["brief", query, "-o", str(tmp_path / "brief.pptx"), "--template", template]
    assert main(slides) == 1
    assert "FILE.pptx" in capsys.readouterr().err
    missing = str(tmp_path / "missing.docx")
    assert main(["brief", query, "-o", str(path), "--template", missing]) == 1


def test_a_province_names_a_file_of_its_folder(tmp_path, province):
    folder = tmp_path / province.id
    folder.mkdir()
    for one in (PROVINCES_FOLDER / province.id).iterdir():
        (folder / one.name).symlink_to(one)
    settings = folder / "province.toml"
    text = settings.read_text(encoding="utf-8")
    settings.unlink()
    named = 'brief_template = "house.docx"\nslide_template = "house.pptx"\n'
    settings.write_text(f"{named}{text}", encoding="utf-8")
    with pytest.raises(DataError, match=r"(?s)brief_template.*slide_template"):
        load_folder(folder)
    files = {ending: folder / f"house.{ending}" for ending in ("docx", "pptx")}
    for ending, file in files.items():
        kind = BRIEF_FORMATS[ending].template
        file.write_bytes(kind.example("zh"))
    opened = load_folder(folder)
    assert opened.brief_templates == files
    for ending, file in files.items():
        read = house_template(opened, ending)
        assert read == BRIEF_FORMATS[ending].template.read(file.read_bytes())
    assert house_template(opened, "pdf") is None


def official_document():
    """Return a synthetic template as offices of the state set theirs: exact lines, indents."""
    house = Document()
    form = house.styles["Normal"].paragraph_format
    form.line_spacing, form.first_line_indent = Pt(28), Pt(32)
    form._element.pPr.ind.set(qn("w:firstLineChars"), "200")
    return house


def test_exact_lines_of_the_house_cut_no_picture_and_indent_no_cell(brief):
    house = official_document()
    document = written(brief, house)
    drawn = [one for one in document.paragraphs if one._p.findall(f".//{qn('w:drawing')}")]
    assert drawn
    cells = [document.styles[name] for name in (CELL_STYLE, HEAD_STYLE, NOTE_STYLE)]
    for one in [*drawn, *cells]:
        assert one.paragraph_format.line_spacing == 1.0
    captions = [one for one in document.paragraphs if one.style.name == "Caption"]
    for one in [*drawn, *cells, *captions]:
        assert one.paragraph_format.first_line_indent == 0
        assert one.paragraph_format._element.pPr.ind.get(qn("w:firstLineChars")) == "0"
    assert document.styles["Normal"].paragraph_format.line_spacing == Pt(28)
