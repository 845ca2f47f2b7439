"""Workbooks of other programs, packed KML and zipped tables are refused or bounded as the rest."""

from __future__ import annotations

import json

import pytest

from data.uploads.limits import Limits, RefusedError
from data.uploads.sandbox.safely import read_safely
from tests.hostile.files import MEGABYTE, refused, zipped

ODS = (
    '<?xml version="1.0"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    "<office:body><office:spreadsheet><table:table table:name='a'>{}</table:table>"
    "</office:spreadsheet></office:body></office:document-content>"
)
REPEATED = (
    '<table:table-row table:number-rows-repeated="1000000000"><table:table-cell'
    ' table:number-columns-repeated="16000" office:value-type="string"><text:p>x</text:p>'
    "</table:table-cell></table:table-row>"
)
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/"'
    ' manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)
KML = "<kml><Document>{}</Document></kml>"
PLACE = "<Placemark><name>x</name><Point><coordinates>118.8,32</coordinates></Point></Placemark>"


def ods(rows: str, start: str = "") -> bytes:
    return zipped(
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", MANIFEST),
        ("content.xml", start + ODS.format(rows)),
    )


def test_a_sheet_of_repeated_cells():
    with pytest.raises(RefusedError):
        read_safely(ods(REPEATED), "a.ods")


def test_entities_in_a_sheet():
    refused(ods("", '<!DOCTYPE a [<!ENTITY b "c">]>'), "a.ods", "entities")


def test_a_bomb_of_a_sheet():
    refused(ods(" " * 300 * MEGABYTE), "a.ods", "unpacks to more than")


@pytest.mark.parametrize("name", ["a.xls", "a.et"])
@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0", b"\xd0\xcf\x11\xe0" + bytes(9999)])
def test_old_workbooks_that_are_none(name, content):
    refused(content, name, "Not readable as")


def test_a_page_under_the_ending_of_a_workbook():
    refused(b"<html><script>1</script><table></table></html>", "a.xls", "web page")


def test_packed_kml():
    assert len(read_safely(zipped(("doc.kml", KML.format(PLACE))), "a.kmz").frame) == 1
    refused(zipped(("a.txt", "x")), "a.kmz", "not that of a .kmz")
    refused(zipped(("../doc.kml", KML.format(PLACE))), "a.kmz", "outside its folder")
    refused(zipped(("doc.kml", " " * 300 * MEGABYTE)), "a.kmz", "unpacks to more than")
    hidden = KML.format("<description>a <b> & <!DOCTYPE x [<!ENTITY y 'z'>]></description>" + PLACE)
    assert len(read_safely(hidden.encode(), "a.kml").frame) == 1
    start = "<!DOCTYPE x [<!ENTITY y 'z'>]>"
    refused((start + KML.format(PLACE)).encode(), "a.kml", "entities")
    refused((start + KML.format("<description>a<br></description>")).encode(), "a.kml", "entities")


def test_zipped_tables():
    table = read_safely(zipped(("b/表.csv", "名称,市\n甲,x\n")), "a.zip")
    assert table.frame["名称"].tolist() == ["甲"]
    refused(zipped(("a.csv", b"\x89PNG")), "a.zip", "not that of a .csv")
    refused(zipped(("a.xlsx", "x")), "a.zip", "not that of a .xlsx")
    refused(zipped(("..\\a.csv", "a\n1\n")), "a.zip", "outside its folder")


@pytest.mark.parametrize("deep", ['{"a":' * 100 + "1" + "}" * 100, "[" * 9999 + "]" * 9999])
def test_records_that_are_deep(deep):
    refused(f"[{deep}]".encode(), "a.json", "nested deeper")


def test_records_are_counted():
    rows = json.dumps([{"name": "x"}] * 3).encode()
    refused(rows, "a.json", "rows", limits=Limits(rows=2))
