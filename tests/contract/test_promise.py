"""What a map draws is what every data file holds: layer by layer, in the order of the map."""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from PIL import Image
from pptx import Presentation
from python_calamine import CalamineWorkbook

from clusters.area_of_interest import AreaOfInterest
from clusters.own_province import with_own_data
from clusters.selection import Selection
from data.loader import Province, default_province_id, load_province
from data.own.own_counts import OwnPoints
from data.own.own_source import own_sites, with_own_sites
from data.register.build import register_from_table
from data.uploads.sandbox.safely import read_safely
from data.uploads.sites.mapping import guess_mapping
from data.uploads.sites.reading import make_reading
from layers import catalogue
from layers.catalogue import all_layers
from layers.compose import compose
from layers.exports import all_exporters
from layers.exports.gpkg import STACKS
from layers.exports.workbook_file import TWIN_PREFIX
from layers.ogc.collections import collections_of
from layers.paper.sheet import PaperOptions
from layers.points.points_asked import PointsAsked, with_asked
from layers.specification.ground_tables import GROUND
from layers.specification.map_spec import GeometryId, MapLayer, MapSpec
from layers.specification.view import SCORE, View
from layers.web.offline_page import offline_page
from tests.home import home
from tests.synthetic import COLUMNS, synthetic_table, with_synthetic_places
from tests.unit.test_own import TEXT

pytestmark = pytest.mark.usefixtures("forked_readers")

DATA = sorted(name for name, one in all_exporters().items() if one.kind == "data")
LAYERS = all_layers(home())
GEOMETRIES: tuple[GeometryId, ...] = (
    "neighbours",
    "cities",
    "counties",
    "sites",
    "catchments",
    "road_catchments",
    "area_of_interest",
    "footprints",
    "hexagons",
)
SYNTHETIC = '''
"""Mark every third county: a layer that only a test knows."""

import pandas as pd

from layers.specification.map_spec import Area, LegendEntry, SymbolClass
from layers.specification.scene import CatalogueLayer, Drawn

MARK = Area(fill="#12CD34")


def _draw(scene):
    marked = tuple(int(adcode) for adcode in scene.province.counties.index[::3])
    return Drawn(
        classes=(SymbolClass("synthetic mark", MARK, marked),),
        legend=(LegendEntry("synthetic mark", MARK),),
        sources=(scene.province.settings.boundary_source,),
        values=tuple((adcode, f"synthetic value {adcode}") for adcode in marked),
    )


def _columns(spec, province):
    index = province.counties.index
    return pd.DataFrame({"synthetic_number": range(1, 1 + len(index))}, index=index)


LAYER = CatalogueLayer(
    id="synthetic-counties",
    title=lambda scene: "synthetic counties",
    order=44,
    geometry="counties",
    draw=_draw,
    switchable=True,
    in_tooltip=True,
    columns=_columns,
)
'''


@dataclass(frozen=True, eq=False)
class Case:
    """A map and what its data files hold: records by geometry, without their empty cells."""

    spec: MapSpec
    province: Province

    @cached_property
    def layers(self) -> dict[str, MapLayer]:
        return {layer.id: layer for layer in self.spec.layers}

    @cache  # noqa: B019
    def written(self, name: str) -> bytes:
        return all_exporters()[name].write(self.spec, self.province, PaperOptions())

    @cache  # noqa: B019
    def records(self, name: str) -> dict[str, dict[str, dict[str, Any]]]:
        """Return the records by geometry and feature id, as they stand in the file."""
        tables = READERS[name](self.written(name), self.spec)
        return {
            geometry: {str(row.get("id", row.get("adcode"))): row for row in rows}
            for geometry, rows in tables.items()
        }


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(key): value for key, value in row.items() if not pd.isna(value)}
        for row in table.drop(columns="geometry", errors="ignore").to_dict("records")
    ]


