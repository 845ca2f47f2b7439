"""Write the brief of a city: where it stands in the chain, what it lacks, who has it nearby."""

from __future__ import annotations

import datetime as dt

from data.loader import Province
from layers.address.view_changes import city_map_view
from layers.brief.back_matter import bound_brief, sites_section
from layers.brief.brief_map import map_picture
from layers.brief.city_answer import answer, question, title
from layers.brief.city_case import CityCase
from layers.brief.city_chain import chain_section, worklist_section
from layers.brief.city_standing import standing_section
from layers.brief.city_surroundings import neighbours_section, targets_section, unknown_figures
from layers.brief.content import Brief, BriefSection, ContentPicture
from layers.brief.unknown_points import unknown_section
from layers.compose import compose
from layers.specification.view import View
from layers.words.matching_words import describe_selection


def city_brief(view: View, province: Province, adcode: int, date: dt.date) -> Brief:
    """Return the brief of a city (adcode); the selection narrows what is told of sites.

    ``KeyError`` where the province has no such city.
    """
    case = CityCase(view, province, date, adcode)
    sections = (
        BriefSection("answer", case.say("brief.answer"), answer(case)),
        BriefSection("map", case.say("page.map"), (_map(case),)),
        standing_section(case),
        chain_section(case),
        worklist_section(case),
        neighbours_section(case),
        targets_section(case),
        unknown_section(case, *unknown_figures(case)),
        sites_section(case.sites, province, view.language, of_cities=False),
    )
    filters = describe_selection(view.selection.of_measures(), province, view.language)
    return bound_brief(
        sections,
        province,
        view.language,
        date,
        title=title(case),
        subtitle=case.subtitle(filters),
        question=question(case),
    )


def _map(case: CityCase) -> ContentPicture:
    spec = compose(city_map_view(case.view, case.province, case.adcode), case.province)
    return map_picture(case, spec)
