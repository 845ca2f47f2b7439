"""Draw the golden print maps anew: run ``make golden``, then look at each of them."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

from PIL import Image

from clusters.own_province import with_own_data
from data.loader import default_province_id, load_province
from data.own.own_counts import OwnPoints
from data.register.build import register_from_table
from layers.address.query import parse_query
from layers.compose import compose
from layers.paper.print_map import render_print_map
from layers.points.points_asked import PointsAsked, with_asked
from tests.places import PLACES
from tests.synthetic import COLUMNS, synthetic_table

FOLDER = Path(__file__).parent
DATE = dt.date(2026, 1, 1)
WIDTH_PX = 1000
QUERIES = {
    "province-zh": "lang=zh",
    "province-en-battery": "lang=en&sector=battery",
    "county-zh": "lang=zh&center=31.4,120.6&zoom=10.5",
    "north-en": (
        "lang=en&center=34.2,117.3&zoom=10"
        "&overlay=counties,sites,water,water-names,roads,railways,towns,ports"
    ),
    "south-zh": f"lang=zh&center=31.6,120.2&zoom=9.3&profile={PLACES.parts_pilot.slug}",
}

POINTS: dict[str, tuple[str, PointsAsked]] = {
    "points-density-zh": ("lang=zh", PointsAsked()),
    "points-singles-en": (
        "lang=en&center=31.6,120.2&zoom=10&overlay=none",
        PointsAsked(color_by="sector", values=(("sector", ("battery", "hydrogen")),)),
    ),
}
"""Synthetic points, as density and one by one."""


def draw(query: str, asked: PointsAsked | None = None) -> Image.Image:
    province = load_province(default_province_id())
    own = None
    if asked is not None:
        table = synthetic_table(province, 40_000)
        register = register_from_table(table, COLUMNS, province.counties)
        own = OwnPoints("synthetic.csv", DATE, register)
        province = with_own_data(province, [own])
    spec = compose(parse_query(query, province).view, province)
    if asked is not None and own is not None:
        spec, province = with_asked(spec, province, own, asked)
    picture = Image.open(io.BytesIO(render_print_map(spec, province, "png", date=DATE)))
    height = round(picture.height * WIDTH_PX / picture.width)
    return picture.convert("RGB").resize((WIDTH_PX, height), Image.Resampling.LANCZOS)


def asked_of(name: str) -> tuple[str, PointsAsked | None]:
    """Return the query of a picture, and the points on it."""
    return POINTS[name] if name in POINTS else (QUERIES[name], None)


if __name__ == "__main__":
    for name in (*QUERIES, *POINTS):
        draw(*asked_of(name)).quantize(256, dither=Image.Dither.NONE).save(
            FOLDER / f"{name}.png", optimize=True
        )
