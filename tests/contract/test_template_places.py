"""Places of the office's own template: which are filled, in what writing, and what else is said."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from pptx import Presentation

from data.text import LANGUAGES, day, say
from layers.address.query import parse_query
from layers.brief.briefs import brief_of
from layers.brief.content import Brief
from layers.brief.slides.example_slides import example_slides
from layers.brief.slides.slide_template import read_slide_template, slide_template_remarks
from layers.brief.word.docx_file import docx_file
from layers.brief.word.docx_styles import lacking_styles
from layers.brief.word.template_reading import read_word_template, word_template_remarks
from tests.contract.office_files import a_template, saved
from tests.places import PLACES

pytestmark = pytest.mark.usefixtures("home_at_hand")

DAY = dt.date(2026, 11, 30)
CITY = PLACES.hub


@pytest.fixture(scope="module", params=LANGUAGES)
def brief(request, province) -> Brief:
    view = parse_query(f"city={CITY.slug}&lang={request.param}", province).view
    return brief_of(view, province, parts=["answer"], date=DAY)


def written(brief: Brief, document):
    return Document(io.BytesIO(docx_file(brief, read_word_template(saved(document)))))


def texts(document) -> list[str]:
    return [one.text for one in document.paragraphs]


def in_a_head(house, place: str) -> None:
    house.sections[0].header.paragraphs[0].text = place


def in_a_cell(house, place: str) -> None:
    house.add_table(1, 1).rows[0].cells[0].text = place


@pytest.mark.parametrize("put", [in_a_head, in_a_cell])
def test_a_title_beside_the_body_does_not_stand_for_that_of_the_brief(brief, put):
    house = a_template()
    put(house, "{{title}}")
    document = written(brief, house)
    words = texts(document)
    for said in (brief.title, brief.subtitle, brief.question):
        assert words.count(said) == 1
    assert document.element.xml.count("{{") == 0


@pytest.mark.parametrize(
    "places", [("title",), ("subtitle",), ("question", "subtitle"), ("question", "title")]
)
def test_what_the_body_has_a_place_for_is_said_once(brief, places):
    house = a_template()
    house.add_paragraph("".join(f"{{{{{place}}}}}\n" for place in places).strip())
    house.add_paragraph("{{brief}}")
    words = "\n".join(texts(written(brief, house))).split("\n")
    for said in (brief.title, brief.subtitle, brief.question):
        assert words.count(said) == 1


WIDE = str.maketrans("{}", "\uff5b\uff5d")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("change", [str.upper, str.title, lambda words: words.translate(WIDE)])
def test_places_are_known_in_capitals_and_wide_braces(brief, language, change):
    house = a_template()
    for place in ("title", "brief"):
        house.add_paragraph(change(f"{{{{ {say(f'template_place.{place}', language)}\u3000}}}}"))
    template = read_word_template(saved(house))
    assert template.places == {"title", "brief"}
    assert not [one for one in word_template_remarks(template, "en") if "{" in one]
    words = texts(Document(io.BytesIO(docx_file(brief, template))))
    assert words[1] == brief.title
    assert words.count(brief.title) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_place_that_no_brief_has_is_told(language):
    house = a_template()
    house.add_paragraph("{{brief}} {{titel}} {{titel}}")
    in_a_head(house, "{{Office}}")
    remarks = word_template_remarks(read_word_template(saved(house)), language)
    told = next(one for one in remarks if "{{titel}}" in one)
    assert told.count("{{titel}}") == 1
    assert "{{Office}}" in told
    assert f"{{{{{say('template_place.subtitle', language)}}}}}" in told


def test_placeholders_of_slides_are_known_in_capitals():
    slides = Presentation(io.BytesIO(example_slides("en")))
    for layout in slides.slide_layouts:
        for shape in layout.placeholders:
            shape.name = shape.name.upper()
    template = read_slide_template(saved(slides))
    assert slide_template_remarks(template, "en") == ()


@pytest.mark.parametrize("before", ["", "Synthetic foreword "])
def test_a_page_that_the_place_begins_is_begun(brief, before):
    house = a_template()
    place = house.add_paragraph(f"{before}{{{{brief}}}}")
    place.paragraph_format.page_break_before = True
    paragraphs = written(brief, house).paragraphs
    assert paragraphs[1].text == (before or brief.title)
    breaks = [bool(one.paragraph_format.page_break_before) for one in paragraphs[:4]]
    assert breaks == [False, True, False, False]


@pytest.mark.parametrize("note", ["footnoteReference", "endnoteReference"])
@pytest.mark.parametrize("is_before", [True, False])
def test_a_note_beside_the_place_stays(brief, note, is_before):
    house = a_template()
    place = house.add_paragraph()
    runs = [place.add_run("{{brief}}"), place.add_run()]
    runs[1]._r.append(parse_xml(f"<w:{note} {nsdecls('w')} w:id='2'/>"))
    if is_before:
        runs[0]._r.addprevious(runs[1]._r)
    paragraphs = written(brief, house).paragraphs
    holding = [place for place, one in enumerate(paragraphs) if f"<w:{note} " in one._p.xml]
    assert holding == [1 if is_before else len(paragraphs) - 1]


def test_places_in_notes_are_filled(brief):
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    words = "<w:p><w:r><w:t>As of {{date}} {{day}}</w:t></w:r></w:p>"
    body = f'<w:footnotes {nsdecls("w")}><w:footnote w:id="2">{words}</w:footnote></w:footnotes>'
    house = a_template()
    package = house.part.package
    notes = Part(PackURI("/word/footnotes.xml"), kind, body.encode(), package)
    house.part.relate_to(notes, RELATIONSHIP_TYPE.FOOTNOTES)
    template = read_word_template(saved(house))
    assert [one for one in word_template_remarks(template, "en") if "{{day}}" in one]
    document = Document(io.BytesIO(docx_file(brief, template)))
    written_notes = document.part.part_related_by(RELATIONSHIP_TYPE.FOOTNOTES).blob
    said = f"As of {day(DAY, brief.language)} {{{{day}}}}"
    assert said in written_notes.decode()


def test_a_template_may_say_no_sheet_and_call_its_plain_style_otherwise(brief):
    house = a_template()
    house.element.body.remove(house.element.body.sectPr)
    house.styles["Normal"].element.find(qn("w:name")).set(qn("w:val"), "Synthetic plain")
    template = read_word_template(saved(house))
    assert "Normal" not in lacking_styles(template.opened())
    document = Document(io.BytesIO(docx_file(brief, template)))
    sheet = document.sections[0]
    assert (round(sheet.page_width.mm), round(sheet.page_height.mm)) == (210, 297)
    asked = next(one for one in document.paragraphs if one.text == brief.question)
    assert asked.style.name == "Synthetic plain"


def test_sheets_that_end_with_the_last_paragraph_are_those_of_the_document():
    house = a_template()
    in_a_head(house, "Synthetic head")
    house.paragraphs[-1]._p.get_or_add_pPr().append(house.element.body.sectPr)
    document = read_word_template(saved(house)).opened()
    assert len(document.sections) == 1
    assert document.sections[0].header.paragraphs[0].text == "Synthetic head"
