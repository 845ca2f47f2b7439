"""Files that try to reach out: nothing is fetched, no other file is read, and a word says why."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from data.text import catalogue
from data.uploads.formats.crs_text import plain_crs
from data.uploads.limits import Limits, RefusedError
from data.uploads.sandbox import safely
from data.uploads.sandbox.safely import read_safely
from data.uploads.sandbox.turns import Reins, Turns
from data.uploads.sites.mapping import guess_mapping
from data.uploads.sites.reading import make_reading
from tests.hostile.conftest import SECRET
from tests.missing import lacks
from tests.readers import readers
from tests.waiting import until

ROOT = Path(__file__).parents[2]
LIMITS = Limits(seconds=30)
# Grid files, by path: PROJ opens them when a point is transformed.
GRIDS = 'GEOGCS["x",DATUM["x",SPHEROID["x",6378137,298.25],EXTENSION["PROJ4_GRIDS","{path}"]],\
PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'


def outcome(content, filename):
    """Return the table's text, or the refusal's words."""
    try:
        table = read_safely(content, filename, LIMITS)
    except RefusedError as error:
        return f"refused: {error}"
    return " ".join([table.frame.to_csv(), str(table.geometry), str(table.crs)])


def test_a_virtual_file_under_every_name(traps):
    text = f"""<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{traps.file}</SrcDataSource>
        <SrcDataSource>/vsicurl/http://{traps.address}/a.csv</SrcDataSource>
        <SrcSQL dialect="sqlite">SELECT load_extension('{traps.file}')</SrcSQL>
        </OGRVRTLayer></OGRVRTDataSource>"""
    for name in ("a.vrt", "a.geojson", "a.gpkg", "a.zip", "a.xlsx", "a.parquet"):
        assert outcome(text.encode(), name).startswith("refused")
    for name in ("a.kml", "a.csv"):
        assert SECRET not in outcome(text.encode(), name)


def test_kml_that_points_elsewhere(traps):
    text = f"""<kml xmlns:xi="http://www.w3.org/2001/XInclude"><Document>
        <NetworkLink><Link><href>http://{traps.address}/a.kml</href></Link></NetworkLink>
        <NetworkLink><Link><href>file://{traps.file}</href></Link></NetworkLink>
        <xi:include href="file://{traps.file}" parse="text"/>
        <Style><IconStyle><Icon><href>http://{traps.address}/i.png</href></Icon></IconStyle></Style>
        <Placemark><name>a</name><Point><coordinates>118,32</coordinates></Point></Placemark>
        </Document></kml>"""
    table = read_safely(text.encode(), "a.kml", LIMITS)
    assert table.frame["name"].tolist() == ["a"]
    assert "kml_links" in [one.code for one in table.notes]
    for system in (f"http://{traps.address}/x.dtd", f"file://{traps.file}"):
        entity = f'<!DOCTYPE k [<!ENTITY e SYSTEM "{system}">]><kml><name>&e;</name></kml>'
        assert "entities" in outcome(entity.encode(), "a.kml")


def geopackage(tmp_path, *statements):
    path = tmp_path / "a.gpkg"
    frame = gpd.GeoDataFrame({"a": ["x"]}, geometry=[shapely.Point(118, 32)], crs="EPSG:4326")
    frame.to_file(path, layer="good", driver="GPKG")
    with sqlite3.connect(path) as database:
        database.create_function("ST_IsEmpty", 1, lambda _: 0)
        for statement in statements:
            database.execute(statement)
    database.close()
    return path.read_bytes()


def test_a_geopackage_that_attaches_computes_and_loads(traps, tmp_path):
    trigger = (
        "CREATE TRIGGER t AFTER INSERT ON good BEGIN "
        f"SELECT load_extension('{traps.file}'), writefile('{traps.file}', 'x'); END"
    )
    assert outcome(geopackage(tmp_path, trigger), "a.gpkg").count("x")
    assert SECRET in traps.file.read_text()
    (tmp_path / "a.gpkg").unlink()
    # A column that is worked out while it is read: half a gigabyte a row.
    column = "ALTER TABLE good ADD COLUMN g AS (zeroblob(500000000)) VIRTUAL"
    assert outcome(geopackage(tmp_path, column), "a.gpkg").startswith("refused")


@pytest.mark.parametrize(
    "scheme", ["{pipe}", "/vsicurl/http://{address}/g.gsb", "http://{address}/g"]
)
def test_coordinate_systems_that_name_files(scheme, traps, tmp_path, province):
    path = scheme.format(pipe=traps.pipe, address=traps.address)
    proj4 = f"+proj=longlat +ellps=krass +nadgrids={path} +type=crs"
    with pytest.raises(RefusedError):
        plain_crs(proj4)
    wkt = GRIDS.format(path=path)
    quoted = proj4.replace("'", "")
    statement = (
        "INSERT INTO gpkg_spatial_ref_sys VALUES ('x', 77777, 'NONE', 77777, "  # noqa: S608
        f"'{quoted}', ''), ('y', 77778, 'NONE', 77778, '{wkt}', '')"
    )
    for srs in (77777, 77778):
        use = f"UPDATE gpkg_geometry_columns SET srs_id = {srs}"  # noqa: S608
        content = geopackage(tmp_path, "PRAGMA foreign_keys = OFF", statement, use)
        assert "Unknown coordinate system" in outcome(content, "a.gpkg")
        (tmp_path / "a.gpkg").unlink()
    table = pa.table({"geometry": [shapely.to_wkb(shapely.Point(118, 32))]})
    for crs in (proj4, wkt, {"type": "BoundCRS", "source_crs": proj4}):
        about = {
            "primary_column": "geometry",
            "columns": {"geometry": {"encoding": "WKB", "crs": crs}},
        }
        out = io.BytesIO()
        pq.write_table(table.replace_schema_metadata({"geo": json.dumps(about)}), out)
        assert outcome(out.getvalue(), "a.parquet").startswith("refused")


def test_a_shapefile_whose_projection_names_a_file(traps, tmp_path):
    frame = gpd.GeoDataFrame({"name": ["x"]}, geometry=[shapely.Point(118, 32)], crs="EPSG:4326")
    frame.to_file(tmp_path / "a.shp")
    for text in (
        GRIDS.format(path=traps.pipe),
        f"+proj=longlat +nadgrids={traps.pipe}",
        str(traps.pipe),
        f"http://{traps.address}/x",
    ):
        (tmp_path / "a.prj").write_text(text)
        (tmp_path / "a.cpg").write_text("punycode")
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for end in ("shp", "shx", "dbf", "prj", "cpg"):
                archive.write(tmp_path / f"a.{end}", f"a.{end}")
        found = outcome(out.getvalue(), "a.zip")
        assert "Unknown coordinate system" in found or found.endswith("None")


def test_a_workbook_whose_parts_lie_elsewhere(traps, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["name", "b"])
    book.active.append([f"='file://{traps.file}'#$A.A1", f'=WEBSERVICE("http://{traps.address}")'])
    book.active.append(["x", 1])
    book.save(tmp_path / "a.xlsx")
    for target in (f"http://{traps.address}/s.xml", f"file://{traps.file}", f"../..{traps.file}"):
        out = io.BytesIO()
        with zipfile.ZipFile(tmp_path / "a.xlsx") as old, zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                if name == "xl/_rels/workbook.xml.rels":
                    content = content.replace(b"/xl/worksheets/sheet1.xml", target.encode())
                    assert target.encode() in content
                new.writestr(name, content)
        assert SECRET not in outcome(out.getvalue(), "a.xlsx")
    assert SECRET not in outcome((tmp_path / "a.xlsx").read_bytes(), "a.xlsx")


def test_geojson_whose_coordinate_system_is_a_link(traps):
    link = {"type": "link", "properties": {"href": f"http://{traps.address}/crs", "type": "proj4"}}
    feature = {"type": "Feature", "properties": {"name": "x"}, "geometry": None}
    content = {"type": "FeatureCollection", "crs": link, "features": [feature]}
    outcome(json.dumps(content).encode(), "a.geojson")
    link["properties"] = {"name": f"+proj=longlat +nadgrids={traps.pipe}"}
    assert "Unknown coordinate" in outcome(json.dumps(content).encode(), "a.geojson")


def test_a_parquet_file_that_unpacks_a_thousandfold_and_one_that_pickles(traps):
    long = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000), pa.array(["x" * 1_000_000]))
    out = io.BytesIO()
    pq.write_table(pa.table({"a": long}), out)
    assert len(out.getvalue()) < 5_000_000
    assert outcome(out.getvalue(), "a.parquet").startswith("refused")
    # An extension type of old was unpickled when its schema was read.
    pickled = b"cos\nsystem\n(S'echo x > " + str(traps.pipe).encode() + b"'\ntR."
    marks = {"ARROW:extension:name": "arrow.py_extension_type", "ARROW:extension:metadata": pickled}
    field = pa.field("a", pa.string(), metadata=marks)
    out = io.BytesIO()
    pq.write_table(pa.table([pa.array(["x"])], schema=pa.schema([field])), out)
    assert "x" in outcome(out.getvalue(), "a.parquet")


SHAPES = {
    "bow tie": {
        "type": "Polygon",
        "coordinates": [[[118, 32], [119, 33], [119, 32], [118, 33], [118, 32]]],
    },
    "empty": {"type": "Polygon", "coordinates": []},
    "empty parts": {"type": "GeometryCollection", "geometries": []},
    "a ring of one point": {"type": "Polygon", "coordinates": [[[118, 32]] * 4]},
    "a collection": {
        "type": "GeometryCollection",
        "geometries": [
            {"type": "Point", "coordinates": [118.8, 32]},
            {"type": "LineString", "coordinates": [[118, 32], [118, 32]]},
        ],
    },
    "three numbers": {"type": "Point", "coordinates": [118.8, 32.0, 9e307]},
    "no numbers": {"type": "Point", "coordinates": ["118", None]},
    "far": {"type": "Point", "coordinates": [-1e300, 1e-300]},
    "no type": {"coordinates": [118, 32]},
    "good": {"type": "Point", "coordinates": [118.8, 32.05]},
}


def test_odd_shapes_give_points_or_faults_by_row(province):
    features = [
        {"type": "Feature", "properties": {"名称": name}, "geometry": shape}
        for name, shape in SHAPES.items()
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    table = read_safely(content, "a.geojson", LIMITS)
    mapping = guess_mapping(table.frame.columns, table.frame.head(500))
    reading = make_reading(table, mapping, province, "wgs84")
    assert len(reading.good) + len(reading.rejected) == len(SHAPES)
    assert "good" in reading.good["name_zh"].tolist()
    for fault in reading.faults:
        assert fault.row in table.frame.index
        assert fault.expected("zh")


def test_every_refusal_says_how_to_mend_it():
    """A refusal is two sentences: what is wrong, and what to do."""
    codes = set()
    for path in (ROOT / "data" / "uploads").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        codes |= set(re.findall(r"""RefusedError\(\s*"([a-z_0-9]+)\"""", text))
    assert len(codes) > 30
    by_choice = {"needs_place", "needs_crs", "needs_name", "needs_datum"}  # they name the choice
    for code in codes - by_choice:
        assert ". " in catalogue("en")[f"intake.{code}"], code
        assert "。" in catalogue("zh")[f"intake.{code}"], code


