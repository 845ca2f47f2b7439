"""Write the brief that a view asks for, and name its file."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from data.errors import AtlasError
from data.loader import Province
from data.text import say
from layers.brief.city_brief import city_brief
from layers.brief.comparison_brief import comparison_brief
from layers.brief.content import Brief
from layers.brief.sector_brief import sector_brief
from layers.brief.telling_names import telling_name
from layers.exports.comparison_file import FEWEST_CITIES
from layers.specification.view import View
from layers.words.matching_words import describe_selection

BriefSubject = Literal["city", "comparison", "sector"]
_MOST_NAMED = 4


def brief_of(
    view: View,
    province: Province,
    *,
    subject: BriefSubject | None = None,
    date: dt.date | None = None,
) -> Brief:
    """Return the brief of a view as of ``date`` (today).

    It is about ``subject``, or else what ``subject_of`` says. Raises ``AtlasError`` where the
    view asks for none.
    """
    day, asked = date or dt.date.today(), subject or subject_of(view)
    if asked == "city":
        return city_brief(view, province, _city(view), day)
    if asked == "comparison":
        return comparison_brief(view, province, day)
    return sector_brief(view, province, day)


def subject_of(view: View) -> BriefSubject:
    """Return what a brief of the view is about.

    The city whose profile is open, or the only one that is chosen; else the cities that are
    compared; else the sectors and segments asked for. Raises ``AtlasError`` where there is none.
    """
    if view.profile is not None or len(view.selection.cities) == 1:
        return "city"
    if len(view.compare) >= FEWEST_CITIES:
        return "comparison"
    if view.selection.sectors or view.selection.segments:
        return "sector"
    raise AtlasError(say("brief.which", view.language))


def _city(view: View) -> int:
    """Return the city (adcode) that a brief of the view is about."""
    return next(iter(view.selection.cities)) if view.profile is None else view.profile


def brief_file_name(
    view: View,
    province: Province,
    extension: str,
    *,
    subject: BriefSubject | None = None,
    date: dt.date | None = None,
) -> str:
    """Return what a brief's file is called: province, what it is about, filters, date.

    Raises what ``brief_of`` raises.
    """
    asked = subject or subject_of(view)
    words = [province.settings.name.say(view.language)]
    selection = view.selection
    if asked == "city":
        words.append(str(province.cities.at[_city(view), f"name_{view.language}"]))
    elif asked == "comparison":
        cities = province.cities.loc[list(view.compare[:_MOST_NAMED]), f"name_{view.language}"]
        words.append("-".join(cities))
    if asked != "sector":
        selection = selection.of_measures()
    words.append(describe_selection(selection, province, view.language))
    words.append(say("brief.file", view.language))
    return telling_name(words, date or dt.date.today(), extension)
