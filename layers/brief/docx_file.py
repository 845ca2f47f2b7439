"""Write a brief as a Word document: styles for headings, native tables, captions, contents."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from data.text import day, say
from data.uploads.limits import visible
from layers.brief.content import (
    Block,
    Brief,
    BriefSection,
    ContentPicture,
    ContentTable,
    Statement,
    StatementList,
    Subheading,
    is_page,
)
from layers.brief.docx_parts import (
    LANGUAGE_TAGS,
    add_field,
    add_link,
    add_page_link,
    begin_field,
    color_of,
    end_field,
    mark,
    pad_cells,
    repeat_heading_row,
    rule_between_rows,
    set_fonts,
    shade,
    update_fields_on_opening,
)
from layers.specification.symbology import INK, MUTED_INK

_PAGE_MM = (210.0, 297.0)
_MARGIN_MM = 20.0
_NOTE_STYLE, _CELL_STYLE, _HEAD_STYLE = "Brief note", "Brief cell", "Brief cell heading"
_CONTENTS_STYLE = "TOC 1"
_SIZES_PT = {
    "Normal": 10.5,
    "Title": 22.0,
    "Subtitle": 11.0,
    "Heading 1": 15.0,
    "Heading 2": 11.5,
    "List Bullet": 10.5,
    "Caption": 9.5,
    _CONTENTS_STYLE: 10.5,
    _NOTE_STYLE: 8.5,
    _CELL_STYLE: 8.5,
    _HEAD_STYLE: 8.5,
}
_SMALL_PT = 7.5
_MANY_COLUMNS = 6
_HEAD_FILL, _RULE = "EEF1F4", "C9CFD6"


def docx_file(brief: Brief) -> bytes:
    """Return the brief as the bytes of a ``.docx`` file."""
    document = Document()
    _properties(document, brief)
    _styles(document, brief)
    writer = _Writer(document, brief)
    writer.front()
    for place, section in enumerate(brief.sections):
        writer.section(section, place)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _properties(document: WordDocument, brief: Brief) -> None:
    made = dt.datetime.combine(brief.date, dt.time())
    properties = document.core_properties
    properties.title, properties.subject = visible(brief.title), visible(brief.question)
    properties.author = properties.last_modified_by = say("app.name", brief.language)
    properties.comments, properties.keywords = "", ""
    properties.created = properties.modified = made
    properties.language = LANGUAGE_TAGS[brief.language]


def _styles(document: WordDocument, brief: Brief) -> None:
    styles = document.styles
    for name in (_CONTENTS_STYLE, _NOTE_STYLE, _CELL_STYLE, _HEAD_STYLE):
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    for name, points in _SIZES_PT.items():
        style = styles[name]
        style.font.size = Pt(points)
        style.font.color.rgb = color_of(MUTED_INK if name in (_NOTE_STYLE, "Subtitle") else INK)
        style.font.italic = False
        style.paragraph_format.space_after = Pt(4)
    for name in ("Title", "Heading 1", "Heading 2", "Caption", _HEAD_STYLE):
        styles[name].font.bold = True
        styles[name].paragraph_format.keep_with_next = True
    for name, above in (("Heading 1", 16), ("Heading 2", 10), ("Caption", 8)):
        styles[name].paragraph_format.space_before = Pt(above)
    for name in (_CELL_STYLE, _HEAD_STYLE):
        styles[name].paragraph_format.space_after = Pt(1)
        styles[name].paragraph_format.space_before = Pt(1)
    styles[_CONTENTS_STYLE].paragraph_format.space_after = Pt(2)
    styles[_CONTENTS_STYLE].paragraph_format.tab_stops.add_tab_stop(
        Mm(_PAGE_MM[0] - 2 * _MARGIN_MM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
    )
    _without_rule(document)
    set_fonts(document, brief.language)


def _without_rule(document: WordDocument) -> None:
    """Take the blue line below titles out of the template's style."""
    properties = document.styles["Title"].element.pPr
    for border in properties.findall(f"{{{properties.nsmap['w']}}}pBdr"):
        properties.remove(border)


