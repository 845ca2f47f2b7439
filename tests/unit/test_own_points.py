"""A person's own points: registers of uploads, counts as measures, legends, rows as files."""

from __future__ import annotations

import datetime as dt
import io

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pytest

from clusters.measures import measures_of, take
from clusters.register_counts import count_by_area, count_by_hexagon
from clusters.register_filter import RegisterFilter, choose
from clusters.selection import Selection
from data.own.own_counts import OwnPoints, with_own_counts
from data.own.own_register import (
    register_of_places,
)
from data.own.own_source import own_source
from data.register.build import register_from_table
from data.uploads.sandbox.safely import read_safely
from data.uploads.sites.mapping import guess_mapping
from data.uploads.sites.placing import place_rows
from layers.address.query import parse_query
from layers.compose import compose
from layers.paper.print_map import render_print_map
from layers.points.point_classes import density_legend
from layers.points.point_layer import PointCounts, hexagon_table, with_counts, with_legend
from layers.points.point_rows import rows_csv, rows_geoparquet
from layers.specification.map_spec import DrawnPoints
from layers.specification.point_style import PointStyle
from tests.places import PLACES
from tests.synthetic import COLUMNS, synthetic_table

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
    from dataclasses import replace

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


def test_rows_placed_by_names_become_points_too(province):
    first, last = PLACES.border_city.en, PLACES.parts_pilot.en
    text = f"name,city,kind\none,{first},a\ntwo,Nowhere,b\nthree,{last},b\n"
    table = read_safely(text.encode(), "list.csv")
    mapping = guess_mapping(table.frame.columns, table.frame)
    places = place_rows(table, mapping, province, "wgs84")
    reading = register_of_places(table, places, province)
    assert len(reading.register) == 2
    assert list(reading.rejected["name"]) == ["two"]
    assert [one.row for one in reading.faults] == [3]
    assert own_source("list.csv", DAY).grade == "own"
