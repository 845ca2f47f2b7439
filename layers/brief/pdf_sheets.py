"""Fill sheets of paper from top to bottom with lines of words, rules and pictures.

Lengths are in millimetres; ``y`` is where the next line goes, from the sheet's lower edge.
"""

from __future__ import annotations

import io

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image

from layers.paper.fonts import paper_font, printable, text_width_mm
from layers.specification.symbology import INK, MUTED_INK

_PAGE_MM = (210.0, 297.0)
MARGIN_MM = 20.0
_MM_PER_POINT = 25.4 / 72
_LEADING = 1.45
_NOTE_PT = 8.0
_RULE = "#C9CFD6"


def line_mm(points: float) -> float:
    """Return the height of a line of letters of a size."""
    return points * _MM_PER_POINT * _LEADING


class Sheets:
    """Sheets that are being filled, upright or on their side."""

    def __init__(self, head: str) -> None:
        self.head = head
        self.figures: list[Figure] = []
        self.is_wide = False
        self.y = 0.0
        self.axes: Axes
        self.turn()

    @property
    def size_mm(self) -> tuple[float, float]:
        """The width and the height of the sheet that is being filled."""
        width, height = _PAGE_MM
        return (height, width) if self.is_wide else (width, height)

    @property
    def width(self) -> float:
        """The width that there is for words."""
        return self.size_mm[0] - 2 * MARGIN_MM

    @property
    def number(self) -> int:
        """The number of the sheet that is being filled, from 1."""
        return len(self.figures)

    @property
    def is_fresh(self) -> bool:
        """Whether nothing stands on the sheet yet."""
        return self.y >= self.size_mm[1] - MARGIN_MM

    @property
    def room(self) -> float:
        """How much height is left."""
        return self.y - MARGIN_MM

    def turn(self, *, wide: bool | None = None) -> None:
        """Begin a sheet, of the other orientation where ``wide`` says so."""
        self.is_wide = self.is_wide if wide is None else wide
        width, height = self.size_mm
        figure = Figure(figsize=(width / 25.4, height / 25.4), facecolor="white")
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_axis_off()
        axes.set_xlim(0, width)
        axes.set_ylim(0, height)
        self.figures.append(figure)
        self.axes = axes
        self.write(MARGIN_MM, height - 11.0, self.head, _NOTE_PT, MUTED_INK)
        self.y = height - MARGIN_MM

    def need(self, height: float) -> bool:
        """Begin a sheet where ``height`` is not left; return whether that was so."""
        if self.room >= height or self.is_fresh:
            return False
        self.turn()
        return True

    def write(
        self, x: float, y: float, words: str, points: float, color: str = INK, link: str = ""
    ) -> None:
        """Write one line around the height ``y``; ``link`` is an address that it leads to."""
        if words:
            font = paper_font(points)
            shown = self.axes.text(
                x, y, printable(words), fontproperties=font, color=color, va="center"
            )
            if link:
                shown.set_url(link)

    def line(self, words: str, points: float, color: str = INK, indent: float = 0.0) -> None:
        """Write a line and go below it."""
        height = line_mm(points)
        self.need(height)
        self.write(MARGIN_MM + indent, self.y - height / 2, words, points, color)
        self.y -= height

    def rule(self) -> None:
        """Draw a thin line across the sheet."""
        ends = [MARGIN_MM, MARGIN_MM + self.width]
        self.axes.plot(ends, [self.y, self.y], color=_RULE, linewidth=0.5)

    def fill(self, height: float, color: str) -> None:
        """Fill the next ``height`` with a colour."""
        place = (MARGIN_MM, self.y - height)
        self.axes.add_patch(Rectangle(place, self.width, height, color=color, linewidth=0))

    def picture(self, png: bytes, width: float, height: float) -> None:
        """Put a picture in the middle, as large as there is room."""
        scale = min(1.0, self.room / height, self.width / width)
        width, height = width * scale, height * scale
        left = (self.size_mm[0] - width) / 2
        pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
        frame = (left, left + width, self.y - height, self.y)
        self.axes.imshow(pixels, extent=frame, aspect="auto", interpolation="none")
        self.axes.set_xlim(0, self.size_mm[0])
        self.axes.set_ylim(0, self.size_mm[1])
        self.y -= height

    def foot(self, number: int, words: str) -> None:
        """Write the foot of a sheet (from 1), in the middle."""
        axes = self.figures[number - 1].axes[0]
        left = (axes.get_xlim()[1] - text_width_mm(printable(words), _NOTE_PT)) / 2
        font = paper_font(_NOTE_PT)
        axes.text(left, 11.0, printable(words), fontproperties=font, color=MUTED_INK, va="center")
