"""Points inside an area are those that are asked one by one."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from clusters.area_of_interest import AreaOfInterest, area_shape
from clusters.registers.register_area import rows_inside
from clusters.registers.register_filter import RegisterFilter, choose, filter_of
from clusters.selection import Selection
from data.register.build import register_from_table
from tests.synthetic import COLUMNS, synthetic_table

CONCAVE = shapely.Polygon(
    [(119.0, 31.5), (121.0, 31.5), (121.0, 33.5), (120.0, 32.0), (119.0, 33.5)]
)
SHAPES = {
    "circle": shapely.Point(120.2, 32.6).buffer(0.7),
    "concave": CONCAVE,
    "hole": CONCAVE.difference(shapely.box(120.2, 31.7, 120.8, 32.2)),
    "street": shapely.box(120.3001, 31.5001, 120.3002, 31.5002),
    "everything": shapely.box(100, 20, 140, 50),
    "elsewhere": shapely.box(10, 40, 11, 41),
    "nothing": shapely.Polygon(),
}


@pytest.fixture(scope="module")
def register(province):
    return register_from_table(synthetic_table(province, 20_000), COLUMNS, province.counties)


@pytest.mark.parametrize("name", SHAPES)
def test_points_inside_are_those_asked_one_by_one(register, name):
    longitude, latitude = register.positions(np.arange(len(register)))
    expected = shapely.intersects_xy(SHAPES[name], longitude, latitude)
    assert rows_inside(register, SHAPES[name]).tolist() == expected.tolist()


def test_a_point_on_the_border_is_inside(register):
    (longitude,), (latitude,) = register.positions(np.array([7]))
    shape = shapely.box(longitude, latitude, longitude + 1, latitude + 1)
    assert rows_inside(register, shape)[7]


def test_the_area_of_a_view_chooses_points(register, province):
    area = AreaOfInterest("circle", ((32.6, 120.2),), 60.0)
    wanted, lacking = filter_of(Selection(area=area), province, register)
    chosen = choose(register, wanted)
    longitude, latitude = register.positions(np.arange(len(register)))
    inside = shapely.intersects_xy(area_shape(province, area), longitude, latitude)
    assert (len(chosen), lacking) == (int(inside.sum()), ())
    assert 0 < len(chosen) < len(register)
    assert wanted.digest != RegisterFilter().digest
