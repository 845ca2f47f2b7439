"""Tell which one filter to drop where a selection leaves nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from clusters.selection import Selection, selected_cities, selected_sites
from data.loader import Province


@dataclass(frozen=True)
class Remedy:
    """What is there without one facet (a field of ``Selection``): how many cities and sites."""

    facet: str
    cities: int
    sites: int


def remedies(selection: Selection, province: Province) -> tuple[Remedy, ...]:
    """Return for each facet that filters what is left without it, the narrowest first.

    Facets whose removal still leaves no city, or no site where the province has sites, are
    left out; so the result is empty where only dropping several filters helps.
    """
    empty = Selection()
    found = []
    for field in selection.filtering:
        wider = replace(selection, **{field: getattr(empty, field)})
        cities = int(selected_cities(wider, province).sum())
        sites = int(selected_sites(wider, province).sum())
        if cities and (sites or province.sites.empty):
            found.append(Remedy(field, cities, sites))
    return tuple(sorted(found, key=lambda remedy: (remedy.cities, remedy.sites, remedy.facet)))


def leaves_nothing(selection: Selection, province: Province) -> bool:
    """Tell whether a selection leaves no city, or no site of a province that has some."""
    if selection.is_empty:
        return False
    if not selected_cities(selection, province).any():
        return True
    return not province.sites.empty and not selected_sites(selection, province).any()
