"""The office's own slides: layouts stay, slides in it go, the brief stands where it has a place."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import replace
from itertools import pairwise

import pytest
from pptx import Presentation
from pptx.dml.color import MSO_THEME_COLOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Mm

from data.text import LANGUAGES, day, say
from data.uploads.limits import RefusedError
from layers.address.query import parse_query
from layers.brief.briefs import brief_of
from layers.brief.content import Brief
from layers.brief.slides.example_slides import example_slides
from layers.brief.slides.pptx_file import pptx_file
from layers.brief.slides.slide_template import read_slide_template, slide_template_remarks
from layers.command.cli import main
from tests.contract.office_files import repacked, saved
from tests.places import PLACES

pytestmark = pytest.mark.usefixtures("home_at_hand")

DAY = dt.date(2026, 11, 30)
CITY = PLACES.hub
SECTIONS = (
    b'<p:ext xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    b'uri="{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"><p14:sectionLst '
    b'xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"><p14:section '
    b'name="synthetic" id="{6F8E2D5A-0000-4000-8000-000000000000}"><p14:sldIdLst><p14:sldId '
    b'id="256"/></p14:sldIdLst></p14:section></p14:sectionLst></p:ext>'
)


@pytest.fixture(scope="module", params=LANGUAGES)
def brief(request, province) -> Brief:
    view = parse_query(f"city={CITY.slug}&lang={request.param}", province).view
    return brief_of(view, province, parts=["answer", "map", "standing"], date=DAY)


def written(brief: Brief, content: bytes):
    return Presentation(io.BytesIO(pptx_file(brief, read_slide_template(content))))


def house():
    """Slides of a house: 4 by 3, the library's own layouts, one slide that somebody left there."""
    slides = Presentation()
    left = slides.slides.add_slide(slides.slide_layouts[1])
    left.shapes.title.text = "Synthetic slide"
    return slides


def shape_texts(slide) -> list[str]:
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def inside_and_apart(deck) -> None:
    for slide in deck.slides:
        ends = []
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
            ends.append((shape.top, shape.top + shape.height))
        for (_, bottom), (top, _) in pairwise(sorted(ends)):
            assert bottom <= top


def test_the_example_is_filled(brief):
    content = example_slides(brief.language)
    assert slide_template_remarks(read_slide_template(content), brief.language) == ()
    deck = written(brief, content)
    cover, *pages = deck.slides
    assert cover.slide_layout.name == say("slide_layout.cover", brief.language)
    assert shape_texts(cover) == [brief.title, brief.subtitle]
    assert {page.slide_layout.name for page in pages} == {say("slide_layout.page", brief.language)}
    titles = [page.shapes.title.text_frame.text for page in pages]
    assert list(dict.fromkeys(titles)) == [section.heading for section in brief.sections]
    assert brief.question in shape_texts(pages[0])
    assert brief.subtitle not in shape_texts(pages[0])
    (band,) = [one for one in pages[0].slide_layout.shapes if not one.is_placeholder]
    assert band.width == deck.slide_width
    inside_and_apart(deck)


def test_slides_of_any_house_hold_the_brief_in_letters_of_its_theme(brief):
    deck = written(brief, saved(house()))
    assert "Synthetic slide" not in "".join(map("".join, map(shape_texts, deck.slides)))
    assert deck.slide_width == Presentation().slide_width
    inside_and_apart(deck)
    for slide in deck.slides:
        for shape in slide.shapes:
            for paragraph in shape.text_frame.paragraphs if shape.has_text_frame else ():
                for run in paragraph.runs:
                    assert run.font.name is None
                    assert run.font.color.type is None
    pictures = [one for slide in deck.slides for one in slide.shapes if hasattr(one, "image")]
    assert len(pictures) == 1
    assert pictures[0].width > pictures[0].height


