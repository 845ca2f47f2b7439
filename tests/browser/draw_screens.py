"""Draw the pictures of the README and of ``docs/cartography.md`` that show the map as screens do.

``python -m tests.browser.draw_screens`` serves the atlas and writes what a browser shows.
"""

from __future__ import annotations

import io
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.chromium import chromium_path
from tests.serving import RESULTS, serving

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
FIRST = ("lang=zh", "light", 1440, 900)
"""The picture at the head of the README."""
GOLDEN = Path(__file__).parents[1] / "golden" / "province-zh.png"
HEIGHT_PX = 620
GAP_PX = 8
SCREENS = (
    ("lang=zh", "light", 1180, 900),
    ("lang=zh&center=31.35,120.55&zoom=10.5", "light", 1180, 900),
    ("lang=zh", "dark", 1180, 900),
    ("lang=en", "light", 390, 844),
)
"""What is shown: the view, the theme of the page, and the screen's width and height."""


def main() -> None:
    """Write the pictures; the printed one is the golden map."""
    shutil.copy(GOLDEN, PICTURES / "print.png")
    with serving(RESULTS / "screens-server.log") as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path())
        first = _shot(browser, address, *FIRST)
        first.quantize(256, dither=Image.Dither.NONE).save(PICTURES / "map.png", optimize=True)
        shots = [_small(_shot(browser, address, *screen)) for screen in SCREENS]
    width = sum(shot.width for shot in shots) + GAP_PX * (len(shots) - 1)
    sheet = Image.new("RGB", (width, HEIGHT_PX), "white")
    left = 0
    for shot in shots:
        sheet.paste(shot, (left, 0))
        left += shot.width + GAP_PX
    sheet.save(PICTURES / "screens.webp", quality=82, method=6)


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
    atlas.locator("html:not([data-atlas-busy])").wait_for()
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    context.close()
    return shot


def _small(shot: Image.Image) -> Image.Image:
    return shot.resize((round(shot.width * HEIGHT_PX / shot.height), HEIGHT_PX))


if __name__ == "__main__":
    main()
