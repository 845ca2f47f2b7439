"""Write the brief of a city: where it stands in the chain, what it lacks, who has it nearby."""

from __future__ import annotations

import datetime as dt

from data.loader import Province
from layers.address.view_changes import city_map_view
from layers.brief.back_matter import sites_section
from layers.brief.brief_map import map_picture
from layers.brief.city.city_answer import answer, question, title
from layers.brief.city.city_case import CityCase
from layers.brief.city.city_chain import chain_section, worklist_section
from layers.brief.city.city_standing import standing_section
from layers.brief.city.city_surroundings import neighbours_section, targets_section, unknown_figures
from layers.brief.content import BriefOutline, BriefSection, ContentPicture
from layers.brief.unknown_points import unknown_section
from layers.compose import compose
from layers.specification.view import View
from layers.words.matching_words import describe_selection


def city_brief(view: View, province: Province, adcode: int, date: dt.date) -> BriefOutline:
    """Outline the brief of a city (adcode); the selection narrows what is told of sites.

    ``KeyError`` where the province has no such city.
    """
    case = CityCase(view, province, date, adcode)
    language = view.language
    filters = describe_selection(view.selection.of_measures(), province, language)
    return BriefOutline(
        title=title(case),
        subtitle=case.subtitle(filters),
        question=question(case),
        parts={
            "answer": lambda: BriefSection("answer", case.say("brief.answer"), answer(case)),
            "map": lambda: BriefSection("map", case.say("page.map"), (_map(case),)),
            "standing": lambda: standing_section(case),
            "chain": lambda: chain_section(case),
            "worklist": lambda: worklist_section(case),
            "neighbours": lambda: neighbours_section(case),
            "targets": lambda: targets_section(case),
            "unknown": lambda: unknown_section(case, *unknown_figures(case)),
            "sites": lambda: sites_section(
                case.sites, province, language, of_cities=False, area=view.selection.area
            ),
        },
    )


def _map(case: CityCase) -> ContentPicture:
    spec = compose(city_map_view(case.view, case.province, case.adcode), case.province)
    return map_picture(case, spec)
