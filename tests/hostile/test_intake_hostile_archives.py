"""Archives of strangers: links, ways out of the folder, bombs and lies are refused."""

from __future__ import annotations

import stat
import zipfile

import geopandas as gpd
import pytest
import shapely

from data.uploads.limits import Limits
from data.uploads.sandbox.safely import read_safely
from tests.hostile.files import MEGABYTE, refused, zipped


def test_a_vrt_inside_a_zip_is_not_read():
    refused(zipped(("a.vrt", "<OGRVRTDataSource/>")), "a.zip", "0 shapefiles")


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("../a.shp", "outside its folder"),
        ("/etc/a.shp", "outside its folder"),
        ("x/../../a.shp", "outside its folder"),
        ("C:\\a.shp", "outside its folder"),
        ("inner.zip", "another archive"),
        ("inner.tar", "another archive"),
    ],
)
def test_members_of_archives(name, match):
    refused(zipped((name, b"x")), "a.zip", match)


def test_a_shapefile_deep_in_folders(tmp_path):
    frame = gpd.GeoDataFrame({"name": ["x"]}, geometry=[shapely.Point(118, 32)], crs="EPSG:4326")
    frame.to_file(tmp_path / "a.shp")
    parts = [(f"{'d/' * 500}{one.name}", one.read_bytes()) for one in tmp_path.iterdir()]
    assert read_safely(zipped(*parts), "a.zip").frame["name"].tolist() == ["x"]
    refused(zipped(*parts, *((f"{at}.txt", "") for at in range(2000))), "a.zip", "at most 2000")


def test_files_of_two_kinds_at_once(tmp_path):
    """What starts as one format and ends as another is read as what its name says, or not."""
    archive = zipped(("a.shp", b"x"), ("a.shx", b"x"), ("a.dbf", b"x"))
    refused(b"<html><script>1</script></html>" + archive, "a.zip", "not that of a .zip")
    refused(b"%PDF-1.4\n" + archive, "a.zip", "not that of a .zip")
    table = read_safely(b"GIF89a,b\n1,2\n", "a.csv")
    assert list(table.frame.columns) == ["GIF89a", "b"]


def test_a_link_in_an_archive():
    link = zipfile.ZipInfo("a.shp")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    refused(zipped((link, "/etc/passwd")), "a.zip", "link or a device")


def test_zip_bombs():
    parts = [(f"a{end}", bytes(30 * MEGABYTE)) for end in (".shp", ".shx", ".dbf")]
    refused(zipped(*parts), "a.zip", "more than 200 times")
    generous = Limits(seconds=20, unpack_ratio=10_000, unpacked_bytes=40 * MEGABYTE)
    refused(zipped(*parts), "a.zip", "more than 40 MB", generous)


def test_a_zip_that_lies_about_its_size():
    content = bytearray(zipped(("a.shp", bytes(8 * MEGABYTE)), ("a.shx", b"x"), ("a.dbf", b"x")))
    for magic, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = content.index(magic) + offset
        content[at : at + 4] = (100).to_bytes(4, "little")
    refused(bytes(content), "a.zip", "broken|more than|Not readable")
