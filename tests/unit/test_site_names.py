"""Names of sites are written close up, for sites whose place is known, and never on a sign."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from matplotlib.text import Text

from clusters.matching import matching
from data.evidence_rows import PLACED
from layers.address.query import parse_query
from layers.catalogue.site_names import NAMES_FROM_ZOOM
from layers.compose import compose
from layers.paper import point_symbols
from layers.paper.print_map import render_map_picture
from layers.specification.map_spec import Extent
from layers.specification.view import View
from tests.synthetic import with_synthetic_places, without_places

NAMES = "site-names"


@pytest.fixture(scope="module")
def placed(province):
    """The province, with synthetic places for half of the sites of a known county."""
    return with_synthetic_places(province)


def names(query: str, province) -> set[str]:
    spec = compose(parse_query(query, province).view, province)
    return {
        str(one)
        for layer in spec.layers
        if layer.id == NAMES
        for found in layer.classes
        for one in found.features
    }


def test_only_sites_that_match_and_have_a_place_are_named(placed):
    sites = placed.sites
    assert names("", placed) == set(sites.index[sites["precision"].isin(PLACED)])
    query = "segment=separator,electrolyte"
    found = matching(placed, parse_query(query, placed).view.selection).sites
    assert names(query, placed) == set(found.index[found["precision"].isin(PLACED)])
    assert names("overlay=counties", placed) == set()


def test_no_name_stands_where_no_place_is_known(province):
    province = without_places(province)
    assert not province.sites["precision"].isin(PLACED).any()
    assert all(layer.id != NAMES for layer in compose(View(province.id), province).layers)


@pytest.fixture
def nearest(placed) -> tuple[str, object]:
    """A site with a place, and a view of what is around it."""
    placed = placed.sites[placed.sites["precision"].isin(PLACED)]
    site = placed.iloc[0]
    return str(site.name), (site.geometry.y, site.geometry.x)


@pytest.mark.parametrize(("zoom", "written"), [(NAMES_FROM_ZOOM + 1.5, True), (9.5, False)])
def test_paper_writes_a_name_beside_its_sign(placed, nearest, monkeypatch, zoom, written):
    _, center = nearest
    spec = compose(parse_query("lang=en", placed).view, placed)
    spec = replace(spec, extent=Extent(spec.extent.bounds, center, zoom))
    kept: list[tuple[Text, list]] = []
    keep = point_symbols._Sheet.keep_if_free

    def noted(sheet, text, *, beside_sign=False):
        keep(sheet, text, beside_sign=beside_sign)
        if beside_sign and text.axes is not None:
            kept.append((text, [text.get_window_extent(), *sheet.signs]))

    monkeypatch.setattr(point_symbols._Sheet, "keep_if_free", noted)
    assert io.BytesIO(render_map_picture(spec, placed, 160, 120)).read(4)
    said = {text.get_text() for text, _ in kept} & set(placed.sites["name_en"])
    assert bool(said) == written
    for _, (box, *signs) in kept:
        assert not any(box.overlaps(sign) for sign in signs)
