"""Warn of capacities in an upload that cannot be, as the check of a province's own sites does."""

from __future__ import annotations

import pandas as pd

from data.evidence_rows import PlausibilityRow
from data.loader import Province
from data.plausibility import capacity_rules, is_plausible, limit_words
from data.text import say
from data.uploads.row_faults import RowFault, row_fault
from data.uploads.sites.mapping import Mapping


def capacity_doubts(
    frame: pd.DataFrame, attributes: pd.DataFrame, mapping: Mapping, province: Province
) -> list[RowFault]:
    """Return a warning for each row whose capacity no rule of the province keeps.

    ``frame`` is the file's own table, ``attributes`` what was read in it, as
    ``read_attributes`` returns it. The rows stay.
    """
    column = mapping.column("capacity")
    if column is None or not province.plausibility:
        return []
    stated = attributes.loc[attributes["capacity"].notna()]
    doubts = []
    for (unit, segments), capacities in stated.groupby(["capacity_unit", "segments"], dropna=False)[
        "capacity"
    ]:
        named = () if pd.isna(segments) else str(segments).split(";")
        rules = capacity_rules(province.plausibility, str(unit), named)
        if not rules:
            continue
        limits = "; ".join(_limits(rule, province) for rule in rules)
        outside = [row for row, found in capacities.items() if not is_plausible(found, rules)]
        doubts += [
            row_fault(row, column, cell, "implausible", warning=True, limits=limits)
            for row, cell in frame.loc[outside, column].items()
        ]
    return doubts


def _limits(rule: PlausibilityRow, province: Province) -> str:
    """Return the limits of a rule with its unit and segment, both in both languages."""
    own = {unit.id: unit.name for unit in province.plan.units}
    names = (
        (own[rule.unit].zh, own[rule.unit].en)
        if rule.unit in own
        else (say(f"unit.{rule.unit}", "zh"), say(f"unit.{rule.unit}", "en"))
    )
    limits = f"{limit_words(rule)} {names[0]} ({names[1]})"
    if rule.segment is None:
        return limits
    segment = province.plan.segment(rule.segment).name
    return f"{limits}, {segment.zh} ({segment.en})"
