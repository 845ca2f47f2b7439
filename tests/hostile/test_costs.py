"""What a stranger's cell or shape costs the server grows as it does, and no faster.

Files are read in a process with limits of its own. What follows on what it has read runs in the
server: this is held to functions and patterns that read each character or vertex a few times.
"""

from __future__ import annotations

import ast
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from data.uploads.formats.raw_table import RawTable, shaped_table
from data.uploads.limits import Limits
from data.uploads.sandbox.safely import read_safely
from data.uploads.sites.mapping import FIELDS, Mapping, guess_mapping
from data.uploads.sites.reading import make_reading
from data.uploads.sites.vocabulary import bare

UPLOADS = Path(__file__).parents[2] / "data" / "uploads"
READER_ONLY = {
    *(
        "worker",
        "cage",
        "archive",
        "arrow_values",
        "cells",
        "columnar",
        "delimited",
        "feature_collection",
    ),
    *("geopackage", "headings", "kml", "large", "large_parquet", "workbook"),
    *("archive_layers", "dbase", "heading_rows", "mended_kml", "merged_cells", "old_workbook"),
    *("other_json", "shapefile", "sheets", "total_rows"),
}
"""Modules that run inside the reader's process alone."""
PATTERNS = {
    "amount_text": {
        # Held against 100 characters at most.
        r"(?:\u5de6\u53f3|\u4ee5\u4e0a|\u4f59|\+)$",
        r"([-+]?(?:\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d+)?)\s*([^\d\s,.~\-\u201"
        r"3\u2014].*)?",
        r"[(\[](.*?)[)\]]",
        r"[, ]",
    },
    "attributes": {
        r"[;,\u3001\uff0c\uff1b/|]+",
        # Held against 200 characters at most.
        r"[\(\[\uff08\u3010](.*?)[\)\]\uff09\u3011]",
    },
    "column_values": {
        r"[-+]?[\d,]+(?:\.\d+)?(?:e[-+]?\d+)?%?",
        r"[\s'\u2019`,]+",
        r"[\u4e00-\u9fff]",
        r"\d{6}(?:\d{3}|\d{6})?(?:\.0+)?|\d(?:\.\d+)?e\+?0?(?:5|8|1[01])",
    },
    "coordinate_text": {
        # Held against 120 characters at most.
        r" ?([dms]) ?",
        r"""''|\u2032\u2032|\u2019\u2019|[\"\u2033\u201c\u201d\u79d2\u3003]""",
        r"(.*?[ew]) *(.*[ns])|(.*?[ns]) *(.*[ew])",
        r"(?:s|\d d?) ?s$",
        r"(\d{2,3})(\d{2})(\d{2}(?:\.\d{1,6})?)",
        r"['\u2032\u2018\u2019\u00b4`\u5206]|min(?:utes?)?",
        r"[()\[\]{}\"=:]",
        r"[,;\u3001/|]",
        r"[-+]?\d{1,9}(?:\.\d{0,15})?(?:e[-+]?\d{1,2})?",
        r"[\u00b0\u00ba\u02da\u5ea6\u2218]|deg(?:rees?)?",
        r"[\u4e1c\u5317\u897f\u5357]?[\u7ecf\u7eac]\u5ea6? *[:=]?",
        r"\d \d",
        r"\d{1,3},\d{1,12}",
        r"\s+",
        r"longitude|latitude|lon|lng|lat|wgs ?84|gcj ?02|cgcs ?2000|srid=\d+;",
        r"point *(?:z|m|zm)? *\( *([-+\d.e]+) +([-+\d.e]+)(?: +[-+\d.e]+){0,2} *\)",
        r"s ?\d",
    },
    "crs_text": {
        r"grids|parameterfile|\+init|\+file|pipeline|boundcrs|abridgedtransformation|extension\s*\["
        r"|://|/vsi",
        r'"\$schema"\s*:\s*"https://proj\.org/[\w./-]*"',
    },
    "heading_words": {
        r"(?<=[a-z])(?=[A-Z])",
        r"[^a-z0-9]+",
    },
    "limits": {
        "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
        "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]",
    },
    "safely": {r"reading|writing|read [01]\.\d\d"},
    "status_text": {
        # Held against 100 characters at most.
        r"[(\[\u3010](.*?)[)\]\u3011]",
        r"[\s,;/|\u3001]+",
    },
    "uploaded_file": {r"0\d+"},
    "vocabulary": {r"[\W_]+", r"\s+"},
    "year_text": {
        # Held against 60 characters at most.
        r"(?<!\d)(\d{4})(?!\d)",
        r"(\d{4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])?(?:\.0)?",
        r"(\d{4})(?!\d)",
        r"(\d{5})(?:\.\d+)?",
        r"['\u2019]?(\d{2})(?:\u5e74.*|[-/.]\d{1,2}[-/.]\d{1,2})?",
        r"\d{1,2}[-/.]\d{1,2}[-/.](\d{2})",
        r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}",
        r"(?<!\d)(\d{2})\u5e74",
        r"\d{4}\u5e74?\s*[-~/\u2013\u2014\u81f3\u5230]+\s*(?:1[3-9]|[2-9]\d)(?!\d)",
    },
}
"""The patterns of the other modules. None has two repeats that can match the same characters."""
GEOMETRY = {
    *("GeometryType", "Point", "bounds", "contains", "contains_xy", "distance"),
    *("errors", "force_2d", "from_wkb", "get_num_coordinates", "get_type_id", "is_missing"),
    *(
        "point_on_surface",
        "points",
        "prepare",
        "Geometry",
        "nearest_points",
        "polygons",
        "box",
        "boundary",
        "get_coordinates",
    ),
}
"""What those modules take of shapely: of strangers' shapes they see points alone."""
COSTLY = {"make_valid", "buffer", "union_all", "unary_union", "intersection", "difference"}
MATCHING = {"compile", "match", "fullmatch", "search", "sub", "split", "findall", "extract"}

