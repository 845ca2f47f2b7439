"""Close a brief: the sites one by one, captions numbered, all sources in the order of reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace

import geopandas as gpd
import pandas as pd

from clusters.area_of_interest import AreaOfInterest
from data.errors import UnknownChoiceError
from data.loader import Province
from data.text import Language, number, say
from layers.brief.content import (
    Block,
    Brief,
    BriefOutline,
    BriefSection,
    ContentChart,
    ContentPicture,
    ContentTable,
    Statement,
    TableColumn,
    cited_sources,
)
from layers.tables.site_list import site_list

MOST_SITES = 200
"""How many sites a brief lists: some ten sheets; the others are counted."""


def sites_section(
    sites: gpd.GeoDataFrame,
    province: Province,
    language: Language,
    *,
    of_cities: bool,
    area: AreaOfInterest | None = None,
) -> BriefSection:
    """Return the sites (columns of ``SiteRow``), a row each with its sources.

    ``of_cities`` tells the city of each, ``area`` whether each is surely or perhaps in it. Of
    more than ``MOST_SITES`` the first are told, and how many are left out.
    """
    heading = say("brief.sites_annex", language)
    if sites.empty:
        counted = (province.settings.site_source,) if province.settings.site_source else ()
        statement = Statement(say("brief.no_sites", language), counted)
        return BriefSection("sites", heading, (statement,))
    told = sites.head(MOST_SITES)
    listed = site_list(told, province, language, area)
    names = ["name", "county", "segments", "owner", "capacity", "status", "as_of", "grade"]
    widths = {"name": 3.4, "segments": 2.0, "owner": 1.8, "capacity": 2.2, "grade": 1.2}
    if of_cities:
        names[1:1] = ["city"]
    if area is not None:
        names.insert(names.index("county") + 1, "in_area")
    unsure = "" if area is None else say("area.perhaps_note", language)
    listed["capacity"] = _capacities(listed, language)
    missing = say("brief.not_stated", language)
    cells = listed[names].astype(object).where(listed[names].astype(str) != "", missing)
    table = ContentTable(
        say("brief.sites_caption", language, count=number(len(sites), language)),
        tuple(
            TableColumn(say(f"site_list.{one}", language), widths.get(one, 1.3)) for one in names
        ),
        tuple(tuple(str(cell) for cell in row) for row in cells.to_numpy()),
        row_sources=tuple(tuple(str(joined).split(";")) for joined in told["sources"]),
        note=f"{_sample(len(sites) - len(told), language)} {unsure}".strip(),
    )
    return BriefSection("sites", heading, (table,), wide=True)


def _sample(left_out: int, language: Language) -> str:
    """Say what the list of sites is, and how many of them are not told."""
    count = number(left_out, language)
    more = say("brief.left_out", language, count=count) if left_out else ""
    return f"{say('profile.sample', language)} {more}".strip()


def _capacities(listed: pd.DataFrame, language: Language) -> list[str]:
    """Write capacities with their unit and meaning; empty where none is stated."""
    return [
        ""
        if pd.isna(value)
        else say(
            "compare.capacity",
            language,
            value=number(
                value,
                language,
                decimals=0 if value == round(value) else 1 if round(value, 1) == value else 2,
            ),
            unit=unit,
            meaning=meaning,
        )
        for value, unit, meaning in zip(
            listed["capacity"], listed["unit"], listed["meaning"], strict=True
        )
    ]


def sources_section(
    sections: Sequence[BriefSection], province: Province, language: Language
) -> BriefSection:
    """Return all sources that ``sections`` cite, numbered, with publisher, date, grade, address."""
    rows = tuple(
        (
            str(place),
            one.title.say(language),
            one.publisher,
            one.date or say("brief.undated", language),
            say(f"grade.{one.grade}", language),
            one.address,
        )
        for place, one in enumerate(
            (province.sources[name] for name in cited_sources(sections)), start=1
        )
    )
    heads = ("title", "publisher", "date", "grade", "address")
    widths = (3.6, 1.8, 1.3, 1.0, 3.6)
    columns = (
        TableColumn(say("brief.number", language), 0.6, numeric=True),
        *(
            TableColumn(say(f"sources.{head}", language), width)
            for head, width in zip(heads, widths, strict=True)
        ),
    )
    table = ContentTable(
        say("brief.sources_caption", language, count=len(rows)),
        columns,
        rows,
        note=say("brief.sources_note", language),
    )
    return BriefSection("sources", say("sources.title", language), (table,), wide=True)


def bound_brief(
    outline: BriefOutline,
    province: Province,
    language: Language,
    date: dt.date,
    parts: Collection[str] | None = None,
) -> Brief:
    """Return the brief of an outline: captions numbered, the sources behind.

    It holds the ``parts`` that are named (all), in their order. Raises ``UnknownChoiceError`` for
    a part that the outline has not.
    """
    wanted = outline.parts if parts is None else parts
    for name in wanted:
        if name not in outline.parts:
            raise UnknownChoiceError("parts", name, outline.parts)
    sections = [write() for name, write in outline.parts.items() if name in wanted]
    every = (*sections, sources_section(sections, province, language))
    return Brief(
        title=outline.title,
        subtitle=outline.subtitle,
        question=outline.question,
        language=language,
        date=date,
        sections=_numbered(every, language),
    )


def _numbered(sections: Sequence[BriefSection], language: Language) -> tuple[BriefSection, ...]:
    """Number sections, and captions of tables, and of pictures and charts, each by themselves."""
    counts = {"table": 0, "picture": 0}
    numbered = []
    for place, section in enumerate(sections, start=1):
        blocks: list[Block] = []
        for block in section.blocks:
            if isinstance(block, (ContentTable, ContentPicture, ContentChart)):
                kind = "table" if isinstance(block, ContentTable) else "picture"
                counts[kind] += 1
                words = say(
                    f"brief.{kind}_number", language, number=counts[kind], caption=block.caption
                )
                blocks.append(replace(block, caption=words))
            else:
                blocks.append(block)
        heading = say("brief.section_number", language, number=place, heading=section.heading)
        named = replace(section, heading=heading, unnumbered=section.heading)
        numbered.append(replace(named, blocks=tuple(blocks)))
    return tuple(numbered)
