"""Open a province's folder: read every file, check it, and return one frozen ``Province``."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import geopandas as gpd
import pandas as pd
from pyproj import CRS
from pyproj.exceptions import CRSError as ProjError

from data.company_list import company_faults, company_table, with_companies
from data.crs import area_km2
from data.errors import DataError, Fault, UnknownChoiceError
from data.evidence_files import read_rows, sources_of
from data.evidence_rows import (
    CompanyRow,
    FigureRow,
    PlausibilityRow,
    SourceRow,
    kind_ids,
    unit_ids,
)
from data.former_areas import FORMER_AREAS_FILE, FormerAreaRow, former_faults
from data.ground_layers import Ground
from data.model import (
    Indicator,
    Indicators,
    Plan,
    Preset,
    Presets,
    ProvinceSettings,
    Source,
)
from data.plausibility import PLAUSIBILITY_FILE, Rules, rule_faults
from data.province_cache import ProvinceCache
from data.schema import AreaRow, CityRow, CountyRow, read_areas, read_sites, read_toml

PROVINCES_FOLDER = Path(__file__).parent / "provinces"
_INDICATORS = Path(__file__).parent / "indicators.toml"
ICONS_FOLDER = Path(__file__).parent / "icon_drawings"


@dataclass(frozen=True, eq=False)
class Province:
    """A study area with its tables, its plan and its sources.

    ``cities``, ``counties`` and ``neighbours`` are in EPSG:4326, indexed by adcode, with
    ``name_zh`` and ``name_en``; counties have ``city_adcode`` and ``kind`` too. ``sites`` are
    points in EPSG:4326, indexed by id, with the columns of ``SiteRow`` and ``company``, the id
    of the company that owns it; ``figures`` has the columns of ``FigureRow``, ``companies``
    those of ``CompanyRow``, indexed by id: of ``companies.csv``, and one for each owner that it
    does not know. All are empty where the province has no evidence. ``plausibility`` tells which
    capacities can be, ``former_areas`` what areas were called before. ``hexagons`` (polygons,
    EPSG:4326) are there only while own points are counted by them. ``ground`` is what lies under
    the map, each layer of it read when it is first asked for. ``brief_templates`` are the files of
    the office's own templates for briefs, by their ending. ``cache`` is filled by
    ``data.province_cache``; ``replace`` starts with an empty one.
    """

    settings: ProvinceSettings
    plan: Plan
    cities: gpd.GeoDataFrame
    counties: gpd.GeoDataFrame
    neighbours: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    figures: pd.DataFrame
    indicators: dict[str, Indicator]
    evidence_sources: tuple[Source, ...]
    presets: tuple[Preset, ...] = ()
    companies: pd.DataFrame = field(default_factory=company_table)
    plausibility: Rules = ()
    former_areas: tuple[FormerAreaRow, ...] = ()
    hexagons: gpd.GeoDataFrame | None = None
    ground: Ground = field(default_factory=Ground)
    brief_templates: Mapping[str, Path] = field(default_factory=dict)
    cache: ProvinceCache = field(default_factory=ProvinceCache, init=False, repr=False)

    @property
    def id(self) -> str:
        """The name of the province's folder."""
        return self.settings.id

    @cached_property
    def sources(self) -> dict[str, Source]:
        """All sources of the province by their id."""
        own = (*self.settings.sources, *self.plan.sources, *self.evidence_sources)
        every = (*own, *self.ground.sources.values())
        return {source.id: source for source in every}

    @cached_property
    def city_areas_km2(self) -> pd.Series:
        """Each city's area in square kilometres, measured on the boundary polygons."""
        return area_km2(self.cities, self.settings.area_crs)

    @cached_property
    def city_slugs(self) -> dict[int, str]:
        """Each city's name in addresses: its English name in small letters only."""
        return {
            int(adcode): "".join(letter for letter in name.lower() if letter.isalpha())
            for adcode, name in self.cities["name_en"].items()
        }

    def counties_of(self, city_adcode: int) -> gpd.GeoDataFrame:
        """Return the counties of a city, in the order of their adcodes."""
        return self.counties[self.counties["city_adcode"] == city_adcode]


def province_ids() -> tuple[str, ...]:
    """Return the ids of the provinces that have a folder."""
    return tuple(sorted(path.parent.name for path in PROVINCES_FOLDER.glob("*/province.toml")))


@cache
def default_province_id() -> str:
    """Return the province marked as default, or else the first by name."""
    for province_id in province_ids():
        text = (PROVINCES_FOLDER / province_id / "province.toml").read_text(encoding="utf-8")
        if tomllib.loads(text).get("default") is True:
            return province_id
    return province_ids()[0]


def load_province(province_id: str) -> Province:
    """Load a province by the name of its folder.

    Raises ``UnknownChoiceError`` for an id without a folder, ``DataError`` for broken files.
    """
    if province_id not in province_ids():
        raise UnknownChoiceError("province", province_id, province_ids())
    return load_folder(PROVINCES_FOLDER / province_id)


