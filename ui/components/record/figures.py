"""Write figures and targets with their units and how exact they are."""

from __future__ import annotations

from data.model import Indicator, Target
from data.text import number
from layers.words.plan_words import unit_name
from ui.state.session import Session


def figure_value(session: Session, indicator: Indicator, value: float, qualifier: str) -> str:
    """Write a value with its unit, and how the source gives it."""
    amount = number(value, session.language, decimals=indicator.decimals)
    written = f"{amount} {indicator.unit.say(session.language)}"
    return session.say(f"qualifier.{qualifier.replace(' ', '_')}", value=written)


def target_value(session: Session, target: Target) -> str:
    """Write what a target asks for, with its unit."""
    language = session.language
    unit = target.unit.say(language)
    low = number(target.value_low, language)
    if target.comparison == "above":
        return session.say("plan.above", low=low, unit=unit)
    if target.value_high is None or target.value_high == target.value_low:
        return session.say("plan.exactly", low=low, unit=unit)
    high = number(target.value_high, language)
    return session.say("plan.between", low=low, high=high, unit=unit)


def capacity_value(session: Session, value: float, unit: str) -> str:
    """Write a capacity with its unit."""
    amount = number(value, session.language, decimals=0 if value == int(value) else 2)
    return f"{amount} {unit_name(session.province, unit, session.language)}"
