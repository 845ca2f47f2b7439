"""Give the cells of a workbook their formats: one for each look, however many cells have it."""

from __future__ import annotations

from dataclasses import dataclass, field

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from data.text import Language
from layers.specification.symbology import INK, MUTED_INK
from layers.tables.read_table import WORDS

FONTS: dict[Language, str] = {"zh": "Microsoft YaHei", "en": "Calibri"}
FONT_POINTS = 10
_HEAD_FILL, _LINE, _LINK_INK = "#E9EEF3", "#C9CED6", "#0B57A4"
_RULED = {"bottom": 4, "bottom_color": _LINE}


@dataclass(frozen=True, eq=False)
class SheetFormats:
    """The formats of a workbook in a language."""

    workbook: Workbook
    language: Language
    made: dict[tuple[tuple[str, object], ...], Format] = field(default_factory=dict)

    def _of(self, **properties: object) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            base = {"font_name": FONTS[self.language], "font_size": FONT_POINTS}
            look = {**base, "font_color": INK, "valign": "top", **properties}
            self.made[key] = self.workbook.add_format(look)
        return self.made[key]

    def title(self, points: int) -> Format:
        """Return the look of a title of some size."""
        return self._of(bold=True, font_size=points, valign="vcenter")

    def label(self) -> Format:
        """Return the look of what a line is about."""
        return self._of(font_color=MUTED_INK, text_wrap=True)

    def head(self, *, of_numbers: bool = False) -> Format:
        """Return the look of a heading."""
        side = {"align": "right", "indent": 1} if of_numbers else {}
        look = {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": _HEAD_FILL}
        return self._of(**look, **side, bottom=1)

    def words(self, *, ruled: bool = True, wrapped: bool = True) -> Format:
        """Return the look of words, with or without a line below."""
        return self._of(text_wrap=wrapped, **(_RULED if ruled else {}))

    def link(self, *, ruled: bool = True, wrapped: bool = True) -> Format:
        """Return the look of words that lead somewhere."""
        rule = _RULED if ruled else {}
        return self._of(text_wrap=wrapped, font_color=_LINK_INK, underline=1, **rule)

    def number(self, written: str) -> Format:
        """Return the look of numbers in a number format."""
        # A gap as wide as a bracket keeps numbers off the words of the next column.
        return self._of(num_format=f"{written}_)", align="right", **_RULED)

    def raw(self, written: str = WORDS) -> Format:
        """Return the look of raw data: nothing but a number format."""
        return self._of(num_format=written)
