"""Set a city among its neighbours, against the plan's targets and the figures of the province."""

from __future__ import annotations

import pandas as pd

from clusters.city_figures import figures_against_province, neighbouring_cities
from clusters.evidence import TargetProgress, latest_figures, progress
from clusters.relatedness import similarity, weak_likeness
from data.model import Indicator, Target
from layers.brief.city.city_case import CityCase
from layers.brief.content import (
    Block,
    BriefSection,
    ContentTable,
    Statement,
    Subheading,
    TableColumn,
)


def neighbours_section(case: CityCase) -> BriefSection:
    """Return the section: the cities with a common border, and what they have that is lacking."""
    heading = case.say("city.neighbours")
    near = neighbouring_cities(case.province, case.adcode)
    if not near:
        blocks: tuple[Block, ...] = (Statement(case.say("brief.no_neighbour"), _borders(case)),)
        return BriefSection("neighbours", heading, blocks)
    totals = case.study.counts(every=True).sum(axis="columns")
    alike = similarity(case.study.segment_counts())[case.adcode]
    weak = weak_likeness(totals, case.adcode)
    links = case.study.links()
    lacking = set(case.links.loc[case.links["sites"] == 0, "segment"])
    rows = []
    for adcode in near:
        theirs = links[(links["city_adcode"] == adcode) & (links["sites"] > 0)]
        names = [case.segment_name(one) for one in theirs["segment"] if one in lacking]
        likeness = case.number(alike[adcode], 2)
        if weak[adcode] and not pd.isna(alike[adcode]):
            likeness = case.say("compare.weak", value=likeness)
        rows.append(
            (
                case.city_name(adcode),
                case.number(int(totals[adcode])),
                likeness,
                case.join(names) if names else case.say("brief.none"),
            )
        )
    columns = (
        TableColumn(case.say("chain.city"), 1.2),
        TableColumn(case.say("brief.listed"), 1.0, numeric=True),
        TableColumn(case.say("brief.similarity"), 1.4, numeric=True),
        TableColumn(case.say("brief.neighbours_have"), 5.0),
    )
    table = ContentTable(
        case.say("brief.neighbours_caption", city=case.name),
        columns,
        tuple(rows),
        (*case.counted, *_borders(case)),
        note=case.say("city.neighbours_lead"),
    )
    return BriefSection("neighbours", heading, (table,))


def _borders(case: CityCase) -> tuple[str, ...]:
    return (case.province.settings.boundary_source,)


def targets_section(case: CityCase) -> BriefSection:
    """Return the section: targets with what is known of them, and the figures of the city."""
    blocks: list[Block] = [Subheading(case.say("brief.targets_heading")), *_targets(case)]
    blocks += [Subheading(case.say("brief.figures_heading", city=case.name)), _figures(case)]
    return BriefSection("targets", case.say("brief.targets"), tuple(blocks))


def _targets(case: CityCase) -> list[Block]:
    targets = case.province.plan.targets
    own = [one for one in targets if one.area == case.adcode]
    whole = [one for one in targets if one.area in (None, case.province.settings.adcode)]
    blocks: list[Block] = []
    if not own and not whole:
        return [Statement(case.say("brief.no_target"), case.role_sources)]
    if not own:
        words = case.say("brief.no_target_of_city", city=case.name)
        blocks.append(Statement(words, case.role_sources))
    found = [progress(case.province, one) for one in (*own, *whole)]
    columns = (
        TableColumn(case.say("brief.target"), 3.2),
        TableColumn(case.say("brief.goal"), 2.0),
        TableColumn(case.say("progress.year"), 0.9),
        TableColumn(case.say("brief.latest"), 2.5),
        TableColumn(case.say("brief.verdict"), 1.7),
    )
    table = ContentTable(
        case.say("brief.targets_caption"),
        columns,
        tuple(_target_row(case, one) for one in found),
        row_sources=tuple(_target_sources(one) for one in found),
        note=case.say("progress.lead"),
    )
    return [*blocks, table]


