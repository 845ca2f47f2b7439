"""The real LibreOffice reads what leaves the atlas, and writes what comes into it."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from data.uploads.sandbox.safely import read_safely
from layers.catalogue import overlay_ids
from layers.compose import compose
from layers.exports import all_exporters
from layers.paper.sheet import PaperOptions
from layers.specification.view import View
from tests.hostile.corpus import CORPUS, FORMULAS, hostile_province
from tests.missing import lacks

CALC = Path("/usr/lib/libreoffice/program/libsclo.so")
CSV_IN_UTF8 = "--infilter=CSV:44,34,76,1"
TIMEOUT_S = 180

Converter = Callable[..., Path]


@pytest.fixture(scope="module")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Converter:
    """What has LibreOffice write a file anew in another format, beside it."""
    if shutil.which("soffice") is None or not CALC.exists():
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
