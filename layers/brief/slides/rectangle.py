"""Reckon with rectangles of a slide, in millimetres from its upper left corner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pptx.util import Mm


@dataclass(frozen=True)
class Rectangle:
    """A rectangle of a slide."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Where it ends to the right."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Where it ends below."""
        return self.top + self.height

    def within(self, other: Rectangle) -> Rectangle:
        """Return what of it lies in another; of no width or height where nothing does."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        width, height = min(self.right, other.right) - left, min(self.bottom, other.bottom) - top
        return Rectangle(left, top, max(width, 0.0), max(height, 0.0))

    def meets(self, other: Rectangle) -> bool:
        """Whether the two share more than an edge."""
        shared = self.within(other)
        return shared.width > 0 and shared.height > 0

    def below(self, top: float) -> Rectangle:
        """Return what of it lies below a line."""
        start = max(self.top, top)
        return Rectangle(self.left, start, self.width, max(self.bottom - start, 0.0))

    def above(self, bottom: float) -> Rectangle:
        """Return what of it lies above a line."""
        return Rectangle(
            self.left, self.top, self.width, max(min(self.bottom, bottom) - self.top, 0.0)
        )


def rectangle_of(shape: Any) -> Rectangle:
    """Return where a shape stands; nowhere, where neither it nor its master says so."""
    lengths = (shape.left, shape.top, shape.width, shape.height)
    return Rectangle(*(Mm(0) if one is None else one.mm for one in lengths))
