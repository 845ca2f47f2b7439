"""Find the font of the print map: it comes with a package, never from the system."""

from __future__ import annotations

from functools import cache
from importlib.metadata import distribution

from matplotlib.font_manager import FontProperties

_FONT_FILE = "zhplot/fonts/NotoSansSC-Regular.ttf"


@cache
def paper_font_path() -> str:
    """Return the path of Noto Sans SC (Open Font License), which has the Chinese glyphs."""
    return str(distribution("zhplot").locate_file(_FONT_FILE))


def paper_font(size_pt: float) -> FontProperties:
    """Return the font of the print map in a size, in points."""
    return FontProperties(fname=paper_font_path(), size=size_pt)
