"""The pages of a city, a comparison and the chain offer a brief, in the chosen format."""

from __future__ import annotations

import pytest

from data.text import LANGUAGES, say
from tests.pages.test_pages import open_screen, words
from tests.places import PLACES

CITIES = (PLACES.hub.slug, PLACES.battery_base.slug)
OFFERED = {
    "city": ("city", {"profile": CITIES[0]}),
    "compare": ("comparison", {"compare": ",".join(CITIES), "profile": CITIES[0]}),
    "chain": ("sector", {"segment": "separator"}),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", list(OFFERED))
def test_a_brief_is_offered(page, language):
    subject, query = OFFERED[page]
    app = open_screen(page, lang=language, **query)
    assert say("brief.lead", language) in words(app)
    buttons = {one.proto.id: one.proto for one in app.get("download_button")}
    (button,) = [one for name, one in buttons.items() if f"brief.{subject}.download" in name]
    assert button.label == say("brief.make", language)
    (formats,) = [one for one in app.get("button_group") if f"brief.{subject}" in one.key]
    assert formats.value == "docx"


def test_without_a_sector_the_chain_offers_none():
    app = open_screen("chain", lang="en")
    assert say("brief.lead", "en") not in words(app)
