"""Draw where an upload's points fall under each datum, for a person to judge.

All pictures show the same place: one where the datums put points into different areas, if
there is one, or else where points stand closest.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch

from data.crs import GEOGRAPHIC, transformer
from data.datum import DATUMS, Datum, to_wgs84
from data.loader import Province
from data.register.grid import Floats
from data.text import Language
from data.uploads.sites.datum_evidence import province_area
from layers.paper.figure import let_go
from layers.paper.fonts import paper_font
from layers.paper.print_map import DRAWING
from layers.paper.symbols import polygon_path
from layers.specification.symbology import INK, MUTED_INK

INSIDE, ASTRAY, UNTOLD = "#1F5F8B", "#C2187A", "#5A5F66"
"""Colours of points inside the area that their row names, outside it, and without a name."""

_HALF_M = 5000.0
_WIDTH_IN, _DPI = 3.6, 130
_MOST_POINTS = 5000


@dataclass(frozen=True, eq=False)
class DatumPicture:
    """A datum, and the picture (PNG) of the points under it."""

    datum: Datum
    png: bytes


def datum_pictures(
    given: Floats, named: Floats, province: Province, language: Language
) -> tuple[DatumPicture, ...]:
    """Return a picture for each datum.

    ``given`` is (n, 2): longitude and latitude in decimal degrees as the file has them;
    ``named`` the n adcodes of the areas (county, city, the province) that the rows name, NaN
    where none. Points beyond the
    first few thousand are left out. Nothing is returned where no row has a point.
    """
    known = np.flatnonzero(np.isfinite(given).all(axis=1))[:_MOST_POINTS]
    if not len(known):
        return ()
    points, areas = given[known], named[known]
    crs = province.settings.metric_crs
    places = {datum: _metres(points, datum, crs) for datum in DATUMS}
    borders = {name: getattr(province, name).to_crs(crs) for name in ("cities", "counties")}
    shapes = dict(borders["cities"].geometry) | dict(borders["counties"].geometry)
    if province.settings.adcode in areas:
        shapes |= dict(province_area(province).to_crs(crs))
    inside = {datum: _inside(places[datum], areas, shapes) for datum in DATUMS}
    center = _telling_place(places, inside)
    if center is None:
        return ()
    field = "name_zh" if language == "zh" else "name_en"
    with DRAWING:
        return tuple(
            DatumPicture(datum, _draw(places[datum], areas, inside[datum], center, borders, field))
            for datum in DATUMS
        )


def _metres(points: Floats, datum: Datum, crs: str) -> Floats:
    longitude, latitude = to_wgs84(points[:, 0], points[:, 1], datum)
    x, y = transformer(GEOGRAPHIC, crs).transform(longitude, latitude)
    return np.column_stack([x, y])


def _inside(
    places: Floats, areas: Floats, shapes: dict[int, shapely.Geometry]
) -> npt.NDArray[np.bool_]:
    """Tell which points lie in the area that their row names."""
    found = np.zeros(len(places), dtype=bool)
    for adcode in np.unique(areas[np.isfinite(areas)]):
        if int(adcode) in shapes:
            rows = np.flatnonzero(areas == adcode)
            found[rows] = shapely.contains_xy(shapes[int(adcode)], places[rows])
    return found


def _telling_place(
    places: dict[Datum, Floats], inside: dict[Datum, npt.NDArray[np.bool_]]
) -> Floats | None:
    """Return the middle of the pictures, in metres; ``None`` where no point is on the earth."""
    base = places[DATUMS[0]]
    best, second, third = sorted(inside.values(), key=lambda mask: -int(mask.sum()))
    differ = np.flatnonzero(best & ~second)
    if not len(differ):
        differ = np.flatnonzero(best & ~third)
    usable = np.flatnonzero(np.isfinite(base).all(axis=1))
    chosen = np.intersect1d(differ, usable)
    candidates = chosen if len(chosen) else usable
    if not len(candidates):
        return None
    sample = candidates[:: max(1, len(candidates) // 300)]
    near = np.abs(base[sample][:, None] - base[candidates][None]).max(axis=2) < _HALF_M * 0.8
    middle: Floats = base[sample[int(near.sum(axis=1).argmax())]]
    return middle


def _draw(
    places: Floats,
    areas: Floats,
    inside: npt.NDArray[np.bool_],
    center: Floats,
    borders: dict[str, gpd.GeoDataFrame],
    field: str,
) -> bytes:
    figure = Figure(figsize=(_WIDTH_IN, _WIDTH_IN), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0), facecolor="#F4F2ED")
    axes.set_xlim(center[0] - _HALF_M, center[0] + _HALF_M)
    axes.set_ylim(center[1] - _HALF_M, center[1] + _HALF_M)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color("#D8D4CB")
        spine.set_linewidth(2.0)
    window = shapely.box(*(center - _HALF_M), *(center + _HALF_M))
    _draw_borders(axes, borders, window, field)
    told = np.isfinite(areas)
    for mask, color, order in (
        (~told, UNTOLD, 5),
        (told & inside, INSIDE, 6),
        (told & ~inside, ASTRAY, 7),
    ):
        axes.scatter(
            places[mask, 0],
            places[mask, 1],
            s=34,
            c=color,
            linewidths=0.8,
            edgecolors="w",
            zorder=order,
        )
    axes.plot(*([center[0] + at for at in (1000, 3000)], [center[1] - 4600] * 2), color=INK, lw=2)
    words: dict[str, Any] = {
        "fontproperties": paper_font(8),
        "ha": "center",
        "va": "bottom",
        "color": INK,
    }
    axes.text(center[0] + 2000, center[1] - 4500, "2 km", **words)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=_DPI, metadata={"Software": None})
    let_go(figure)
    return out.getvalue()


def _draw_borders(
    axes: Axes, borders: dict[str, gpd.GeoDataFrame], window: shapely.Polygon, field: str
) -> None:
    counties, cities = borders["counties"], borders["cities"]
    for row in counties[counties.intersects(window)].itertuples():
        axes.add_artist(
            PathPatch(polygon_path(row.geometry), facecolor="white", edgecolor=MUTED_INK, lw=1.0)
        )
        place = row.geometry.intersection(window).representative_point()
        axes.text(
            place.x,
            place.y,
            getattr(row, field),
            fontproperties=paper_font(10),
            color=MUTED_INK,
            ha="center",
            va="center",
            clip_on=True,
            zorder=3,
        )
    for shape in cities[cities.intersects(window)].geometry:
        axes.add_artist(PathPatch(polygon_path(shape), facecolor="none", edgecolor=INK, lw=1.8))
