"""Give a Word document the sheets, styles, heads and feet of briefs, or those that it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt

from data.text import say
from data.uploads.limits import visible
from layers.brief.content import Brief
from layers.brief.word.docx_parts import (
    add_field,
    color_of,
    flush,
    set_fonts,
    set_outline_level,
    single_spaced,
)
from layers.brief.word.docx_sheets import PAGE_MM, text_width
from layers.specification.symbology import INK, MUTED_INK

_MARGIN_MM = 20.0
NOTE_STYLE, CELL_STYLE, HEAD_STYLE = "Brief note", "Brief cell", "Brief cell heading"
CONTENTS_STYLE, LIST_STYLE = "TOC 1", "List Bullet"
SIZES_PT = {
    "Normal": 10.5,
    "Title": 22.0,
    "Subtitle": 11.0,
    "Heading 1": 15.0,
    "Heading 2": 11.5,
    LIST_STYLE: 10.5,
    "Caption": 9.5,
    CONTENTS_STYLE: 10.5,
    NOTE_STYLE: 8.5,
    CELL_STYLE: 8.5,
    HEAD_STYLE: 8.5,
}
_BOLD = frozenset({"Title", "Heading 1", "Heading 2", "Caption", HEAD_STYLE})
_ABOVE_PT = {"Heading 1": 16, "Heading 2": 10, "Caption": 8, CELL_STYLE: 1, HEAD_STYLE: 1}
_BELOW_PT = {CELL_STYLE: 1, HEAD_STYLE: 1, CONTENTS_STYLE: 2}
_DEEPEST = 12
"""How many styles are followed, each based on the next: rings and long chains cost no more."""

_OWN = (NOTE_STYLE, CELL_STYLE, HEAD_STYLE)


def look_like_a_brief(document: WordDocument, brief: Brief) -> None:
    """Give a document without a template the sheets, styles and fonts of briefs."""
    sheet = document.sections[0]
    sheet.page_width, sheet.page_height = (Mm(length) for length in PAGE_MM)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(sheet, side, Mm(_MARGIN_MM))
    _set_styles(document, [*SIZES_PT], text_width(sheet))
    _without_rule(document)
    set_fonts(document, brief.language)
    _margins(document, brief)


def style_named(document: WordDocument, name: str) -> Any | None:
    """Return a style; ``None`` without.

    Programs differ in the case of names that Word has, and call the style of plain paragraphs by
    other names: it is the one of paragraphs that say none.
    """
    wanted = name.casefold()
    found = [one for one in document.styles if (one.name or "").casefold() == wanted]
    if not found and name == "Normal":
        return document.styles.default(WD_STYLE_TYPE.PARAGRAPH)
    return next((one for one in found if one.name == name), found[0] if found else None)


def styles_of(document: WordDocument) -> dict[str, Any]:
    """Return the styles that briefs use, by the names that they are known by here."""
    return {name: style_named(document, name) for name in SIZES_PT}


def add_lacking_styles(document: WordDocument, width: Length) -> None:
    """Add the styles of briefs that a template lacks; those that it has stay as they are.

    ``width`` is what the sheets leave for words.
    """
    _set_styles(document, _lacking(document), width)


def lacking_styles(document: WordDocument) -> list[str]:
    """Return the usual styles of Word that briefs use and a document lacks, by their names."""
    return [name for name in _lacking(document) if name not in _OWN]


def _lacking(document: WordDocument) -> list[str]:
    return [name for name, style in styles_of(document).items() if style is None]


def makes_numbers(style: Any) -> bool:
    """Tell whether a style, or one that it is based on, numbers its paragraphs or points them."""
    for _ in range(_DEEPEST):
        if style is None:
            break
        number = style.element.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
        if number is not None:
            # Zero takes away the numbers that the style below gives.
            return bool(number.get(qn("w:val")) != "0")
        style = style.base_style
    return False


def _set_styles(document: WordDocument, names: Sequence[str], width: Length) -> None:
    """Set styles as briefs have them; those that the document lacks are added first."""
    for name in names:
        style = style_named(document, name) or _add_style(document, name)
        style.font.size = Pt(SIZES_PT[name])
        style.font.color.rgb = color_of(MUTED_INK if name in (NOTE_STYLE, "Subtitle") else INK)
        style.font.italic = False
        style.font.bold = name in _BOLD
        style.paragraph_format.space_before = Pt(_ABOVE_PT.get(name, 0))
        style.paragraph_format.space_after = Pt(_BELOW_PT.get(name, 4))
        style.paragraph_format.keep_with_next = name in _BOLD
        if name == CONTENTS_STYLE:
            style.paragraph_format.tab_stops.add_tab_stop(
                width, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
            )


def _add_style(document: WordDocument, name: str) -> Any:
    """Add a style after the document's own text; a heading with its level, for the contents."""
    taken = {one.style_id for one in document.styles}
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    plain, count = style.style_id, 0
    while style.style_id in taken:
        count += 1
        style.element.styleId = f"{plain}{count}"
    style.base_style = style_named(document, "Normal")
    # The house may set its own text in lines of an exact height, the first of them indented.
    single_spaced(style.paragraph_format)
    flush(style.paragraph_format)
    if name in (CELL_STYLE, HEAD_STYLE):
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    _, is_heading, level = name.partition("Heading ")
    if is_heading:
        set_outline_level(style.element.get_or_add_pPr(), int(level))
    return style


def _without_rule(document: WordDocument) -> None:
    """Take the blue line below titles out of the template's style."""
    properties = document.styles["Title"].element.pPr
    for border in properties.findall(f"{{{properties.nsmap['w']}}}pBdr"):
        properties.remove(border)


def _margins(document: WordDocument, brief: Brief) -> None:
    """Write the head and the foot of all pages: title, date, page numbers."""
    sheet, style = document.sections[0], document.styles[NOTE_STYLE]
    head = sheet.header.paragraphs[0]
    head.text, head.style = visible(brief.head), style
    foot = sheet.footer.paragraphs[0]
    foot.style = style
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    marks = {"page": "PAGE", "pages": "NUMPAGES"}
    words = say("brief.page", brief.language, page="\0page\0", pages="\0pages\0")
    for part in words.split("\0"):
        if part in marks:
            add_field(foot, marks[part], "1")
        elif part:
            foot.add_run(part)
