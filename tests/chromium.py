"""Drive a real Chromium, and know when a page of the atlas has come to rest."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as TooLateError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests import waiting
from tests.missing import lacks

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is the same browser without windows: a fifth less work for the machine."""
ARGUMENTS = ["--no-sandbox", "--font-render-hinting=none", "--process-per-site"]
"""Text without windows is set as it is with them; pages of one address share what was compiled."""
PATIENCE_MS = 1000 * waiting.PATIENCE_S
LOOK_MS = 50
"""How often a page is looked at: as often as it draws, it would draw for that alone."""

expect.set_options(timeout=PATIENCE_MS)


def chromium_path() -> str | None:
    """Return where this machine has a Chromium, if anywhere."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


def rest_script() -> str:
    """Return the script that tells in a page when it is at rest."""
    numbers = {
        "rerun": BackMsg.DESCRIPTOR.fields_by_name["rerun_script"].number,
        "begun": ForwardMsg.DESCRIPTOR.fields_by_name["new_session"].number,
        "finished": ForwardMsg.DESCRIPTOR.fields_by_name["script_finished"].number,
        "early": ForwardMsg.FINISHED_EARLY_FOR_RERUN,
    }
    text = Path(__file__).parent.joinpath("browser", "rest.js").read_text(encoding="utf-8")
    return text.replace("NUMBERS", json.dumps(numbers))


def settle(page: Page) -> None:
    """Wait until all that the page has asked for is drawn, and its maps are still."""
    try:
        page.wait_for_function("() => window.atlasRest.holds()", polling=LOOK_MS)
    except TooLateError:
        pytest.fail(
            f"the page did not come to rest: {page.evaluate('() => window.atlasRest.told()')}"
        )


@contextmanager
def asking(page: Page) -> Iterator[None]:
    """Wait, after the block, for the answer to what it asks for; a field may ask a little later."""
    settle(page)
    before = page.evaluate("() => window.atlasRest.asked")
    yield
    page.wait_for_function(
        "(before) => window.atlasRest.asked > before", arg=before, polling=LOOK_MS
    )
    settle(page)


def until(page: Page, holds: Callable[[], object]) -> None:
    """Wait until something holds outside the page, while the page goes on."""
    waiting.until(holds, lambda: page.wait_for_timeout(LOOK_MS))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests: Playwright takes no second one in the same thread.

    Its contexts wait patiently, and their pages tell when they are at rest.
    """
    path = chromium_path()
    if path is None:
        lacks("a browser", "install Debian's `chromium`", always_needed=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        plain, script = chromium.new_context, rest_script()

        def new_context(**options: object) -> BrowserContext:
            context = plain(**options)
            context.set_default_timeout(PATIENCE_MS)
            context.add_init_script(script)
            return context

        chromium.new_context = new_context
        yield chromium
        chromium.close()
