"""Name what a province's plan names, and else the usual: industry, hub, kinds, units."""

from __future__ import annotations

from data.loader import Province
from data.text import Language, say


def map_title(province: Province, language: Language) -> str:
    """Return the title of a province's map."""
    name, industry = province.settings.name.say(language), province.plan.industry
    if industry is None:
        return say("map.title_any", language, province=name)
    return say("map.title", language, province=name, industry=industry.say(language))


def map_note(province: Province, language: Language) -> str:
    """Return what every map of a province says of its borders: reviewed, or a sketch."""
    number = province.settings.map_review
    if number is None:
        return province.settings.boundary_note.say(language)
    return say("map.reviewed", language, number=number)


def hub_name(province: Province, language: Language) -> str:
    """Return what a city is called from which distances are measured, in the singular."""
    hub = province.plan.hub
    if hub is None or hub.hub is None:
        return say("hub.any", language)
    return hub.hub.say(language)


def kind_name(province: Province, kind: str, language: Language) -> str:
    """Return what a kind of site is called."""
    own = {one.id: one.name for one in province.plan.kinds}
    return own[kind].say(language) if kind in own else say(f"kind.{kind}", language)


def unit_name(province: Province, unit: str, language: Language) -> str:
    """Return how a unit of capacity is written."""
    own = {one.id: one.name for one in province.plan.units}
    return own[unit].say(language) if unit in own else say(f"unit.{unit}", language)
