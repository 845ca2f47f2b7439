"""The screen and the paper show the same: features, legend, and colours at known points."""

from __future__ import annotations

import datetime as dt
import io

import numpy as np
import pytest
import shapely
from PIL import Image
from playwright.sync_api import Page

from data.crs import GEOGRAPHIC, transformer
from layers.address.query import parse_query
from layers.compose import compose
from layers.paper.frame import frame_of, shape_of
from layers.paper.print_map import RESOLUTION_DPI, render_print_map
from layers.paper.sheet import PaperOptions, sheet_of
from layers.specification.map_spec import MapSpec

from .atlas_page import AtlasPage

QUERIES = ["lang=en&overlay=assembly", "lang=en&overlay=assembly,counties&role=hydrogen"]
COLOR_TOLERANCE = 10
"""Largest difference of a colour channel, of 255."""


def places(province) -> dict[str, tuple[float, float]]:
    """Return points away from names and borders: (longitude, latitude) by city."""
    found = {}
    for adcode, shape in province.cities.geometry.items():
        row = province.cities.loc[adcode]
        label = shapely.Point(row["label_lon"], row["label_lat"]).buffer(0.16)
        counties = province.counties_of(adcode).boundary.union_all().buffer(0.03)
        free = shape.buffer(-0.05).difference(label).difference(counties)
        if not free.is_empty:
            point = max(shapely.get_parts(free), key=lambda part: part.area).representative_point()
            found[row["name_en"]] = (point.x, point.y)
    return found


def on_screen(atlas: AtlasPage, points: dict[str, tuple[float, float]]) -> dict[str, np.ndarray]:
    frame = next(frame for frame in atlas.page.frames if "/atlas/frame/" in frame.url)
    pixels = frame.evaluate(
        """(points) => Object.fromEntries(Object.entries(points).map(([name, [lng, lat]]) => {
            const place = window.clusterAtlas.current.map.latLngToContainerPoint([lat, lng]);
            return [name, [Math.round(place.x), Math.round(place.y)]];
        }))""",
        {name: list(point) for name, point in points.items()},
    )
    atlas.map.locator(".atlas-legend, .leaflet-control-attribution").first.evaluate(
        "node => document.querySelectorAll('.leaflet-control').forEach(one => one.remove())"
    )
    shot = atlas.page.locator("iframe[src*='/atlas/frame/']").screenshot()
    picture = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), dtype=int)
    return {name: picture[y, x] for name, (x, y) in pixels.items()}


def on_paper(
    spec: MapSpec, province, points: dict[str, tuple[float, float]]
) -> dict[str, np.ndarray]:
    options = PaperOptions(inset=False)
    content = render_print_map(spec, province, "png", options, date=dt.date(2026, 1, 1))
    picture = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), dtype=int)
    sheet = sheet_of("a4", "auto", shape_of(spec, province))
    frame, box = frame_of(spec, province, sheet.map), sheet.map
    to_metric = transformer(GEOGRAPHIC, province.settings.metric_crs)
    dots = RESOLUTION_DPI / 25.4
    colors = {}
    for name, (longitude, latitude) in points.items():
        x, y = to_metric.transform(longitude, latitude)
        right = box.left + (x - frame.x + frame.width_m / 2) / frame.width_m * box.width
        up = box.bottom + (y - frame.y + frame.height_m / 2) / frame.height_m * box.height
        colors[name] = picture[round((sheet.height_mm - up) * dots), round(right * dots)]
    return colors


@pytest.mark.parametrize("query", QUERIES)
def test_screen_and_paper_agree(page: Page, server: str, province, query):
    spec = compose(parse_query(query, province).view, province)
    atlas = AtlasPage(page, server).open(query)
    drawn = {layer.id: sum(len(one.features) for one in layer.classes) for layer in spec.layers}
    for layer in ("land", "assembly", "borders"):
        assert atlas.drawn(layer) == drawn[layer]
    # What is switched off stays in the legend of the screen, to be switched on again.
    on = ".atlas-legend-line:not([aria-checked='false']) .atlas-legend-label"
    legend = atlas.map.locator(on).all_inner_texts()
    assert legend == [entry.label for group in spec.legend for entry in group.entries]
    points = places(province)
    assert len(points) >= 10
    screen, paper = on_screen(atlas, points), on_paper(spec, province, points)
    for name in points:
        assert np.abs(screen[name] - paper[name]).max() <= COLOR_TOLERANCE, name
    assert len({tuple(color) for color in screen.values()}) >= 3
