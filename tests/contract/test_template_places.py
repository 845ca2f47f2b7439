"""Places of the office's own template: which are filled, in what writing, and what else is said."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from docx import Document

from data.text import LANGUAGES
from layers.address.query import parse_query
from layers.brief.briefs import brief_of
from layers.brief.content import Brief
from layers.brief.word.docx_file import docx_file
from layers.brief.word.template_reading import read_word_template
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
