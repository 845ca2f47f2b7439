"""Draw the map of a brief: the print map, upright, with what it shows in words."""

from __future__ import annotations

import datetime as dt
import io

from PIL import Image

from data.loader import Province
from data.text import say
from layers.brief.content import ContentPicture
from layers.paper.print_map import render_print_map
from layers.paper.sheet import PaperExtent, PaperOptions
from layers.specification.map_spec import MapSpec

_SHEET_MM = (210.0, 297.0)
_WIDTH_MM = 158.0
_DOTS_PER_INCH = 200


def map_picture(
    spec: MapSpec,
    province: Province,
    date: dt.date,
    *,
    title: str,
    alternative: str,
    extent: PaperExtent = "selection",
) -> ContentPicture:
    """Return the print map of ``spec`` as a picture for a page; ``extent`` is what it shows."""
    options = PaperOptions(orientation="portrait", extent=extent, title=title)
    png = render_print_map(spec, province, "png", options, date=date)
    width, height = _SHEET_MM
    return ContentPicture(
        png=_smaller(png),
        alternative=alternative,
        caption=say("brief.map_caption", spec.language, title=title),
        width_mm=_WIDTH_MM,
        height_mm=_WIDTH_MM * height / width,
        sources=tuple(source.id for source in spec.sources),
    )


def _smaller(png: bytes) -> bytes:
    """Return the picture with as many pixels as the page can show, in a few hundred colours.

    Documents are sent by mail: a third of the bytes, and no difference to the eye.
    """
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    width = round(_WIDTH_MM / 25.4 * _DOTS_PER_INCH * 1.25)
    height = round(width * picture.height / picture.width)
    reduced = picture.resize((width, height), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    reduced.quantize(256, dither=Image.Dither.NONE).save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()
