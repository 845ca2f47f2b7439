"""What the filters find, beside the map: how many, where, of what, and how much."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator

import pandas as pd

from clusters.area_links import lacking_in_area
from clusters.area_of_interest import AreaOfInterest
from clusters.area_population import area_population
from clusters.distances.nearest import distance_basis
from clusters.matching import Matching, matching
from data.text import join, number
from layers.words.area_words import about_residents, positions_counted, residents_note
from layers.words.matching_words import matching_sentence
from layers.words.plan_words import unit_name
from ui.components.record.prose import fact_list, figures, heading, paragraph, remark
from ui.state.session import Session


def answers(session: Session) -> bool:
    """Tell whether the panel answers a filter: one is on, and no record is open."""
    view = session.view
    is_open = view.site is not None or view.county is not None or view.profile is not None
    return not is_open and not view.selection.is_empty and not session.province.sites.empty


def answer(session: Session) -> Iterator[str]:
    """Write what the filters find: the sentence, counts by city and segment, capacities."""
    province, language = session.province, session.language
    found = matching(province, session.view.selection)
    yield heading(session.say("answer.title"), level=3)
    yield paragraph(matching_sentence(session.view.selection, province, language))
    counts = (
        ("answer.sites", len(found.sites)),
        ("answer.cities", len(found.cities)),
        ("answer.counties", len(found.by_county)),
    )
    yield figures((session.say(key), number(value, language)) for key, value in counts)
    if session.view.selection.area is not None:
        yield from _positions(session, found, session.view.selection.area)
    if found.sites.empty:
        return
    yield _cities(session, found)
    yield _segments(session, found)
    yield from _capacities(session, found)


def _positions(session: Session, found: Matching, area: AreaOfInterest) -> Iterator[str]:
    """Tell how many of the sites are surely inside an area, and of how many no more is known."""
    counts = positions_counted(found, area, session.province)
    named = (
        ("area.inside", counts["inside"]),
        ("area.perhaps", counts["perhaps"]),
        ("area.owners", found.sites["company"].nunique()),
    )
    yield figures((session.say(key), number(value, session.language)) for key, value in named)
    if counts["perhaps"]:
        yield remark(session.say("area.perhaps_note"))
    population = area_population(session.province, area)
    if population is not None:
        about = about_residents(population, session.language)
        yield figures([(session.say("area.residents"), about)])
        yield remark(residents_note(population, session.province, session.language))
    yield from _lacking(session, area)


def _lacking(session: Session, area: AreaOfInterest) -> Iterator[str]:
    """List the segments that the plan names of which an area has no site, each with the nearest."""
    province, selection = session.province, session.view.selection
    lacking = lacking_in_area(province, selection, area)
    if lacking.empty:
        return
    names = province.sites[session.name_field]
    told = [
        (
            province.plan.segment(str(segment)).name.say(session.language),
            _nearest_words(session, row, names),
        )
        for segment, row in lacking.set_index("segment").iterrows()
    ]
    yield heading(session.say("area.lacking"), level=6)
    yield fact_list(told)
    basis = distance_basis(province, by_line=selection.by_line)
    yield remark(session.say(f"area.lacking_{basis}"))


def _nearest_words(session: Session, row: pd.Series, names: pd.Series) -> str:
    if row["nearest"] is None or pd.isna(row["nearest"]):
        return session.say("measures.hub_none")
    distance = number(float(row["distance_km"]), session.language)
    return session.say("measures.hub_away", site=str(names[row["nearest"]]), distance=distance)


def _cities(session: Session, found: Matching) -> str:
    names = session.province.cities[session.name_field]
    counts = found.by_city.sort_values(ascending=False, kind="stable")
    rows = [
        (f"city.{adcode}", str(names.at[adcode]), int(count))
        for adcode, count in counts.items()
        if count
    ]
    bars = _bars(session.say("answer.by_city"), rows)
    without = [str(names.at[adcode]) for adcode, count in counts.items() if not count]
    if not without:
        return bars
    cities = join(without, session.language)
    return bars + remark(session.say("answer.without_site", cities=cities))


def _segments(session: Session, found: Matching) -> str:
    names = {one.id: one.name.say(session.language) for one in session.province.plan.segments()}
    rows = [
        (f"segment.{name}", names[str(name)], int(count))
        for name, count in found.by_segment.items()
    ]
    without = int(found.sites["segments"].isna().sum())
    if without:
        rows.append(("", session.say("answer.no_segment"), without))
    return _bars(session.say("answer.by_segment"), rows)


def _bars(title: str, rows: Iterable[tuple[str, str, int]]) -> str:
    """Return a bar for each of (what a click keeps alone, name, count)."""
    listed = list(rows)
    most = max(count for _, _, count in listed)
    lines = "".join(_bar(only, name, count, most) for only, name, count in listed)
    return f'<h6 class="atlas-part">{html.escape(title)}</h6><ul class="atlas-bars">{lines}</ul>'


def _bar(only: str, name: str, count: int, most: int) -> str:
    told = (
        f"<span>{html.escape(name)}</span>"
        f'<span class="atlas-bar-line"><i style="width:{100 * count / most:.1f}%"></i></span>'
        f'<span class="atlas-role-count">{count}</span>'
    )
    if not only:
        return f"<li><span>{told}</span></li>"
    return f'<li><button type="button" data-atlas-only="{html.escape(only)}">{told}</button></li>'


def _capacities(session: Session, found: Matching) -> Iterator[str]:
    """Write the capacities by unit and meaning, each with how many sites state it."""
    language = session.language
    lines = []
    for row in found.capacity.itertuples():
        unit = unit_name(session.province, str(row.unit), language)
        meaning = session.say(f"capacity.{row.meaning}")
        value = float(row.capacity)
        amount = number(value, language, decimals=0 if value == int(value) else 2)
        words = _of_sites(session, amount, int(row.sites))
        label = session.say("label.note", text=unit, note=meaning)
        lines.append(f"<dt>{html.escape(label)}</dt><dd>{html.escape(words)}</dd>")
    yield f'<h6 class="atlas-part">{html.escape(session.say("answer.capacity"))}</h6>'
    if lines:
        yield f'<dl class="atlas-facts atlas-sums">{"".join(lines)}</dl>'
    without = found.without_capacity
    if without == 1:
        yield remark(session.say("answer.without_capacity_one"))
    elif without:
        yield remark(session.say("answer.without_capacity", count=without))


def _of_sites(session: Session, value: str, count: int) -> str:
    if count == 1:
        return session.say("answer.of_one_site", value=value)
    return session.say("answer.of_sites", value=value, count=count)