def by_layer(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    names = dict.fromkeys(row["layer"] for row in rows)
    return {name: [row for row in rows if row["layer"] == name] for name in names}


def from_csv(content: bytes, spec: MapSpec) -> dict[str, list[dict[str, Any]]]:
    del spec
    heads = pd.read_csv(io.BytesIO(content), nrows=0).columns
    text = {head: str for head in heads if head == "id" or head.startswith(("class_", "value_"))}
    return by_layer(rows_of(pd.read_csv(io.BytesIO(content), dtype=text, low_memory=False)))


def from_geopackage(content: bytes, spec: MapSpec) -> dict[str, list[dict[str, Any]]]:
    del spec
    listed = [str(name) for name, kind in pyogrio.list_layers(content) if kind is not None]
    # Counts of areas are drawn by no layer feature by feature.
    names = [name for name in listed if name != STACKS]
    return {name: rows_of(pyogrio.read_dataframe(content, layer=name)) for name in names}


def from_workbook(content: bytes, spec: MapSpec) -> dict[str, list[dict[str, Any]]]:
    del spec
    titles = {f"{TWIN_PREFIX}{name}": name for name in GEOMETRIES}
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    found = {}
    for title in book.sheet_names:
        if title in titles:
            heads, *rows = book.get_sheet_by_name(title).to_python()
            table = pd.DataFrame([map(cell_of, row) for row in rows], columns=heads, dtype=object)
            found[titles[title]] = rows_of(table)
    return found


def cell_of(cell: Any) -> Any:
    """Return a cell as programs take it: no text for an empty one, whole numbers as such."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return None if cell == "" else cell


READERS = {
    "csv": from_csv,
    "geojson": lambda content, _: by_layer(
        [found["properties"] for found in json.loads(content)["features"]]
    ),
    "gpkg": from_geopackage,
    "parquet": lambda content, _: by_layer(rows_of(gpd.read_parquet(io.BytesIO(content)))),
    "xlsx": from_workbook,
}


def with_synthetic_own_sites(province: Province) -> Province:
    table = read_safely(TEXT.encode(), "list.csv")
    mapping = guess_mapping(table.frame.columns, table.frame)
    reading = make_reading(table, mapping, province, "wgs84", defaults={"kind": "plant"})
    return with_own_sites(province, [own_sites(reading, "list.csv", dt.date(2026, 11, 1))])


@cache
def cases() -> dict[str, Case]:
    """Return maps that draw every layer of the catalogue between them."""
    province = with_synthetic_own_sites(with_synthetic_places(home()))
    county = province.counties.index[0]
    overlays = tuple(layer.id for layer in LAYERS if layer.switchable)
    city = int(province.counties.at[county, "city_adcode"])
    every = {"overlays": overlays, "profile": city}
    asked = Selection(statuses=frozenset({"operating"}))
    around = Selection(area=AreaOfInterest("circle", ((31.8, 119.97),), 40.0))
    return {
        "a measure": Case(
            compose(View(province.id, theme="location-quotient", **every), province), province
        ),
        "the ranking": Case(
            compose(
                View(province.id, theme=SCORE, county=int(county), language="en", **every), province
            ),
            province,
        ),
        "a filter": Case(
            compose(View(province.id, selection=asked, overlays=("sites", "counties")), province),
            province,
        ),
        "an area": Case(
            compose(View(province.id, selection=around, overlays=("sites",)), province), province
        ),
    }


def column(kind: str, layer_id: str) -> str:
    return f"{kind}_{layer_id.replace('-', '_')}"


def drawn(layer: MapLayer) -> dict[str, str]:
    """Return how a layer draws each of its features, in the legend's words."""
    return {str(name): found.label for found in layer.classes for name in found.features}


def cells(case: Case, name: str, wanted: str) -> dict[str, dict[str, Any]]:
    """Return the cells of a column, by geometry and feature id."""
    found = {
        geometry: {key: row[wanted] for key, row in rows.items() if wanted in row}
        for geometry, rows in case.records(name).items()
    }
    return {geometry: rows for geometry, rows in found.items() if rows}


def test_every_layer_of_the_catalogue_is_drawn_below():
    shown = {layer for case in cases().values() for layer in case.layers}
    assert shown == {layer.id for layer in LAYERS}
    assert set(DATA) == set(READERS)


def test_what_is_decorative_says_nothing_of_its_features():
    for layer in LAYERS:
        if layer.decorative:
            assert not layer.switchable or layer.geometry in GROUND
            assert layer.columns is None
            assert not layer.in_tooltip


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("layer_id", [layer.id for layer in LAYERS])
def test_what_a_layer_draws_is_what_is_exported(layer_id, name):
    for case in cases().values():
        if layer_id not in case.layers:
            continue
        layer = case.layers[layer_id]
        found = cells(case, name, column("class", layer_id))
        assert found == ({} if layer.decorative else {layer.geometry: drawn(layer)})
        told = cells(case, name, column("value", layer_id))
        values = {str(feature): words for feature, words in layer.values}
        assert told == ({layer.geometry: values} if values else {})


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("case", ["a measure", "the ranking"])
def test_files_follow_the_order_of_the_map_and_hold_no_layer_besides(case, name):
    shown = cases()[case]
    stating = [layer for layer in shown.spec.layers if not layer.decorative]
    order = dict.fromkeys(["cities", *(layer.geometry for layer in stating)])
    records = {one: rows for one, rows in shown.records(name).items() if one not in GROUND}
    assert list(records) == list(order)
    for geometry, rows in shown.records(name).items():
        said = [
            (column("class", layer.id), drawn(layer))
            for layer in stating
            if layer.geometry == geometry
        ]
        for key, row in rows.items():
            wanted = [head for head, labels in said if key in labels]
            assert [head for head in row if head.startswith("class_")] == wanted


@pytest.mark.parametrize("name", DATA)
def test_a_layer_names_columns_of_its_own(name):
    for case in cases().values():
        for layer in case.spec.layers:
            named = [] if layer.columns is None else layer.columns(case.spec, case.province)
            for head in named:
                values = named[head].dropna()
                found = cells(case, name, head)[layer.geometry]
                assert found == {
                    str(key): pytest.approx(value) if isinstance(value, float) else value
                    for key, value in values.items()
                }


@cache
def counted(mode: str) -> Case:
    """Return a map of a person's own points that are counted by area."""
    register = register_from_table(synthetic_table(home(), 2000), COLUMNS, home().counties)
    points = OwnPoints("points.csv", dt.date(2026, 11, 1), register)
    province = with_own_data(home(), [points])
    spec = compose(View(province.id, overlays=()), province)
    return Case(*with_asked(spec, province, points, PointsAsked(mode=mode)))


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("mode", ["cities", "counties", "hexagons"])
def test_points_that_are_counted_are_exported_too(mode, name):
    case = counted(mode)
    layer = case.layers["own-points"]
    assert cells(case, name, "class_own_points") == {mode: drawn(layer)}
    told = {str(feature): words for feature, words in layer.values}
    assert cells(case, name, "value_own_points") == {mode: told}


@pytest.fixture
def synthetic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    """A map with one layer more: a file beside those of the catalogue, and nothing else."""
    (tmp_path / "synthetic_counties.py").write_text(SYNTHETIC, encoding="utf-8")
    with monkeypatch.context() as changed:
        changed.setattr(catalogue, "__path__", [*catalogue.__path__, str(tmp_path)])
        catalogue._files.cache_clear()
        fresh = load_province(default_province_id())
        overlays = ("synthetic-counties",)
        yield Case(compose(View(fresh.id, overlays=overlays, language="en"), fresh), fresh)
    sys.modules.pop("layers.catalogue.synthetic_counties", None)
    catalogue._files.cache_clear()


def marked(case: Case) -> list[str]:
    return [str(adcode) for adcode in case.province.counties.index[::3]]


@pytest.mark.parametrize("name", DATA)
def test_a_synthetic_layer_is_in_every_data_format(synthetic, name):
    keys = marked(synthetic)
    words = cells(synthetic, name, "class_synthetic_counties")
    assert words == {"counties": dict.fromkeys(keys, "synthetic mark")}
    values = cells(synthetic, name, "value_synthetic_counties")
    assert values == {"counties": {key: f"synthetic value {key}" for key in keys}}
    numbers = cells(synthetic, name, "synthetic_number")
    counties = synthetic.province.counties.index
    assert numbers == {"counties": {str(key): 1 + place for place, key in enumerate(counties)}}


def test_a_synthetic_layer_is_in_the_legend_and_a_collection_of_its_own(synthetic):
    entries = [entry for group in synthetic.spec.legend for entry in group.entries]
    entry = next(entry for entry in entries if entry.label == "synthetic mark")
    assert entry.toggle == "overlay.synthetic-counties"
    collection = next(
        one
        for one in collections_of(synthetic.province, "en")
        if one.id.endswith("synthetic-counties")
    )
    features = collection.features(View(synthetic.province.id, language="en"))
    assert [str(adcode) for adcode in features.index] == marked(synthetic)
    assert set(features["class"]) == {"synthetic mark"}
    assert list(features["synthetic_number"])[:3] == [1, 4, 7]


def test_a_synthetic_layer_is_on_paper_and_on_slides(synthetic):
    root = ElementTree.fromstring(synthetic.written("svg"))  # noqa: S314
    assert "synthetic mark" in {(node.text or "").strip() for node in root.iter()}
    deck = Presentation(io.BytesIO(synthetic.written("pptx")))
    shapes = deck.slides[0].shapes
    assert "synthetic mark" in {one.text_frame.text for one in shapes if one.has_text_frame}
    picture = next(one.image.blob for one in shapes if hasattr(one, "image"))
    for content in (picture, synthetic.written("png")):
        pixels = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
        # A swatch of the legend is smaller.
        assert (pixels == (0x12, 0xCD, 0x34)).all(axis=2).sum() > 10_000


def test_a_synthetic_layer_is_on_the_offline_page(synthetic):
    page = offline_page(synthetic.spec, synthetic.province)
    assert "synthetic mark" in page
    assert all(f"synthetic value {key}" in page for key in marked(synthetic))
