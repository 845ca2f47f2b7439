"""The command says in one line what is wrong with a template, and what a good one lacks."""

from __future__ import annotations

import pytest
from docx import Document
from pptx import Presentation

from data.text import LANGUAGES, say
from layers.command.cli import main
from tests.contract.office_files import a_template, saved
from tests.places import PLACES

pytestmark = pytest.mark.usefixtures("home_at_hand")


def command(tmp_path, output: str, template: str, *more: str, language: str = "en") -> int:
    query = f"city={PLACES.hub.slug}&lang={language}"
    paths = ("-o", str(tmp_path / output), "--template", str(tmp_path / template))
    return main(["brief", query, *paths, "--parts", "answer", *more])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("ending", "house", "lacks"),
    [("docx", Document, "template.no_place"), ("pptx", Presentation, "template.no_frame")],
)
def test_what_a_template_lacks_is_said(tmp_path, capsys, language, ending, house, lacks):
    (tmp_path / f"house.{ending}").write_bytes(saved(house()))
    assert command(tmp_path, f"brief.{ending}", f"house.{ending}", language=language) == 0
    said = capsys.readouterr()
    place = say("template_place.brief", language)
    values = {"layout": "Title Only", "place": place} if ending == "pptx" else {}
    assert say(lacks, language, **values) in said.err
    assert said.out == f"{tmp_path / f'brief.{ending}'}\n"


@pytest.mark.parametrize(
    ("output", "template", "words"),
    [
        ("brief.pdf", "house.docx", "`--template`: PDF takes no template; write docx or pptx"),
        ("brief.docx", "list.csv", "`--template`: unknown value 'list.csv'; choose from FILE.docx"),
        ("brief.docx", "list.csv", "FILE.pptx"),
        (
            "brief.pptx",
            "house.docx",
            "`--template`: unknown value 'house.docx'; choose from FILE.p",
        ),
        ("brief.docx", "missing.docx", "cannot read"),
    ],
)
def test_a_template_that_cannot_be_taken_is_one_line(tmp_path, capsys, output, template, words):
    for name in ("house.docx", "list.csv"):
        (tmp_path / name).write_bytes(saved(a_template()))
    assert command(tmp_path, output, template) == 1
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert not (tmp_path / output).exists()


def test_briefs_of_each_city_are_no_single_file(tmp_path, capsys):
    path = tmp_path / "brief.docx"
    assert main(["brief", "lang=en", "--each-city", "-o", str(path), "--parts", "answer"]) == 1
    assert "with --each-city it is a folder" in capsys.readouterr().err
    assert not path.exists()
