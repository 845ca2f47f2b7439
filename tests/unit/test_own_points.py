"""A person's own points: registers of uploads, counts as measures, legends, rows as files."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from clusters.measures import measures_of, take
from clusters.registers.register_counts import count_by_area, count_by_hexagon
from clusters.registers.register_filter import RegisterFilter, choose, without_place
from clusters.selection import Selection
from data.errors import DataError
from data.own.own_counts import OwnPoints, with_own_counts
from data.own.own_register import (
    register_of_places,
)
from data.own.own_source import own_source
from data.register import register_file
from data.register.build import register_from_table
from data.register.register_file import open_register, save_register
from data.uploads.sandbox.safely import read_safely
from data.uploads.sites.mapping import guess_mapping
from data.uploads.sites.placing import place_rows
from layers.address.query import parse_query
from layers.compose import compose
from layers.paper.print_map import render_print_map
from layers.points.point_classes import density_legend
from layers.points.point_layer import (
    PointCounts,
    hexagon_table,
    with_counts,
    with_legend,
    with_points,
)
from layers.points.point_rows import rows_csv, rows_geoparquet
from layers.points.points_offline import offline_points
from layers.specification.map_spec import Area, DrawnPoints, Hatch
from layers.specification.point_style import PointStyle
from tests.places import PLACES
from tests.synthetic import COLUMNS, synthetic_table

pytestmark = pytest.mark.usefixtures("forked_readers")

DAY = dt.date(2026, 11, 1)
EVERY = RegisterFilter()


@pytest.fixture(scope="module")
def register(province):
    return register_from_table(synthetic_table(province, 4000), COLUMNS, province.counties)


@pytest.fixture(scope="module")
def own(register):
    return OwnPoints("points.csv", DAY, register)


@pytest.fixture
def spec(province):
    return compose(parse_query("lang=en", province).view, province)


def test_counts_are_a_measure_of_cities(province, own):
    counts = count_by_area(own.register, choose(own.register, EVERY), "city")
    joined = with_own_counts(province, counts, own)
    assert own.source.id in [measure.id for measure in measures_of(joined)]
    taken = take(joined, Selection(), own.source.id)
    assert taken.values.to_dict() == {
        adcode: float(counts.at[adcode]) for adcode in province.cities.index
    }
    assert taken.sources == (own.source.id,)
    assert joined.figures.dtypes.to_dict() == province.figures.dtypes.to_dict()
    assert own.source.id not in province.indicators
    spec = compose(parse_query(f"theme={own.source.id}&lang=en", joined).view, joined)
    assert any("points.csv (2026-11-01)" in note for note in spec.notes)


@pytest.mark.parametrize("query", ["theme=gdp", "overlay=hotspots,assembly,parts&theme=gdp", ""])
def test_no_fill_covers_counts(province, own, query):
    spec = compose(parse_query(query, province).view, province)
    counts = count_by_area(own.register, choose(own.register, EVERY), "city")
    drawn = with_counts(spec, PointCounts(own, "cities", counts))
    ids = [layer.id for layer in drawn.layers]
    fills = [
        layer.id
        for layer in drawn.layers
        if layer.geometry in ("cities", "counties", "neighbours")
        for found in layer.classes
        if isinstance(found.symbol, Hatch)
        or (isinstance(found.symbol, Area) and found.symbol.fill is not None)
    ]
    assert len(fills) > 1
    assert fills[-1] == "own-points"
    assert ids.index("own-points") < ids.index("borders")


@pytest.mark.parametrize("by", ["cities", "counties"])
def test_areas_are_coloured_by_their_counts(province, spec, own, by):
    chosen = choose(own.register, EVERY)
    counts = count_by_area(own.register, chosen, "city" if by == "cities" else "county")
    drawn = with_counts(spec, PointCounts(own, by, counts))
    layer = next(layer for layer in drawn.layers if layer.id == "own-points")
    colored = [name for found in layer.classes for name in found.features]
    assert sorted(colored) == sorted(int(name) for name in counts.index[counts > 0])
    values = dict(layer.values)
    assert values[colored[0]] == f"{counts.at[colored[0]]:,}"
    assert drawn.legend[0].title.startswith("Own data: points.csv (2026-11-01)")
    assert own.source in drawn.sources
    names = [layer.id for layer in drawn.layers]
    assert names.index("own-points") < names.index("borders") < names.index("city-names")


def test_hexagons_are_drawn_on_paper_too(province, spec, own):
    counts = count_by_hexagon(own.register, choose(own.register, EVERY), 5)
    drawn = with_counts(spec, PointCounts(own, "hexagons", counts))
    with_cells = replace(province, hexagons=hexagon_table(counts))
    assert with_cells.hexagons.index.is_unique
    assert with_cells.hexagons.is_valid.all()
    layer = next(layer for layer in drawn.layers if layer.id == "own-points")
    features = {name for found in layer.classes for name in found.features}
    assert features == set(with_cells.hexagons.index)
    assert len(render_print_map(drawn, with_cells, "svg")) > 100_000


def test_no_points_draw_nothing(spec, own):
    empty = pd.Series([0, 0], index=[320100, 320200])
    drawn = with_counts(spec, PointCounts(own, "cities", empty))
    assert drawn.legend == spec.legend


def test_the_legend_of_density_has_no_gaps(spec, own):
    chosen = choose(own.register, EVERY)
    density = density_legend(own.register, chosen, 8, PointStyle())
    drawn = with_legend(spec, DrawnPoints(own, EVERY, PointStyle()), density)
    labels = [entry.label for entry in drawn.legend[0].entries]
    assert labels[0].startswith("1")
    assert labels[-1].startswith("≥")
    assert "A cell is about" in drawn.legend[0].entries[-1].note


def test_the_legend_of_single_points_names_the_values(spec, own):
    by_sector = DrawnPoints(own, EVERY, PointStyle(color_by="sector"))
    drawn = with_legend(spec, by_sector, None)
    labels = [entry.label for entry in drawn.legend[0].entries]
    assert labels == [str(one) for one in own.register.category("sector").labels]
    # One legend takes the place of the other.
    plain = with_legend(drawn, DrawnPoints(own, EVERY, PointStyle()), None)
    assert len(plain.legend) == len(drawn.legend)
    assert [entry.label for entry in plain.legend[0].entries] == ["One point"]


def test_chosen_rows_as_csv_are_all_there_and_harmless(province):
    table = pa.table(
        {
            "longitude": [118.8, 120.6, 0.5],
            "latitude": [32.0, 31.3, 0.5],
            "name": ["=1+1", PLACES.border_city.short_zh, None],
            "sector": ["a", "b", "a"],
        }
    )
    register = register_from_table(table, COLUMNS_OF_THREE, province.counties)
    chosen = choose(register, RegisterFilter(values=(("sector", ("a",)),)))
    text = rows_csv(register, chosen, "Own data: x").decode("utf-8")
    assert text.startswith("\ufeff")
    found = pd.read_csv(io.StringIO(text.removeprefix("\ufeff")))
    assert len(found) == 2
    assert set(found["own_data"]) == {"Own data: x"}
    assert "'=1+1" in set(found["name"])
    again = gpd.read_parquet(io.BytesIO(rows_geoparquet(register, chosen, "Own data: x")))
    assert len(again) == 2
    assert again.crs.to_epsg() == 4326
    assert sorted(again.geometry.x.round(3)) == [0.5, 118.8]


COLUMNS_OF_THREE = type(COLUMNS)(categories=("sector",))


def named_register(province, rows):
    """The register of rows that name an area, or have a point."""
    text = "name,city,county,kind,longitude,latitude\n" + "\n".join(rows) + "\n"
    table = read_safely(text.encode(), "list.csv")
    mapping = guess_mapping(table.frame.columns, table.frame)
    return register_of_places(table, place_rows(table, mapping, province, "wgs84"), province)


@pytest.fixture(scope="module")
def area_rows(province):
    """One row of a point, two of a county, one of a city, one of nothing known."""
    city, county = PLACES.border_city.en, PLACES.border_county.en
    rows = ["one,,,a,118.8,32.0", f"two,{city},{county},b,,", f"three,{city},{county},a,,"]
    return named_register(province, [*rows, f"four,{city},,b,,", "five,Nowhere,,b,,"])


def test_rows_that_name_an_area_are_counted_in_it(province, area_rows):
    register = area_rows.register
    assert (len(register), register.placed) == (4, 1)
    assert list(area_rows.rejected["name"]) == ["five"]
    assert [one.row for one in area_rows.faults] == [6]
    every = choose(register, EVERY)
    by_county = count_by_area(register, every, "county")
    by_city = count_by_area(register, every, "city")
    city, county = PLACES.border_city.adcode, PLACES.border_county.adcode
    assert by_county.at[county] == 2
    assert by_county.sum() == 3
    assert by_city.at[city] == 3
    assert by_city.sum() == 4
    assert without_place(register, every) == 3
    assert len(choose(register, RegisterFilter(cities=(city,)))) == 3
    assert len(choose(register, RegisterFilter(counties=(county,)))) == 2
    assert len(choose(register, RegisterFilter(bounds=(-180, -85, 180, 85)))) == 1
    assert own_source("list.csv", DAY).grade == "own"


def test_rows_that_name_an_area_have_no_place_in_files(area_rows, province):
    register = area_rows.register
    every = choose(register, EVERY)
    again = gpd.read_parquet(io.BytesIO(rows_geoparquet(register, every, "Own data: x")))
    found = pd.read_csv(io.BytesIO(rows_csv(register, every, "Own data: x")))
    for table in (again, found):
        table = table.set_index("name")
        assert table["precision"].to_dict() == {
            "one": "site", "two": "county", "three": "county", "four": "city",
        }  # fmt: skip
        assert table["longitude"].notna().to_dict()["one"]
        assert table.loc[["two", "three", "four"], ["longitude", "latitude"]].isna().all(axis=None)
        assert (
            table.loc[["two", "three"], "county_adcode"].tolist()
            == [PLACES.border_county.adcode] * 2
        )
    assert again.set_index("name").geometry.notna().to_dict() == {
        "one": True, "two": False, "three": False, "four": False,
    }  # fmt: skip


def test_rows_that_name_an_area_are_drawn_nowhere(area_rows, province, spec):
    register = area_rows.register
    every = choose(register, EVERY)
    for level in (0, 8, 20, 32):
        assert register.cell_starts(level).tolist() == [0, 1]
    assert register.cell_rows(0, 0, 0) == (0, 1)
    assert register.cell_rows(32, 2**32 - 1, 2**32 - 1) == (1, 1)
    assert register.bounds == pytest.approx((118.8, 32.0, 118.8, 32.0), abs=1e-6)
    assert count_by_hexagon(register, every, 5).sum() == 1
    drawn = DrawnPoints(OwnPoints("list.csv", DAY, register), EVERY, PointStyle())
    _, sent = offline_points(replace(spec, points=drawn))
    assert [one[:2] for one in sent["signs"]] == [[32.0, 118.8]]
    legend = with_legend(spec, drawn, None).legend[0].entries
    assert legend[-1].note.startswith("3 rows known only to their county or city")


def test_a_register_of_areas_alone_has_no_bounds_and_is_drawn_as_nothing(province, spec):
    city, county = PLACES.border_city.en, PLACES.border_county.en
    register = named_register(province, [f"two,{city},{county},b,,"]).register
    assert (register.placed, register.bounds) == (0, None)
    drawn = DrawnPoints(OwnPoints("list.csv", DAY, register), EVERY, PointStyle())
    _, sent = offline_points(replace(spec, points=drawn))
    assert sent["signs"] == []
    for style in (PointStyle(), PointStyle(singles_below=0, singles_from_zoom=20)):
        shown = with_points(spec, replace(drawn, style=style), 8)
        assert render_print_map(shown, province, "png")


def test_rows_that_name_an_area_are_saved_and_opened_again(area_rows, province, tmp_path):
    path = tmp_path / "register.parquet"
    save_register(area_rows.register, path)
    opened = open_register(path, province.counties)
    rows = np.arange(4)
    assert opened.placed == 1
    assert opened.records(rows).to_pylist() == area_rows.register.records(rows).to_pylist()
    assert gpd.read_parquet(path).geometry.notna().sum() == 1


def test_a_saved_register_that_gave_places_to_areas_is_refused(
    area_rows, province, tmp_path, monkeypatch
):
    path = tmp_path / "register.parquet"
    monkeypatch.setattr(register_file, "_SCHEMA", 1)
    save_register(area_rows.register, path)
    monkeypatch.undo()
    with pytest.raises(DataError, match="make it again from its points"):
        open_register(path, province.counties)
