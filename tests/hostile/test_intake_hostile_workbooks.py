"""Workbooks of strangers: entities, cells without end, links and formulas do no harm."""

from __future__ import annotations

import io
import zipfile

import openpyxl

from data.uploads.limits import Limits
from data.uploads.sandbox.safely import read_safely
from tests.hostile.files import MEGABYTE, SMALL, refused


def workbook_with(tmp_path, replace):
    book = openpyxl.Workbook()
    book.active.append(["名称", "b"])
    book.active.append(["甲", 2])
    book.save(tmp_path / "a.xlsx")
    out = io.BytesIO()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, replace(name, old.read(name)))
    return out.getvalue()


def test_a_workbook_with_an_entity_bomb(tmp_path):
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'

    def replace(name, content):
        return bomb + content[content.index(b"<work") :] if name == "xl/workbook.xml" else content

    refused(workbook_with(tmp_path, replace), "a.xlsx", "document type or entities")


def test_a_workbook_whose_entities_hide_in_utf_16(tmp_path):
    def replace(name, content):
        if name != "xl/worksheets/sheet1.xml":
            return content
        return '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x []><a/>'.encode("utf-16")

    refused(workbook_with(tmp_path, replace), "a.xlsx", "document type or entities")


def test_a_workbook_with_a_cell_in_the_last_corner(tmp_path):
    def replace(name, content):
        if name != "xl/worksheets/sheet1.xml":
            return content
        far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        return content.replace(b"</sheetData>", far)

    table = read_safely(workbook_with(tmp_path, replace), "a.xlsx", SMALL)
    assert table.frame["b"].tolist() == [2]


SHARED = (
    b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
)


def with_shared_strings(tmp_path, strings):
    """A workbook whose strings are ``strings``, told by its list of parts as well."""
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'

    def replace(name, content):
        return content.replace(b"</Types>", part) if name == "[Content_Types].xml" else content

    out = io.BytesIO(workbook_with(tmp_path, replace))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", SHARED + strings + b"</sst>")
    return out.getvalue()


def test_a_workbook_with_millions_of_shared_strings(tmp_path):
    strings = b"".join(b"<si><t>%x</t></si>" % (at * 2654435761) for at in range(1_500_000))
    tight = Limits(seconds=10, memory_bytes=600 * MEGABYTE)
    refused(with_shared_strings(tmp_path, strings), "a.xlsx", "memory|longer than|broken", tight)


def test_a_workbook_with_a_million_merged_cells(tmp_path):
    merged = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (at, at) for at in range(2, 1_000_002))

    def replace(name, content):
        if name != "xl/worksheets/sheet1.xml":
            return content
        end = b"</sheetData><mergeCells>" + merged + b"</mergeCells>"
        return content.replace(b"</sheetData>", end)

    content = workbook_with(tmp_path, replace)
    assert len(content) > MEGABYTE
    refused(content, "a.xlsx", "more than 50000 merged cells")


def test_a_workbook_with_external_links_and_formulas(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append(["='http://127.0.0.1:9/[x.xlsx]S'!A1", '=WEBSERVICE("http://127.0.0.1:9")'])
    book.active.append(["x", 1])
    book.save(tmp_path / "a.xlsx")
    table = read_safely(tmp_path / "a.xlsx", "a.xlsx")
    assert table.frame["b"].tolist() == [1.0]
