"""Colours that appear together are told apart by colour-blind readers and, in order, in grey.

Colour blindness is simulated after Machado, Oliveira and Fernandes (2009) at full severity;
distances are those of CAM02-UCS, in which about 1 is just seen side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from colorspacious import cspace_convert, deltaE

from data.loader import Province, default_province_id, load_province
from data.model import RoleSign, SectorSign
from layers.specification.map_spec import Area, Glyph
from layers.specification.plan_signs import dark_colors, role_symbols, sector_markers
from layers.specification.symbology import (
    DARK,
    DENSITY_RAMP,
    HOT_SPOTS,
    INK,
    LAND,
    LAND_WITHOUT_ROLE,
    NEIGHBOUR,
    SEA,
    WATER,
    class_fills,
    series_colors,
)
from layers.specification.tones import contrast

BLINDNESS = ("protanomaly", "deuteranomaly", "tritanomaly")
SEEN = 9.0
"""Far enough apart to be told from a legend, in CAM02-UCS."""

SEEN_IN_GREY = 5.0
"""Enough where shape says the same once more."""

SYMBOLS_SCRIPT = Path(__file__).parents[2] / "layers" / "web" / "assets" / "symbols.js"

SEEN_BESIDE = 4.5
"""Enough for two large areas that lie beside each other, with a border between them."""

SEEN_ON_DARK = 1.35
"""Contrast of two large dark areas; below 1.2 they were taken for one."""

Colors = npt.NDArray[np.float64]


def rgb(names: Iterable[str]) -> Colors:
    return np.array([[int(name[at : at + 2], 16) / 255 for at in (1, 3, 5)] for name in names])


def simulated(colors: Colors, kind: str) -> Colors:
    if kind == "grey":
        lab = cspace_convert(colors, "sRGB1", "CIELab")
        lab[:, 1:] = 0
        return np.clip(cspace_convert(lab, "CIELab", "sRGB1"), 0, 1)
    space = {"name": "sRGB1+CVD", "cvd_type": kind, "severity": 100}
    return np.clip(cspace_convert(colors, space, "sRGB1"), 0, 1)


def nearest(names: Sequence[str], kind: str, *, neighbours: bool = False) -> float:
    """Return the smallest distance of two colours; of neighbours in the order, where wished."""
    seen = simulated(rgb(names), kind)
    pairs = list((pairwise if neighbours else lambda many: combinations(many, 2))(range(len(seen))))
    first, second = (seen[[pair[end] for pair in pairs]] for end in (0, 1))
    return float(np.min(deltaE(first, second, input_space="sRGB1", uniform_space="CAM02-UCS")))


def without_signs(province: Province) -> Province:
    """Return the province with a plan that names no sign."""
    plan = province.plan
    roles = tuple(one.model_copy(update={"sign": RoleSign()}) for one in plan.roles)
    sectors = tuple(one.model_copy(update={"sign": SectorSign()}) for one in plan.sectors)
    return replace(province, plan=plan.model_copy(update={"roles": roles, "sectors": sectors}))


OWN = load_province(default_province_id())
SIGNED = pytest.mark.parametrize("signed", [OWN, without_signs(OWN)], ids=["named", "free"])


def sector_colors(province: Province, theme: str) -> list[str]:
    colors = [marker.color for marker in sector_markers(province).values()]
    return colors if theme == "light" else [dark_colors(province)[color] for color in colors]


def fills(*, diverging: bool = False) -> list[str]:
    return [area.fill for area in class_fills(5, diverging=diverging) if area.fill is not None]


@SIGNED
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", BLINDNESS)
def test_sectors_are_told_apart(signed, theme, kind):
    assert nearest(sector_colors(signed, theme), kind) >= SEEN


@SIGNED
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_sectors_are_told_apart_in_grey_with_the_help_of_their_shapes(signed, theme):
    assert nearest(sector_colors(signed, theme), "grey") >= SEEN_IN_GREY
    markers = sector_markers(signed)
    assert len({marker.shape for marker in markers.values()}) == len(markers) == 5


@pytest.mark.parametrize("kind", BLINDNESS)
def test_the_series_of_a_chart_are_told_apart(kind):
    assert nearest(series_colors(6), kind) >= SEEN
    assert nearest(series_colors(6), "grey") >= SEEN_IN_GREY
    assert nearest(series_colors(6), "grey", neighbours=True) >= SEEN


def test_many_series_have_a_colour_each():
    assert len(set(series_colors(13))) == len(series_colors(13)) == 13


def test_a_sign_stands_out_from_the_ground():
    for color in sector_colors(OWN, "light"):
        assert contrast(color, "#FFFFFF") >= 3
    for color in sector_colors(OWN, "dark"):
        assert contrast(color, DARK["#FFFFFF"]) >= 3


@SIGNED
def test_roles_are_told_apart_by_form_not_by_colour(signed):
    symbols = [one.symbol for one in role_symbols(signed).values()]
    assert len({type(symbol) for symbol in symbols}) == len(symbols) == 4
    (glyph,) = (symbol for symbol in symbols if isinstance(symbol, Glyph))
    assert contrast(glyph.color, glyph.ink) >= 4.5


def test_the_contrast_of_two_colours():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


@pytest.mark.parametrize("kind", [*BLINDNESS, "grey"])
def test_classes_are_told_from_their_neighbours(kind):
    assert nearest(fills(), kind, neighbours=True) >= SEEN
    assert nearest(fills(diverging=True), kind, neighbours=True) >= SEEN
    assert nearest(DENSITY_RAMP, kind, neighbours=True) >= SEEN


@pytest.mark.parametrize("kind", BLINDNESS)
def test_hot_and_cold_are_told_apart(kind):
    assert nearest([str(area.fill) for area in HOT_SPOTS.values()], kind) >= SEEN


@pytest.mark.parametrize("ramp", [fills(), list(DENSITY_RAMP)])
def test_more_is_darker_all_the_way(ramp):
    lightness = cspace_convert(rgb(ramp), "sRGB1", "CIELab")[:, 0]
    assert (np.diff(lightness) < 0).all()


def test_the_middle_of_a_diverging_ramp_is_its_lightest():
    lightness = cspace_convert(rgb(fills(diverging=True)), "sRGB1", "CIELab")[:, 0]
    assert int(np.argmax(lightness)) == 2
    assert (np.diff(lightness[:3]) > 0).all()
    assert (np.diff(lightness[2:]) < 0).all()


@pytest.mark.parametrize("kind", BLINDNESS)
@pytest.mark.parametrize("land", [LAND, LAND_WITHOUT_ROLE], ids=["role", "no role"])
@pytest.mark.parametrize("around", [SEA, str(NEIGHBOUR.fill), str(WATER.fill)])
def test_land_is_told_from_water_sea_and_neighbours(land, around, kind):
    assert nearest((str(land.fill), around), kind) >= SEEN_BESIDE
    assert nearest((DARK[str(land.fill)], DARK[around]), kind) >= SEEN_BESIDE


def test_swatches_lie_on_the_land_that_the_map_has():
    assert f'LAND = {{ fill: "{LAND.fill}" }}' in SYMBOLS_SCRIPT.read_text(encoding="utf-8")


@pytest.mark.parametrize("around", [SEA, str(NEIGHBOUR.fill)])
def test_land_is_seen_on_a_dark_map(around):
    for land in (LAND, LAND_WITHOUT_ROLE):
        assert contrast(DARK[str(land.fill)], DARK[around]) >= SEEN_ON_DARK


def test_what_lies_outside_is_quieter_than_what_is_shown():
    fill = next(one for one in role_symbols(OWN).values() if isinstance(one.symbol, Area))
    assert isinstance(NEIGHBOUR, Area)
    assert NEIGHBOUR.fill is not None
    assert contrast(NEIGHBOUR.fill, INK) > contrast(str(fill.symbol.fill), INK)


def test_the_simulation_finds_red_and_green_alike():
    assert nearest(("#B3400E", "#4F7D00"), "deuteranomaly") < SEEN
