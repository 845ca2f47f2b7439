"""Every format of a brief holds the same content, and keeps what its kind of file promises."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import html5lib
import pytest
from docx import Document
from docx.oxml.ns import qn
from pptx import Presentation
from pypdf import PdfReader

from data.text import LANGUAGES, say
from layers.address.query import parse_query
from layers.atlas import open_atlas
from layers.brief.brief_formats import BRIEF_FORMATS
from layers.brief.briefs import brief_of
from layers.brief.content import (
    Brief,
    BriefSection,
    ChartSeries,
    ContentChart,
    ContentPicture,
    ContentTable,
    Statement,
    StatementList,
    Subheading,
    TableColumn,
)
from layers.command.cli import main
from tests.hostile.corpus import CORPUS
from tests.places import PLACES

pytestmark = pytest.mark.usefixtures("home_at_hand")

DAY = dt.date(2026, 11, 30)
CITY = PLACES.hub


@pytest.fixture(scope="module", params=LANGUAGES)
def brief(request, province) -> Brief:
    query = f"city={CITY.slug}&lang={request.param}"
    return brief_of(parse_query(query, province).view, province, date=DAY)


@pytest.fixture(scope="module")
def files(brief) -> dict[str, bytes]:
    """The brief in every format."""
    return {name: one.write(brief) for name, one in BRIEF_FORMATS.items()}


@pytest.fixture(scope="module")
def document(files):
    return Document(io.BytesIO(files["docx"]))


def blocks_of(brief: Brief, kinds):
    blocks = [block for section in brief.sections for block in section.blocks]
    return [block for block in blocks if isinstance(block, kinds)]


def tables(brief: Brief) -> list[ContentTable]:
    return blocks_of(brief, ContentTable)


def pictures(brief: Brief) -> list[ContentPicture | ContentChart]:
    return blocks_of(brief, (ContentPicture, ContentChart))


def squeezed(words: str) -> str:
    return "".join(words.split())


def said(brief: Brief) -> list[str]:
    """Return all words of a brief but those within pictures."""
    words = [brief.title, brief.subtitle, brief.question]
    for section in brief.sections:
        words.append(section.heading)
        for block in section.blocks:
            if isinstance(block, (Statement, Subheading)):
                words.append(block.words)
            elif isinstance(block, StatementList):
                words += [point.words for point in block.points]
            elif isinstance(block, (ContentPicture, ContentChart)):
                words.append(block.caption)
            elif isinstance(block, ContentTable):
                words += [block.caption, block.note]
                words += [column.heading for column in block.columns]
                words += [line for row in block.rows for cell in row for line in cell.split("\n")]
    return [one for one in words if one]


def slide_words(deck) -> list[str]:
    words = []
    for slide in deck.slides:
        for shape in slide.shapes:
            words += [shape.text_frame.text] if shape.has_text_frame else []
            if shape.has_table:
                words += [cell.text for row in shape.table.rows for cell in row.cells]
    return words


def test_headings_are_headings(brief, document):
    styles = [(one.style.name, one.text) for one in document.paragraphs]
    assert [text for style, text in styles if style == "Title"] == [brief.title]
    headings = [text for style, text in styles if style == "Heading 1"]
    assert headings == [section.heading for section in brief.sections]
    contents = [text for style, text in styles if style == "TOC 1"]
    assert contents == headings


def test_the_contents_are_a_field_that_leads_to_the_headings(brief, document):
    xml = document.element.xml
    assert r"TOC \o" in xml
    marks = re.findall(r'w:bookmarkStart [^>]*w:name="([^"]+)"', xml)
    links = re.findall(r'w:hyperlink [^>]*w:anchor="([^"]+)"', xml)
    assert links == marks
    assert len(marks) == len(set(marks)) == len(brief.sections)
    assert xml.count('fldCharType="begin"') == xml.count('fldCharType="end"')


def test_tables_are_native_and_repeat_their_heads(brief, document):
    assert len(document.tables) == len(tables(brief))
    for written, table in zip(document.tables, tables(brief), strict=True):
        assert len(written.rows) == len(table.rows) + 1
        assert written.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        cells = [cell.text for cell in written.rows[1].cells]
        assert cells[: len(table.columns)] == list(table.rows[0])
        if table.row_sources:
            assert cells[-1] == brief.citation(table.row_sources[0])
    captions = [one.text for one in document.paragraphs if one.style.name == "Caption"]
    assert len(captions) == len(tables(brief)) + len(pictures(brief))


def test_no_paragraph_is_empty(document):
    body = document.element.body
    for paragraph in body.iter(qn("w:p")):
        words = "".join(text.text or "" for text in paragraph.iter(qn("w:t")))
        assert words.strip() or paragraph.find(f".//{qn('w:drawing')}") is not None


def test_pictures_have_words_in_their_place(brief, document):
    shown = [picture.get("descr") for picture in document.element.body.iter(qn("wp:docPr"))]
    assert shown == [picture.alternative for picture in pictures(brief)]
    assert CITY.name(brief.language) in shown[0]
    assert len(document.inline_shapes) == len(shown) == 2


def test_a_chart_of_slides_is_native_and_tells_the_counts_of_the_table(brief, files):
    (chart,) = blocks_of(brief, ContentChart)
    deck = Presentation(io.BytesIO(files["pptx"]))
    shapes = [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    (shape,) = shapes
    assert shape._element.nvGraphicFramePr.cNvPr.get("descr") == chart.alternative
    plot = shape.chart.plots[0]
    assert tuple(plot.categories) == chart.categories
    assert {one.name: tuple(one.values) for one in plot.series} == {
        one.name: one.values for one in chart.series
    }
    counts = dict.fromkeys(chart.categories, 0)
    for series in chart.series:
        for name, count in zip(chart.categories, series.values, strict=True):
            counts[name] += count
    heading = say("brief.listed_here", brief.language)
    (table,) = [one for one in tables(brief) if heading in [head.heading for head in one.columns]]
    at = [head.heading for head in table.columns].index(heading)
    told = {row[0]: int(row[at]) for row in table.rows}
    assert {name: told[name] for name in counts} == counts


def test_fonts_of_chinese_letters_are_named_and_none_is_left_to_a_theme(document):
    for name in ("Normal", "Title", "Heading 1", "Caption", "List Bullet"):
        fonts = document.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"
        assert not [key for key in fonts.attrib if "Theme" in key]


def test_nothing_tells_who_or_what_made_the_file(brief, files):
    content = files["docx"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            assert b"python-docx" not in archive.read(name), name
    properties = Document(io.BytesIO(content)).core_properties
    assert properties.author == say("app.name", brief.language)
    assert properties.title == brief.title
    assert properties.created.date() == DAY


def test_parts_of_tables_stand_in_the_order_of_the_format(document):
    order = ["tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]
    for table in document.tables:
        names = [part.tag.partition("}")[2] for part in table._tbl.tblPr]
        assert names == [name for name in order if name in names]


@pytest.mark.parametrize("name", list(BRIEF_FORMATS))
def test_every_format_holds_every_word(name, brief, files):
    content = files[name]
    if name == "docx":
        found = Document(io.BytesIO(content))
        text = "".join(one.text or "" for one in found.element.body.iter(qn("w:t")))
    elif name == "pptx":
        text = "".join(slide_words(Presentation(io.BytesIO(content))))
    elif name == "html":
        text = "".join(html5lib.parse(content.decode(), namespaceHTMLElements=False).itertext())
    else:
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    text = squeezed(text)
    missing = [one for one in said(brief) if squeezed(one) not in text]
    assert missing == []


def test_a_page_of_html_fetches_nothing_and_its_links_lead_somewhere(brief, files):
    content = files["html"].decode()
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(content)
    assert page.get("lang").startswith(brief.language)
    ids = {one.get("id") for one in page.iter() if one.get("id")}
    for link in page.iter("a"):
        href = link.get("href")
        assert href[1:] in ids if href.startswith("#") else href.startswith("http")
    for image in page.iter("img"):
        assert image.get("src").startswith("data:image/png;base64,")
        assert image.get("alt")
    assert not [one for one in page.iter() if one.tag in ("script", "link", "iframe")]


def test_pages_of_a_pdf_are_numbered_and_its_contents_are_true(brief, files):
    pages = PdfReader(io.BytesIO(files["pdf"])).pages
    texts = [squeezed(page.extract_text()) for page in pages]
    for number, text in enumerate(texts, start=1):
        assert squeezed(say("brief.page", brief.language, page=number, pages=len(pages))) in text
    for section in brief.sections:
        heading = squeezed(section.heading)
        starts = [at for at, text in enumerate(texts[1:], start=2) if heading in text]
        # The first is on the page of the contents.
        found = re.search(rf"{re.escape(heading)}\.*(\d+)", texts[0])
        if section is not brief.sections[0]:
            assert found is not None
            assert starts
            assert found.group(1).startswith(str(starts[0]))


def test_a_pdf_is_tagged_for_those_who_hear_it(brief, files):
    """What PDF/UA asks for: headings, heads of tables and words for pictures among the tags."""
    pdf = PdfReader(io.BytesIO(files["pdf"]))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith(brief.language)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title == brief.title
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    tags = list(structure(root["/StructTreeRoot"]))
    kinds = Counter(kind for kind, _ in tags)
    # One more is over the contents.
    assert kinds["/H1"] == len(brief.sections) + 1
    assert kinds["/Table"] == len(tables(brief))
    rows = sum(len(one.rows) + 1 for one in tables(brief))
    assert kinds["/TR"] == rows
    heads = sum(len(one.columns) + bool(one.row_sources) for one in tables(brief))
    assert kinds["/TH"] == heads
    figures = [words for kind, words in tags if kind == "/Figure"]
    assert figures == [picture.alternative for picture in pictures(brief)]


def structure(node) -> Iterator[tuple[str, str | None]]:
    """Tell of each tag below a node what it is, and what is said in its place."""
    below = node.get("/K", [])
    for one in below if isinstance(below, list) else [below]:
        tag = one.get_object()
        if isinstance(tag, dict) and "/S" in tag:
            yield tag["/S"], tag.get("/Alt")
            yield from structure(tag)


def test_nothing_stands_outside_a_slide_or_on_something_else(files):
    deck = Presentation(io.BytesIO(files["pptx"]))
    for slide in deck.slides:
        ends = []
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
            ends.append((shape.top, shape.top + shape.height))
        ends.sort()
        for (_, bottom), (top, _) in pairwise(ends):
            assert bottom <= top


def test_tables_of_slides_lose_no_row(brief, files):
    deck = Presentation(io.BytesIO(files["pptx"]))
    parts = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    assert sum(len(part.rows) - 1 for part in parts) == sum(len(one.rows) for one in tables(brief))


@pytest.mark.parametrize("name", list(BRIEF_FORMATS))
def test_hostile_words_stay_words(name):
    words = tuple(one for one in CORPUS if one.strip())
    table = ContentTable(
        words[0],
        (TableColumn(words[0], 1.0, words[-1]), TableColumn(words[-1], 1.0)),
        tuple((one, one) for one in words),
        note=words[0],
    )
    listed = StatementList(tuple(Statement(one) for one in words))
    bars = ChartSeries(words[0], tuple(range(len(words))), "#137A3F")
    chart = ContentChart(words[0], words[-1], words, (bars, bars))
    section = BriefSection("hostile", words[0], (Subheading(words[0]), listed, table, chart))
    brief = Brief(words[0], words[0], words[0], "en", DAY, (section,))
    content = BRIEF_FORMATS[name].write(brief)
    if name == "docx":
        assert len(Document(io.BytesIO(content)).tables[0].rows) == len(words) + 1
    elif name == "html":
        page = html5lib.parse(content.decode(), namespaceHTMLElements=False)
        assert not [one for one in page.iter() if one.tag in ("script", "svg", "iframe")]
        (shown,) = page.iter("img")
        assert shown.get("src").startswith("data:image/png;base64,")
        links = [one.get("href") for one in page.iter("a")]
        assert all(link.startswith(("#", "http://", "https://")) for link in links)
    elif name == "pptx":
        assert any(
            shape.has_table
            for slide in Presentation(io.BytesIO(content)).slides
            for shape in slide.shapes
        )
    else:
        assert content.startswith(b"%PDF")


def test_the_command_writes_what_the_ending_says(tmp_path, capsys):
    query = f"compare={CITY.slug},{PLACES.battery_base.slug}&lang=en"
    path = tmp_path / "brief.html"
    assert main(["brief", query, "-o", str(path)]) == 0
    assert CITY.en in path.read_text(encoding="utf-8")
    of_city = ["brief", f"city={CITY.slug}&lang=zh", "--parts", "answer"]
    assert main([*of_city, "-o", str(tmp_path)]) == 0
    (named,) = tmp_path.glob(f"{PLACES.province.zh}_{CITY.zh}_*.docx")
    assert str(named) in capsys.readouterr().out
    each = ["brief", "lang=en", "--each-city", "--format", "html", "--parts", "answer"]
    assert main([*each, "-o", str(tmp_path)]) == 0
    files = sorted(tmp_path.glob(f"{PLACES.province.en}_*.html"))
    assert len(files) == len(open_atlas().province.cities)
    assert main(["brief", query, "-o", str(tmp_path / "brief.odt")]) == 1
    assert "FILE.docx" in capsys.readouterr().err
    assert main(["brief", "lang=en", "-o", str(path)]) == 1
    assert say("brief.which", "en") in capsys.readouterr().err


def test_the_atlas_of_python_writes_the_same(tmp_path):
    atlas = open_atlas("segment=separator&lang=zh")
    path = atlas.brief(tmp_path / "brief.docx")
    headings = [one.text for one in Document(path).paragraphs if one.style.name == "Heading 1"]
    expected = brief_of(atlas.view, atlas.province)
    assert headings == [section.heading for section in expected.sections]
