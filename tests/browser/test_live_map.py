"""The map follows a change at once, over a connection of its own, or else with the page."""

from __future__ import annotations

from playwright.sync_api import expect


class _Held:
    """Streamlit's connection, whose messages to the page are held back on demand."""

    def __init__(self, page):
        self.holding = False
        self._messages = []
        self._page_side = None
        page.route_web_socket("**/_stcore/stream", self._carry)

    def _carry(self, socket):
        self._page_side = socket
        beyond = socket.connect_to_server()
        beyond.on_message(self._pass)

    def _pass(self, message):
        if self.holding:
            self._messages.append(message)
        else:
            self._page_side.send(message)

    def let_go(self):
        self.holding = False
        for message in self._messages:
            self._page_side.send(message)


def test_the_map_follows_a_filter_before_the_page_does(atlas):
    """The view comes over the frame's own connection; the page's later one changes nothing."""
    held = _Held(atlas.page)
    atlas.open("lang=en")
    atlas.settle()
    mark = atlas.map_state()["mark"]
    held.holding = True
    atlas.page.get_by_text("Hydrogen pilot", exact=True).first.click()
    expect(atlas.map.locator(".atlas-glyph")).to_have_count(0)
    assert "Hydrogen" not in atlas.query.get("overlay", "")
    atlas.page.get_by_text("Hydrogen pilot", exact=True).first.click()
    atlas.page.get_by_text("Hydrogen pilot", exact=True).first.click()
    held.let_go()
    atlas.settle()
    expect(atlas.map.locator(".atlas-glyph")).to_have_count(0)
    assert atlas.map_state()["mark"] == mark


def test_a_map_without_a_connection_of_its_own_follows_the_page(atlas):
    """A proxy that passes Streamlit's connection alone: all works, only later."""
    atlas.page.route_web_socket("**/atlas/live/**", lambda socket: socket.close(code=1011))
    atlas.open("lang=en")
    atlas.page.get_by_text("Hydrogen pilot", exact=True).first.click()
    expect(atlas.map.locator(".atlas-glyph")).to_have_count(0)
    atlas.page.get_by_text("中文", exact=True).click()
    expect(atlas.map.locator(".atlas-legend")).to_contain_text("整车基地")
