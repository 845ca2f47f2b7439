"""The icons are one set: the same grid, the same line, one for each role and sector."""

from __future__ import annotations

import json
import re

import pytest

from data.loader import ICONS_FOLDER
from layers.specification.icons import (
    GRID,
    STROKE,
    icon_paths,
    icon_svg,
)
from layers.web.folium_map import WebAssets, frame_page


def test_every_role_and_every_sector_has_an_icon_of_its_own(province):
    plan = province.plan
    named = [str(one.sign.icon) for one in (*plan.roles, *plan.sectors)]
    assert sorted(named) == sorted(icon_paths())
    assert len(set(icon_paths().values())) == len(icon_paths()) == 9


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
