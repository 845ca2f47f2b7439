"""What the tests of this folder need: Chromium, and the atlas served as its users have it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests import chromium, serving
from tests.serving import RESULTS

from .atlas_page import AtlasPage


def pytest_configure(config: pytest.Config) -> None:
    """Take the browser and the server from where other folders have them too: one of each."""
    for module in (chromium, serving):
        if not config.pluginmanager.is_registered(module):
            config.pluginmanager.register(module)


FAILED = pytest.StashKey[bool]()


def file_name(item: pytest.Item) -> str:
    """Return a test's name as one of a file."""
    return item.name.replace("/", "-")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note whether a test failed, also where it is tried again: its page and words are kept."""
    before = call.when != "setup" and item.stash.get(FAILED, False)
    item.stash[FAILED] = before or call.excinfo is not None
    report = yield
    if call.excinfo is not None and not call.excinfo.errisinstance(pytest.skip.Exception):
        RESULTS.mkdir(parents=True, exist_ok=True)
        words = RESULTS / f"{file_name(item)}.{call.when}.txt"
        words.write_text(report.longreprtext, encoding="utf-8")
    return report


LISTENING = ("on", "route", "route_web_socket", "add_init_script", "expose_binding")
SETTING = ("set_viewport_size", "emulate_media", "grant_permissions", "expose_function", "install")
"""What outlasts a test: a tab, or all of a browser's memory, that was listened at or set is not
used again."""


@dataclass
class Profile:
    """A browser's memory and a tab that one test after the other uses, as one who comes back."""

    context: BrowserContext
    errors: list[str] = field(default_factory=list)
    used_up: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for owner in (self.context, self.context.clock):
            self._watch(owner, "context")
        self._open()

    def _open(self) -> None:
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self._watch(self.page, "page")

    def _watch(self, owner: object, what: str) -> None:
        for name in (*LISTENING, *SETTING):
            if hasattr(owner, name):
                setattr(owner, name, self._using_up(getattr(owner, name), what))

    def _using_up(self, method: Callable[..., object], what: str) -> Callable[..., object]:
        def called(*arguments: object, **options: object) -> object:
            self.used_up.add(what)
            return method(*arguments, **options)

        return called

    def leave(self) -> None:
        """Leave what is open, and what it has left in the browser."""
        if self.page.url.startswith("http"):
            self.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        self.context.clear_cookies()
        others = [one for one in self.context.pages if one is not self.page]
        if others or self.used_up:
            for one in self.context.pages:
                one.close()
            self.used_up.clear()
            self._open()
        else:
            self.page.goto("about:blank")


@pytest.fixture
def locale() -> str:
    return "en-GB"


@pytest.fixture(scope="session")
def profiles() -> dict[str, Profile]:
    """Who has come in each language."""
    return {}


def new_profile(browser: Browser, locale: str, *, been_here: bool = True) -> Profile:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale=locale, accept_downloads=True
    )
    if been_here:
        # An empty page has no storage.
        context.add_init_script(
            "if (location.protocol !== 'about:') localStorage.setItem('atlas.tour', 'done')"
        )
    return Profile(context)


@pytest.fixture
def page(
    browser: Browser,
    locale: str,
    profiles: dict[str, Profile],
    request: pytest.FixtureRequest,
) -> Iterator[Page]:
    """A page of somebody who has been here before: only the test of the tour is a first-timer."""
    first_timer = "first_timer" in request.fixturenames
    profile = None if first_timer else profiles.pop(locale, None)
    profile = profile or new_profile(browser, locale, been_here=not first_timer)
    page = profile.page
    yield page
    failed = request.node.stash.get(FAILED, False)
    if failed:
        RESULTS.mkdir(parents=True, exist_ok=True)
        picture = RESULTS / f"{file_name(request.node)}.png"
        page.screenshot(path=picture, timeout=10_000)
    errors = [*profile.errors]
    if failed or errors or "context" in profile.used_up or first_timer or page.is_closed():
        profile.context.close()
    else:
        profile.leave()
        profiles[locale] = profile
    assert errors == []


@pytest.fixture
def atlas(page: Page, server: str) -> AtlasPage:
    """The page of the atlas in a browser of its own."""
    return AtlasPage(page, server)
