"""Turn a view into a query string and back: the address of a page is the view itself.

Nothing of a query is trusted: it is bounded, each value is looked up in a closed list,
and what is not understood is handed back, so that the caller can say what was ignored.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import get_args
from urllib.parse import parse_qsl, urlencode

from clusters.area_of_interest import AREA_WRITTEN, AreaError, AreaOfInterest, read_area, write_area
from clusters.distances.nearest import DistanceBasis
from clusters.facets import CAPACITY_DECIMALS, FACETS, MOST_CAPACITY, CapacityRange, Facet
from clusters.measures import measures_of
from clusters.selection import Selection
from data.evidence_rows import unit_ids
from data.loader import Province
from data.text import LANGUAGES, Language
from layers.catalogue import (
    NO_OVERLAYS,
    default_overlays,
    overlay_ids,
    overlays_asked,
    overlays_of,
)
from layers.specification.basemaps import BASEMAPS
from layers.specification.view import SCORE, View

MAX_QUERY_LENGTH = 4096
MAX_VALUES = 200
MAX_IGNORED = 50
"""How many parts of a query that were not understood are handed back."""
ZOOM_RANGE = (5.0, 18.0)
_AMOUNT = rf"([0-9]{{1,12}}(?:\.[0-9]{{1,{CAPACITY_DECIMALS}}})?)?"
DECIDED_BY = ("sites", "plan")
MEASURED_BY: tuple[DistanceBasis, ...] = get_args(DistanceBasis)
"""What brings out cities: the sites that match, or what the plan says."""


@dataclass(frozen=True)
class Ignored:
    """A part of a query that was not understood, and what would have been."""

    key: str
    value: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class ParsedQuery:
    """A view read from a query, and what in the query was ignored."""

    view: View
    ignored: tuple[Ignored, ...]


QUERY_KEYS = (
    "province",
    "overlay",
    *(facet.key for facet in FACETS),
    "years",
    "capacity",
    "area",
    "by",
    "distance",
    "profile",
    "county",
    "site",
    "center",
    "zoom",
    "basemap",
    "theme",
    "weights",
    "compare",
    "lang",
)


def capacity_pattern(province: Province) -> str:
    """Return what ``capacity`` looks like, as a regular expression: unit, least, most.

    The least is no greater than the most, and that no greater than ``MOST_CAPACITY``.
    """
    return rf"^({'|'.join(unit_ids(province.plan))}):{_AMOUNT}-{_AMOUNT}$"


def facet_choices(province: Province) -> dict[str, tuple[str, ...]]:
    """Return the values that each facet of a selection can have in a query, by its key."""
    choices = {facet.key: tuple(map(str, facet.choices(province))) for facet in FACETS}
    return choices | {"city": tuple(province.city_slugs.values())}


def write_query(view: View, province: Province, *, language: bool = True) -> str:
    """Write the query string of a view, without ``?``; what is at its default is left out."""
    return urlencode(query_items(view, province, language=language), safe=",:;")


def query_items(view: View, province: Province, *, language: bool = True) -> dict[str, str]:
    """Return the keys and values of a view's query string, in their fixed order."""
    slugs = province.city_slugs
    selection = view.selection
    items = {
        "overlay": _overlay_value(view, province),
        **{facet.key: _values(facet, selection, province) for facet in FACETS},
        "years": "" if selection.years is None else "{}-{}".format(*selection.years),
        "capacity": _capacity_value(selection.capacity),
        "area": "" if selection.area is None else write_area(selection.area),
        "by": "plan" if selection.by_plan else "",
        "distance": "line" if selection.by_line else "",
        "profile": slugs[view.profile] if view.profile is not None else "",
        "county": str(view.county or ""),
        "site": view.site or "",
        "center": "" if view.center is None else "{:.4f},{:.4f}".format(*view.center),
        "zoom": "" if view.zoom is None else f"{view.zoom:.2f}".rstrip("0").rstrip("."),
        "basemap": "" if view.basemap == "plain" else view.basemap,
        "theme": view.theme or "",
        "weights": ",".join(f"{name}:{weight}" for name, weight in view.weights),
        "compare": ",".join(slugs[adcode] for adcode in view.compare),
        "lang": view.language if language else "",
    }
    if not province.settings.default:
        items = {"province": view.province, **items}
    return {key: value for key, value in items.items() if value}


def _overlay_value(view: View, province: Province) -> str:
    overlays = overlays_of(view, province)
    return "" if overlays == default_overlays(province) else ",".join(overlays) or NO_OVERLAYS


def _values(facet: Facet, selection: Selection, province: Province) -> str:
    """Write the values that a facet holds, in their order."""
    held = getattr(selection, facet.field)
    if not held:
        return ""
    words = dict(zip(facet.choices(province), facet_choices(province)[facet.key], strict=True))
    return ",".join(words[value] for value in words if value in held)


