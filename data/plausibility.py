"""Tell which capacities can be, by a province's ``plausibility.csv``, which analysts edit.

The limits are wide: they find lost zeros and wrong units, and say nothing of the industry.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from data.errors import Fault
from data.evidence_rows import PlausibilityRow, SiteRow, unit_ids
from data.model import Plan

PLAUSIBILITY_FILE = "plausibility.csv"

Rules = tuple[PlausibilityRow, ...]


def capacity_rules(rules: Rules, unit: str, segments: Iterable[str]) -> Rules:
    """Return the rules for a capacity in ``unit`` of a site of ``segments``.

    A segment without a rule of its own has that of the unit as a whole, as a site without
    segments does. Empty where one of them has neither: then any capacity can be.
    """
    own = {rule.segment: rule for rule in rules if rule.unit == unit}
    found = [own.get(segment, own.get(None)) for segment in segments] or [own.get(None)]
    known = [rule for rule in found if rule is not None]
    return tuple(dict.fromkeys(known)) if len(known) == len(found) else ()


def is_plausible(capacity: float, rules: Rules) -> bool:
    """Whether a capacity is within one of ``rules`` at least, or there are none.

    A site of several segments states one capacity, of any of them.
    """
    return not rules or any(rule.at_least <= capacity <= rule.at_most for rule in rules)


def limit_words(rule: PlausibilityRow) -> str:
    """Return the limits of a rule as numbers, ``100 – 1,000,000``."""
    return f"{rule.at_least:,.15g} – {rule.at_most:,.15g}"


def rule_faults(rules: Sequence[PlausibilityRow], plan: Plan) -> list[Fault]:
    """Check that units and segments of the rules are known, and none has two rules."""
    units, segments = unit_ids(plan), [segment.id for segment in plan.segments()]
    seen: set[tuple[str, str | None]] = set()
    faults = []
    for number, rule in enumerate(rules, start=2):
        record = f"row {number}"
        if rule.unit not in units:
            problem = f"no unit {rule.unit!r}; choose from {', '.join(units)}"
            faults.append(Fault(PLAUSIBILITY_FILE, record, "unit", problem))
        if rule.segment is not None and rule.segment not in segments:
            problem = f"no segment {rule.segment!r}; choose from {', '.join(segments)}"
            faults.append(Fault(PLAUSIBILITY_FILE, record, "segment", problem))
        if (rule.unit, rule.segment) in seen:
            problem = "the unit has a rule for this segment already; keep one of the two"
            faults.append(Fault(PLAUSIBILITY_FILE, record, "unit, segment", problem))
        seen.add((rule.unit, rule.segment))
    return faults


def capacity_faults(sites: Sequence[SiteRow], rules: Rules) -> list[Fault]:
    """Name the rows of ``sites.csv`` whose capacity no rule for their unit and segments keeps."""
    faults = []
    for number, site in enumerate(sites, start=2):
        if site.capacity is None or site.capacity_unit is None:
            continue
        asked = capacity_rules(rules, site.capacity_unit, site.segment_ids)
        if is_plausible(site.capacity, asked):
            continue
        limits = " or ".join(f"{limit_words(rule)} ({_whose(rule)})" for rule in asked)
        problem = (
            f"found {site.capacity:,.15g} {site.capacity_unit}; expected {limits}. Look in the "
            "source for lost zeros or another unit; where it says this, widen the limits in "
            f"{PLAUSIBILITY_FILE}"
        )
        faults.append(Fault("sites.csv", f"row {number} ({site.id})", "capacity", problem))
    return faults


def _whose(rule: PlausibilityRow) -> str:
    return rule.segment or "any segment"