def test_what_a_template_lacks_and_which_layouts_are_taken_is_told():
    template = read_slide_template(saved(house()))
    for language in LANGUAGES:
        page, place = slide_template_remarks(template, language)
        assert "Title Only" in page
        assert say("slide_layout.page", language) in page
        assert say("template_place.brief", language) in place
    slides = house()
    slides.slide_layouts.remove(slides.slide_layouts[0])
    remarks = slide_template_remarks(read_slide_template(saved(slides)), "en")
    assert any(say("slide_layout.cover", "en") in remark for remark in remarks)


def test_nothing_names_the_slides_that_went():
    slides = house()
    listed = parse_xml(
        b'<p:extLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main">'
        + SECTIONS
        + b"</p:extLst>"
    )
    slides.part._element.append(listed)
    template = read_slide_template(saved(slides))
    assert b"sectionLst" not in template.opened().part.blob
    assert len(template.opened().slides) == 0
    names = [str(part.partname) for part in template.opened().part.package.iter_parts()]
    assert not [name for name in names if name.startswith("/ppt/slides/")]


def test_what_leads_to_slides_goes_with_them(brief):
    slides = house()
    left = slides.slides[0]
    name = slides.part.relate_to(left.part, RELATIONSHIP_TYPE.SLIDE)
    shows = (
        f'<p:custShowLst {nsdecls("p", "r")}><p:custShow name="synthetic" id="0"><p:sldLst>'
        f'<p:sld r:id="{name}"/></p:sldLst></p:custShow></p:custShowLst>'
    )
    slides.part._element.append(parse_xml(shows))
    layout = slides.slide_layouts[5]
    name = layout.part.relate_to(left.part, RELATIONSHIP_TYPE.SLIDE)
    link = parse_xml(f'<a:hlinkClick {nsdecls("a", "r")} r:id="{name}"/>')
    layout.placeholders[0]._element.nvSpPr.cNvPr.append(link)
    content = pptx_file(brief, read_slide_template(saved(slides)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert len(archive.namelist()) == len(set(archive.namelist()))
        whole = b"".join(archive.read(name) for name in archive.namelist())
    for word in (b"Synthetic slide", b"custShow", b"hlinkClick"):
        assert word not in whole


def test_a_title_that_is_too_long_for_the_foot_is_cut_and_the_number_stays(brief):
    long = replace(brief, title=f"{brief.title} " * 20)
    for number, slide in enumerate(written(long, example_slides("en")).slides, start=1):
        if number > 1:
            foot = max(slide.shapes, key=lambda shape: shape.top).text_frame.text
            assert foot.endswith(f"… · {day(DAY, brief.language)} · {number}")


PLACES_MM = {
    "over the foot": (12, 40, 230, 150),
    "over the title": (12, 10, 230, 150),
    "beyond the slide": (-20, 50, 400, 400),
}


@pytest.mark.parametrize("name", PLACES_MM)
def test_the_brief_stays_on_the_slide_off_the_title_and_off_the_foot(brief, name):
    slides = house()
    layout = slides.slide_layouts[1]
    layout.name = say("slide_layout.page", "en")
    (place,) = [one for one in layout.placeholders if one.placeholder_format.idx == 1]
    place.name = say("template_place.brief", "en")
    place.left, place.top, place.width, place.height = (Mm(one) for one in PLACES_MM[name])
    inside_and_apart(written(brief, saved(slides)))


def test_a_band_along_the_lower_edge_is_kept_free(brief):
    slides = house()
    band = slides.slides[0].shapes.add_shape(1, Mm(0), Mm(165), slides.slide_width, Mm(26))
    slides.slide_master.shapes._spTree.append(band._element)
    for slide in written(brief, saved(slides)).slides:
        for shape in slide.shapes:
            # The house's own foot stands on the band.
            assert shape.top + shape.height <= Mm(165) or shape.top > Mm(165)


def test_letters_have_the_colour_of_the_house(brief):
    slides = house()
    master = slides.slide_master._element
    for fill in master.find(".//{*}bodyStyle").iter("{*}schemeClr"):
        fill.set("val", "bg1")
    for slide in list(written(brief, saved(slides)).slides)[1:]:
        for shape in slide.shapes:
            if shape.has_text_frame and not shape.is_placeholder and shape.top < Mm(170):
                for run in shape.text_frame.paragraphs[0].runs:
                    assert run.font.color.theme_color == MSO_THEME_COLOR.BACKGROUND_1


def without_titles(content: bytes) -> bytes:
    slides = Presentation(io.BytesIO(content))
    for layout in slides.slide_layouts:
        for shape in [*layout.placeholders]:
            shape._element.getparent().remove(shape._element)
    return saved(slides)


def odd_size(content: bytes) -> bytes:
    before = b"<p:titleStyle><a:lvl1pPr "
    after = b'<p:titleStyle><a:lvl1pPr><a:defRPr sz="abc"/></a:lvl1pPr><a:lvl1pPr '
    name = "ppt/slideMasters/slideMaster1.xml"
    return repacked(content, name, lambda body: body.replace(before, after, 1))


def without_room(content: bytes) -> bytes:
    slides = Presentation(io.BytesIO(content))
    for layout in slides.slide_layouts:
        for shape in layout.placeholders:
            shape.left, shape.top, shape.width, shape.height = Mm(0), Mm(120), Mm(90), Mm(20)
    return saved(slides)


def linked(kind: str, target: str, *, outside: bool):
    mode = ' TargetMode="External"' if outside else ""
    link = f'<Relationship Id="rId99" Type="{kind}" Target="{target}"{mode}/></Relationships>'

    def made(content: bytes) -> bytes:
        name = "ppt/slideMasters/_rels/slideMaster1.xml.rels"
        whole = repacked(
            content, name, lambda body: body.replace(b"</Relationships>", link.encode())
        )
        return whole if outside else repacked(whole, f"ppt/slideMasters/{target}", lambda _: b"x")

    return made


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HOSTILE = {
    "nothing": (lambda _: b"", "broken_zip"),
    "no archive": (lambda _: b"synthetic" * 99, "broken_zip"),
    "broken XML": (
        lambda body: repacked(body, "ppt/presentation.xml", lambda _: b"<p:x>"),
        "template_kind",
    ),
    "a document of another kind": (
        lambda body: repacked(body, "ppt/presentation.xml", lambda _: b"<a/>"),
        "template_kind",
    ),
    "a bomb": (
        lambda body: repacked(body, "ppt/media/a.png", lambda _: bytes(40 << 20)),
        "zip_bomb_ratio",
    ),
    "entities": (
        lambda body: repacked(
            body,
            "ppt/presentation.xml",
            lambda one: one.replace(b"<p:pres", b'<!DOCTYPE p [<!ENTITY a "a">]><p:pres', 1),
        ),
        "xml_entities",
    ),
    "an object": (linked(f"{OFFICE}/oleObject", "object.bin", outside=False), "template_programs"),
    "a picture elsewhere": (
        linked(f"{OFFICE}/image", "https://example.org/a.png", outside=True),
        "template_outside",
    ),
    "too large": (lambda _: bytes(11 << 20), "template_large"),
    "no layout with a title": (without_titles, "template_layout"),
    "a size that is no number": (odd_size, "template_kind"),
    "no room": (without_room, "template_small"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_templates_are_refused_in_words(name):
    made, code = HOSTILE[name]
    with pytest.raises(RefusedError) as refused:
        read_slide_template(made(saved(Presentation())))
    assert refused.value.note.code == code
    for language in LANGUAGES:
        assert "{" not in refused.value.note.say(language)


def test_the_command_takes_slides(tmp_path, capsys):
    template, path = tmp_path / "house.pptx", tmp_path / "brief.pptx"
    template.write_bytes(example_slides("en"))
    query = f"city={CITY.slug}&lang=en"
    command = ["brief", query, "--parts", "answer", "--template", str(template)]
    assert main([*command, "-o", str(path)]) == 0
    first = Presentation(path).slides[0]
    assert first.slide_layout.name == say("slide_layout.cover", "en")
    assert main([*command, "-o", str(tmp_path / "brief.pdf")]) == 1
    assert "PDF takes no template" in capsys.readouterr().err
