"""Look at a page as axe-core does, by the rules of WCAG 2.2 AA, in its frames too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Error, Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN = """(tags) => axe.run(document, {
    runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] })"""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def faults(page: Page) -> list[str]:
    """Return what axe calls serious or critical, in the page and in its frames."""
    for frame in page.frames:
        try:
            frame.evaluate(AXE)
        except Error:
            assert frame != page.main_frame, "axe did not start"
    found: dict[str, Any] = page.evaluate(RUN, TAGS)
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
