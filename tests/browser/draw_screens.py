"""Draw the picture of ``docs/cartography.md`` that shows the map as screens do.

``python -m tests.browser.draw_screens`` serves the atlas and writes what a browser shows.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.chromium import chromium_path
from tests.serving import RESULTS, serving

PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "screens.webp"
HEIGHT_PX = 620
GAP_PX = 8
SCREENS = (
    ("lang=zh", "light", 1180, 900),
    ("lang=zh&center=31.65,120.2&zoom=9.25", "light", 1180, 900),
    ("lang=zh", "dark", 1180, 900),
    ("lang=en", "light", 390, 844),
)
"""What is shown: the view, the theme of the page, and the screen's width and height."""


def main() -> None:
    """Write the picture."""
    with serving(RESULTS / "screens-server.log") as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path())
        shots = [_shot(browser, address, *screen) for screen in SCREENS]
    width = sum(shot.width for shot in shots) + GAP_PX * (len(shots) - 1)
    sheet = Image.new("RGB", (width, HEIGHT_PX), "white")
    left = 0
    for shot in shots:
        sheet.paste(shot, (left, 0))
        left += shot.width + GAP_PX
    sheet.save(PICTURE, quality=82, method=6)


def _shot(
    browser: Browser, address: str, query: str, theme: str, width: int, height: int
) -> Image.Image:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
    )
    context.add_init_script("localStorage.setItem('atlas.tour', 'done')")
    page = context.new_page()
    page.goto(f"{address}/?{query}")
    atlas = page.frame_locator("iframe[src*='/atlas/frame/']")
    atlas.locator("body[data-atlas-toolbar]").wait_for()
    page.locator("[data-test-script-state='notRunning']").first.wait_for()
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    context.close()
    return shot.resize((round(shot.width * HEIGHT_PX / shot.height), HEIGHT_PX))


if __name__ == "__main__":
    main()
