"""A province that was made by the command is painted by a browser, every area of it."""

from __future__ import annotations

import pytest

from data.authoring.new_province import new_province
from data.loader import load_folder
from layers.compose import compose
from layers.specification.view import View
from layers.web.offline_page import offline_page
from tests.thorough.test_new_province import ONE_OF_EACH_KIND


@pytest.mark.parametrize("adcode", ONE_OF_EACH_KIND)
def test_every_area_is_painted(page, tmp_path, adcode):
    """Of one of each kind; that all of them load and are drawn is tested without a browser."""
    province = load_folder(new_province(adcode, tmp_path))
    spec = compose(View(province.id, overlays=("counties",), language="en"), province)
    path = tmp_path / "province.html"
    path.write_text(offline_page(spec, province), encoding="utf-8")
    page.goto(path.as_uri())
    page.locator("body[data-atlas-ready]").wait_for()
    land = page.locator(".leaflet-atlas-land-pane path[d]")
    assert land.count() == len(province.cities)
    first = land.first.bounding_box()
    assert first is not None
    assert first["width"] > 3
    # County borders wait until somebody looks at counties.
    page.evaluate("() => window.clusterAtlas.current.map.setZoom(9, { animate: false })")
    assert page.locator(".leaflet-atlas-counties-pane path[d]").count() == len(province.counties)
