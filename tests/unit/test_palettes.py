"""Colours that appear together are told apart by colour-blind readers and, in order, in grey.

Colour blindness is simulated after Machado, Oliveira and Fernandes (2009) at full severity;
distances are those of CAM02-UCS, in which about 1 is just seen side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt
import pytest
from colorspacious import cspace_convert, deltaE

from layers.specification.map_spec import Area
from layers.specification.symbology import (
    ASSEMBLY,
    CONSOLIDATION,
    DARK,
    DENSITY_RAMP,
    HOT_SPOTS,
    HYDROGEN,
    INK,
    NEIGHBOUR,
    PARTS,
    class_fills,
    series_colors,
    site_marker,
)

SECTORS = ("assembly", "battery", "electronics", "powertrain", "hydrogen")
BLINDNESS = ("protanomaly", "deuteranomaly", "tritanomaly")
SEEN = 9.0
"""Far enough apart to be told from a legend, in CAM02-UCS."""

SEEN_IN_GREY = 5.0
"""Enough where shape says the same once more."""

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


def contrast(name: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2."""
    linear = rgb((name, other))
    linear = np.where(linear <= 0.04045, linear / 12.92, ((linear + 0.055) / 1.055) ** 2.4)
    dark, light = sorted(linear @ [0.2126, 0.7152, 0.0722])
    return float((light + 0.05) / (dark + 0.05))


def sector_colors(theme: str) -> list[str]:
    colors = [site_marker(sector, "solid").color for sector in SECTORS]
    return colors if theme == "light" else [DARK[color] for color in colors]


def fills(*, diverging: bool = False) -> list[str]:
    return [area.fill for area in class_fills(5, diverging=diverging) if area.fill is not None]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", BLINDNESS)
def test_sectors_are_told_apart(theme, kind):
    assert nearest(sector_colors(theme), kind) >= SEEN


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_sectors_are_told_apart_in_grey_with_the_help_of_their_shapes(theme):
    assert nearest(sector_colors(theme), "grey") >= SEEN_IN_GREY
    assert len({site_marker(sector, "solid").shape for sector in SECTORS}) == len(SECTORS)
    assert len({site_marker(sector, "solid").icon for sector in SECTORS}) == len(SECTORS)


@pytest.mark.parametrize("kind", BLINDNESS)
def test_the_series_of_a_chart_are_told_apart(kind):
    assert nearest(series_colors(6), kind) >= SEEN
    assert nearest(series_colors(6), "grey") >= SEEN_IN_GREY
    assert nearest(series_colors(6), "grey", neighbours=True) >= SEEN


def test_many_series_have_a_colour_each():
    assert len(set(series_colors(13))) == len(series_colors(13)) == 13


def test_a_sign_stands_out_from_the_ground():
    for color in sector_colors("light"):
        assert contrast(color, "#FFFFFF") >= 3
    for color in sector_colors("dark"):
        assert contrast(color, DARK["#FFFFFF"]) >= 3


def test_roles_are_told_apart_by_form_not_by_colour():
    symbols = (ASSEMBLY, CONSOLIDATION, PARTS, HYDROGEN)
    assert len({type(symbol) for symbol in symbols}) == len(symbols)
    assert contrast(HYDROGEN.color, HYDROGEN.ink) >= 4.5


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


def test_what_lies_outside_is_quieter_than_what_is_shown():
    assert isinstance(NEIGHBOUR, Area)
    assert NEIGHBOUR.fill is not None
    assert contrast(NEIGHBOUR.fill, INK) > contrast(str(ASSEMBLY.fill), INK)


def test_the_simulation_finds_red_and_green_alike():
    assert nearest(("#B3400E", "#4F7D00"), "deuteranomaly") < SEEN
