"""Say what is not known: what the list of sites leaves open, and which figures are missing."""

from __future__ import annotations

from clusters.chain import plan_segments
from clusters.evidence import segments_without_sites
from layers.brief.brief_case import BriefCase
from layers.brief.content import BriefSection, Statement, StatementList
from layers.words.plan_words import map_note

_OLD_AFTER_YEARS = 2


def unknown_section(case: BriefCase, *more: Statement) -> BriefSection:
    """Return the section, a point each, ``more`` among them; what is complete is not named."""
    points = [Statement(case.say("profile.sample"), case.counted)]
    points += [*_of_sites(case), *_of_chain(case), *more, *_of_plan(case)]
    return BriefSection("unknown", case.say("brief.unknown"), (StatementList(tuple(points)),))


def _of_sites(case: BriefCase) -> list[Statement]:
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


def _of_chain(case: BriefCase) -> list[Statement]:
    asked = {one.id for one in plan_segments(case.province, case.study.sectors)}
    lacking = [one for one in segments_without_sites(case.province) if one in asked]
    if not lacking:
        return []
    words = case.join(case.segment_name(name) for name in lacking)
    return [Statement(case.say("brief.unknown_links", segments=words), case.counted)]


def _of_plan(case: BriefCase) -> list[Statement]:
    document = case.province.plan.document
    points = []
    if document is not None and document.note is not None:
        points.append(Statement(document.note.say(case.language), document.sources))
    borders = (case.province.settings.boundary_source,)
    return [*points, Statement(map_note(case.province, case.language), borders)]
