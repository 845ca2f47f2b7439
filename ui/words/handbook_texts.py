"""Read the handbook: the guide, the method notes and the data dictionary, as ``docs/`` has them.

There is one copy of each text: what the pages show is what stands in the repository.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from data.text import Language

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = DOCS / "guide" / "pictures"
PICTURE_PREFIX = "/atlas/guide"
"""Where the server answers with the pictures of the guide."""

_HEADING = re.compile(r"^## (?P<title>.+?)(?: <!-- (?P<anchor>[a-z-]+) -->)?$", re.MULTILINE)


@dataclass(frozen=True)
class Chapter:
    """A part of a text: its heading, the anchor that leads there, and what follows, as Markdown."""

    title: str
    anchor: str
    body: str


@dataclass(frozen=True)
class HandbookText:
    """A text of the handbook: its title, what it opens with, and its chapters."""

    title: str
    lead: str
    chapters: tuple[Chapter, ...]


@cache
def handbook(name: str, language: Language) -> HandbookText:
    """Read ``guide``, ``measures`` or ``files`` in ``language``; ``KeyError`` for another name."""
    path = {
        "guide": DOCS / "guide" / f"{language}.md",
        "measures": DOCS / "reference" / f"measures.{language}.md",
        "files": DOCS / "reference" / f"files.{language}.md",
    }[name]
    return parsed(path.read_text(encoding="utf-8"))


def parsed(text: str) -> HandbookText:
    """Take a text apart at its headings. Pictures get the address that the server answers at."""
    served = text.replace("](pictures/", f"]({PICTURE_PREFIX}/")
    found = list(_HEADING.finditer(served))
    first = found[0].start() if found else len(served)
    title, _, lead = served[:first].strip().removeprefix("# ").partition("\n")
    ends = [one.start() for one in found[1:]] + [len(served)]
    chapters = tuple(
        Chapter(one["title"], one["anchor"] or f"part-{place}", served[one.end() : end].strip())
        for place, (one, end) in enumerate(zip(found, ends, strict=True), start=1)
    )
    return HandbookText(title, lead.strip(), chapters)
