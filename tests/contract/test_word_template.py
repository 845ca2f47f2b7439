"""The office's own Word template: what it has stays, what it lacks is added, and told."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import replace

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from data.errors import DataError
from data.loader import PROVINCES_FOLDER, load_folder
from data.text import LANGUAGES, day, say
from layers.address.query import parse_query
from layers.brief.brief_formats import BRIEF_FORMATS, house_template
from layers.brief.briefs import brief_of
from layers.brief.content import Brief
from layers.brief.office_template import TEMPLATE_PLACES
from layers.brief.word.docx_file import docx_file
from layers.brief.word.docx_sheets import text_width
from layers.brief.word.docx_styles import CELL_STYLE, HEAD_STYLE, NOTE_STYLE, lacking_styles
from layers.brief.word.example_template import example_template
from layers.brief.word.template_reading import read_word_template, word_template_remarks
from layers.command.cli import main
from tests.contract.office_files import a_template, repacked, saved
from tests.places import PLACES

pytestmark = pytest.mark.usefixtures("home_at_hand")

DAY = dt.date(2026, 11, 30)
CITY = PLACES.hub
PARTS = ["answer", "map", "unknown", "sites"]


@pytest.fixture(scope="module", params=LANGUAGES)
def brief(request, province) -> Brief:
    view = parse_query(f"city={CITY.slug}&lang={request.param}", province).view
    return brief_of(view, province, parts=PARTS, date=DAY)


def written(brief: Brief, document):
    return Document(io.BytesIO(docx_file(brief, read_word_template(saved(document)))))


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def texts(document) -> list[str]:
    return [one.text for one in document.paragraphs]


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


def test_a_title_longer_than_properties_take_is_cut_there_alone(brief):
    long = replace(brief, title="synthetic " * 40)
    document = Document(io.BytesIO(docx_file(long)))
    assert document.core_properties.title == long.title[:255]
    assert texts(document)[0] == long.title


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
        # Packed files tell when they were packed.
        read = unpacked(house_template(opened, ending).content)
        again = BRIEF_FORMATS[ending].template.read(file.read_bytes())
        assert read == unpacked(again.content)
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


PLACE = "{{正文}}"


def two_sections():
    """Return a synthetic template whose place stands in the first of two sections."""
    house = Document()
    house.sections[0].header.paragraphs[0].text = "Synthetic head one"
    house.add_paragraph(PLACE)
    house.add_paragraph("Synthetic end of one")
    second = house.add_section()
    second.orientation = WD_ORIENT.LANDSCAPE
    second.page_width, second.page_height = second.page_height, second.page_width
    second.header.is_linked_to_previous = False
    second.header.paragraphs[0].text = "Synthetic head two"
    house.add_paragraph("Synthetic annex")
    return house


def heads(document) -> list[str]:
    return [sheet.header.paragraphs[0].text for sheet in document.sections]


def test_the_brief_stands_in_the_section_of_its_place(brief):
    document = written(brief, two_sections())
    assert heads(document) == ["Synthetic head one"] * 3 + ["Synthetic head two"]
    turned = [sheet.orientation for sheet in document.sections]
    assert turned == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE] * 2
    # The paragraph between them is the library's own: it holds the end of the section.
    assert texts(document)[-3:] == ["Synthetic end of one", "", "Synthetic annex"]
    assert document.sections[1].page_width == document.sections[0].page_height


def test_a_place_may_hold_the_end_of_its_section(brief):
    house = two_sections()
    place, end, *_ = house.paragraphs
    end._p.getparent().remove(end._p)
    carrier = house.paragraphs[1]
    place._p.set_sectPr(carrier._p.pPr.sectPr)
    carrier._p.getparent().remove(carrier._p)
    document = written(brief, house)
    # Nothing follows in the section: no empty sheet stands behind the annex.
    assert heads(document) == ["Synthetic head one"] * 2 + ["Synthetic head two"]
    turned = [sheet.orientation for sheet in document.sections]
    assert turned == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.LANDSCAPE]
    assert texts(document)[-1] == "Synthetic annex"


@pytest.mark.parametrize("behind", [None, ""])
def test_no_empty_sheet_stands_behind_a_brief_that_ends_on_its_side(brief, behind):
    house = a_template()
    house.add_paragraph(PLACE)
    if behind is not None:
        house.add_paragraph(behind)
    turned = [sheet.orientation for sheet in written(brief, house).sections]
    assert turned == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE]


def test_sheets_that_are_added_go_on_counting_and_are_no_first_pages(brief):
    house = a_template()
    house.add_paragraph(PLACE)
    house.add_paragraph("Synthetic end")
    sheet = house.sections[0]
    sheet.different_first_page_header_footer = True
    sheet.first_page_header.paragraphs[0].text = "Synthetic first head"
    start = OxmlElement("w:pgNumType")
    start.set(qn("w:start"), "1")
    sheet._sectPr.append(start)
    document = written(brief, house)
    first = [sheet.different_first_page_header_footer for sheet in document.sections]
    assert first == [True, False, False]
    assert document.element.xml.count('w:pgNumType w:start="1"') == 1


def test_sheets_that_lie_on_their_side_are_not_turned(brief):
    house = Document()
    sheet = house.sections[0]
    sheet.orientation = WD_ORIENT.LANDSCAPE
    sheet.page_width, sheet.page_height = sheet.page_height, sheet.page_width
    assert [one.orientation for one in written(brief, house).sections] == [WD_ORIENT.LANDSCAPE]


def test_pictures_fit_into_a_column(brief):
    house = Document()
    house.sections[0]._sectPr.find(qn("w:cols")).set(qn("w:num"), "2")
    column = text_width(house.sections[0])
    assert Mm(60) < column < Mm(75)
    document = written(brief, house)
    assert document.inline_shapes
    assert all(shape.width <= column for shape in document.inline_shapes)
    # The wide tables of the annex have their sheets to themselves.
    assert document.sections[1]._sectPr.find(qn("w:cols")) is None


def test_styles_are_known_in_any_case_and_no_id_is_taken_twice(brief):
    house = Document()
    named = {"Heading 1": "Heading 1", "Caption": "CAPTION"}
    for name, other in named.items():
        house.styles[name].element.find(qn("w:name")).set(qn("w:val"), other)
    house.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    house.styles.add_style("Synthetic", WD_STYLE_TYPE.PARAGRAPH).element.styleId = "Briefnote"
    assert lacking_styles(read_word_template(saved(house)).opened()) == []
    document = written(brief, house)
    ids = [style.style_id for style in document.styles]
    assert len(ids) == len(set(ids))
    names = [style.name.casefold() for style in document.styles]
    assert len(names) == len(set(names))
    words = [one.text for one in document.paragraphs if one.style.style_id == "Heading1"]
    assert words == [section.heading for section in brief.sections]


def controlled(inner: str):
    """Return a content control of Word with ``inner`` in it."""
    return parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"
    )


def in_a_control(house) -> None:
    house.element.body.insert(0, controlled(f"<w:p><w:r><w:t>{PLACE}</w:t></w:r></w:p>"))


def in_a_cell(house) -> None:
    house.add_table(1, 1).rows[0].cells[0].text = PLACE


def in_a_head(house) -> None:
    house.sections[0].header.paragraphs[0].text = PLACE


@pytest.mark.parametrize("put", [in_a_control, in_a_cell, in_a_head])
def test_a_place_that_cannot_be_filled_is_told_and_cleared(brief, put):
    house = a_template()
    put(house)
    template = read_word_template(saved(house))
    assert "brief" not in template.places
    assert say("template.no_place", "en") in word_template_remarks(template, "en")
    document = Document(io.BytesIO(docx_file(brief, template)))
    assert PLACE not in document.element.xml
    assert PLACE not in heads(document)
    assert brief.title in texts(document)


def test_places_in_controls_and_tracked_insertions_are_filled(brief):
    house = a_template()
    house.add_paragraph("A: ")._p.append(controlled("<w:r><w:t>{{title}}</w:t></w:r>"))
    inserted = (
        f"<w:ins {nsdecls('w')} w:id='5' w:author='a'><w:r><w:t>{{{{date}}}}</w:t></w:r></w:ins>"
    )
    house.add_paragraph("B: ")._p.append(parse_xml(inserted))
    document = written(brief, house)
    lines = [
        "".join(one.text or "" for one in line._p.iter(qn("w:t"))) for line in document.paragraphs
    ]
    assert lines[1:3] == [f"A: {brief.title}", f"B: {day(DAY, brief.language)}"]
    assert brief.title not in texts(document)[3:]


def test_words_beside_the_place_stay_and_a_second_one_is_cleared(brief):
    house = Document()
    paragraph = house.add_paragraph("Synthetic before ")
    paragraph.add_run(f"{PLACE} synthetic")
    paragraph.add_run(" after")
    house.add_paragraph(f"Second {PLACE}.")
    document = written(brief, house)
    words = texts(document)
    assert words[0] == "Synthetic before "
    assert words[-2:] == [" synthetic after", "Second ."]
    assert "Heading 1" in [one.style.name for one in document.paragraphs[1:-2]]


def test_a_place_in_pieces_leaves_the_letters_beside_it_as_they_are(brief):
    house = a_template()
    line = house.add_paragraph()
    line.add_run("Synthetic signer").font.color.rgb = RGBColor(255, 0, 0)
    for piece in ("\t", "on {{", "date", "}} ", "no. 7"):
        line.add_run(piece)
    line.runs[-1].bold = True
    filled = written(brief, house).paragraphs[1]
    date = day(DAY, brief.language)
    assert [run.text for run in filled.runs] == [
        *("Synthetic signer", "\t", f"on {date}", "", " ", "no. 7")
    ]
    assert filled.runs[0].font.color.rgb == RGBColor(255, 0, 0)
    assert filled.runs[-1].bold


def test_headings_that_the_house_numbers_have_no_number_of_their_own(brief):
    house = Document()
    numbers = f"<w:numPr {nsdecls('w')}><w:numId w:val='1'/></w:numPr>"
    base = house.styles.add_style("Synthetic numbered", WD_STYLE_TYPE.PARAGRAPH)
    base.element.get_or_add_pPr().append(parse_xml(numbers))
    house.styles["Heading 1"].base_style = base
    document = written(brief, house)
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings == [section.unnumbered for section in brief.sections]
    assert all(section.unnumbered in section.heading for section in brief.sections)
    assert headings[0] != brief.sections[0].heading


def test_settings_that_lock_a_template_go_and_fields_are_computed_once(brief):
    house = a_template()
    settings = house.settings.element
    for name in ("compat", "hdrShapeDefaults", "footnotePr", "endnotePr"):
        for element in settings.findall(qn(f"w:{name}")):
            settings.remove(element)
    for name in ("updateFields", "documentProtection"):
        settings.insert(0, OxmlElement(f"w:{name}"))
    names = [one.tag for one in written(brief, house).settings.element]
    assert qn("w:documentProtection") not in names
    assert names.count(qn("w:updateFields")) == 1
    assert names.index(qn("w:updateFields")) < names.index(qn("w:rsids"))


def test_bookmarks_of_the_house_keep_their_names_and_numbers(brief):
    house = a_template()
    start = f"<w:bookmarkStart {nsdecls('w')} w:id='0' w:name='_Toc00000001'/>"
    end = f"<w:bookmarkEnd {nsdecls('w')} w:id='0'/>"
    for element in (start, end):
        house.paragraphs[0]._p.append(parse_xml(element))
    marks = [*written(brief, house).element.iter(qn("w:bookmarkStart"))]
    assert len(marks) == len(brief.sections) + 1
    for key in ("w:id", "w:name"):
        assert len({one.get(qn(key)) for one in marks}) == len(marks)
