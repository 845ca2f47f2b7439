"""Name the pages in the order of the menus, without loading what shows them."""

from __future__ import annotations

FIRST_PAGE = "map"
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("", (FIRST_PAGE,)),
    ("pages.analysis", ("ranking", "compare", "chain", "city", "companies", "measures")),
    ("pages.plan", ("plan", "progress")),
    ("pages.data", ("data", "sources")),
    ("pages.help", ("guide", "methods", "dictionary")),
)
"""The phrase of each group's heading, and the pages below it by the last part of their address."""

PAGE_NAMES = frozenset(name for _, names in GROUPS for name in names)
