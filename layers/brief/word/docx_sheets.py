"""Know the sheets that a brief stands on: those of its section, and the same on their side."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Emu, Length, Mm, Twips
from docx.text.paragraph import Paragraph

PAGE_MM = (210.0, 297.0)
"""What a sheet is taken for that does not say its size."""

_MARGIN_MM = 25.0
_BESIDE_PICTURE_MM = 36.0
_LEAST_PICTURE_MM = 30.0
_SPACE_TWIPS = "720"
_LETTERHEAD = ("w:headerReference", "w:footerReference")
_SHOWN = ("w:drawing", "w:pict", "w:object", "w:footnoteReference", "w:endnoteReference")


class Sheets:
    """The section that a brief is written into, ended and begun anew where sheets are turned.

    It is the one that ``place`` stands in, or the document's last one. It may hold words before
    and after the brief, and other sections may stand around it: they stay as they are.

    Raises ``ValueError`` for a document without any.
    """

    def __init__(self, document: WordDocument, place: Paragraph | None = None) -> None:
        self._document = document
        self._home = _section_of(document, place)
        self._turned = deepcopy(self._home)
        self.is_wide = False
        width, height = _size(self._section(self._home))
        self._can_turn = width < height
        _lay_on_its_side(self._section(self._turned))

    def _section(self, properties: Any) -> Section:
        return Section(properties, self._document.part)

    @property
    def sheet(self) -> Section:
        """What is written on now."""
        return self._section(self._turned if self.is_wide else self._home)

    def turn(self, last: Paragraph, *, wide: bool) -> bool:
        """Have ``last`` be the last paragraph before sheets of the other orientation.

        Return whether there are: sheets that lie on their side already are not turned.
        """
        if wide == self.is_wide or not self._can_turn:
            return False
        ended = self._turned if self.is_wide else self._home
        last._p.set_sectPr(deepcopy(ended))
        self.is_wide = wide
        for properties in (self._home, self._turned):
            _follow_on(properties)
        return True

    def end(self, last: Paragraph, place: Paragraph | None) -> None:
        """End the brief, which stands before ``place`` or at the end of the document.

        What follows in the section of the house stands upright again; without anything the
        section ends as the brief does.
        """
        if self.is_wide and (place is None or not self._goes_on_after(place)):
            self._stay_wide()
        elif self.is_wide:
            self.turn(last, wide=False)
        ended = None if place is None else _carried(place._p)
        if ended is not None:
            last._p.set_sectPr(ended)

    def _goes_on_after(self, place: Paragraph) -> bool:
        """Tell whether the section shows anything below a paragraph."""
        element = place._p
        while _carried(element) is None:
            element = element.getnext()
            if element is None or element is self._home:
                return False
            if shows_something(element):
                return True
        return False

    def _stay_wide(self) -> None:
        parent = self._home.getparent()
        parent.replace(self._home, self._turned)
        self._home = self._turned


def add_lacking_sheet(document: WordDocument) -> None:
    """Give a document that does not say on which sheets it ends those of its last paragraph."""
    body = document.element.body
    if body.sectPr is not None:
        return
    carried = _carried(body[-1]) if len(body) else None
    if carried is not None:
        body.append(carried)
        return
    sheet = Section(body.get_or_add_sectPr(), document.part)
    sheet.page_width, sheet.page_height = (Mm(length) for length in PAGE_MM)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(sheet, side, Mm(_MARGIN_MM))


def shows_something(element: Any) -> bool:
    """Tell whether a part of a body holds letters, pictures, notes, tables or a new page."""
    if element.tag == qn("w:tbl") or any(
        (one.text or "").strip() for one in element.iter(qn("w:t"))
    ):
        return True
    shown = {qn(name) for name in _SHOWN}
    breaks = element.iter(qn("w:br"))
    return any(one.tag in shown for one in element.iter()) or any(
        one.get(qn("w:type")) == "page" for one in breaks
    )


def _carried(element: Any) -> Any | None:
    """Return the properties of the section that ends with a paragraph; ``None`` without."""
    return element.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")


def _section_of(document: WordDocument, place: Paragraph | None) -> Any:
    element = None if place is None else place._p
    while element is not None:
        carried = _carried(element)
        if carried is not None:
            return carried
        element = element.getnext()
    last = document.element.body.find(qn("w:sectPr"))
    if last is None:
        raise ValueError("no sheet")
    return last


def _follow_on(properties: Any) -> None:
    """Have a section begin on a new page, with the letterhead and numbers of the one before."""
    for name in (*_LETTERHEAD, "w:titlePg", "w:type"):
        for element in properties.findall(qn(name)):
            properties.remove(element)
    for numbers in properties.findall(qn("w:pgNumType")):
        numbers.attrib.pop(qn("w:start"), None)


def _lay_on_its_side(sheet: Section) -> None:
    """Turn a sheet, for a table that wants its whole width, whatever columns the house has."""
    width, height = _size(sheet)
    sheet.orientation = WD_ORIENT.LANDSCAPE
    sheet.page_width, sheet.page_height = height, width
    for columns in sheet._sectPr.findall(qn("w:cols")):
        sheet._sectPr.remove(columns)


def _size(sheet: Section) -> tuple[Length, Length]:
    return sheet.page_width or Mm(PAGE_MM[0]), sheet.page_height or Mm(PAGE_MM[1])


def fitting_width(sheet: Section, width_mm: float, height_mm: float) -> Length:
    """Return how wide a picture can be that stands on a sheet with a heading and a caption."""
    height = max(text_height(sheet) - Mm(_BESIDE_PICTURE_MM), Mm(_LEAST_PICTURE_MM))
    scale = min(1.0, text_width(sheet) / Mm(width_mm), height / Mm(height_mm))
    return Mm(width_mm * scale)


def text_height(sheet: Section) -> Length:
    """Return the height that a sheet leaves for words."""
    return Emu(_size(sheet)[1] - abs(sheet.top_margin or 0) - abs(sheet.bottom_margin or 0))


def whole_width(sheet: Section) -> Length:
    """Return the width that a sheet leaves for words, in all of its columns."""
    margins = (sheet.left_margin or 0) + (sheet.right_margin or 0) + (sheet.gutter or 0)
    return Emu(_size(sheet)[0] - margins)


def text_width(sheet: Section) -> Length:
    """Return the width that a sheet leaves for words in one column, the narrowest.

    Raises ``ValueError`` for columns that are no numbers.
    """
    columns = sheet._sectPr.find(qn("w:cols"))
    if columns is None:
        return whole_width(sheet)
    own = [int(one.get(qn("w:w"), "0")) for one in columns.findall(qn("w:col"))]
    if own and columns.get(qn("w:equalWidth")) in ("0", "false", "off"):
        return Emu(Twips(min(own)))
    count = max(1, int(columns.get(qn("w:num"), "1")))
    between = Twips(int(columns.get(qn("w:space"), _SPACE_TWIPS)))
    return Emu(int((whole_width(sheet) - (count - 1) * between) / count))
