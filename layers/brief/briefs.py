"""Write the brief that a view asks for, and name its file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Literal

from data.errors import AtlasError
from data.loader import Province
from data.text import say
from layers.brief.back_matter import bound_brief
from layers.brief.city.city_brief import city_brief
from layers.brief.comparison_brief import FEWEST_CITIES, comparison_brief
from layers.brief.content import Brief, BriefOutline
from layers.brief.sector_brief import sector_brief
from layers.brief.selection_brief import selection_brief
from layers.specification.view import View
from layers.words.telling_names import file_name_of

BriefSubject = Literal["city", "comparison", "sector", "selection"]
_MOST_NAMED = 4


def brief_of(
    view: View,
    province: Province,
    *,
    subject: BriefSubject | None = None,
    parts: Collection[str] | None = None,
    date: dt.date | None = None,
) -> Brief:
    """Return the brief of a view as of ``date`` (today), of the ``parts`` that are named (all).

    It is about ``subject``, or else what ``subject_of`` says. Raises ``AtlasError`` where the
    view asks for none, ``UnknownChoiceError`` for a part that such a brief has not.
    """
    date = date or dt.date.today()
    return bound_brief(
        _outline(view, province, subject, date), province, view.language, date, parts
    )


def brief_parts(
    view: View, province: Province, *, subject: BriefSubject | None = None
) -> tuple[str, ...]:
    """Return the ids of the parts that a brief of the view can have, in their order."""
    return tuple(_outline(view, province, subject, dt.date.today()).parts)


def _outline(
    view: View, province: Province, subject: BriefSubject | None, date: dt.date
) -> BriefOutline:
    asked = subject or subject_of(view)
    if asked == "city":
        return city_brief(view, province, _city(view), date)
    if asked == "comparison":
        return comparison_brief(view, province, date)
    if asked == "sector":
        return sector_brief(view, province, date)
    return selection_brief(view, province, date)


def subject_of(view: View) -> BriefSubject:
    """Return what a brief of the view is about.

    The city whose profile is open, or the only one that is chosen; else the cities that are
    compared; else what lies in the area asked about; else the sectors and segments asked for;
    else what the other filters find. Raises ``AtlasError`` where there is none of these.
    """
    if view.profile is not None or len(view.selection.cities) == 1:
        return "city"
    if len(view.compare) >= FEWEST_CITIES:
        return "comparison"
    if view.selection.area is None and (view.selection.sectors or view.selection.segments):
        return "sector"
    if not view.selection.is_empty:
        return "selection"
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
    words = []
    selection = view.selection
    if asked == "city":
        words.append(str(province.cities.at[_city(view), f"name_{view.language}"]))
    elif asked == "comparison":
        cities = province.cities.loc[list(view.compare[:_MOST_NAMED]), f"name_{view.language}"]
        words.append("-".join(cities))
    if asked in ("city", "comparison"):
        selection = selection.of_measures()
    words.append(say("brief.file", view.language))
    return file_name_of(province, view.language, words, extension, selection=selection, date=date)
