"""Say how distances to sites are measured."""

from __future__ import annotations

from clusters.distances.nearest import distance_basis
from clusters.selection import Selection
from data.loader import Province
from data.text import Language, say


def measured_words(selection: Selection, province: Province, language: Language) -> str:
    """Say from where to where the distances of links are measured, and on what."""
    basis = distance_basis(province, by_line=selection.by_line)
    return say(f"distance.{basis}_lead", language)
