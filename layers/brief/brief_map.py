"""Draw the map of a brief: the print map, upright, with what it shows in words."""

from __future__ import annotations

import io

from PIL import Image

from layers.brief.brief_case import BriefCase
from layers.brief.content import ContentPicture
from layers.paper.print_map import render_print_map
from layers.paper.sheet import PaperExtent, PaperOptions
from layers.specification.map_spec import MapSpec

_SHEET_MM = (210.0, 297.0)
_WIDTH_MM = 158.0
_DOTS_PER_INCH = 200


def map_picture(
    case: BriefCase,
    spec: MapSpec,
    alternative: str = "brief.map_alternative",
    *,
    extent: PaperExtent = "selection",
    **values: object,
) -> ContentPicture:
    """Return the print map of ``spec`` as a picture for a page; ``extent`` is what it shows.

    ``alternative`` is the phrase that tells the map in words: of ``name``, ``sites``, ``layers``
    and further ``values``.
    """
    options = PaperOptions(orientation="portrait", extent=extent, title=case.name)
    png = render_print_map(spec, case.province, "png", options, date=case.date)
    width, height = _SHEET_MM
    told = case.say(
        alternative,
        name=case.name,
        sites=case.sites_words(len(case.sites)),
        layers=case.join(group.title for group in spec.legend),
        **values,
    )
    return ContentPicture(
        png=_smaller(png),
        alternative=told,
        caption=case.say(
            "brief.map_caption" if case.province.plan.roles else "brief.map_caption_plain",
            title=case.short_name,
        ),
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
