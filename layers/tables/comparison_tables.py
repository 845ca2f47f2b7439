"""Write a comparison of cities as tables of words: for a page, for a brief."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from clusters.distances.nearest import link_sources
from clusters.measures import Measure, MeasureValues, measures_of, take
from clusters.selection import Selection
from clusters.study import study_of
from data.loader import Province
from data.text import Language, number, say
from layers.words.distance_words import measured_words
from layers.words.measure_words import measure_title, measure_value, sample_words


@dataclass(frozen=True)
class WordsTable:
    """A table of words; ``lead`` says how to read it, ``sources`` are ids of what it rests on."""

    title: str
    lead: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sources: tuple[str, ...] = ()


def compared_measures(selection: Selection, province: Province) -> list[Measure]:
    """Return the measures that are defined for what is asked for."""
    asked = selection.effective_sectors(province)
    return [one for one in measures_of(province) if asked or not one.needs_sector]


def value_words(
    taken: MeasureValues, adcode: int, province: Province, language: Language, *, unit: bool = True
) -> str:
    """Write the value of a city, with its year where it has one; a weak one says so."""
    words = measure_value(province, taken.measure, taken.values[adcode], language, unit=unit)
    year = taken.years[adcode]
    if not pd.isna(year):
        words = say("compare.of_year", language, value=words, year=int(year))
    return say("compare.weak", language, value=words) if taken.weak[adcode] else words


def link_words(sites: int, distance_km: float, language: Language) -> str:
    """Write how many sites of a segment a city has, or how far the nearest one is."""
    if sites:
        return str(int(sites))
    if pd.isna(distance_km):
        return ""
    return f"{number(distance_km, language)} {say('measure_unit.km', language)}"


def measures_compared(
    selection: Selection, province: Province, cities: Sequence[int], language: Language
) -> WordsTable:
    """Return every measure of every city (adcodes), a row each, with years."""
    measures = compared_measures(selection, province)
    taken = {one.id: take(province, selection, one.id) for one in measures}
    counted = next(one for one in measures_of(province) if one.counts_sites)
    return WordsTable(
        say("compare.all_measures", language),
        sample_words(province, counted, language),
        (say("compare.measure", language), *_names(province, cities, language)),
        tuple(
            (
                measure_title(province, one, language),
                *(
                    value_words(taken[one.id], adcode, province, language, unit=False)
                    for adcode in cities
                ),
            )
            for one in measures
        ),
        _once(source for one in measures for source in taken[one.id].sources),
    )


def links_compared(
    selection: Selection, province: Province, cities: Sequence[int], language: Language
) -> WordsTable:
    """Return the links of the chain that the plan names, a row a segment."""
    links = study_of(province, selection).links()
    segments = {one.id: one.name.say(language) for one in province.plan.segments()}
    by_city = {
        adcode: links[links["city_adcode"] == adcode].set_index("segment") for adcode in cities
    }
    return WordsTable(
        say("compare.chain", language),
        say("chain.lead", language, measured=measured_words(selection, province, language)),
        (say("chain.segment", language), *_names(province, cities, language)),
        tuple(
            (
                segments[segment],
                *(
                    link_words(
                        found.at[segment, "sites"], found.at[segment, "distance_km"], language
                    )
                    for found in by_city.values()
                ),
            )
            for segment in dict.fromkeys(links["segment"])
        ),
        _once(
            (
                *(
                    source
                    for sector in province.plan.sectors
                    if sector.id in set(links["sector"])
                    for source in sector.sources
                ),
                *link_sources(province, by_line=selection.by_line),
            )
        ),
    )


def _names(province: Province, cities: Sequence[int], language: Language) -> tuple[str, ...]:
    return tuple(str(province.cities.at[adcode, f"name_{language}"]) for adcode in cities)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
