"""Choose colours and line widths, in one place, for the screen and for paper.

What belongs to a plan (its roles, its sectors) has its signs in ``plan_signs``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from layers.specification.map_spec import (
    Area,
    Hatch,
    Label,
    Line,
    Marker,
    Pictogram,
    Stack,
    Symbol,
    TextField,
)

SEA = "#DCE8EE"
INK = "#20252D"
MUTED_INK = "#6A7078"
PAPER = "#FFFFFF"

FADED_OPACITY = 0.2
"""Opacity of what lies outside the selection."""

DARK = {
    "#DCE8EE": "#12181F",
    "#F4F2ED": "#1B2129",
    "#D9D4C8": "#333B46",
    "#FFFFFF": "#2A323D",
    "#E4EFD3": "#2A3B33",
    "#E4E1DA": "#3A404A",
    "#A9A496": "#5E6875",
    "#59606B": "#9AA4B1",
    "#111418": "#FFFFFF",
    "#20252D": "#F1F3F5",
    "#6A7078": "#B4BCC6",
    "#A39D8F": "#7C8694",
    "#2B5C94": "#7FB2EA",
    "#A3387A": "#E583BF",
    "#00706E": "#0A7E7B",
    "#262A2E": "#A9B4BC",
    "#8465D6": "#8A7FD6",
    "#8A3B0C": "#E08A56",
    "#137A3F": "#96F2AC",
    "#1B9FD8": "#4AD2F5",
    "#8C510A": "#D9A05B",
    "#BFD9E8": "#1C3A52",
    "#8FB5CB": "#2F5670",
    "#C98B3C": "#A07C45",
    "#5F6670": "#8B95A1",
    "#1F5F8B": "#7FB2EA",
    "#3F5B73": "#A9C3D8",
    "#2F6690": "#9CC7E6",
}
"""What the colours of ground, lines, names and signs become on a dark screen; fills of classes
keep theirs. Paper is always light."""

_Symbol = TypeVar("_Symbol", bound=Symbol)

NEIGHBOUR = Area(fill="#F4F2ED", stroke="#D9D4C8", stroke_width=0.8)
LAND = Area(fill="#E4EFD3")
LAND_WITHOUT_ROLE = Area(fill="#E4E1DA")
LAND_OUTSIDE_SELECTION = Area(fill="#F4F2ED")
COUNTY_BORDER = Area(fill=None, stroke="#A9A496", stroke_width=0.5, dash=(3.0, 2.0))
CITY_BORDER = Area(fill=None, stroke="#59606B", stroke_width=1.1)
MATCHING_CITY = Area(fill=None, stroke="#111418", stroke_width=1.9)
MATCHING_COUNTY = Area(fill="#E8A33D", fill_opacity=0.3, stroke="#8C510A", stroke_width=0.9)
FOCUS_BORDER = Area(fill=None, stroke="#111418", stroke_width=3.2)

BAND_WIDTH = 2.0
"""Two of them stand along a border that two cities share: together a band's width, not two."""
BAND_RIM = 1.6
"""Sets a band off from the border, whose own half lies on the rim."""

WATER = Area(fill="#BFD9E8", stroke="#8FB5CB", stroke_width=0.6)
ROAD = Line(color="#C98B3C", width=1.1, casing="#FFFFFF")
RAILWAY = Line(color="#5F6670", width=1.2, dash=(5.0, 3.0))
PORT = Pictogram(icon="anchor", color="#1F5F8B", halo=PAPER, size=18.0)
AIRPORT = Pictogram(icon="aeroplane", color="#1F5F8B", halo=PAPER, size=18.0)

