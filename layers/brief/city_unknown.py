"""Say what is not known of a city: what the list leaves open, and which figures are missing."""

from __future__ import annotations

from clusters.evidence import latest_figures, segments_without_sites
from layers.brief.city_case import CityCase
from layers.brief.content import BriefSection, Statement, StatementList
from layers.words.plan_words import map_note

_OLD_AFTER_YEARS = 2


def unknown_section(case: CityCase) -> BriefSection:
    """Return the section, a point each; what is complete is not named."""
    points = [Statement(case.say("profile.sample"), case.counted)]
    points += [*_of_sites(case), *_of_chain(case), *_of_figures(case), *_of_plan(case)]
    return BriefSection("unknown", case.say("brief.unknown"), (StatementList(tuple(points)),))


def _of_sites(case: CityCase) -> list[Statement]:
    """Count the sites of which something is not known."""
    sites, total = case.sites, len(case.sites)
    years = sites["status_date"].dropna().astype(str).str[:4].astype(int)
    counts = {
        "brief.unknown_status": sites["status"] == "unknown",
        "brief.unknown_capacity": sites["capacity"].isna(),
        "brief.unknown_meaning": sites["capacity"].notna()
        & (sites["capacity_meaning"].fillna("unclear") == "unclear"),
        "brief.unknown_owner": sites["company"].isna(),
        "brief.unknown_segment": sites["segments"].isna(),
        "brief.unknown_county": sites["precision"] == "city",
        "brief.unknown_place": sites["precision"] == "county",
    }
    points = [
        Statement(case.say(phrase, count=int(found.sum()), total=total), case.counted)
        for phrase, found in counts.items()
        if found.any()
    ]
    old = int((years < case.date.year - _OLD_AFTER_YEARS).sum())
    if old:
        year = case.date.year - _OLD_AFTER_YEARS
        words = case.say("brief.unknown_old", count=old, total=total, year=year)
        points.append(Statement(words, case.counted))
    return points


def _of_chain(case: CityCase) -> list[Statement]:
    lacking = segments_without_sites(case.province)
    if not lacking:
        return []
    words = case.join(case.segment_name(name) for name in lacking)
    return [Statement(case.say("brief.unknown_links", segments=words), case.counted)]


def _of_figures(case: CityCase) -> list[Statement]:
    """Name what other cities have figures of and this one has not."""
    figures = case.province.figures
    others = figures[figures["adcode"].isin(case.province.cities.index)]
    known = set(latest_figures(case.province, case.adcode)["indicator"])
    missing = [name for name in case.province.indicators if name in set(others["indicator"])]
    missing = [name for name in missing if name not in known]
    if not missing:
        return []
    names = case.join(case.province.indicators[name].name.say(case.language) for name in missing)
    sources = tuple(dict.fromkeys(others.loc[others["indicator"].isin(missing), "source"]))
    return [Statement(case.say("brief.unknown_figures", names=names), sources)]


def _of_plan(case: CityCase) -> list[Statement]:
    document = case.province.plan.document
    points = []
    if document is not None and document.note is not None:
        points.append(Statement(document.note.say(case.language), document.sources))
    borders = (case.province.settings.boundary_source,)
    return [*points, Statement(map_note(case.province, case.language), borders)]
