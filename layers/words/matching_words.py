"""Write what is filtered and what it finds: the same sentence wherever a view is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from clusters.facets import CAPACITY_DECIMALS, FACETS, CapacityRange, Facet
from clusters.matching import Matching, matching
from clusters.selection import Selection, goes_by_plan
from data.loader import Province
from data.text import Language, join, number, say
from layers.words.area_words import area_words
from layers.words.plan_words import kind_name, unit_name


def value_name(facet: Facet, value: Any, province: Province, language: Language) -> str:
    """Return what a value of a facet is called."""
    plan = province.plan
    if facet.key == "sector":
        return plan.sector(value).name.say(language)
    if facet.key == "segment":
        return plan.segment(value).name.say(language)
    if facet.key == "role":
        return plan.role(value).name.say(language)
    if facet.key == "city":
        return str(province.cities.at[value, f"name_{language}"])
    if facet.key == "owner":
        return str(province.companies.at[value, f"name_{language}"])
    if facet.key == "kind":
        return kind_name(province, value, language)
    if facet.key == "grade":
        return say(f"grade.{value}", language)
    if facet.key == "precision":
        return say(f"placed.{value}", language)
    return say(f"status.{value}", language)


_LABELLED = ("grade", "precision")


def value_names(facet: Facet, province: Province, language: Language) -> dict[Any, str]:
    """Return the values that a facet can have in a province, and what each is called."""
    return {
        value: value_name(facet, value, province, language) for value in facet.choices(province)
    }


def capacity_words(wanted: CapacityRange, province: Province, language: Language) -> str:
    """Write a range of capacities with its unit."""
    least, most = (_plain(one, language) for one in (wanted.least, wanted.most))
    form = "between" if least and most else "least" if least else "most" if most else "any"
    unit = unit_name(province, wanted.unit, language)
    return say(f"capacity_range.{form}", language, least=least, most=most, unit=unit)


def _plain(value: float | None, language: Language) -> str:
    if value is None:
        return ""
    _, _, decimals = f"{value:.{CAPACITY_DECIMALS}f}".rstrip("0").partition(".")
    return number(value, language, decimals=len(decimals))


@dataclass(frozen=True)
class FilterChip:
    """A value that is filtered: the ``field`` of the selection, its facet, what it is called.

    ``value`` is what the field holds, as text; of a range it is empty. ``label`` names the facet;
    ``told`` is what the value is called where nothing else names it.
    """

    field: str
    facet: str
    value: str
    label: str
    words: str
    told: str


def filter_chips(
    selection: Selection, province: Province, language: Language
) -> tuple[FilterChip, ...]:
    """Return what is filtered, value by value, in the order of the facets."""
    found = [
        (facet.field, facet.key, str(value), value_name(facet, value, province, language))
        for facet in FACETS
        for value in facet.choices(province)
        if value in getattr(selection, facet.field)
    ]
    if selection.years is not None:
        first, last = selection.years
        found.append(("years", "years", "", str(first) if first == last else f"{first}–{last}"))
    if selection.capacity is not None:
        words = capacity_words(selection.capacity, province, language)
        found.append(("capacity", "capacity", "", words))
    if selection.area is not None:
        found.append(("area", "area", "", area_words(selection.area, province, language)))
    return tuple(_chip(*one, language) for one in found)


def _chip(field: str, key: str, value: str, words: str, language: Language) -> FilterChip:
    label = say(f"filter.{key}", language)
    # "the county" alone says nothing.
    told = say("label.value", language, label=label, value=words) if key in _LABELLED else words
    return FilterChip(field, key, value, label, words, told)


def describe_selection(selection: Selection, province: Province, language: Language) -> str:
    """Name the values that are filtered, facet by facet; empty where nothing is."""
    facets: dict[str, list[FilterChip]] = {}
    for chip in filter_chips(selection, province, language):
        facets.setdefault(chip.facet, []).append(chip)
    parts = []
    for key, chips in facets.items():
        words = join([chip.words for chip in chips], language)
        label = chips[0].label if key in _LABELLED else ""
        parts.append(say("label.value", language, label=label, value=words) if label else words)
    return say("clause.separator", language).join(parts)


def matching_sentence(selection: Selection, province: Province, language: Language) -> str:
    """Say how many sites match in how many cities, and what the plan names; empty without filter.

    "21 matching sites in 7 of 13 cities; the plan names 4 cities for Battery". Where cities are
    chosen, or asked for by their role, the count is of these.
    """
    if selection.is_empty:
        return ""
    found = matching(province, selection)
    if goes_by_plan(selection, province) and found.planned is not None:
        parts = [_plan_first(found, selection, province, language)]
        parts += [] if province.sites.empty else [_sites_first(found, selection, language)]
    elif selection.filters_sites and not province.sites.empty:
        parts = [_sites_first(found, selection, language)]
        if found.planned is not None:
            parts.append(_plan_beside(found, selection, province, language))
    else:
        parts = [_cities_first(found, province, language)]
        parts += [] if province.sites.empty else [_sites_there(found, language)]
    return say("clause.separator", language).join(parts)


def _sites_first(found: Matching, selection: Selection, language: Language) -> str:
    chosen = "chosen" if selection.cities or selection.roles else "all"
    return say(
        f"matching.{chosen}",
        language,
        sites=sites_words(len(found.sites), language),
        cities=len(found.cities),
        total=len(found.scope),
    )


def _plan_beside(
    found: Matching, selection: Selection, province: Province, language: Language
) -> str:
    count = len(found.planned or ())
    if not count:
        return _plan_names_none(selection, province, language)
    sectors = _sectors(selection, province, language)
    return say("matching.plan", language, cities=_cities(count, language), sectors=sectors)


def _plan_names_none(selection: Selection, province: Province, language: Language) -> str:
    """Say that the plan names none of the cities, or that nothing can be of what is asked for."""
    if not selection.planned_sectors(province):
        return say("matching.other_segments", language)
    return say("matching.plan_none", language, sectors=_sectors(selection, province, language))


def _plan_first(
    found: Matching, selection: Selection, province: Province, language: Language
) -> str:
    if not selection.planned_sectors(province):
        return say("matching.other_segments", language)
    return say(
        "matching.by_plan",
        language,
        cities=len(found.planned or ()),
        total=len(found.scope),
        sectors=_sectors(selection, province, language),
    )


def _cities_first(found: Matching, province: Province, language: Language) -> str:
    total = len(province.cities)
    return say("filter.count", language, selected=len(found.scope), total=total)


def _sites_there(found: Matching, language: Language) -> str:
    count = len(found.sites)
    form = "site_there" if count == 1 else "sites_there"
    return say(f"matching.{form}", language, count=number(count, language))


def sites_words(count: int, language: Language) -> str:
    """Write how many sites match."""
    form = "site" if count == 1 else "sites"
    return say(f"matching.{form}", language, count=number(count, language))


def _cities(count: int, language: Language) -> str:
    form = "city" if count == 1 else "cities"
    return say(f"matching.{form}", language, count=count)


def _sectors(selection: Selection, province: Province, language: Language) -> str:
    wanted = selection.effective_sectors(province)
    names = [one.name.say(language) for one in province.plan.sectors if one.id in wanted]
    return join(names, language)
