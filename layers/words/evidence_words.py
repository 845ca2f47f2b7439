"""Say how the evidence of a province stands: for the check, the README and the page of sources."""

from __future__ import annotations

import datetime as dt

from clusters.evidence_state import EvidenceFigure, evidence_state
from data.loader import Province
from data.text import Language, number, say

_MOST_NAMED = 12


def edition_day(province: Province) -> dt.date:
    """Return the last day of the month, or the day, that the list of sites is dated."""
    source = province.sources.get(province.settings.site_source or "")
    if source is None or source.date is None:
        return dt.date.today()
    year, month, day = (*map(int, source.date.split("-")), 12, 31)[:3]
    if len(source.date) == 10:
        return dt.date(year, month, day)
    month = month if len(source.date) == 7 else 12
    after = dt.date(year + month // 12, month % 12 + 1, 1)
    return after - dt.timedelta(days=1)


def evidence_markdown(province: Province, language: Language, day: dt.date) -> str:
    """Return the figures as of ``day`` as a table in Markdown."""
    head = [say(f"evidence_state.{name}", language) for name in ("figure", "value", "wanted")]
    lines = [f"| {' | '.join(head)} |", "| --- | ---: | --- |"]
    for one in evidence_state(province, day):
        name = say(f"evidence_state.{one.id}", language)
        lines.append(f"| {name} | {_amount(one.value, one, language)} | {_bar(one, language)} |")
    return "\n".join(lines)


def evidence_lines(province: Province, today: dt.date) -> list[str]:
    """Return a line a figure for the command line, with what is below its bar."""
    lines = []
    for one in evidence_state(province, today):
        bar = _bar(one, "en")
        line = f"{say(f'evidence_state.{one.id}', 'en')}: {_amount(one.value, one, 'en')}"
        lines.append(f"{line} ({bar})" if bar else line)
        if one.is_met is False and one.named:
            more = len(one.named) - _MOST_NAMED
            ends = f" and {more} more" if more > 0 else ""
            lines.append(f"  {', '.join(one.named[:_MOST_NAMED])}{ends}")
    return lines


def _amount(value: float, one: EvidenceFigure, language: Language) -> str:
    if one.share:
        percent = round(100 * value, 1)
        decimals = 0 if percent.is_integer() else 1
        return f"{number(percent, language, decimals=decimals)}%"
    return number(value, language)


def _bar(one: EvidenceFigure, language: Language) -> str:
    """Return the bar and whether it is met, or nothing without one."""
    if one.wanted is None:
        return ""
    wanted = _amount(one.wanted, one, language)
    words = say(f"evidence_state.{'at_most' if one.at_most else 'at_least'}", language, bar=wanted)
    met = say(f"evidence_state.{'met' if one.is_met else 'not_met'}", language)
    return say("evidence_state.bar", language, wanted=words, met=met)
