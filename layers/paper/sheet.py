"""Lay out a sheet of paper: its size, and where the title, the map and the legend stand.

All lengths are in millimetres, from the sheet's lower left corner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

PaperSize = Literal["a4", "a3", "wide", "square"]
Orientation = Literal["auto", "landscape", "portrait"]
PaperExtent = Literal["view", "province", "selection"]

PAPER_SIZES: tuple[PaperSize, ...] = get_args(PaperSize)
ORIENTATIONS: tuple[Orientation, ...] = get_args(Orientation)
PAPER_SCALES = (50_000, 100_000, 250_000, 500_000, 1_000_000, 2_000_000)
"""The scales that a map on paper can have."""
PAPER_EXTENTS: tuple[PaperExtent, ...] = get_args(PaperExtent)

MARGIN_MM = 9.0
TITLE_MM = 19.0
FOOTER_MM = 19.0
LEGEND_WIDTH_MM = 62.0
LEGEND_HEIGHT_MM = 62.0
GAP_MM = 4.0

_LONG_AND_SHORT_MM = {
    "a4": (297.0, 210.0),
    "a3": (420.0, 297.0),
    "wide": (338.7, 190.5),
    "square": (240.0, 240.0),
}


@dataclass(frozen=True)
class PaperOptions:
    """How a map is put on paper.

    ``title`` and ``subtitle`` replace those of the view; ``extent`` is what the frame shows:
    the view's place, the province, or the selected cities; ``link`` is the address of the
    view, printed as a QR code. ``scale`` is how many times smaller than the ground the map is, one
    of ``PAPER_SCALES``; without it the map is as large as the sheet allows.
    """

    size: PaperSize = "a4"
    orientation: Orientation = "auto"
    extent: PaperExtent = "view"
    title: str | None = None
    subtitle: str | None = None
    graticule: bool = False
    inset: bool = True
    link: str | None = None
    scale: int | None = None


@dataclass(frozen=True)
class Box:
    """A rectangle on the sheet, in millimetres."""

    left: float
    bottom: float
    width: float
    height: float

    def fractions(self, sheet: Sheet) -> tuple[float, float, float, float]:
        """Return the rectangle as fractions of the sheet: left, bottom, width, height."""
        return (
            self.left / sheet.width_mm,
            self.bottom / sheet.height_mm,
            self.width / sheet.width_mm,
            self.height / sheet.height_mm,
        )


@dataclass(frozen=True)
class Sheet:
    """A sheet of paper with the boxes of its parts.

    The legend stands right of the map on a landscape sheet, below it on a portrait one, where
    it takes ``legend_height_mm``.
    """

    width_mm: float
    height_mm: float
    legend_height_mm: float = LEGEND_HEIGHT_MM

    @property
    def is_landscape(self) -> bool:
        """Whether the legend stands beside the map."""
        return self.width_mm >= self.height_mm

    @property
    def title(self) -> Box:
        """The strip at the top."""
        bottom = self.height_mm - MARGIN_MM - TITLE_MM
        return Box(MARGIN_MM, bottom, self.width_mm - 2 * MARGIN_MM, TITLE_MM)

    @property
    def map(self) -> Box:
        """The frame of the map."""
        width = self.width_mm - 2 * MARGIN_MM
        bottom = MARGIN_MM + FOOTER_MM
        height = self.height_mm - MARGIN_MM - TITLE_MM - bottom
        if self.is_landscape:
            return Box(MARGIN_MM, bottom, width - LEGEND_WIDTH_MM - GAP_MM, height)
        taken = self.legend_height_mm + GAP_MM
        return Box(MARGIN_MM, bottom + taken, width, height - taken)

    @property
    def legend(self) -> Box:
        """The column right of the map, or the strip below it."""
        bottom = MARGIN_MM + FOOTER_MM
        if self.is_landscape:
            left = self.width_mm - MARGIN_MM - LEGEND_WIDTH_MM
            return Box(left, bottom, LEGEND_WIDTH_MM, self.map.height)
        return Box(MARGIN_MM, bottom, self.width_mm - 2 * MARGIN_MM, self.legend_height_mm)

    @property
    def footer(self) -> Box:
        """The strip at the bottom."""
        return Box(MARGIN_MM, MARGIN_MM, self.width_mm - 2 * MARGIN_MM, FOOTER_MM - 2)


def sheet_of(size: PaperSize, orientation: Orientation, width_to_height: float) -> Sheet:
    """Return the sheet; ``auto`` takes the one that shows more of what is to be shown.

    ``width_to_height`` is the ratio of what the map shows, in metres.
    """
    long, short = _LONG_AND_SHORT_MM[size]
    landscape, portrait = Sheet(long, short), Sheet(short, long)
    if orientation == "portrait":
        return portrait
    if orientation == "landscape" or long == short:
        return landscape
    return max(landscape, portrait, key=lambda sheet: _scale(sheet.map, width_to_height))


def _scale(box: Box, width_to_height: float) -> float:
    """Return how large a thing of that shape can be drawn into ``box``: its width."""
    return min(box.width, box.height * width_to_height)