def _target_row(case: CityCase, found: TargetProgress) -> tuple[str, ...]:
    target = found.target
    return (
        target.name.say(case.language),
        target_words(case, target),
        str(target.year) if target.year else case.say("plan.no_year"),
        _latest(case, found),
        case.say(f"verdict.{found.verdict.replace(' ', '_')}"),
    )


def _newest(found: TargetProgress) -> pd.DataFrame:
    """Return the figure that ``latest`` is, or none."""
    figures = found.figures
    same = (figures["year"] == found.latest_year) & (figures["value"] == found.latest)
    return figures[same].head(1)


def _latest(case: CityCase, found: TargetProgress) -> str:
    if found.indicator is None or found.latest is None:
        return case.say("measures.missing")
    row = _newest(found).iloc[0]
    value = figure_words(case, found.indicator, float(row["value"]), str(row["qualifier"]))
    return case.say("compare.of_year", value=value, year=int(row["year"]))


def _target_sources(found: TargetProgress) -> tuple[str, ...]:
    figures = [] if found.latest is None else list(_newest(found)["source"])
    return (*found.target.sources, *figures)


def target_words(case: CityCase, target: Target) -> str:
    """Write what a target asks for, with its unit."""
    unit, low = target.unit.say(case.language), case.number(target.value_low)
    if target.comparison == "above":
        return case.say("plan.above", low=low, unit=unit)
    if target.value_high is None or target.value_high == target.value_low:
        return case.say("plan.exactly", low=low, unit=unit)
    return case.say("plan.between", low=low, high=case.number(target.value_high), unit=unit)


def figure_words(case: CityCase, indicator: Indicator, value: float, qualifier: str) -> str:
    """Write a figure with its unit, and how its source gives it."""
    written = f"{case.number(value, indicator.decimals)} {indicator.unit.say(case.language)}"
    return case.say(f"qualifier.{qualifier.replace(' ', '_')}", value=written)


def _figures(case: CityCase) -> Block:
    """Set the city's newest figures beside the province."""
    found = figures_against_province(case.province, case.adcode)
    if found.empty:
        return Statement(case.say("profile.no_figures"), case.counted)
    rows, sources = [], []
    for row in found.itertuples():
        indicator = case.province.indicators[row.indicator]
        share = case.number(100 * row.share, 1)
        rows.append(
            (
                indicator.name.say(case.language),
                str(row.year),
                figure_words(case, indicator, row.value, row.qualifier),
                share,
                case.say("brief.rank", rank=row.rank, count=row.of),
            )
        )
        both = (row.source, row.province_source)
        sources.append(tuple(str(name) for name in both if not pd.isna(name)))
    columns = (
        TableColumn(case.say("city.indicator"), 3.0),
        TableColumn(case.say("measures.year"), 0.9),
        TableColumn(case.say("measures.value"), 2.4),
        TableColumn(case.say("city.share"), 1.5, "%", numeric=True),
        TableColumn(case.say("brief.rank_heading"), 1.8),
    )
    return ContentTable(
        case.say("brief.figures_caption", city=case.name),
        columns,
        tuple(rows),
        row_sources=tuple(sources),
        note=case.say("brief.figures_note"),
    )


def unknown_figures(case: CityCase) -> tuple[Statement, ...]:
    """Name what other cities have figures of and this one has not."""
    figures = case.province.figures
    others = figures[figures["adcode"].isin(case.province.cities.index)]
    known = set(latest_figures(case.province, case.adcode)["indicator"])
    missing = [name for name in case.province.indicators if name in set(others["indicator"])]
    missing = [name for name in missing if name not in known]
    if not missing:
        return ()
    names = case.join(case.province.indicators[name].name.say(case.language) for name in missing)
    sources = tuple(dict.fromkeys(others.loc[others["indicator"].isin(missing), "source"]))
    return (Statement(case.say("brief.unknown_figures", names=names), sources),)
