"""List what can be searched by name: areas, sites, companies, and the plan's own terms.

Each entry can be found by its Chinese name, its English name and its pinyin, by syllables
or by their first letters. Browsers fetch the list once and search it themselves.
"""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass
from typing import Any, Literal

import geopandas as gpd
import pandas as pd
import shapely
from pypinyin import Style, lazy_pinyin

from data.loader import Province
from data.model import Role, Sector, Segment
from layers.specification.ground_tables import ground_table

PlaceKind = Literal["city", "county", "town", "site", "company", "segment", "sector", "role"]


@dataclass(frozen=True)
class GazetteerEntry:
    """Something that has a name.

    ``id`` is an adcode, the id of a town, a site or a company, or one of the plan; ``pinyin`` has
    its syllables apart, without tones; ``parent`` is the adcode of the city (of a county), of the
    county (of a town), of the county or city (of a site), or the sector of a segment; ``at`` is
    (latitude, longitude) in decimal degrees, absent for terms, companies, and sites that are known
    only to their ``parent``; ``year`` is a site's year where one is known.
    """

    kind: PlaceKind
    id: int | str
    name_zh: str
    name_en: str
    pinyin: str
    parent: int | str | None = None
    at: tuple[float, float] | None = None
    year: int | None = None

    def wire(self) -> dict[str, Any]:
        """Return the entry as JSON values, without what it does not have."""
        return {key: value for key, value in asdict(self).items() if value is not None}


def pinyin_of(name: str) -> str:
    """Return the pinyin of a name without tones: ``chong qing``; Latin letters stay.

    >>> pinyin_of("BYD 2")
    'byd 2'
    """
    syllables = lazy_pinyin(name, style=Style.NORMAL, v_to_u=False)
    return " ".join(" ".join(syllables).lower().split())


def gazetteer(province: Province) -> tuple[GazetteerEntry, ...]:
    """Return every entry of a province: areas, terms of the plan, companies, sites, towns."""
    return (
        *_areas("city", province.cities),
        *_areas("county", province.counties),
        *_terms("role", province.plan.roles),
        *_terms("sector", province.plan.sectors),
        *(
            entry
            for sector in province.plan.sectors
            for entry in _terms("segment", sector.segments, parent=sector.id)
        ),
        *_companies(province),
        *_sites(province),
        *_towns(province),
    )


def is_called(asked: str, name_zh: str, name_en: str, pinyin: str) -> bool:
    """Whether a name holds what was typed: in Chinese, English, pinyin, or its first letters.

    >>> [is_called(asked, "", "Changhu Works", "chang hu") for asked in ("CHANG", "ch", "hc")]
    [True, True, False]
    """
    wanted = _squeezed(asked)
    syllables = [found for found in map(_squeezed, pinyin.split()) if found]
    initials = "".join(syllable[0] for syllable in syllables)
    names = (_squeezed(name_zh), _squeezed(name_en), "".join(syllables))
    return any(wanted in name for name in names) or (
        len(wanted) > 1 and initials.startswith(wanted)
    )


def _squeezed(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def _areas(kind: Literal["city", "county"], areas: gpd.GeoDataFrame) -> tuple[GazetteerEntry, ...]:
    return tuple(
        GazetteerEntry(
            kind=kind,
            id=int(row.Index),
            name_zh=str(row.name_zh),
            name_en=str(row.name_en),
            pinyin=pinyin_of(str(row.name_zh)),
            parent=int(row.city_adcode) if kind == "county" else None,
            at=(round(float(row.label_lat), 4), round(float(row.label_lon), 4)),
        )
        for row in areas.itertuples()
    )


def _terms(
    kind: Literal["role", "sector", "segment"],
    records: tuple[Role, ...] | tuple[Sector, ...] | tuple[Segment, ...],
    *,
    parent: str | None = None,
) -> tuple[GazetteerEntry, ...]:
    return tuple(
        GazetteerEntry(
            kind, record.id, record.name.zh, record.name.en, pinyin_of(record.name.zh), parent
        )
        for record in records
    )


def _companies(province: Province) -> tuple[GazetteerEntry, ...]:
    """Return the companies that own sites of the province."""
    owning = province.companies[province.companies.index.isin(province.sites["company"])]
    return tuple(
        GazetteerEntry(
            kind="company",
            id=str(row.id),
            name_zh=str(row.name_zh),
            name_en=str(row.name_en),
            pinyin=pinyin_of(str(row.name_zh)),
        )
        for row in owning.itertuples()
    )


def _place(point: shapely.Point | None) -> tuple[float, float] | None:
    return None if point is None else (round(point.y, 4), round(point.x, 4))


def _sites(province: Province) -> tuple[GazetteerEntry, ...]:
    sites = province.sites
    if sites.empty:
        return ()
    homes = sites["county_adcode"].fillna(sites["city_adcode"])
    return tuple(
        GazetteerEntry(
            kind="site",
            id=str(row.Index),
            name_zh=str(row.name_zh),
            name_en=str(row.name_en),
            pinyin=pinyin_of(str(row.name_zh)),
            parent=int(home),
            at=_place(row.geometry),
            year=None if pd.isna(row.year) else int(row.year),
        )
        for row, home in zip(sites.itertuples(), homes, strict=True)
    )


def _towns(province: Province) -> tuple[GazetteerEntry, ...]:
    """Return the towns of the ground but for the seats, whose city or county has the name."""
    towns = ground_table(province, "towns")
    towns = towns[towns["kind"] == "town"]
    return tuple(
        GazetteerEntry(
            kind="town",
            id=str(row.id),
            name_zh=row.name_zh,
            name_en=row.name_en,
            pinyin=pinyin_of(row.name_zh),
            parent=int(row.county_adcode),
            at=_place(row.geometry),
        )
        for row in towns.itertuples()
    )
