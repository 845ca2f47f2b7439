"""Lay out a sheet of paper: where the title, the map, the legend and the notes stand.

All lengths are in millimetres, from the sheet's lower left corner.
"""

from __future__ import annotations

from dataclasses import dataclass

MARGIN_MM = 9.0
TITLE_MM = 19.0
FOOTER_MM = 17.0
LEGEND_MM = 62.0
GAP_MM = 4.0


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
    """A sheet of paper with the boxes of its parts."""

    width_mm: float
    height_mm: float

    @property
    def title(self) -> Box:
        """The strip at the top."""
        return Box(
            MARGIN_MM,
            self.height_mm - MARGIN_MM - TITLE_MM,
            self.width_mm - 2 * MARGIN_MM,
            TITLE_MM,
        )

    @property
    def map(self) -> Box:
        """The frame of the map, left of the legend."""
        return Box(
            MARGIN_MM,
            MARGIN_MM + FOOTER_MM,
            self.width_mm - 2 * MARGIN_MM - LEGEND_MM - GAP_MM,
            self.height_mm - 2 * MARGIN_MM - TITLE_MM - FOOTER_MM,
        )

    @property
    def legend(self) -> Box:
        """The column right of the map."""
        return Box(
            self.width_mm - MARGIN_MM - LEGEND_MM,
            MARGIN_MM + FOOTER_MM,
            LEGEND_MM,
            self.map.height,
        )

    @property
    def footer(self) -> Box:
        """The strip at the bottom."""
        return Box(MARGIN_MM, MARGIN_MM, self.width_mm - 2 * MARGIN_MM, FOOTER_MM - 2)


A4_LANDSCAPE = Sheet(297.0, 210.0)