# Brewer's YlGnBu and, reversed, PuOr: told apart by colour-blind readers, and in grey.
_SEQUENTIAL = ("#FFFFCC", "#A1DAB4", "#41B6C4", "#2C7FB8", "#253494")
_DIVERGING = ("#E66101", "#FDB863", "#F7F7F7", "#B2ABD2", "#5E3C99")
_SEQUENTIAL_OF_FEWER = {1: (2,), 2: (1, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}

NO_VALUE = Hatch(color="#8A8F98", spacing=6.0, width=0.8, angle=135.0)
WEAK_VALUE = Hatch(color="#20252D", spacing=10.0, width=0.7, angle=90.0, opacity=0.55)

HOT_SPOTS: dict[str, Area] = {
    "hot": Area(fill="#B2182B", fill_opacity=0.75),
    "hot, unsure": Area(fill="#F4A582", fill_opacity=0.75),
    "cold": Area(fill="#2166AC", fill_opacity=0.75),
    "cold, unsure": Area(fill="#92C5DE", fill_opacity=0.75),
}
AREA_OF_INTEREST = Area(
    fill="#C2187A", fill_opacity=0.08, stroke="#C2187A", stroke_width=2.2, dash=(8.0, 3.0)
)
GROUP_OUTLINE = Area(
    fill="#111418", fill_opacity=0.07, stroke="#111418", stroke_width=1.4, dash=(2.0, 3.0)
)
_CATCHMENT_DASHES = ((), (7.0, 4.0), (2.0, 4.0))


def class_fills(count: int, *, diverging: bool = False) -> tuple[Area, ...]:
    """Return fills for up to five classes, from low to high."""
    if diverging:
        return tuple(Area(fill=color, fill_opacity=0.92) for color in _DIVERGING)
    places = _SEQUENTIAL_OF_FEWER.get(count, ())
    return tuple(Area(fill=_SEQUENTIAL[place], fill_opacity=0.92) for place in places)


def catchment_line(place: int) -> Area:
    """Return the outline of a catchment; ``place`` counts from the nearest."""
    dash = _CATCHMENT_DASHES[place % len(_CATCHMENT_DASHES)]
    return Area(fill=None, stroke="#8C510A", stroke_width=2.0, dash=dash)


OWN_RING = Marker(shape="circle", color="#C2187A", size=19.0, fill="open")
"""Stands around a site of a person's own file."""


AREA_STACK = Stack(color=MUTED_INK)
"""In the legend: stands at an area's label point for what is known to that area only."""

PLACED_SIGN = Marker(shape="circle", color=MUTED_INK, size=13.0)
"""In the legend: any sign that stands where its site is."""


def city_label(field: TextField) -> Label:
    """Return how a city's name is written."""
    return Label(field=field, color=INK, halo=PAPER, size=13.0, bold=True)


def county_label(field: TextField) -> Label:
    """Return how a county's name is written."""
    return Label(field=field, color=MUTED_INK, halo=PAPER, size=11.0)


def site_label(field: TextField) -> Label:
    """Return how a site's name is written."""
    return Label(field=field, color=INK, halo=PAPER, size=10.5)


def town_label(field: TextField) -> Label:
    """Return how the name of a town, a port or an airport is written."""
    return Label(field=field, color="#3F5B73", halo=PAPER, size=10.5)


def water_label(field: TextField) -> Label:
    """Return how the name of a lake or a river is written: larger than that of a town."""
    return Label(field=field, color="#2F6690", halo="#BFD9E8", size=11.5)


def neighbour_label(field: TextField) -> Label:
    """Return how a neighbouring province's name is written."""
    return Label(field=field, color="#A39D8F", halo="#F4F2ED", size=12.0)


def faded(symbol: _Symbol) -> _Symbol:
    """Return the symbol as it is drawn outside the selection."""
    return replace(symbol, opacity=FADED_OPACITY)


DENSITY_RAMP = ("#FBE3A0", "#F8B866", "#EF8A54", "#DB5A5B", "#B23672", "#7A2378", "#43155F")
"""Few to many points in a place; lightness falls all the way, so that it reads in grey too."""

DENSITY_OPACITY = 0.88

_CATEGORY_COLORS = (
    *("#2B5C94", "#D9822B", "#2E7D32", "#A3387A", "#0E8C8C", "#8A6D1D", "#5B3FA8", "#B3400E"),
    *("#5C7A99", "#7FA650", "#C77BA6", "#37474F"),
)
_SERIES_COLORS = ("#1F5F8B", "#E8A33D", "#7A2B5E", "#9BC3EA", "#5A8F3C", "#CBD2D9")
_NO_VALUE_COLOR = "#9A9A9A"
MAX_CATEGORY_COLORS = 60
"""How many values of a category get a colour of their own place in the palette."""


ValueColors = tuple[tuple[str, str], ...]
"""Values of a category that have a colour of their own, each with it: a plan's sectors."""


def category_colors(labels: Sequence[object], own: ValueColors = ()) -> tuple[str, ...]:
    """Return a colour for each value of a category: its own, or the next of a list.

    ``None`` and values beyond ``MAX_CATEGORY_COLORS`` are grey; the list starts anew after
    its end, so that values far apart in a long category can share a colour.
    """
    colors, known = [], dict(own)
    for place, label in enumerate(labels):
        if label is None or place >= MAX_CATEGORY_COLORS:
            colors.append(_NO_VALUE_COLOR)
        elif label in known:
            colors.append(known[str(label)])
        else:
            colors.append(_CATEGORY_COLORS[place % len(_CATEGORY_COLORS)])
    return tuple(colors)


def series_colors(count: int) -> tuple[str, ...]:
    """Return colours for the series of a chart; up to six are told apart by everybody.

    More take those of categories, and start anew after their end: shape or order helps there.
    """
    few = count <= len(_SERIES_COLORS)
    known = _SERIES_COLORS if few else (*_SERIES_COLORS[:-1], *_CATEGORY_COLORS)
    return tuple(known[place % len(known)] for place in range(count))
