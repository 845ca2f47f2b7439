"""Say measures and their values in words: name, unit, formula, and the sample they rest on."""

from __future__ import annotations

import math

from clusters.measures import Measure
from data.loader import Province
from data.own.own_grade import own_site_ids
from data.text import Language, number, say
from layers.words.plan_words import hub_name, unit_name

_DECIMALS = {"sites": 0, "percent": 1, "quotient": 2, "number": 1, "km": 0}


def measure_name(province: Province, measure: Measure, language: Language) -> str:
    """Return what a measure is called."""
    if measure.indicator is not None:
        return province.indicators[measure.indicator].name.say(language)
    if measure.capacity_unit is not None:
        return _capacity_name(province, measure, language)
    if measure.id in ("hub-distance", "hub-distance-road"):
        return say(f"measure.{measure.id}.name", language, hub=hub_name(province, language))
    return say(f"measure.{measure.id}.name", language)


def _capacity_name(province: Province, measure: Measure, language: Language) -> str:
    unit = next(one for one in province.plan.units if one.id == measure.capacity_unit)
    words = unit.capacity.name.say(language) if unit.capacity else unit.name.say(language)
    name = say(f"measure.{_capacity_words(measure)}.name", language, name=words)
    return name[:1].upper() + name[1:]


def _capacity_words(measure: Measure) -> str:
    return "capacity-quotient" if measure.unit == "quotient" else "capacity"


def measure_formula(measure: Measure, language: Language) -> str:
    """Return how a measure is taken, and after whom."""
    if measure.indicator is not None:
        return say("measures.figure_formula", language)
    words = measure.id if measure.capacity_unit is None else _capacity_words(measure)
    return say(f"measure.{words}.formula", language)


def measure_unit(province: Province, measure: Measure, language: Language) -> str:
    """Return a measure's unit; an empty string for a plain number."""
    if measure.indicator is not None:
        return province.indicators[measure.indicator].unit.say(language)
    if measure.unit == "index" and measure.capacity_unit is not None:
        return unit_name(province, measure.capacity_unit, language)
    return say(f"measure_unit.{measure.unit}", language) if measure.unit in _UNIT_WORDS else ""


_UNIT_WORDS = ("sites", "percent", "km", "owners")


def measure_title(province: Province, measure: Measure, language: Language) -> str:
    """Return a measure's name with its unit, as a heading."""
    name, unit = (
        measure_name(province, measure, language),
        measure_unit(province, measure, language),
    )
    return say("measures.with_unit", language, name=name, unit=unit) if unit else name


def measure_decimals(province: Province, measure: Measure) -> int:
    """Return how many decimals a measure's values are written with."""
    if measure.indicator is not None:
        return province.indicators[measure.indicator].decimals
    return _DECIMALS.get(measure.unit, 0)


def measure_value(
    province: Province, measure: Measure, value: float, language: Language, *, unit: bool = True
) -> str:
    """Write a value with its unit; a missing one as such."""
    if math.isnan(value):
        return say("measures.missing", language)
    written = number(value, language, decimals=measure_decimals(province, measure))
    words = measure_unit(province, measure, language) if unit else ""
    # Chinese sets no space before a percent sign.
    gap = "" if words == "%" and language == "zh" else " "
    return f"{written}{gap}{words}".strip()


def sample_words(province: Province, measure: Measure, language: Language) -> str:
    """Say what a measure rests on: the list of sites and own ones, the plan, figures, borders."""
    if measure.indicator is not None:
        return say("measures.sample_figures", language)
    if measure.id == "plan-roles":
        return say("measures.sample_plan", language)
    if measure.id == "hub-distance":
        return say("measures.sample_boundaries", language)
    if not measure.counts_sites:
        return say("measures.sample_ground", language)
    own = len(own_site_ids(province))
    listed = len(province.sites) - own
    if not own:
        return say("measures.sample_sites", language, count=listed)
    if not listed:
        return say("measures.sample_own_only", language, own=own)
    return say("measures.sample_with_own", language, count=listed, own=own)