class _Writer:
    """What writes a brief into a document, block by block."""

    def __init__(self, document: WordDocument, brief: Brief) -> None:
        self.document, self.brief = document, brief
        self.is_wide = False
        self.last: Paragraph | None = None
        sheet = document.sections[0]
        sheet.page_width, sheet.page_height = (Mm(length) for length in _PAGE_MM)
        for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
            setattr(sheet, side, Mm(_MARGIN_MM))
        self._margins()

    def _say(self, key: str, **values: object) -> str:
        return say(key, self.brief.language, **values)

    def _margins(self) -> None:
        """Write the head and the foot of all pages: title, date, page numbers."""
        sheet = self.document.sections[0]
        head = sheet.header.paragraphs[0]
        date = day(self.brief.date, self.brief.language)
        head.text = visible(f"{self.brief.title} · {date}")
        head.style = self.document.styles[_NOTE_STYLE]
        foot = sheet.footer.paragraphs[0]
        foot.style = self.document.styles[_NOTE_STYLE]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        marks = {"page": "PAGE", "pages": "NUMPAGES"}
        words = self._say("brief.page", page="\0page\0", pages="\0pages\0")
        for part in words.split("\0"):
            if part in marks:
                add_field(foot, marks[part], "1")
            elif part:
                foot.add_run(part)

    def _paragraph(self, words: str, style: str) -> Paragraph:
        self.last = self.document.add_paragraph(visible(words), style=style)
        return self.last

    def front(self) -> None:
        """Write the title, the question and the contents."""
        self._paragraph(self.brief.title, "Title")
        self._paragraph(self.brief.subtitle, "Subtitle")
        self._paragraph(self.brief.question, "Normal").runs[0].font.bold = True

    def contents(self) -> None:
        """Write a table of contents that Word updates, filled with the headings."""
        self._paragraph(self._say("brief.contents"), "Heading 2")
        sections = self.brief.sections
        for place, section in enumerate(sections):
            line = self._paragraph("", _CONTENTS_STYLE)
            if place == 0:
                begin_field(line, r'TOC \o "1-1" \h \z \u')
            add_link(line, visible(section.heading), _bookmark(place))
            if place == len(sections) - 1:
                end_field(line)
        update_fields_on_opening(self.document)

    def section(self, section: BriefSection, place: int) -> None:
        """Write a section, on a sheet of its own where it wants another one."""
        turned = section.wide != self.is_wide
        if turned:
            self._turn(wide=section.wide)
        heading = self._paragraph(section.heading, "Heading 1")
        starts_page = any(isinstance(block, ContentPicture) for block in section.blocks)
        heading.paragraph_format.page_break_before = starts_page and not turned
        mark(heading, _bookmark(place), place)
        for block in section.blocks:
            self._block(block)
        if place == 0:
            self.contents()

    def _turn(self, *, wide: bool) -> None:
        """Begin pages of the other orientation; the break stands in the last paragraph."""
        self.is_wide = wide
        body = self.document.element.body
        sheet = self.document.add_section()
        sheet.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        width, height = reversed(_PAGE_MM) if wide else _PAGE_MM
        sheet.page_width, sheet.page_height = Mm(width), Mm(height)
        # The break comes in a paragraph of its own, which would be an empty one.
        empty = body.p_lst[-1]
        if self.last is not None:
            self.last._p.get_or_add_pPr().append(empty.pPr.sectPr)
            body.remove(empty)

    def _block(self, block: Block) -> None:
        if isinstance(block, Subheading):
            self._paragraph(block.words, "Heading 2")
        elif isinstance(block, Statement):
            self._statement(block, _NOTE_STYLE if block.aside else "Normal")
        elif isinstance(block, StatementList):
            for point in block.points:
                self._statement(point, "List Bullet")
        elif isinstance(block, ContentTable):
            self._table(block)
        else:
            self._picture(block)

    def _statement(self, statement: Statement, style: str) -> None:
        paragraph = self._paragraph(statement.words, style)
        self._cite(paragraph, statement.sources)

    def _cite(self, paragraph: Paragraph, sources: Iterable[str]) -> None:
        """Append the numbers of sources, small and raised."""
        words = self.brief.citation(sources)
        if words:
            run = paragraph.add_run(f"\u2009{words}")
            run.font.superscript = True
            run.font.color.rgb = color_of(MUTED_INK)

    def _picture(self, picture: ContentPicture) -> None:
        paragraph = self._paragraph("", "Normal")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(io.BytesIO(picture.png), Mm(picture.width_mm))
        shape._inline.docPr.set("descr", visible(picture.alternative))
        shape._inline.docPr.set("title", visible(picture.caption))
        caption = self._paragraph(picture.caption, "Caption")
        caption.paragraph_format.keep_with_next = False
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._cite(caption, picture.sources)

    def _table(self, table: ContentTable) -> None:
        caption = self._paragraph(table.caption, "Caption")
        self._cite(caption, table.sources)
        columns = [
            (
                self._say("brief.unit", heading=one.heading, unit=one.unit)
                if one.unit
                else one.heading,
                one.width,
                one.numeric,
            )
            for one in table.columns
        ]
        rows = [list(row) for row in table.rows]
        if table.row_sources:
            columns.append((self._say("brief.cited_heading"), 1.4, False))
            for row, sources in zip(rows, table.row_sources, strict=True):
                row.append(self.brief.citation(sources) or self._say("brief.none"))
        written = self.document.add_table(len(rows) + 1, len(columns))
        written.alignment = WD_TABLE_ALIGNMENT.CENTER
        written.autofit = False
        rule_between_rows(written, _RULE)
        pad_cells(written, 1.6)
        points = _SMALL_PT if len(columns) >= _MANY_COLUMNS else _SIZES_PT[_CELL_STYLE]
        page = _PAGE_MM[1] if self.is_wide else _PAGE_MM[0]
        whole = (page - 2 * _MARGIN_MM) / sum(width for _, width, _ in columns)
        # Cells are found row by row: each look-up through the table counts all of them anew.
        for line, tr in enumerate(written.rows):
            words = [head for head, _, _ in columns] if line == 0 else rows[line - 1]
            for cell, text, (_, width, numeric) in zip(tr.cells, words, columns, strict=True):
                cell.width = Mm(width * whole)
                paragraph = cell.paragraphs[0]
                paragraph.style = self.document.styles[_CELL_STYLE if line else _HEAD_STYLE]
                self._lines(paragraph, text, points)
                if numeric:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                if line == 0:
                    shade(cell, _HEAD_FILL)
        for grid, (_, width, _) in zip(written.columns, columns, strict=True):
            grid.width = Mm(width * whole)
        repeat_heading_row(written)
        self._note(table)

    def _lines(self, paragraph: Paragraph, words: str, points: float) -> None:
        """Write the lines of a cell; the address of a page is a link."""
        if is_page(words):
            add_page_link(paragraph, visible(words)).font.size = Pt(points)
            return
        for place, line in enumerate(words.split("\n")):
            run = paragraph.add_run()
            if place:
                run.add_break()
            run.add_text(visible(line))
            run.font.size = Pt(points)

    def _note(self, table: ContentTable) -> None:
        """Write what follows a table: its note, or else where its rows come from."""
        words = table.note or self._say("brief.cited", numbers=self.brief.citation(table.sources))
        self._paragraph(words, _NOTE_STYLE).paragraph_format.space_before = Pt(3)


def _bookmark(place: int) -> str:
    return f"_Toc{place + 1:08d}"