def load_folder(folder: Path) -> Province:
    """Load the province that ``folder`` holds; raise ``DataError`` with every fault found."""
    settings, settings_faults = read_toml(folder / "province.toml", ProvinceSettings)
    plan, plan_faults = read_toml(folder / "plan.toml", Plan)
    cities, city_faults = read_areas(folder / "cities.geojson", CityRow)
    counties, county_faults = read_areas(folder / "counties.geojson", CountyRow)
    neighbours, neighbour_faults = read_areas(folder / "neighbours.geojson", AreaRow)
    sites, site_faults = read_sites(folder / "sites.geojson")
    evidence, evidence_faults = _read_evidence(folder)
    companies, company_file_faults = read_rows(folder / "companies.csv", CompanyRow)
    rules, rule_file_faults = read_rows(folder / PLAUSIBILITY_FILE, PlausibilityRow)
    former, former_file_faults = read_rows(folder / FORMER_AREAS_FILE, FormerAreaRow)
    presets, preset_faults = _read_presets(folder / "presets.toml")
    faults = settings_faults + plan_faults + city_faults + county_faults + neighbour_faults
    faults += site_faults + evidence_faults + company_file_faults + preset_faults
    faults += rule_file_faults + former_file_faults
    if settings is not None:
        faults += _crs_faults(settings) + _template_faults(settings, folder)
    if plan is not None:
        faults += _plan_faults(plan, None if cities is None else set(cities.index))
    if cities is not None and counties is not None:
        faults += _county_faults(counties, set(cities.index))
    loaded = (settings, plan, cities, counties, neighbours)
    if faults or settings is None or plan is None or any(part is None for part in loaded):
        raise DataError(faults)
    faults += _evidence_reference_faults(settings, plan, sites, evidence)
    sources = (*settings.sources, *plan.sources, *evidence[2])
    faults += company_faults(companies, (source.id for source in sources))
    faults += rule_faults(rules, plan)
    if counties is not None and cities is not None:
        faults += former_faults(former, map(int, counties.index), map(int, cities.index))
    if faults:
        raise DataError(faults)
    sites, known = with_companies(sites, company_table(companies))
    areas = (cities, counties, neighbours)
    own = Ground(folder / "ground")
    return Province(
        *(settings, plan, *areas, sites, *evidence, presets, known, tuple(rules), tuple(former)),
        ground=own,
        brief_templates={
            name.rpartition(".")[2]: folder / name for name in _templates(settings).values()
        },
    )


def _templates(settings: ProvinceSettings) -> dict[str, str]:
    """Return the files of the templates that are named, by the setting that names them."""
    named = {one: getattr(settings, one) for one in ("brief_template", "slide_template")}
    return {setting: name for setting, name in named.items() if name is not None}


def _template_faults(settings: ProvinceSettings, folder: Path) -> list[Fault]:
    return [
        Fault("province.toml", setting, name, "is no file of the province's folder")
        for setting, name in _templates(settings).items()
        if not (folder / name).is_file()
    ]


def _read_presets(path: Path) -> tuple[tuple[Preset, ...], list[Fault]]:
    """Read the presets; a province need not have any."""
    if not path.exists():
        return (), []
    found, faults = read_toml(path, Presets)
    if found is None:
        return (), faults
    counts = Counter(preset.id for preset in found.presets)
    faults += [
        Fault(path.name, f"presets ({name})", "id", f"stands in presets {count} times")
        for name, count in counts.items()
        if count > 1
    ]
    return found.presets, faults


_Evidence = tuple[pd.DataFrame, dict[str, Indicator], tuple[Source, ...]]


def _read_evidence(folder: Path) -> tuple[_Evidence, list[Fault]]:
    source_rows, source_faults = read_rows(folder / "sources.csv", SourceRow)
    figure_rows, figure_faults = read_rows(folder / "figures.csv", FigureRow)
    found, indicator_faults = read_toml(_INDICATORS, Indicators)
    indicators = {one.id: one for one in found.indicators} if found else {}
    figures = pd.DataFrame(
        [row.model_dump() for row in figure_rows], columns=list(FigureRow.model_fields)
    )
    evidence = (figures, indicators, sources_of(source_rows))
    return evidence, source_faults + figure_faults + indicator_faults


