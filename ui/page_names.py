"""Name the pages in the order of the menus, without loading what shows them."""

from __future__ import annotations

FIRST_PAGE = "map"
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("", (FIRST_PAGE,)),
    ("pages.analysis", ("ranking", "compare", "chain", "city", "companies", "measures")),
    ("pages.plan", ("plan", "progress")),
    ("pages.data", ("views", "data", "sources")),
    ("pages.help", ("guide", "methods", "dictionary")),
)
"""The phrase of each group's heading, and the pages below it by the last part of their address."""

VIEW_PAGES = tuple(name for _, names in GROUPS[:3] for name in names)
"""The pages that show the view that is open, and are opened with a view that was saved."""

PAGE_NAMES = frozenset(name for _, names in GROUPS for name in names)
