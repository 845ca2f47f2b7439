"""List the measures of a city, each in one place: its unit, its direction, how it is taken.

To add a measure, add an entry to ``_MEASURES`` and its words (``measure.<id>``: name, formula
and reference) to the catalogue of phrases. Every unit of capacity that the plan sums is a
measure by itself, with its quotient, and so is every indicator of the figures that two cities
or more have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from clusters.chain import completeness
from clusters.companies import owners_by_city
from clusters.counts import WEAK_BELOW_SITES, counted_sources
from clusters.distances.province_roads import ROAD_LAYERS, has_roads, road_network
from clusters.distances.road_access import HUBS, LINES, access_layers, city_access, has_access
from clusters.distances.seats import area_seats
from clusters.plan import hub_cities, role_membership
from clusters.relatedness import relatedness_density
from clusters.selection import Selection
from clusters.specialisation import (
    area_shares,
    diversity,
    location_quotient,
    location_quotient_against,
)
from clusters.study import Study, study_of
from data.errors import DataError, Fault
from data.loader import Province
from data.province_cache import cached_on_province

MeasureUnit = Literal[
    "sites", "percent", "quotient", "number", "roles", "km", "index", "indicator", "owners"
]
CAPACITY_BASE = "gdp"
"""The indicator against which capacities are compared: figures of it exist for every city."""
SCORE = "score"
"""What stands for the ranking where a measure could stand: no measure may have this id."""


@dataclass(frozen=True)
class Measure:
    """A measure of cities. ``higher_is_better`` says how a ranking reads it.

    ``needs_sector``: it is undefined while no sector is asked for. ``indicator`` is the id of
    the indicator whose figures it shows; ``capacity_unit`` the unit of capacity it sums; ``access``
    what it is the distance to, of ``distances.road_access``. ``by_road``: it needs roads.
    """

    id: str
    unit: MeasureUnit
    higher_is_better: bool = True
    needs_sector: bool = False
    counts_sites: bool = True
    indicator: str | None = None
    capacity_unit: str | None = None
    access: str | None = None
    by_road: bool = False


@dataclass(frozen=True, eq=False)
class MeasureValues:
    """A measure taken of each city, indexed by adcode; ``nan`` is missing or undefined.

    ``basis``: how many sites a value rests on, ``nan`` for values that rest on none;
    ``years``: the year of a value taken from figures, ``nan`` for others; ``sources``: ids.
    """

    measure: Measure
    values: pd.Series
    basis: pd.Series
    years: pd.Series
    sources: tuple[str, ...] = field(default=())

    @cached_property
    def weak(self) -> pd.Series:
        """Whether a value rests on fewer than five sites."""
        weak: pd.Series = (self.basis < WEAK_BELOW_SITES) & self.values.notna()
        return weak


_Taken = Callable[[Study], pd.Series]


def _sites(study: Study) -> pd.Series:
    return study.basis().astype(float)


def _owners(study: Study) -> pd.Series:
    """Count the different owners of the sites asked for; a site without one adds none."""
    index = study.province.cities.index
    return owners_by_city(study.sites).reindex(index, fill_value=0).astype(float)


def _share(study: Study) -> pd.Series:
    return 100 * area_shares(study.basis().to_frame("all"))["all"]


def _location_quotient(study: Study) -> pd.Series:
    every = study.counts(every=True).sum(axis="columns")
    asked = study.basis()
    if not study.sectors or asked.sum() == 0:
        return pd.Series(np.nan, index=every.index)
    table = pd.DataFrame({"asked": asked, "others": every - asked})
    return location_quotient(table)["asked"]


def _diversity(study: Study) -> pd.Series:
    return diversity(study.counts(every=True))


def _completeness(column: str, *, by_line: bool = True) -> _Taken:
    def taken(study: Study) -> pd.Series:
        shares = completeness(replace(study, by_line=by_line).links())
        return 100 * shares[column].reindex(study.province.cities.index)

    return taken


def _relatedness(study: Study) -> pd.Series:
    """Average the relatedness density over the segments of the sectors asked for."""
    density = 100 * relatedness_density(study.segment_counts())
    sectors = [
        sector
        for sector in study.province.plan.sectors
        if not study.sectors or sector.id in study.sectors
    ]
    names = [segment.id for sector in sectors for segment in sector.segments]
    return density[names].mean(axis="columns")


def _hub_distance(study: Study) -> pd.Series:
    province = study.province
    borders = province.cities.to_crs(province.settings.metric_crs).geometry
    hubs = borders.loc[list(hub_cities(province))]
    if hubs.empty:
        return pd.Series(np.nan, index=borders.index)
    distance: pd.Series = borders.distance(hubs.union_all()) / 1000
    return distance


def _hub_distance_by_road(study: Study) -> pd.Series:
    province = study.province
    seats = area_seats(province).geometry
    hubs, cities = list(hub_cities(province)), province.cities.index
    if not hubs:
        return pd.Series(np.nan, index=cities)
    ways = road_network(province).distances(seats.loc[cities], seats.loc[hubs])
    return pd.Series(ways.min(axis=1), index=cities)


def _access(name: str) -> _Taken:
    def taken(study: Study) -> pd.Series:
        return city_access(study.province, name)

    return taken


def _plan_roles(study: Study) -> pd.Series:
    roles = [
        role.id
        for role in study.province.plan.roles
        if not study.sectors or study.sectors & set(role.sectors)
    ]
    held = role_membership(study.province)
    return held[roles].sum(axis="columns").astype(float)


def _capacity(unit: str) -> _Taken:
    def taken(study: Study) -> pd.Series:
        known = study.every_site[study.every_site["capacity_unit"] == unit]
        sums = known.groupby("city_adcode")["capacity"].sum()
        # A city without a known capacity is missing, not zero: few sites state one.
        return sums.reindex(study.province.cities.index).astype(float)

    return taken


def _capacity_quotient(unit: str) -> _Taken:
    def taken(study: Study) -> pd.Series:
        base, _, _ = _common_figures(study.province, CAPACITY_BASE)
        return location_quotient_against(_capacity(unit)(study), base)

    return taken


_MEASURES: tuple[tuple[Measure, _Taken], ...] = (
    (Measure("sites", "sites"), _sites),
    (Measure("share", "percent"), _share),
    (Measure("location-quotient", "quotient", needs_sector=True), _location_quotient),
    (Measure("completeness", "percent"), _completeness("here")),
    (
        Measure("completeness-50-road", "percent", by_road=True),
        _completeness("within_50_km", by_line=False),
    ),
    (
        Measure("completeness-100-road", "percent", by_road=True),
        _completeness("within_100_km", by_line=False),
    ),
    (Measure("completeness-50", "percent"), _completeness("within_50_km")),
    (Measure("completeness-100", "percent"), _completeness("within_100_km")),
    (Measure("diversity", "number"), _diversity),
    (Measure("relatedness", "percent"), _relatedness),
    (
        Measure(
            "hub-distance-road", "km", higher_is_better=False, counts_sites=False, by_road=True
        ),
        _hub_distance_by_road,
    ),
    (Measure("hub-distance", "km", higher_is_better=False, counts_sites=False), _hub_distance),
    (Measure("plan-roles", "roles", counts_sites=False), _plan_roles),
    (Measure("owners", "owners"), _owners),
    *(
        (
            Measure(
                f"{name}-distance", "km", higher_is_better=False, counts_sites=False, access=name
            ),
            _access(name),
        )
        for name in (*LINES, *HUBS)
    ),
)


def _can_be_taken(province: Province, measure: Measure) -> bool:
    if measure.access is not None:
        return has_access(province, measure.access)
    return has_roads(province) or not measure.by_road


def _capacities(province: Province) -> dict[Measure, _Taken]:
    """Return the measures of the units of capacity that the plan sums."""
    found: dict[Measure, _Taken] = {}
    for unit in province.plan.units:
        if unit.capacity is not None:
            name = unit.capacity.id
            found[Measure(name, "index", capacity_unit=unit.id)] = _capacity(unit.id)
            quotient = Measure(f"{name}-quotient", "quotient", capacity_unit=unit.id)
            found[quotient] = _capacity_quotient(unit.id)
    return found


@cached_on_province(1)
def measures_of(province: Province) -> tuple[Measure, ...]:
    """Return every measure of a province's cities: those of the sites, then the indicators.

    Raises ``DataError`` where a capacity that the plan sums has the id of another one.
    """
    counted = (measure for measure, _ in _MEASURES if _can_be_taken(province, measure))
    own = (*counted, *_capacities(province))
    figures = (
        Measure(name, "indicator", counts_sites=False, indicator=name)
        for name in _indicators_of_cities(province)
    )
    measures = (*own, *figures)
    counts = Counter([SCORE, *(measure.id for measure in measures)])
    problem = "is the id of another measure; choose another one"
    faults = [
        Fault("plan.toml", f"units ({one.capacity_unit})", "capacity.id", f"{one.id} {problem}")
        for one in measures
        if one.capacity_unit is not None and counts[one.id] > 1
    ]
    if faults:
        raise DataError(faults)
    return measures


def measure_named(province: Province, measure_id: str) -> Measure:
    """Return the measure of that id; ``KeyError`` where there is none."""
    for measure in measures_of(province):
        if measure.id == measure_id:
            return measure
    raise KeyError(measure_id)


@cached_on_province(512)
def take(province: Province, selection: Selection, measure_id: str) -> MeasureValues:
    """Take a measure of every city; ``KeyError`` for an unknown measure."""
    measure = measure_named(province, measure_id)
    if measure.indicator is not None:
        return _figures(province, measure)
    study = study_of(province, selection)
    index = province.cities.index
    # Without any list there is nothing to count: that is missing, not zero.
    unknown = measure.counts_sites and province.sites.empty
    values = pd.Series(np.nan, index=index) if unknown else _taken(province, measure)(study)
    return MeasureValues(
        measure,
        values.reindex(index).astype(float),
        _basis(study, measure).reindex(index).astype(float),
        pd.Series(np.nan, index=index),
        _sources(province, measure),
    )


def _taken(province: Province, measure: Measure) -> _Taken:
    return (dict(_MEASURES) | _capacities(province))[measure]


def _basis(study: Study, measure: Measure) -> pd.Series:
    index = study.province.cities.index
    if not measure.counts_sites:
        return pd.Series(np.nan, index=index)
    if measure.capacity_unit is not None:
        known = study.every_site[study.every_site["capacity_unit"] == measure.capacity_unit]
        return known.groupby("city_adcode").size().reindex(index, fill_value=0)
    if measure.id in ("diversity", "relatedness"):
        return study.counts(every=True).sum(axis="columns")
    if measure.id.startswith("completeness"):
        # A chain is made of all segments of its sectors, whichever of them are asked for.
        counts = study.counts(every=True)
        return counts[[one for one in counts if not study.sectors or one in study.sectors]].sum(
            axis="columns"
        )
    return study.basis()


def _sources(province: Province, measure: Measure) -> tuple[str, ...]:
    settings = province.settings
    if measure.id == "plan-roles":
        return tuple(dict.fromkeys(name for role in province.plan.roles for name in role.sources))
    if measure.id == "hub-distance":
        return (settings.boundary_source,)
    if measure.access is not None:
        return province.ground.source_ids(*access_layers(measure.access))
    if not measure.counts_sites:
        return province.ground.source_ids(*ROAD_LAYERS)
    listed = counted_sources(province)
    if measure.by_road:
        return listed + province.ground.source_ids(*ROAD_LAYERS)
    if measure.unit == "quotient" and measure.capacity_unit is not None:
        return listed + _common_figures(province, CAPACITY_BASE)[2]
    return listed


def _indicators_of_cities(province: Province) -> tuple[str, ...]:
    of_cities = province.figures[province.figures["adcode"].isin(list(province.cities.index))]
    cities = of_cities.groupby("indicator")["adcode"].nunique()
    return tuple(name for name in province.indicators if cities.get(name, 0) >= 2)


def _figures(province: Province, measure: Measure) -> MeasureValues:
    """Return the figures of an indicator for one year: the year that most cities have.

    Of several such years the newest is taken, of several values the first; years are never
    mixed, so that cities can be compared.
    """
    values, year, sources = _common_figures(province, str(measure.indicator))
    years = pd.Series(np.nan, index=values.index).mask(values.notna(), year)
    return MeasureValues(measure, values, pd.Series(np.nan, index=values.index), years, sources)


@cached_on_province(128)
def _common_figures(province: Province, indicator: str) -> tuple[pd.Series, int, tuple[str, ...]]:
    index = province.cities.index
    table = province.figures
    figures = table[(table["indicator"] == indicator) & table["adcode"].isin(list(index))]
    cities = figures.groupby("year")["adcode"].nunique()
    if cities.empty:
        return pd.Series(np.nan, index=index), 0, ()
    year = int(cities[cities == cities.max()].index.max())
    first = figures[figures["year"] == year].drop_duplicates("adcode").set_index("adcode")
    sources = tuple(dict.fromkeys(str(name) for name in first["source"]))
    return first["value"].reindex(index).astype(float), year, sources