def _evidence_reference_faults(
    settings: ProvinceSettings, plan: Plan, sites: gpd.GeoDataFrame, evidence: _Evidence
) -> list[Fault]:
    """Check that sources, indicators, kinds and units that the evidence names are there."""
    figures, indicators, sources = evidence
    every = (*settings.sources, *plan.sources, *sources)
    known = {source.id for source in every}
    faults = _doubles("sources", (source.id for source in every))
    faults += [
        Fault("sites.geojson", str(row.id), "sources", f"no source {name!r}")
        for row in sites.itertuples()
        for name in str(row.sources).split(";")
        if name not in known
    ]
    for column, choices in (("kind", kind_ids(plan)), ("capacity_unit", unit_ids(plan))):
        faults += [
            Fault("sites.geojson", str(name), column, f"no {value!r}; known: {', '.join(choices)}")
            for name, value in sites[column].dropna().items()
            if value not in choices
        ]
    for row in figures.itertuples():
        record = f"{row.indicator} {row.adcode} {row.year}"
        if row.source not in known:
            faults.append(Fault("figures.csv", record, "source", f"no source {row.source!r}"))
        if row.indicator not in indicators:
            problem = f"no indicator {row.indicator!r}"
            faults.append(Fault("figures.csv", record, "indicator", problem))
    faults += [
        Fault("plan.toml", f"targets ({target.id})", "indicator", f"no {target.indicator!r}")
        for target in plan.targets
        if target.indicator is not None and target.indicator not in indicators
    ]
    faults += [
        Fault("province.toml", f"tables ({table.id})", "evidence", f"no source {table.evidence!r}")
        for table in settings.tables
        if table.evidence not in known
    ]
    return faults + _doubles("tables", (table.id for table in settings.tables))


def _crs_faults(settings: ProvinceSettings) -> list[Fault]:
    faults = []
    for name in ("metric_crs", "area_crs"):
        text = getattr(settings, name)
        try:
            crs = CRS.from_user_input(text)
        except ProjError:
            faults.append(Fault("province.toml", "", name, f"{text!r} is not a known CRS"))
            continue
        if not crs.is_projected or {axis.unit_name for axis in crs.axis_info} != {"metre"}:
            faults.append(Fault("province.toml", "", name, f"{text!r} is not in metres"))
    return faults


def _plan_faults(plan: Plan, city_adcodes: set[int] | None) -> list[Fault]:
    """Check that every id that the plan refers to is there, and that no id is there twice."""
    faults: list[Fault] = []
    source_ids = {source.id for source in plan.sources}
    sector_ids = {sector.id for sector in plan.sectors}
    documents = {document.id for document in plan.other_documents}
    faults += [
        Fault("plan.toml", f"targets ({target.id})", "document", f"no {target.document!r}")
        for target in plan.targets
        if target.document is not None and target.document not in documents
    ]
    for kind in ("sectors", "roles", "targets", "instruments", "other_documents"):
        records = getattr(plan, kind)
        faults += _doubles(kind, (record.id for record in records))
        for record in records:
            faults += [
                Fault("plan.toml", f"{kind} ({record.id})", "sources", f"no source {name!r}")
                for name in record.sources
                if name not in source_ids
            ]
    faults += [
        Fault("plan.toml", "document", "sources", f"no source {name!r}")
        for name in (plan.document.sources if plan.document else ())
        if name not in source_ids
    ]
    faults += _doubles("sources", (source.id for source in plan.sources))
    faults += _doubles("segments", (segment.id for segment in plan.segments()))
    faults += _doubles("kinds", (kind.id for kind in plan.kinds))
    faults += _doubles("units", (unit.id for unit in plan.units))
    capacities = (unit.capacity.id for unit in plan.units if unit.capacity is not None)
    faults += _doubles("units.capacity", capacities) + _sign_faults(plan)
    for role in plan.roles:
        record = f"roles ({role.id})"
        faults += [
            Fault("plan.toml", record, "sectors", f"no sector {name!r}")
            for name in role.sectors
            if name not in sector_ids
        ]
        faults += [
            Fault("plan.toml", record, "cities", f"no city with adcode {adcode}")
            for adcode in role.cities
            if city_adcodes is not None and adcode not in city_adcodes
        ]
    return faults


def _sign_faults(plan: Plan) -> list[Fault]:
    """Check that the drawings that signs name are there, and that one role at most is the hub."""
    icons = sorted(file.stem for file in ICONS_FOLDER.glob("*.svg"))
    named = [(f"sectors ({one.id})", one.sign.icon) for one in plan.sectors]
    named += [(f"roles ({one.id})", one.sign.icon) for one in plan.roles]
    faults = [
        Fault("plan.toml", record, "sign.icon", f"no {icon!r}; choose from {', '.join(icons)}")
        for record, icon in named
        if icon is not None and icon not in icons
    ]
    hubs = [role.id for role in plan.roles if role.hub is not None]
    faults += [
        Fault("plan.toml", f"roles ({name})", "hub", f"the hub is {hubs[0]!r} already")
        for name in hubs[1:]
    ]
    return faults


def _doubles(kind: str, ids: Iterable[str]) -> list[Fault]:
    return [
        Fault("plan.toml", f"{kind} ({name})", "id", f"stands in {kind} {count} times")
        for name, count in Counter(ids).items()
        if count > 1
    ]


def _county_faults(counties: gpd.GeoDataFrame, city_adcodes: set[int]) -> list[Fault]:
    orphans = counties[~counties["city_adcode"].isin(city_adcodes)]
    return [
        Fault(
            "counties.geojson",
            f"adcode {row.adcode}",
            "city_adcode",
            f"no city with adcode {row.city_adcode}",
        )
        for row in orphans.itertuples()
    ]
