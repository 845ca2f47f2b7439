"""Find the font of the print map: it comes with a package, never from the system."""

from __future__ import annotations

from functools import cache
from importlib.metadata import distribution

from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags

from data.uploads.limits import visible

PAPER_FONT_FAMILY = "Noto Sans SC"
_FONT_FILE = "zhplot/fonts/NotoSansSC-Regular.ttf"


@cache
def paper_font_path() -> str:
    """Return the path of Noto Sans SC (Open Font License), which has the Chinese glyphs."""
    return str(distribution("zhplot").locate_file(_FONT_FILE))


def paper_font(size_pt: float) -> FontProperties:
    """Return the font of the print map in a size, in points."""
    return FontProperties(fname=paper_font_path(), size=size_pt)


_SPACES = str.maketrans(dict.fromkeys("\t\n\r\u0085\u00a0\u2028\u2029", " "))
_MISSING = "\u25a1"


@cache
def _known_letters() -> frozenset[int]:
    return frozenset(FT2Font(paper_font_path()).get_charmap())


def printable(words: str) -> str:
    """Return ``words`` as one line of letters that the font has, a box for each that it lacks.

    Text of data may hold control characters and marks of direction, which the drawing
    library cannot set.
    """
    clean = visible(words.translate(_SPACES))
    known = _known_letters()
    return "".join(letter if ord(letter) in known else _MISSING for letter in clean)


_MEASURED_AT_PT = 100.0
_MILLIMETRES_PER_POINT = 25.4 / 72


@cache
def _measured_font() -> FT2Font:
    font = FT2Font(paper_font_path())
    font.set_size(_MEASURED_AT_PT, 72)
    return font


@cache
def _letter_width(letter: str) -> float:
    """Return the advance of a letter of the paper's font, in ems."""
    # Hinting moves outlines to whole pixels: it takes long, and this advance is without it.
    glyph = _measured_font().load_char(ord(letter), flags=LoadFlags.NO_HINTING)
    advance: float = glyph.linearHoriAdvance / 65536
    return advance / _MEASURED_AT_PT


def text_width_mm(words: str, size_pt: float) -> float:
    """Return the width of a line of text in the paper's font, in millimetres."""
    ems = sum(_letter_width(letter) for letter in words)
    return ems * size_pt * _MILLIMETRES_PER_POINT
