"""The icons are one set: the same grid, the same line, one for each role and sector."""

from __future__ import annotations

import json
import re

import pytest

from data.loader import ICONS_FOLDER
from layers.paper.pictograms import drawing_path
from layers.specification.icons import (
    GRID,
    STROKE,
    icon_paths,
    icon_svg,
)
from layers.specification.symbology import AIRPORT, PORT
from layers.web.folium_map import WebAssets, frame_page


def test_everything_that_has_an_icon_has_one_of_its_own(province):
    plan = province.plan
    named = [str(one.sign.icon) for one in (*plan.roles, *plan.sectors)]
    assert sorted([*named, PORT.icon, AIRPORT.icon]) == sorted(icon_paths())
    assert len(set(icon_paths().values())) == len(icon_paths()) == 11


@pytest.mark.parametrize("name", [PORT.icon, AIRPORT.icon])
def test_paper_draws_the_same_lines(name):
    box = drawing_path(name).get_extents()
    numbers = re.findall(r"[A-Z]", icon_paths()[name])
    assert len(drawing_path(name).codes) >= len(numbers)
    assert -GRID / 2 <= box.x0 < box.x1 <= GRID / 2
    assert box.x0 == pytest.approx(-box.x1)
    assert set(numbers) <= set("MLHVCZ")


@pytest.mark.parametrize("file", sorted(ICONS_FOLDER.glob("*.svg")), ids=lambda file: file.stem)
def test_icons_share_grid_and_line(file):
    drawing = dict(re.findall(r'([\w-]+)="([^"]*)"', file.read_text(encoding="utf-8")))
    assert drawing.get("viewBox") == f"0 0 {GRID} {GRID}"
    assert (drawing.get("stroke"), drawing.get("fill")) == ("currentColor", "none")
    assert float(str(drawing.get("stroke-width"))) == STROKE
    numbers = [float(one) for one in re.findall(r"-?\d+\.?\d*", icon_paths()[file.stem])]
    assert min(numbers) >= 0
    assert max(numbers) <= GRID - STROKE / 2


def test_the_map_gets_the_same_drawings():
    page = frame_page((115.0, 30.0, 122.0, 36.0), WebAssets((), (), "/a.js"))
    (sent,) = re.findall(r'<script type="application/json" id="atlas-icons">(.*?)</script>', page)
    assert json.loads(sent) == icon_paths()
    assert f'd="{icon_paths()["gear"]}"' in icon_svg("gear", color="#000000")
