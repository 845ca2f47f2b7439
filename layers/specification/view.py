"""Say what is asked of a map: a selection, and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from clusters.measures import SCORE as SCORE
from clusters.selection import Selection
from data.text import Language


@dataclass(frozen=True)
class View:
    """A selection and how it is shown.

    ``overlays`` are ids of layers of the catalogue; ``None`` stands for those that are on at
    first (``layers.catalogue.overlays_of`` tells which). ``center`` is (latitude, longitude) in
    decimal degrees, ``zoom`` a web-map zoom level; without them the whole province is shown.
    ``profile`` is the adcode of the city whose profile is open, ``county`` that of a county of
    it whose record is open, ``site`` the id of the site whose record is. ``theme`` is the id of
    the measure that colours the cities, or ``SCORE`` for the ranking; ``weights`` are those of
    the ranking's criteria (measure id, 1 to 10; empty: the usual ones), ``compare`` the cities
    that stand side by side.
    """

    province: str
    selection: Selection = field(default_factory=Selection)
    overlays: tuple[str, ...] | None = None
    profile: int | None = None
    site: str | None = None
    county: int | None = None
    center: tuple[float, float] | None = None
    zoom: float | None = None
    basemap: str = "plain"
    language: Language = "zh"
    theme: str | None = None
    weights: tuple[tuple[str, int], ...] = ()
    compare: tuple[int, ...] = ()