def _capacity_value(wanted: CapacityRange | None) -> str:
    if wanted is None:
        return ""
    least, most = (
        "" if one is None else f"{one:.{CAPACITY_DECIMALS}f}".rstrip("0").rstrip(".")
        for one in (wanted.least, wanted.most)
    )
    return f"{wanted.unit}:{least}-{most}"


def parse_query(
    query: str | Mapping[str, Sequence[str]], province: Province, *, language: Language = "zh"
) -> ParsedQuery:
    """Read a view of ``province`` from a query string or its parsed form.

    ``language`` is used where the query names none. Never raises for what a query holds:
    unknown keys and values come back in ``ignored``.
    """
    pairs, ignored = _pairs(query)
    reader = _QueryReader(pairs, province, ignored)
    held = {
        facet.field: frozenset(reader.names(facet.key, facet.choices(province)))
        for facet in FACETS
        if facet.key != "city"
    }
    selection = Selection(
        cities=frozenset(reader.cities("city")),
        years=reader.years(),
        capacity=reader.capacity(),
        area=reader.area(),
        by_plan=reader.one("by", DECIDED_BY, DECIDED_BY[0]) == "plan",
        by_line=reader.one("distance", MEASURED_BY, MEASURED_BY[0]) == "line",
        **held,
    )
    profile = reader.cities("profile")[:1]
    county = reader.county()
    if county is not None:
        profile = [int(province.counties.at[county, "city_adcode"])]
    view = View(
        province=province.id,
        selection=selection,
        overlays=reader.overlays(),
        profile=profile[0] if profile else None,
        county=county,
        site=reader.site(),
        center=reader.center(),
        zoom=reader.zoom(),
        basemap=reader.one("basemap", tuple(BASEMAPS), "plain"),
        theme=reader.theme(),
        weights=reader.weights(),
        compare=tuple(reader.cities("compare")),
        language=_language(reader.one("lang", LANGUAGES, language)),
    )
    if (view.center is None) != (view.zoom is None):
        view = replace(view, center=None, zoom=None)
    return ParsedQuery(view, tuple(reader.ignored[:MAX_IGNORED]))


def _language(value: str) -> Language:
    return "en" if value == "en" else "zh"


def _pairs(query: str | Mapping[str, Sequence[str]]) -> tuple[dict[str, str], list[Ignored]]:
    """Return known keys with their values joined by commas, and what was not known."""
    if isinstance(query, str):
        query = query.removeprefix("?")
        if len(query) > MAX_QUERY_LENGTH:
            return {}, [Ignored("?", f"{query[:40]}…")]
        items = parse_qsl(query, keep_blank_values=True)
    else:
        every = ((key, value) for key, values in query.items() for value in values)
        items = list(islice(every, MAX_VALUES + 1))
    if len(items) > MAX_VALUES:
        return {}, [Ignored("?", f"{items[0][0][:40]}…")]
    pairs: dict[str, str] = {}
    ignored: list[Ignored] = []
    for key, value in items:
        if key not in QUERY_KEYS:
            ignored.append(Ignored(key[:60], value[:60], QUERY_KEYS))
        elif len(value) > MAX_QUERY_LENGTH:
            ignored.append(Ignored(key, f"{value[:40]}…"))
        else:
            pairs[key] = f"{pairs[key]},{value}" if key in pairs else value
    for key in [key for key, value in pairs.items() if len(value) > MAX_QUERY_LENGTH]:
        ignored.append(Ignored(key, f"{pairs.pop(key)[:40]}…"))
    return pairs, ignored


