"""Whatever the view, every format gives back the same features, and every drawing is drawn."""

from __future__ import annotations

import io
import json
import tempfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
from hypothesis import given, settings
from hypothesis import strategies as st

from data.loader import default_province_id, load_province
from layers.catalogue import overlay_ids
from layers.compose import compose
from layers.specification.view import View
from layers.tables.view_tables import combined, view_tables
from tests.contract.test_exporters import same_features, written
from tests.unit.test_selection import selections

PROVINCE = load_province(default_province_id())

overlays = st.sets(st.sampled_from(overlay_ids(PROVINCE)))
generated = st.builds(
    lambda selection, shown, language: View(
        PROVINCE.id,
        selection=selection,
        overlays=tuple(name for name in overlay_ids(PROVINCE) if name in shown),
        language=language,
    ),
    selections,
    overlays,
    st.sampled_from(["zh", "en"]),
)


@settings(max_examples=25, deadline=None)
@given(generated)
def test_generated_views_read_back(view):
    """Every tabular format gives back the same features, whatever the view."""
    spec = compose(view, PROVINCE)
    tables = view_tables(spec, PROVINCE)
    wanted = combined(tables)
    collection = json.loads(written("geojson", spec, PROVINCE))
    same_features(gpd.GeoDataFrame.from_features(collection, crs="EPSG:4326"), wanted)
    same_features(gpd.read_parquet(io.BytesIO(written("parquet", spec, PROVINCE))), wanted)
    rows = pd.read_csv(io.BytesIO(written("csv", spec, PROVINCE)), dtype={"id": str})
    assert rows["id"].tolist() == wanted["id"].tolist()
    workbook = openpyxl.load_workbook(io.BytesIO(written("xlsx", spec, PROVINCE)))
    assert workbook["data_cities"].max_row == 14
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "view.gpkg"
        path.write_bytes(written("gpkg", spec, PROVINCE))
        for name, table in tables.spatial.items():
            assert len(pyogrio.read_dataframe(path, layer=name)) == len(table)


@settings(max_examples=6, deadline=None)
@given(generated)
def test_generated_views_are_drawn(view):
    spec = compose(view, PROVINCE)
    for name in ("png", "svg", "pdf", "pptx", "html"):
        assert len(written(name, spec, PROVINCE)) > 10_000
