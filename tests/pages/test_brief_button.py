"""Pages offer a brief of what they show, of the parts that are chosen, in the chosen format."""

from __future__ import annotations

import pytest

from data.text import LANGUAGES, say
from layers.address.query import parse_query
from layers.brief.briefs import brief_parts
from tests.pages.test_pages import open_screen, words
from tests.places import PLACES

CITIES = (PLACES.hub.slug, PLACES.battery_base.slug)
OFFERED = {
    "city": ("city", {"profile": CITIES[0]}),
    "compare": ("comparison", {"compare": ",".join(CITIES), "profile": CITIES[0]}),
    "chain": ("sector", {"segment": "separator"}),
    "map": ("selection", {"area": "circle:33.35,120.16,40"}),
    "companies": ("selection", {"owner": "catl"}),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", list(OFFERED))
def test_a_brief_is_offered(page, language, province):
    subject, query = OFFERED[page]
    app = open_screen(page, lang=language, **query)
    assert say("brief.lead", language) in words(app)
    buttons = {one.proto.id: one.proto for one in app.get("download_button")}
    (button,) = [one for name, one in buttons.items() if f"brief.{subject}.download" in name]
    assert button.label == say("brief.make", language)
    chosen = {one.key.rpartition(".")[2]: one for one in app.get("button_group") if one.key}
    assert chosen["format"].value == "docx"
    view = parse_query("&".join(f"{key}={one}" for key, one in query.items()), province).view
    assert chosen["parts"].value == [*brief_parts(view, province, subject=subject)]
    chosen["parts"].set_value([]).run()
    assert say("brief.no_parts", language) in words(app)
    assert not [one for one in app.get("download_button") if "brief." in one.proto.id]


def test_without_a_sector_the_chain_offers_none():
    app = open_screen("chain", lang="en")
    assert say("brief.lead", "en") not in words(app)
