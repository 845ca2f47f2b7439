"""Records beside the map: opened by the map, by a name, by keyboard, and left again."""

from __future__ import annotations

from playwright.sync_api import expect

from data.text import say
from tests.places import PLACES

WATCH = """() => {
    const panel = document.querySelector(".st-key-profile-panel");
    window.frames_seen = [];
    (function look() {
        const told = [...panel.querySelectorAll("[data-atlas-told]")].pop();
        const details = panel.querySelector(".st-key-profile-details");
        window.frames_seen.push([
            panel.querySelector("[data-atlas-record]").dataset.atlasRecord,
            told && told.dataset.atlasTold, getComputedStyle(details).opacity]);
        requestAnimationFrame(look);
    })();
}"""


def test_a_city_named_beside_the_map_is_opened_by_its_name(atlas):
    atlas.open("lang=en")
    before = atlas.map_state()
    panel = atlas.page.locator(".st-key-profile-panel")
    hydrogen = panel.locator("[data-role=hydrogen]")
    expect(hydrogen.get_by_role("button")).to_have_count(5)
    hydrogen.get_by_role("button", name=PLACES.hub.en, exact=True).click()
    atlas.expect_query("profile", PLACES.hub.slug)
    expect(panel.get_by_role("heading", name=PLACES.hub.en)).to_be_visible()
    expect(atlas.map.locator(".leaflet-atlas-focus-pane path[d]")).to_have_count(1)
    assert atlas.map_state()["mark"] == before["mark"]
    panel.get_by_role("button", name="Close").click()
    atlas.expect_query("profile", None)
    unnamed = panel.locator("[data-role='']").get_by_role("button").first
    unnamed.press("Enter")
    atlas.expect_query("profile", PLACES.other_without_role.slug)


def test_the_way_back_from_a_record_leads_up_and_leaves_the_map_where_it_is(atlas, province):
    site = province.sites.loc[PLACES.site.id]
    city = province.cities.loc[site["city_adcode"]]
    county = province.counties.loc[int(site["county_adcode"])]
    atlas.open(f"lang=en&site={site.name}&profile={PLACES.battery_base.slug}&county={county.name}")
    before = atlas.map_state()
    panel = atlas.page.locator(".st-key-profile-panel")
    expect(panel.get_by_role("heading", name=site["name_en"])).to_be_visible()
    panel.get_by_role("button", name="Back").click()
    expect(panel.get_by_role("heading", name=county["name_en"])).to_be_visible()
    atlas.expect_query("site", None)
    panel.get_by_role("button", name=city["name_en"], exact=True).press("Enter")
    expect(panel.get_by_role("heading", name=city["name_en"])).to_be_visible()
    panel.get_by_role("button", name="Close").click()
    expect(panel.get_by_role("heading", name=province.settings.name.en)).to_be_visible()
    atlas.expect_query("profile", None)
    assert atlas.map_state() == before


def test_what_the_map_asks_by_itself_is_no_step_back(atlas):
    """It is sent with the address that the browser has, which may be that of before a click."""
    atlas.open(f"lang=en&profile={PLACES.hub.slug}")
    panel = atlas.page.locator(".st-key-profile-panel")
    expect(panel.get_by_role("heading", name=PLACES.hub.en)).to_be_visible()
    before = atlas.page.evaluate("location.href")
    panel.get_by_role("button", name="Close").click()
    expect(panel.get_by_role("heading", name=PLACES.province.en)).to_be_visible()
    atlas.expect_query("profile", None)
    atlas.frame.evaluate(
        """(before) => {
            parent.history.replaceState(null, "", before);
            dispatchEvent(new Event("atlas-left"));
        }""",
        before,
    )
    atlas.settle()
    expect(panel.get_by_role("heading", name=PLACES.province.en)).to_be_visible()


def test_a_click_opens_the_profile(atlas):
    atlas.open()
    atlas.click_city(PLACES.other_hub.adcode)
    expect(atlas.page.get_by_role("heading", name=PLACES.other_hub.en)).to_be_visible()
    expect(atlas.page.get_by_text("9,489 km²")).to_be_visible()
    panel = atlas.page.locator(".st-key-profile-panel")
    counties = say("profile.counties", "en")
    expect(panel.get_by_role("heading", name=counties, exact=True)).to_be_visible()
    expect(atlas.map.locator(".leaflet-atlas-focus-pane path[d]")).to_have_count(1)
    atlas.expect_query("profile", PLACES.other_hub.slug)
    atlas.page.get_by_role("button", name="Close").click()
    expect(atlas.page.get_by_role("heading", name=PLACES.province.en)).to_be_visible()
    atlas.expect_query("profile", None)


def test_the_keyboard_opens_the_profile(atlas):
    atlas.open()
    atlas.map.locator(f"path[data-feature='{PLACES.without_role.adcode}']").focus()
    atlas.page.keyboard.press("Enter")
    expect(atlas.page.get_by_role("heading", name=PLACES.without_role.en)).to_be_visible()


def test_nothing_of_a_city_is_seen_below_the_name_of_another(atlas):
    atlas.open(f"lang=en&profile={PLACES.hub.slug}")
    panel = atlas.page.locator(".st-key-profile-panel")
    counties = panel.get_by_role("heading", name=say("profile.counties", "en"), exact=True)
    expect(counties).to_be_visible()
    atlas.settle()
    atlas.page.evaluate(WATCH)
    atlas.click_city(PLACES.other_hub.adcode)
    expect(panel.get_by_role("heading", name=PLACES.other_hub.en)).to_be_visible()
    atlas.settle()
    expect(counties).to_be_visible()
    # Frames are noted one by one, and the last may still be to come.
    atlas.page.wait_for_function(
        """() => {
            const [record, told, opacity] = window.frames_seen.at(-1);
            return record === told && opacity === "1" && record !== window.frames_seen[0][0];
        }"""
    )
    seen = atlas.page.evaluate("window.frames_seen")
    torn = [opacity for record, told, opacity in seen if told and told != record]
    assert torn
    assert set(torn) == {"0"}
    assert seen[-1][0] == seen[-1][1] != seen[0][0]
    assert seen[-1][2] == "1"
