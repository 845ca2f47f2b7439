"""Read in what size and colour a house writes, from its layouts and their master."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from pptx.oxml.ns import qn

_USUAL_PT = 18.0
_USUAL_FILL = ("tx1", "dk1")


def letters_pt(layout: Any, placeholder: Any, style: str) -> float:
    """Return the size of the letters of a placeholder, in points.

    ``style`` is what its master calls such letters: ``titleStyle``, ``bodyStyle``, ``otherStyle``.
    """
    sizes = (one.get("sz") for one in _defaults(layout, placeholder, style))
    return next((int(size) / 100 for size in sizes if size), _USUAL_PT)


def letters_fill(layout: Any, placeholder: Any, style: str) -> Any | None:
    """Return the colour of the letters of a placeholder; ``None`` for that of every text."""
    for default in _defaults(layout, placeholder, style):
        fill = default.find(qn("a:solidFill"))
        if fill is not None:
            usual = [one.get("val") in _USUAL_FILL for one in fill.iter(qn("a:schemeClr"))]
            return None if any(usual) else fill
    return None


def give_fill(font: Any, fill: Any) -> None:
    """Give letters a colour as ``letters_fill`` returned it."""
    font.fill.solid()
    properties = font._rPr
    properties.replace(properties.find(qn("a:solidFill")), deepcopy(fill))


def _defaults(layout: Any, placeholder: Any, style: str) -> Iterator[Any]:
    """Return what is said of letters of the first level, the nearest first."""
    master = layout.slide_master
    kinds = (qn("a:lvl1pPr"), qn("a:defRPr"))
    places = [] if placeholder is None else [placeholder._element]
    for place in (*places, *master._element.iter(qn(f"p:{style}"))):
        for level in place.iter(kinds[0]):
            yield from level.iter(kinds[1])
