"""Work the page "Data" as a person would."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from data.text import Language, say
from tests.chromium import settle
from tests.serving import RESULTS

from .atlas_page import choose_option


class DataPage:
    """The page "Data" of a served atlas, in a browser."""

    def __init__(self, page: Page, server: str, language: Language = "en") -> None:
        self.page = page
        self.server = server
        self.language = language

    def say(self, key: str, /, **values: object) -> str:
        return say(key, self.language, **values)

    def open(self) -> DataPage:
        self.page.goto(f"{self.server}/data?lang={self.language}")
        self.page.get_by_test_id("stFileUploaderDropzone").wait_for()
        return self

    def upload(self, path: Path) -> DataPage:
        self.page.locator("input[type=file]").set_input_files(path)
        return self

    def settle(self) -> None:
        """Wait until the page has run to its end: a run under way closes an open list."""
        settle(self.page)

    def choose(self, key: str, option: str) -> None:
        choose_option(self.page, self.say(key), option)

    def choose_kind(self, kind: str) -> None:
        self.settle()
        group = self.page.locator("[class*='st-key-data-kind']")
        group.get_by_text(self.say(f"kind.{kind}"), exact=True).click()

    def choose_datum(self, datum: str) -> None:
        self.radio(datum).click()

    def radio(self, datum: str) -> Locator:
        words = self.say(f"datum.{datum}")
        group = self.page.get_by_role("radiogroup", name=self.say("data.datum"))
        return group.locator("label").filter(has_text=words)

    def pictures(self) -> Locator:
        return self.page.get_by_test_id("stImage").locator("img")

    @property
    def accept_button(self) -> Locator:
        return self.page.locator("[class*='st-key-data-accept'] button")

    def accept(self) -> None:
        expect(self.accept_button).to_be_enabled()
        self.accept_button.click()
        self.page.locator("[class*='st-key-own-own']").first.wait_for()

    def download(self, words: str) -> bytes:
        # A button that a run is about to draw anew would not be heard.
        self.settle()
        with self.page.expect_download() as waited:
            self.page.get_by_role("button", name=words).first.click()
        return Path(waited.value.path()).read_bytes()

    def to_map(self) -> None:
        self.page.locator("[class*='st-key-data-map'] button").first.click()
        frame = self.page.frame_locator("iframe[src*='/atlas/frame/']")
        frame.locator("body[data-atlas-ready]").wait_for()

    def picture(self, name: str, height: int | None = None) -> None:
        """Keep a picture of the page for whoever wants to look at it."""
        RESULTS.mkdir(parents=True, exist_ok=True)
        size = self.page.viewport_size
        if height and size:
            self.page.set_viewport_size({"width": size["width"], "height": height})
        self.page.screenshot(path=RESULTS / f"data-{name}-{self.language}.png")
        if height and size:
            self.page.set_viewport_size(size)
