"""Say on the first sheet of a workbook what it shows, when it was made, and how to come back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from clusters.measures import measures_of
from data.loader import Province
from data.own.own_grade import own_sources
from data.text import Language, day, join, say
from layers.specification.map_spec import MapSpec
from layers.specification.view import View
from layers.tables.read_table import Link, ReadCell
from layers.words.matching_words import describe_selection, matching_sentence
from layers.words.measure_words import sample_words
from layers.words.plan_words import map_title

_PAGES = ("https://", "http://")


@dataclass(frozen=True)
class FrontSheet:
    """A title, and lines below it: what each is about, and what there is to say."""

    title: str
    lines: tuple[tuple[str, ReadCell], ...]


def view_front(spec: MapSpec, province: Province, date: dt.date, link: str | None) -> FrontSheet:
    """Return the front of a workbook of a view; ``link`` is the address of the view."""
    language, selection = spec.language, spec.selection
    counted = next(one for one in measures_of(province) if one.counts_sites)
    filters = describe_selection(selection, province, language)
    lines = [
        ("shows", _without_filters(spec, filters)),
        ("filters", filters or say("front.no_filter", language)),
        ("found", matching_sentence(selection, province, language)),
        *_made(date, link, language),
        *(("notes", note) for note in spec.notes),
        ("sample", sample_words(province, counted, language)),
        ("method", say("ranking.normalisation_lead", language)),
    ]
    return FrontSheet(spec.title, _labelled(lines, language))


def list_front(
    view: View, province: Province, said: str, date: dt.date, link: str | None
) -> FrontSheet:
    """Return the front of a workbook of the sites that match a view; ``said`` tells how many."""
    language, selection = view.language, view.selection
    own = [f"{one.publisher} ({one.date})" for one in own_sources(province)]
    filters = describe_selection(selection, province, language)
    lines = [
        ("filters", filters or say("front.no_filter", language)),
        ("found", matching_sentence(selection, province, language)),
        ("list", said),
        *_made(date, link, language),
        ("own", say("own.note", language, files=join(own, language)) if own else ""),
        ("sample", say("profile.sample", language)),
    ]
    return FrontSheet(map_title(province, language), _labelled(lines, language))


def _without_filters(spec: MapSpec, filters: str) -> str:
    """Return what the subtitle says before it names the filters."""
    if not filters:
        return spec.subtitle
    named = say("map.filtered", spec.language, filters=filters)
    shown, _, _ = spec.subtitle.partition(named)
    return shown.removesuffix(say("clause.separator", spec.language))


def _made(date: dt.date, link: str | None, language: Language) -> list[tuple[str, ReadCell]]:
    leads_back = link is not None and link.startswith(_PAGES)
    back = Link(say("front.open_link", language), str(link)) if leads_back else link
    return [("made", day(date, language)), ("link", back)]


def _labelled(
    lines: Iterable[tuple[str, ReadCell]], language: Language
) -> tuple[tuple[str, ReadCell], ...]:
    return tuple((say(f"front.{name}", language), words) for name, words in lines if words)
