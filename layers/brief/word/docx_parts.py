"""Make the parts of a Word document that python-docx has no words for: fonts, fields, marks."""

from __future__ import annotations

from itertools import islice
from typing import Any

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.parfmt import ParagraphFormat
from docx.text.run import Run

from data.text import Language

CHINESE_FONT = "Microsoft YaHei"
LATIN_FONT = "Calibri"
LANGUAGE_TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en-GB"}
_AFTER_UPDATE = (
    *("hdrShapeDefaults", "footnotePr", "endnotePr", "compat", "docVars", "rsids"),
    *("attachedSchema", "themeFontLang", "clrSchemeMapping", "doNotIncludeSubdocsInStats"),
    *("doNotAutoCompressPictures", "forceUpgrade", "captions", "readModeInkLockDown"),
    *("smartTagType", "shapeDefaults", "doNotEmbedSmartTags", "decimalSymbol", "listSeparator"),
)
"""Settings that stand behind the one that has fields computed, as the format orders them."""

_FONT_SLOTS = ("ascii", "hAnsi", "cs", "eastAsia")


def set_fonts(document: WordDocument, language: Language) -> None:
    """Name the fonts of all styles, those of Chinese letters too, and the language of the text."""
    for style in document.styles:
        if not hasattr(style, "font"):
            continue
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for slot in list(fonts.attrib):
            # A font of the theme would win over the one that is named.
            del fonts.attrib[slot]
        for slot in _FONT_SLOTS:
            chinese = slot == "eastAsia" or language == "zh"
            fonts.set(qn(f"w:{slot}"), CHINESE_FONT if chinese else LATIN_FONT)
    # Latin letters and digits are broken as English is, in Chinese text too: never within a number.
    tag = _element("w:lang", val=LANGUAGE_TAGS["en"], eastAsia=LANGUAGE_TAGS["zh"])
    document.styles["Normal"].element.get_or_add_rPr().append(tag)


def _element(tag: str, /, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def add_field(paragraph: Paragraph, code: str, shown: str) -> None:
    """Append a field that Word computes; ``shown`` stands there until it does."""
    begin_field(paragraph, code)
    paragraph.add_run(shown)
    end_field(paragraph)


def begin_field(paragraph: Paragraph, code: str) -> None:
    """Open a field; what is written until ``end_field`` is what it shows at first."""
    paragraph.add_run()._r.append(_element("w:fldChar", fldCharType="begin"))
    instruction = _element("w:instrText")
    instruction.text = f" {code} "
    paragraph.add_run()._r.append(instruction)
    paragraph.add_run()._r.append(_element("w:fldChar", fldCharType="separate"))


def end_field(paragraph: Paragraph) -> None:
    """Close the field that was opened last."""
    paragraph.add_run()._r.append(_element("w:fldChar", fldCharType="end"))


def mark(paragraph: Paragraph, name: str, number: int) -> None:
    """Put a bookmark around a paragraph, which fields and links can name."""
    start = _element("w:bookmarkStart", id=str(number), name=name)
    place = 1 if paragraph._p.pPr is not None else 0
    paragraph._p.insert(place, start)
    paragraph._p.append(_element("w:bookmarkEnd", id=str(number)))


def free_marks(document: WordDocument, count: int) -> list[tuple[int, str]]:
    """Return numbers and names for bookmarks, none of which the document has."""
    there = [*document.element.iter(qn("w:bookmarkStart"))]
    names = {one.get(qn("w:name")) for one in there}
    taken = {one.get(qn("w:id")) for one in there}
    numbers = (number for number in range(count + len(there)) if str(number) not in taken)
    free = (name for name in map(_mark_name, range(count + len(there))) if name not in names)
    return [*islice(zip(numbers, free, strict=False), count)]


def _mark_name(place: int) -> str:
    return f"_Toc{place + 1:08d}"


def add_link(paragraph: Paragraph, words: str, bookmark: str) -> None:
    """Append words that lead to a bookmark of the document."""
    link = _element("w:hyperlink", anchor=bookmark, history="1")
    link.append(paragraph.add_run(words)._r)
    paragraph._p.append(link)


def add_page_link(paragraph: Paragraph, address: str) -> Run:
    """Append the address of a page, which leads there, and return its letters."""
    name = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), name)
    run = paragraph.add_run(address)
    link.append(run._r)
    paragraph._p.append(link)
    return run


def repeat_heading_row(table: Table) -> None:
    """Have the first row repeated on each page that the table takes, and no row broken."""
    for row in table.rows:
        row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader"))


def shade(cell: Any, color: str) -> None:
    """Fill a cell with a colour (``RRGGBB``)."""
    properties = cell._tc.get_or_add_tcPr()
    properties.append(_element("w:shd", val="clear", color="auto", fill=color))


def rule_between_rows(table: Table, color: str) -> None:
    """Draw thin lines above, below and between the rows of a table, and none beside."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(_element(f"w:{side}", val="single", sz="4", space="0", color=color))
    _put_before(table._tbl.tblPr, borders, "w:tblLayout", "w:tblCellMar", "w:tblLook")


def pad_cells(table: Table, millimetres: float) -> None:
    """Leave room left and right of the words in each cell."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        width = str(round(Mm(millimetres).twips))
        margins.append(_element(f"w:{side}", w=width, type="dxa"))
    _put_before(table._tbl.tblPr, margins, "w:tblLook")


def update_fields_on_opening(document: WordDocument) -> None:
    """Have Word compute the fields, such as page numbers, when it opens the document."""
    settings, update = document.settings.element, _element("w:updateFields", val="true")
    for element in settings.findall(update.tag):
        settings.remove(element)
    later = {qn(f"w:{name}") for name in _AFTER_UPDATE}
    # Settings of other vocabularies stand behind it as well.
    own = qn("w:")
    following = (one for one in settings if one.tag in later or not str(one.tag).startswith(own))
    _put_before_one(settings, update, next(following, None))


def set_outline_level(properties: Any, level: int) -> None:
    """Make a style's paragraphs headings of a level (1 is the highest)."""
    properties.append(_element("w:outlineLvl", val=str(level - 1)))


def flush(form: ParagraphFormat) -> None:
    """Have lines begin at the edge, whatever the style of the house's own text indents."""
    form.left_indent = form.right_indent = form.first_line_indent = Pt(0)
    indent = form._element.pPr.ind
    # Counted in letters, an indent wins over one that is measured.
    for side in ("left", "right", "firstLine"):
        indent.set(qn(f"w:{side}Chars"), "0")


def single_spaced(form: ParagraphFormat) -> None:
    """Have lines as high as what stands in them: an exact height cuts pictures and tables."""
    form.line_spacing = 1.0


def _put_before(parent: Any, child: Any, *later: str) -> None:
    """Put ``child`` before the first of ``later``: the format wants parts in its own order."""
    tags = {qn(name) for name in later}
    _put_before_one(parent, child, next((one for one in parent if one.tag in tags), None))


def _put_before_one(parent: Any, child: Any, following: Any | None) -> None:
    if following is None:
        parent.append(child)
    else:
        following.addprevious(child)


def color_of(code: str) -> RGBColor:
    """Return a colour from ``#RRGGBB``."""
    return RGBColor.from_string(code.removeprefix("#"))