class _QueryReader:
    """Read typed values of a query, keeping what is not understood."""

    def __init__(self, pairs: dict[str, str], province: Province, ignored: list[Ignored]) -> None:
        self.pairs = pairs
        self.province = province
        self.ignored = ignored

    def values(self, key: str) -> list[str]:
        """Return the comma-separated values of a key, without doubles."""
        parts = (part.strip() for part in self.pairs.get(key, "").split(","))
        found = list(dict.fromkeys(part for part in parts if part))
        if len(found) > MAX_VALUES:
            more = f"+{len(found) - MAX_VALUES}: {found[MAX_VALUES][:40]}…"
            self.ignored.append(Ignored(key, more))
        return found[:MAX_VALUES]

    def names(self, key: str, choices: Sequence[str]) -> list[str]:
        """Return those values that are in ``choices``."""
        return [value for value in self.values(key) if self._known(key, value, choices)]

    def one(self, key: str, choices: Sequence[str], default: str) -> str:
        """Return the first value that is in ``choices``, or the default."""
        return next(iter(self.names(key, choices)), default)

    def cities(self, key: str) -> list[int]:
        """Return the adcodes of the cities named by adcode or by slug."""
        by_name = {slug: adcode for adcode, slug in self.province.city_slugs.items()}
        by_name |= {str(adcode): adcode for adcode in self.province.city_slugs}
        choices = tuple(self.province.city_slugs.values())
        return [
            by_name[value.lower()]
            for value in self.values(key)
            if value.lower() in by_name or self._known(key, value, choices)
        ]

    def county(self) -> int | None:
        """Return the adcode of a county that the province has."""
        wanted = self.values("county")[:1]
        known = [int(name) for name in wanted if name.isascii() and name.isdigit()]
        if known and known[0] in self.province.counties.index:
            return known[0]
        if wanted:
            example = str(next(iter(self.province.counties.index), ""))
            self.ignored.append(Ignored("county", wanted[0][:60], (example,)))
        return None

    def site(self) -> str | None:
        """Return the id of a site that the province has."""
        wanted = self.values("site")[:1]
        known = [name for name in wanted if name in self.province.sites.index]
        if wanted and not known:
            self.ignored.append(Ignored("site", wanted[0][:60]))
        return known[0] if known else None

    def years(self) -> tuple[int, int] | None:
        """Return a range of years, written ``2015-2024``."""
        if "years" not in self.pairs:
            return None
        match = re.fullmatch(r"(\d{4})-(\d{4})", self.pairs["years"])
        if match and 1900 <= int(match[1]) <= int(match[2]) <= 2100:
            return int(match[1]), int(match[2])
        self.ignored.append(Ignored("years", self.pairs["years"][:60], ("2015-2024",)))
        return None

    def capacity(self) -> CapacityRange | None:
        """Return a range of capacities, written ``GWh-a-year:10-50``; either end may be open."""
        if "capacity" not in self.pairs:
            return None
        match = re.fullmatch(capacity_pattern(self.province), self.pairs["capacity"])
        if match:
            least, most = (float(one) if one else None for one in match.groups()[1:])
            highest = MOST_CAPACITY if most is None else most
            if (least or 0.0) <= highest <= MOST_CAPACITY:
                return CapacityRange(match[1], least, most)
        choices = tuple(f"{unit}:1-10" for unit in unit_ids(self.province.plan))
        self.ignored.append(Ignored("capacity", self.pairs["capacity"][:60], choices))
        return None

    def area(self) -> AreaOfInterest | None:
        """Return an area on the map, as ``clusters.area_of_interest`` writes it."""
        if "area" not in self.pairs:
            return None
        try:
            return read_area(self.pairs["area"], self.province.settings.window)
        except AreaError:
            self.ignored.append(Ignored("area", self.pairs["area"][:60], AREA_WRITTEN))
            return None

    def theme(self) -> str | None:
        """Return the measure that colours the cities."""
        if "theme" not in self.pairs:
            return None
        choices = (SCORE, *(measure.id for measure in measures_of(self.province)))
        return next(iter(self.names("theme", choices)), None)

    def weights(self) -> tuple[tuple[str, int], ...]:
        """Return the weights of a ranking's criteria, written ``sites:3,gdp:1``."""
        if "weights" not in self.pairs:
            return ()
        known = [measure.id for measure in measures_of(self.province)]
        found: dict[str, int] = {}
        for value in self.values("weights"):
            name, _, weight = value.partition(":")
            if name not in known:
                self._known("weights", value, [f"{one}:1" for one in known])
            elif re.fullmatch(r"[1-9]|10", weight):
                found[name] = int(weight)
            else:
                self.ignored.append(Ignored("weights", value[:60], (f"{name}:1..10",)))
        return tuple((name, found[name]) for name in known if name in found)

    def overlays(self) -> tuple[str, ...] | None:
        """Return the overlays asked for in the order of the catalogue."""
        if "overlay" not in self.pairs:
            return None
        names = self.names("overlay", (*overlay_ids(self.province), NO_OVERLAYS))
        return overlays_asked(names, self.province)

    def center(self) -> tuple[float, float] | None:
        """Return (latitude, longitude) inside the province's window."""
        if "center" not in self.pairs:
            return None
        west, south, east, north = self.province.settings.window
        numbers = [_finite(part) for part in self.pairs["center"].split(",")]
        known = [value for value in numbers if value is not None]
        if len(numbers) == len(known) == 2:
            latitude, longitude = known
            if south <= latitude <= north and west <= longitude <= east:
                return round(latitude, 4), round(longitude, 4)
        expected = f"latitude {south}..{north}, longitude {west}..{east}"
        self.ignored.append(Ignored("center", self.pairs["center"][:60], (expected,)))
        return None

    def zoom(self) -> float | None:
        """Return the zoom level inside ``ZOOM_RANGE``."""
        if "zoom" not in self.pairs:
            return None
        low, high = ZOOM_RANGE
        value = _finite(self.pairs["zoom"])
        if value is not None and low <= value <= high:
            return round(value, 2)
        self.ignored.append(Ignored("zoom", self.pairs["zoom"][:60], (f"{low:g}..{high:g}",)))
        return None

    def _known(self, key: str, value: str, choices: Sequence[str]) -> bool:
        if value in choices:
            return True
        self.ignored.append(Ignored(key, value[:60], tuple(choices)))
        return False


def _finite(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