def test_a_killed_worker_hurts_nobody_else(tmp_path):
    rows = b"a,b\n" + b"1,2\n" * 90_000
    found = []

    def read(content):
        try:
            found.append(len(read_safely(content, "a.csv", LIMITS).frame))
        except RefusedError as error:
            found.append(error.note.code)

    thread = threading.Thread(target=read, args=(rows,))
    thread.start()
    until(readers)
    readers()[0].kill()
    thread.join()
    assert found == ["worker_fell"]
    read(b"a,b\n1,2\n")
    assert found[1:] == [1]


def test_only_so_many_read_at_once(monkeypatch):
    turns = Turns(1)
    monkeypatch.setattr(safely, "_turns", turns)
    refused = pytest.raises(RefusedError, match="Others are reading")
    with turns.turn(1.0, Reins()), refused:
        read_safely(b"a,b\n1,2\n", "a.csv", Limits(seconds=0.2))
    assert len(read_safely(b"a,b\n1,2\n", "a.csv").frame) == 1


CAGED = """
import ctypes, os, sys
from pathlib import Path
from data.uploads.sandbox.cage import cut_network, keep_to, libraries
from data.uploads.formats.recognition import FORMATS
import socket
for one in FORMATS:
    one.load()
folder, secret, port = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
if not (cut_network() and keep_to(folder, libraries())):
    sys.exit(77)
kernel = ctypes.CDLL(None, use_errno=True)
assert kernel.open(secret.encode(), os.O_RDONLY) == -1, "read"
assert kernel.open(secret.encode(), os.O_WRONLY) == -1, "write"
assert kernel.open(b"/etc/passwd", os.O_RDONLY) == -1, "passwd"
assert kernel.unlink(secret.encode()) == -1, "unlink"
(folder / "own").write_text("x")
with socket.socket() as probe:
    assert probe.connect_ex(("127.0.0.1", port)) != 0, "connect"
import geopandas.io.arrow, pyarrow.parquet, pyogrio, openpyxl
"""


def test_the_cage_holds_below_python(traps, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    port = traps.address.split(":")[1]
    done = subprocess.run(
        [sys.executable, "-c", CAGED, str(own), str(traps.file), port],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode == 77:
        lacks("Landlock and namespaces of the kernel", "a Linux of 5.13 or newer has them")
    assert done.returncode == 0, done.stderr
