"""Tiles show each chosen point in its place, and neighbours match."""

from __future__ import annotations

import io

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from clusters.registers.register_filter import RegisterFilter, choose
from data.errors import UnknownChoiceError
from data.register.build import RegisterColumns, register_from_table
from layers.points.point_classes import density_breaks, density_legend, ramp_colors, shows_singles
from layers.points.point_tiles import empty_tile, identify, tile
from layers.specification.point_style import PointStyle
from layers.specification.symbology import DENSITY_RAMP, category_colors
from tests.synthetic import COLUMNS, synthetic_table

STYLE = PointStyle(color_by="sector")
DENSITY = PointStyle(singles_below=0, singles_in_tile=0)


@pytest.fixture(scope="module")
def register(province):
    return register_from_table(synthetic_table(province, 20_000), COLUMNS, province.counties)


@pytest.fixture(scope="module")
def everything(register):
    return choose(register, RegisterFilter())


def one_point(province, longitude=119.0, latitude=32.0, **columns):
    table = pa.table({"longitude": [longitude], "latitude": [latitude], **columns})
    categories = RegisterColumns(categories=tuple(columns))
    return register_from_table(table, categories, province.counties)


def rgba(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


def home(register, zoom: int, place: int = 0) -> tuple[int, int]:
    return int(register.column[place]) >> (32 - zoom), int(register.row[place]) >> (32 - zoom)


def hex_of(pixel) -> str:
    return "#" + "".join(f"{int(part):02X}" for part in pixel[:3])


@pytest.mark.parametrize("zoom", [6, 8, 11])
@pytest.mark.parametrize("size", [256, 512])
@pytest.mark.parametrize("sector", [None, "battery"])
def test_density_counts_the_chosen_points(register, zoom, size, sector):
    values = (("sector", (sector,)),) if sector else ()
    chosen = choose(register, RegisterFilter(values=values))
    breaks = density_breaks(register, chosen, zoom, DENSITY)
    colors = ramp_colors(len(breaks))
    x, y = home(register, zoom, 5000)
    picture = rgba(tile(register, chosen, zoom, x, y, DENSITY, size=size))
    assert picture.shape == (size, size, 4)
    rows = chosen.rows
    cell = 32 - zoom - 7
    columns, lines = register.column[rows] >> cell, register.row[rows] >> cell
    inside = (columns >> 7 == x) & (lines >> 7 == y)
    expected = np.zeros((128, 128), dtype=int)
    np.add.at(expected, (lines[inside] & 127, columns[inside] & 127), 1)
    assert expected.sum() > 0
    width = size // 128
    for line in range(0, 128):
        for column in range(0, 128):
            block = picture[
                line * width : (line + 1) * width, column * width : (column + 1) * width
            ]
            assert (block == block[0, 0]).all()
            count = expected[line, column]
            if count == 0:
                assert block[0, 0, 3] == 0
            else:
                place = max(n for n, smallest in enumerate(breaks) if smallest <= count)
                assert hex_of(block[0, 0]) == colors[place]


def test_breaks_belong_to_the_whole_register(register, everything):
    for zoom in range(6, 12):
        breaks = density_breaks(register, everything, zoom, DENSITY)
        cell = 32 - (zoom + 7)
        keys = (register.column >> cell).astype(np.int64) << 32 | (register.row >> cell)
        fullest = np.unique(keys, return_counts=True)[1].max()
        assert breaks[0] == 1
        assert breaks[-1] <= fullest
        assert len(breaks) <= len(DENSITY_RAMP)
        assert list(breaks) == sorted(set(breaks))


def test_breaks_of_nothing(register):
    nothing = choose(register, RegisterFilter(cities=()))
    assert density_breaks(register, nothing, 8, DENSITY) == ()
    assert tile(register, nothing, 8, *home(register, 8), DENSITY) == empty_tile(256)
    assert tile(register, nothing, 8, *home(register, 8), STYLE) == empty_tile(256)


def test_the_legend_tells_the_size_of_a_cell(register, everything):
    legend = density_legend(register, everything, 8, DENSITY)
    assert legend.breaks == density_breaks(register, everything, 8, DENSITY)
    assert len(legend.colors) == len(legend.breaks)
    # 40 075 km around the equator, 2**15 cells, at 33 degrees.
    assert legend.cell_m == pytest.approx(40_075_017 / 2**15 * np.cos(np.radians(33)), rel=0.01)


def test_a_single_point_is_a_disc_in_its_color(province):
    register = one_point(province, sector=["hydrogen"])
    chosen = choose(register, RegisterFilter())
    zoom = 9
    x, y = home(register, zoom)
    picture = rgba(tile(register, chosen, zoom, x, y, STYLE))
    column = (int(register.column[0]) >> (32 - zoom - 8)) & 255
    line = (int(register.row[0]) >> (32 - zoom - 8)) & 255
    assert hex_of(picture[line, column]) == category_colors(["hydrogen"])[0]
    lines, columns = np.nonzero(picture[..., 3])
    assert (lines.min(), lines.max()) == (line - 4, line + 4)
    assert (columns.min(), columns.max()) == (column - 4, column + 4)
    assert set(np.unique(picture[..., 3])) - {0, 255}, "the edge is not smooth"
    round_disc = picture[line - 4 : line + 5, column - 4 : column + 5]
    assert (round_disc == round_disc[::-1, ::-1]).all()


@pytest.mark.parametrize("size", [256, 512])
def test_discs_near_an_edge_reach_into_the_neighbour(register, everything, size):
    zoom = 9
    style = PointStyle(singles_below=len(register))
    shift = 32 - zoom - 8
    offsets = (register.column >> shift) & 255
    places = np.flatnonzero(offsets == 0)[:20]
    assert len(places) == 20
    for place in places:
        x, y = home(register, zoom, int(place))
        line = ((int(register.row[place]) >> shift) & 255) * size // 256
        mine = rgba(tile(register, everything, zoom, x, y, style, size=size))
        left = rgba(tile(register, everything, zoom, x - 1, y, style, size=size))
        assert mine[line, 0, 3] == 255
        assert left[line, -1, 3] == 255


def test_a_disc_over_four_tiles_is_whole(province):
    zoom = 14
    register = one_point(province)
    # The corner of a tile, to the cell.
    register.column[0] = int(register.column[0]) >> 18 << 18
    register.row[0] = int(register.row[0]) >> 18 << 18
    chosen = choose(register, RegisterFilter())
    x, y = home(register, zoom)
    style = PointStyle()
    parts = [
        [rgba(tile(register, chosen, zoom, x + dx, y + dy, style)) for dx in (-1, 0)]
        for dy in (-1, 0)
    ]
    whole = np.vstack([np.hstack(line) for line in parts])
    disc = whole[256 - 4 : 256 + 5, 256 - 4 : 256 + 5]
    assert (disc == disc[::-1, ::-1]).all()
    assert (disc == disc.swapaxes(0, 1)).all()
    assert np.count_nonzero(whole[..., 3]) == np.count_nonzero(disc[..., 3])


def test_later_points_lie_on_top_and_none_is_drawn_that_is_not_chosen(province):
    table = pa.table(
        {"longitude": [119.0, 119.0], "latitude": [32.0, 32.0], "sector": ["battery", "hydrogen"]}
    )
    register = register_from_table(
        table, RegisterColumns(categories=("sector",)), province.counties
    )
    colors = dict(
        zip(("battery", "hydrogen"), category_colors(["battery", "hydrogen"]), strict=True)
    )
    x, y = home(register, 10)
    for sector in colors:
        chosen = choose(register, RegisterFilter(values=(("sector", (sector,)),)))
        picture = rgba(tile(register, chosen, 10, x, y, STYLE))
        shown = {hex_of(pixel) for pixel in picture[picture[..., 3] == 255]}
        assert colors[sector] in shown
        assert not shown & (set(colors.values()) - {colors[sector]})


def test_singles_are_shown_by_view_not_by_tile(register, everything):
    few = choose(register, RegisterFilter(cities=(320100,)))
    style = PointStyle(singles_below=3000, singles_in_tile=100)
    assert shows_singles(register, few, 6, style)
    assert not shows_singles(register, everything, 6, style)
    assert shows_singles(register, everything, 14, style)
    zooms = [shows_singles(register, everything, zoom, style) for zoom in range(6, 15)]
    assert zooms == sorted(zooms)
    assert shows_singles(register, everything, 12, style)


@pytest.mark.parametrize("address", [(-1, 0, 0), (3, 8, 0), (3, 0, -1), (21, 0, 0)])
def test_no_such_tile(register, everything, address):
    with pytest.raises(ValueError, match="no tile"):
        tile(register, everything, *address, STYLE)


def test_unknown_color_category(register, everything):
    with pytest.raises(UnknownChoiceError, match="`category`: unknown value 'x'"):
        tile(register, everything, 14, *home(register, 14), PointStyle(color_by="x"))


def test_the_edges_of_the_world_can_be_drawn(province):
    for longitude in (-180.0, 180.0):
        register = one_point(province, longitude, 85.05)
        chosen = choose(register, RegisterFilter())
        for zoom in (0, 3, 14):
            picture = rgba(tile(register, chosen, zoom, *home(register, zoom), PointStyle()))
            assert picture[..., 3].any()


def test_many_categories_have_colors(province):
    count = 200
    table = pa.table(
        {
            "longitude": np.linspace(118.9, 119.1, count),
            "latitude": np.full(count, 32.0),
            "kind": pa.array([f"kind {n:03d}" for n in range(count - 1)] + [None]),
        }
    )
    register = register_from_table(table, RegisterColumns(categories=("kind",)), province.counties)
    chosen = choose(register, RegisterFilter())
    picture = rgba(
        tile(register, chosen, 12, *home(register, 12, 100), PointStyle(color_by="kind"))
    )
    assert picture[..., 3].any()


@pytest.mark.parametrize("radius_m", [50.0, 900.0, 20_000.0])
def test_identify_finds_what_is_near(register, everything, radius_m):
    longitude, latitude = 119.3, 32.4
    found = identify(register, everything, longitude, latitude, radius_m, limit=10_000)
    frame = register.records(np.arange(len(register))).to_pandas()
    east = np.radians(frame.longitude - longitude) * np.cos(np.radians(latitude)) * 6378137
    north = np.radians(frame.latitude - latitude) * 6378137
    distances = np.hypot(east, north)
    sure = set(frame.id[distances < radius_m * 0.995])
    possible = set(frame.id[distances < radius_m * 1.005])
    ids = found["id"].to_pylist()
    assert sure <= set(ids) <= possible
    shown = found["distance_m"].to_pylist()
    assert shown == sorted(shown)
    assert all(distance <= radius_m for distance in shown)
    few = identify(register, everything, longitude, latitude, radius_m, limit=3)
    assert few["id"].to_pylist() == ids[:3]


def test_identify_finds_only_chosen_points(register):
    chosen = choose(register, RegisterFilter(values=(("sector", ("battery",)),)))
    found = identify(register, chosen, 119.3, 32.4, 20_000.0)
    assert set(found["sector"].to_pylist()) == {"battery"}
