"""Draw the golden print maps anew: run ``make golden``, then look at each of them."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

from PIL import Image

from data.loader import default_province_id, load_province
from layers.compose import compose
from layers.print_map import render_print_map
from layers.view import parse_query
from tests.places import PLACES

FOLDER = Path(__file__).parent
DATE = dt.date(2026, 1, 1)
WIDTH_PX = 1000
QUERIES = {
    "province-zh": "lang=zh",
    "province-en-battery": "lang=en&sector=battery",
    "south-zh": f"lang=zh&center=31.6,120.2&zoom=9.3&profile={PLACES.parts_pilot.slug}",
}


def draw(query: str) -> Image.Image:
    province = load_province(default_province_id())
    spec = compose(parse_query(query, province).view, province)
    picture = Image.open(io.BytesIO(render_print_map(spec, province, "png", date=DATE)))
    height = round(picture.height * WIDTH_PX / picture.width)
    return picture.convert("RGB").resize((WIDTH_PX, height), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    for name, query in QUERIES.items():
        draw(query).quantize(256, dither=Image.Dither.NONE).save(
            FOLDER / f"{name}.png", optimize=True
        )
