"""Pictures and counts tell a person which datum puts points right, or that they cannot."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
import shapely
from PIL import Image

from data.datum import DATUMS, from_wgs84
from data.errors import AtlasError
from data.uploads.formats.encoding import recoded
from data.uploads.sites.datum_evidence import datum_evidence, evidence_of, telling_datum
from layers.paper.datum_picture import ASTRAY, INSIDE, datum_pictures


@pytest.fixture(scope="module")
def border_points(province):
    """Points just inside counties' borders, where a shift of some hundred metres tells."""
    places, named = [], []
    metric = province.counties.to_crs(province.settings.metric_crs)
    for adcode, shape in metric.geometry.items():
        edge = shape.buffer(-150).boundary
        places += [edge.interpolate(at, normalized=True) for at in np.linspace(0, 1, 12)[:-1]]
        named += [adcode] * 11
    points = shapely.get_coordinates(places)
    from data.crs import GEOGRAPHIC, transformer

    lon, lat = transformer(province.settings.metric_crs, GEOGRAPHIC).transform(*points.T)
    return np.column_stack([lon, lat]), np.array(named, dtype=float)


@pytest.mark.parametrize("datum", DATUMS)
def test_points_at_borders_tell_their_datum(province, border_points, datum):
    points, named = border_points
    given = np.column_stack(from_wgs84(points[:, 0], points[:, 1], datum))
    assert telling_datum(datum_evidence(given, named, province)) == datum


def test_points_in_the_middle_tell_nothing(province):
    middle = province.cities[["label_lon", "label_lat"]].to_numpy()
    evidence = datum_evidence(middle, province.cities.index, province)
    assert telling_datum(evidence) is None


def test_rows_that_name_no_area_tell_nothing(province, border_points):
    points, named = border_points
    assert telling_datum(datum_evidence(points, np.full(len(named), np.nan), province)) is None


@pytest.mark.parametrize("datum", DATUMS)
def test_without_names_the_border_of_the_province_is_compared_with(province, border_points, datum):
    points, named = border_points
    given = np.column_stack(from_wgs84(points[:, 0], points[:, 1], datum))
    assert evidence_of(given, named, province).by_rows
    evidence = evidence_of(given, np.full(len(named), np.nan), province)
    assert not evidence.by_rows
    assert evidence.counts["inside"].idxmax() == datum
    assert evidence.counts.loc[datum, "share"] > 0.99
    found = datum_pictures(evidence.points, evidence.named, province, "zh")
    pictures = {one.datum: one.png for one in found}
    assert ASTRAY not in _colors(pictures[datum])
    others = [_colors(png) for other, png in pictures.items() if other != datum]
    assert any(ASTRAY in colors for colors in others)


@pytest.mark.parametrize(("inside", "told"), [((100, 97, 50), "wgs84"), ((100, 98, 50), None)])
def test_a_lead_of_a_point_or_two_is_none(inside, told):
    table = pd.DataFrame({"named": 100, "inside": inside}, index=list(DATUMS))
    assert telling_datum(table) == told


def _colors(png: bytes) -> set[str]:
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    assert picture.width == picture.height > 300
    found = picture.getcolors(1 << 20) or []
    return {"#{:02X}{:02X}{:02X}".format(*color) for _, color in found}


def test_the_right_picture_has_no_point_astray(province, border_points):
    points, named = border_points
    given = np.column_stack(from_wgs84(points[:, 0], points[:, 1], "gcj02"))
    pictures = {one.datum: one.png for one in datum_pictures(given, named, province, "en")}
    assert set(pictures) == set(DATUMS)
    assert INSIDE in _colors(pictures["gcj02"])
    assert ASTRAY not in _colors(pictures["gcj02"])
    assert ASTRAY in _colors(pictures["wgs84"])


def test_without_points_there_is_no_picture(province):
    nothing = np.full((3, 2), np.nan)
    assert datum_pictures(nothing, np.full(3, np.nan), province, "zh") == ()


def test_pictures_do_not_fall_over_points_beyond_the_earth(province):
    given = np.array([[999.0, 33.0], [119.0, 999.0], [118.8, 32.0]])
    assert len(datum_pictures(given, np.array([320100.0] * 3), province, "zh")) == 3


def test_a_text_is_taken_for_what_a_person_says():
    assert recoded("工廠".encode("big5"), "big5") == "\ufeff工廠".encode()
    with pytest.raises(AtlasError, match="not whole utf-8"):
        recoded("名称".encode("gb18030"), "utf-8")
