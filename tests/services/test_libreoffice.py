"""The real LibreOffice reads what leaves the atlas, and writes what comes into it."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from pptx import Presentation
from pypdf import PdfReader

from data.text import LANGUAGES
from data.uploads.sandbox.safely import read_safely
from layers.address.query import parse_query
from layers.brief.brief_formats import BRIEF_FORMATS
from layers.brief.briefs import brief_of
from layers.catalogue import overlay_ids
from layers.compose import compose
from layers.exports import all_exporters
from layers.paper.sheet import PaperOptions
from layers.specification.view import View
from tests.hostile.corpus import CORPUS, FORMULAS, hostile_province
from tests.missing import lacks
from tests.places import PLACES

CSV_IN_UTF8 = "--infilter=CSV:44,34,76,1"
TIMEOUT_S = 180

Converter = Callable[..., Path]


def office_has(library: str) -> bool:
    """Tell whether the office on the path has one of its parts."""
    office = shutil.which("soffice")
    return office is not None and (Path(office).resolve().parent / library).exists()


@pytest.fixture(scope="module")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Converter:
    """What has LibreOffice write a file anew in another format, beside it."""
    if not office_has("libsclo.so"):
        lacks("LibreOffice Calc", "install Debian's `libreoffice-calc-nogui`")
    home = f"-env:UserInstallation={tmp_path_factory.mktemp('office').as_uri()}"

    def converted(path: Path, ending: str, *options: str) -> Path:
        command = ["soffice", home, "--headless", *options, "--convert-to", ending, path.name]
        subprocess.run(command, cwd=path.parent, check=True, capture_output=True, timeout=TIMEOUT_S)
        return path.with_suffix(f".{ending}")

    return converted


def test_a_workbook_of_libreoffice_is_read(convert: Converter, tmp_path: Path):
    head = ["企业名称", "经度", "纬度", "区划代码"]
    rows = [["甲公司（合成）", "118.8", "32.05", "0320102"], ["乙公司, 二厂", "119.9", "31.8", ""]]
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    table = read_safely(convert(tmp_path / "a.csv", "xlsx", CSV_IN_UTF8), "a.xlsx")
    assert list(table.frame.columns) == head
    assert table.frame["经度"].tolist() == [118.8, 119.9]
    assert table.frame["企业名称"].tolist() == [row[0] for row in rows]


@pytest.mark.parametrize("name", ["xlsx", "csv"])
def test_it_computes_nothing_of_what_names_say(name, convert: Converter, province, tmp_path: Path):
    hostile = hostile_province(province, CORPUS.index(FORMULAS[0]))
    spec = compose(View(hostile.id, overlays=overlay_ids(hostile), language="en"), hostile)
    path = tmp_path / f"view.{name}"
    path.write_bytes(all_exporters()[name].write(spec, hostile, PaperOptions()))
    content = convert(path, "fods").read_text(encoding="utf-8")
    assert "HYPERLINK" in content  # it is there, as text
    # Truth values are all that LibreOffice writes as formulas.
    assert set(re.findall(r'table:formula="([^"]*)"', content)) <= {"of:=TRUE()", "of:=FALSE()"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_brief_is_laid_out_whole(language, convert: Converter, province, tmp_path: Path):
    """Each heading, caption and cell of the document is on a page of what LibreOffice prints."""
    if not office_has("libswlo.so"):
        lacks("LibreOffice Writer", "install Debian's `libreoffice-writer-nogui`")
    query = f"city={PLACES.hub.slug}&lang={language}"
    brief = brief_of(parse_query(query, province).view, province)
    path = tmp_path / "brief.docx"
    path.write_bytes(BRIEF_FORMATS["docx"].write(brief))
    pages = PdfReader(convert(path, "pdf")).pages
    texts = ["".join(page.extract_text().split()) for page in pages]
    assert all(texts)
    for section in brief.sections:
        assert any("".join(section.heading.split()) in text for text in texts)
    whole = "".join(texts)
    document = Document(io.BytesIO(path.read_bytes()))
    captions = [one.text for one in document.paragraphs if one.style.name == "Caption"]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    # Long cells are broken into lines, between those of the cells beside them.
    short = [cell for cell in cells if len(cell) <= 6]
    assert len(short) > 100
    for words in (*captions, *short):
        assert "".join(words.split()) in whole, words
    # Every page names all pictures of the file.
    shown = {image.data for image in pages[0].images}
    assert len(shown) == len(document.inline_shapes)


def test_slides_of_a_brief_are_shown_whole(convert: Converter, province, tmp_path: Path):
    """LibreOffice makes a page of each slide, with all of its words."""
    if not office_has("libsdlo.so"):
        lacks("LibreOffice Impress", "install Debian's `libreoffice-impress-nogui`")
    brief = brief_of(parse_query("segment=separator&lang=zh", province).view, province)
    path = tmp_path / "brief.pptx"
    path.write_bytes(BRIEF_FORMATS["pptx"].write(brief))
    deck = Presentation(str(path))
    pages = PdfReader(convert(path, "pdf")).pages
    assert len(pages) == len(deck.slides)
    for page, slide in zip(pages, deck.slides, strict=True):
        found = "".join(page.extract_text().split())
        words = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        for table in (shape.table for shape in slide.shapes if shape.has_table):
            words += [cell.text for row in table.rows for cell in row.cells if len(cell.text) <= 6]
        for one in words:
            assert "".join(one.split()) in found, one
