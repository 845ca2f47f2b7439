"""Draw the map of a brief: the print map, upright, with what it shows in words."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image

from layers.brief.brief_case import BriefCase
from layers.brief.content import ContentPicture, DrawnPicture, PictureShape
from layers.paper.print_map import print_map_pixels
from layers.paper.sheet import Orientation, PaperExtent, PaperOptions
from layers.specification.map_spec import MapSpec

_LONG_MM, _SHORT_MM = 297.0, 210.0
_WIDTH_MM: dict[PictureShape, float] = {"upright": 158.0, "wide": 205.0}
_ORIENTATION: dict[PictureShape, Orientation] = {"upright": "portrait", "wide": "landscape"}
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

    @cache
    def draw(shape: PictureShape) -> DrawnPicture:
        options = PaperOptions(orientation=_ORIENTATION[shape], extent=extent, title=case.name)
        pixels = print_map_pixels(spec, case.province, options, date=case.date)
        width = _WIDTH_MM[shape]
        high = _LONG_MM / _SHORT_MM if shape == "upright" else _SHORT_MM / _LONG_MM
        return DrawnPicture(_smaller(pixels, width), width, width * high)

    told = case.say(
        alternative,
        name=case.name,
        sites=case.sites_words(len(case.sites)),
        layers=case.join(group.title for group in spec.legend),
        **values,
    )
    return ContentPicture(
        draw=draw,
        alternative=told,
        caption=case.say(
            "brief.map_caption" if case.province.plan.roles else "brief.map_caption_plain",
            title=case.short_name,
        ),
        sources=tuple(source.id for source in spec.sources),
    )


def _smaller(picture: Image.Image, width_mm: float) -> bytes:
    """Return the picture with as many pixels as the page can show, in a few hundred colours.

    Documents are sent by mail: a third of the bytes, and no difference to the eye.
    """
    width = round(width_mm / 25.4 * _DOTS_PER_INCH * 1.25)
    height = round(width * picture.height / picture.width)
    reduced = picture.resize((width, height), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    reduced.quantize(256, dither=Image.Dither.NONE).save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()
