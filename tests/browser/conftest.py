"""What the tests of this folder need: Chromium, and the atlas served as its users have it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page

from tests import chromium, serving
from tests.serving import RESULTS

from .atlas_page import AtlasPage


def pytest_configure(config: pytest.Config) -> None:
    """Take the browser and the server from where other folders have them too: one of each."""
    for module in (chromium, serving):
        if not config.pluginmanager.is_registered(module):
            config.pluginmanager.register(module)


LISTENING = ("on", "route", "route_web_socket", "add_init_script", "expose_binding")
SETTING = ("set_viewport_size", "emulate_media", "grant_permissions", "expose_function", "install")
"""What outlasts a test: a tab that was listened at or set is not used again."""


@dataclass
class Tab:
    """A tab that one test after the other uses, as a person does who comes back."""

    page: Page
    errors: list[str] = field(default_factory=list)
    is_used_up: bool = False

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        for owner in (self.page, self.page.context, self.page.clock):
            for name in (*LISTENING, *SETTING):
                if hasattr(owner, name):
                    setattr(owner, name, self._using_up(getattr(owner, name)))

    def _using_up(self, method: Callable[..., object]) -> Callable[..., object]:
        def called(*arguments: object, **options: object) -> object:
            self.is_used_up = True
            return method(*arguments, **options)

        return called

    def leave(self) -> None:
        """Leave what is open, and what it has left in the browser."""
        if self.page.url.startswith("http"):
            self.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        self.page.context.clear_cookies()
        self.page.goto("about:blank")


@pytest.fixture
def locale() -> str:
    return "en-GB"


@pytest.fixture(scope="session")
def tabs() -> dict[str, Tab]:
    """The tab that is open in each language."""
    return {}


def opened(browser: Browser, locale: str, *, been_here: bool = True) -> Tab:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale=locale, accept_downloads=True
    )
    if been_here:
        # An empty page has no storage.
        context.add_init_script(
            "if (location.protocol !== 'about:') localStorage.setItem('atlas.tour', 'done')"
        )
    return Tab(context.new_page())


@pytest.fixture
def page(
    browser: Browser,
    locale: str,
    tabs: dict[str, Tab],
    request: pytest.FixtureRequest,
) -> Iterator[Page]:
    """A page of somebody who has been here before: only the test of the tour is a first-timer."""
    first_timer = "first_timer" in request.fixturenames
    tab = None if first_timer else tabs.pop(locale, None)
    tab = tab or opened(browser, locale, been_here=not first_timer)
    failed_before = request.session.testsfailed
    yield tab.page
    failed = request.session.testsfailed > failed_before
    if failed:
        RESULTS.mkdir(parents=True, exist_ok=True)
        name = request.node.name.replace("/", "-")
        tab.page.screenshot(path=RESULTS / f"{name}.png", timeout=10_000)
    errors = [*tab.errors]
    if failed or errors or tab.is_used_up or first_timer:
        tab.page.context.close()
    else:
        tab.leave()
        tabs[locale] = tab
    assert errors == []


@pytest.fixture
def atlas(page: Page, server: str) -> AtlasPage:
    """The page of the atlas in a browser of its own."""
    return AtlasPage(page, server)