CELLS: dict[str, Callable[[int], str]] = {
    "brackets that open": lambda n: "(" * n,
    "brackets of every kind": lambda n: "([\uff08\u3010" * (n // 4),
    "brackets that close": lambda n: "(a" * (n // 4) + "b)" * (n // 4),
    "digits and a line": lambda n: "1" * (n - 1) + "\n",
    "digits and a letter": lambda n: "1," * (n // 2) + "x",
    "separators": lambda n: ";," * (n // 2),
    "spaces": lambda n: "a" + " " * (n - 2) + "b",
    "suffixes": lambda n: "\u5e02\u533a" * (n // 2),
    "letters of two sizes": lambda n: "aA" * (n // 2),
    "signs that unfold": lambda n: "\ufdfa" * n,
}
SHORT, TIMES = 450, 8
MOST = TIMES**1.5
"""As far from what grows with the length (8 times) as from what grows with its square (64)."""
NOISE_S = 0.1


def cost(act: Callable[[], object]) -> float:
    """Return the least processor time of three tries, in seconds."""
    found = []
    for _ in range(3):
        before = time.process_time()
        act()
        found.append(time.process_time() - before)
    return min(found)


def grows_as_its_input(make: Callable[[int], Callable[[], object]], short: int = SHORT) -> None:
    few, many = cost(make(short)), cost(make(short * TIMES))
    assert many <= MOST * few + NOISE_S


@pytest.mark.parametrize("kind", CELLS)
def test_cells_of_every_field(province, kind):
    mapping = Mapping(tuple((field, field) for field in FIELDS))

    def read(length: int) -> Callable[[], object]:
        cells = [f"{row}{CELLS[kind](length)}"[:length] for row in range(10)]
        turned = [f"{CELLS[kind](length)}{row}"[-length:] for row in range(10)]
        rows = pd.RangeIndex(2, 22, name="row")
        frame = pd.DataFrame(dict.fromkeys(FIELDS, cells + turned), index=rows, dtype=object)
        return lambda: make_reading(RawTable(frame, "CSV"), mapping, province, "wgs84")

    grows_as_its_input(read)


@pytest.mark.parametrize("kind", CELLS)
def test_headings(kind):
    def guess(length: int) -> Callable[[], object]:
        names = [f"{at}{CELLS[kind](length)}" for at in range(20)]
        sample = pd.DataFrame({name: ["118.8", "x"] for name in names})
        return lambda: guess_mapping(names, sample)

    grows_as_its_input(guess)


def test_words_in_brackets_are_left_out():
    assert bare("Xi (Hu [x]) District") == "xidistrict"
    assert bare("Xi)(Hu") == "xihu"
    assert bare("西\uff08湖\uff09区\u3010x\u3011") == "西区"


def star(vertices: int) -> shapely.Polygon:
    """A ring whose edges all cross each other."""
    turn = 2 * np.pi * (vertices // 2 - 1) / vertices
    angles = np.arange(vertices) * turn
    return shapely.Polygon(np.c_[118.8 + np.cos(angles) / 100, 32.05 + np.sin(angles) / 100])


def comb(vertices: int) -> shapely.Polygon:
    """Two combs laid across each other: crossings grow with the square of the vertices."""
    along = np.linspace(0, 0.01, vertices // 2)
    teeth = np.where(np.arange(vertices // 2) % 2, 0.01, 0.0)
    ring = np.r_[np.c_[along, teeth], np.c_[teeth[::-1], along[::-1]]]
    return shapely.Polygon(ring + np.array([118.8, 32.05]))


@pytest.mark.parametrize("shape", [star, comb])
def test_shapes_that_cross_themselves(shape):
    def place(vertices: int) -> Callable[[], object]:
        shapes, frame = [shape(vertices + 1)] * 50, pd.DataFrame(index=range(50))
        return lambda: shaped_table(frame, "GeoJSON", None, shapes, None, Limits())

    grows_as_its_input(place, 2_000)


@pytest.mark.parametrize("shape", [star, comb])
def test_a_small_file_of_such_a_shape_is_read_like_any_other(province, shape):
    feature = {"type": "Feature", "properties": {"name": "x"}, "geometry": None}
    feature["geometry"] = shapely.geometry.mapping(shape(3_001))
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    table = read_safely(content, "a.geojson")
    assert table.geometry.geom_type.tolist() == ["Point"]
    reading = make_reading(table, Mapping((("name_zh", "name"),)), province, "wgs84")
    assert [len(reading.good), len(reading.rejected)] == [1, 0]


def calls() -> list[tuple[str, ast.Call]]:
    """Return what the modules call that run in the server, with the module's name."""
    return [
        (path.stem, node)
        for path in sorted(UPLOADS.rglob("*.py"))
        if path.stem not in READER_ONLY
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]


def matches(called: ast.expr) -> bool:
    """Whether a function takes a pattern: one of ``re``, or of a column's texts."""
    if not isinstance(called, ast.Attribute) or called.attr not in MATCHING:
        return False
    owner = called.value
    return (isinstance(owner, ast.Name) and owner.id == "re") or (
        isinstance(owner, ast.Attribute) and owner.attr == "str"
    )


def test_every_pattern_of_the_server_was_looked_through():
    found: dict[str, set[str]] = {}
    for module, node in calls():
        first = node.args[0] if node.args else None
        if matches(node.func) and isinstance(first, ast.Constant):
            found.setdefault(module, set()).add(first.value)
    assert found == PATTERNS


def test_no_costly_function_of_geometry_is_called_on_a_strangers_shape():
    allowed = {("datum_evidence", "union_all")}  # Of the province's own areas.
    found = {
        (module, node.func.attr)
        for module, node in calls()
        if isinstance(node.func, ast.Attribute) and node.func.attr in COSTLY
    }
    assert found == allowed
    taken = {
        node.func.attr
        for _, node in calls()
        if isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "shapely"
    }
    assert taken <= GEOMETRY
