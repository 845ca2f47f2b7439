"""Write a brief as a Word document: styles for headings, native tables, captions, contents."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Emu, Pt
from docx.text.paragraph import Paragraph

from data.text import day, say
from data.uploads.limits import visible
from layers.brief.chart_picture import as_picture
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
from layers.brief.office_template import MOST_LETTERS
from layers.brief.word.docx_parts import (
    LANGUAGE_TAGS,
    add_link,
    add_page_link,
    begin_field,
    color_of,
    end_field,
    flush,
    free_marks,
    mark,
    pad_cells,
    repeat_heading_row,
    rule_between_rows,
    shade,
    single_spaced,
    update_fields_on_opening,
)
from layers.brief.word.docx_sheets import Sheets, fitting_width, text_width
from layers.brief.word.docx_styles import (
    CELL_STYLE,
    CONTENTS_STYLE,
    HEAD_STYLE,
    LIST_STYLE,
    NOTE_STYLE,
    SIZES_PT,
    add_lacking_styles,
    look_like_a_brief,
    makes_numbers,
    styles_of,
)
from layers.brief.word.word_template import WordTemplate, fill_places
from layers.specification.symbology import MUTED_INK

_SMALL_PT = 7.5
_MANY_COLUMNS = 6
_HEAD_FILL, _RULE = "EEF1F4", "C9CFD6"


def docx_file(brief: Brief, template: WordTemplate | None = None) -> bytes:
    """Return the brief as the bytes of a ``.docx`` file, in the house's own ``template`` or not.

    A template's styles, heads and feet stay as they are; styles that it lacks are added.
    """
    document = Document() if template is None else template.opened()
    _properties(document, brief)
    place = None
    if template is None:
        look_like_a_brief(document, brief)
    else:
        place = fill_places(document, _words(brief))
    sheets = Sheets(document, place)
    add_lacking_styles(document, text_width(sheets.sheet))
    writer = _Writer(document, brief, sheets)
    writer.front(frozenset() if template is None else template.places)
    for number, section in enumerate(brief.sections):
        writer.section(section, number)
    writer.put_in_place(place)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _words(brief: Brief) -> dict[str, str]:
    """Return what stands in the places of a template."""
    return {
        "title": brief.title,
        "subtitle": brief.subtitle,
        "question": brief.question,
        "date": day(brief.date, brief.language),
    }


def _properties(document: WordDocument, brief: Brief) -> None:
    made = dt.datetime.combine(brief.date, dt.time())
    properties = document.core_properties
    properties.title = visible(brief.title)[:MOST_LETTERS]
    properties.subject = visible(brief.question)[:MOST_LETTERS]
    properties.author = properties.last_modified_by = say("app.name", brief.language)
    properties.comments, properties.keywords = "", ""
    properties.created = properties.modified = made
    properties.language = LANGUAGE_TAGS[brief.language]


class _Writer:
    """What writes a brief into a document, block by block."""

    def __init__(self, document: WordDocument, brief: Brief, sheets: Sheets) -> None:
        self.document, self.brief, self.sheets = document, brief, sheets
        self.last: Paragraph | None = None
        self.before = set(document.element.body)
        self.styles = styles_of(document)
        self.marks = free_marks(document, len(brief.sections))

    def _say(self, key: str, **values: object) -> str:
        return say(key, self.brief.language, **values)

    def put_in_place(self, place: Paragraph | None) -> None:
        """Bring what was written to the place that the template names; it is at the end else."""
        last = self.last or self._paragraph("", "Normal")
        body = self.document.element.body
        if place is not None:
            made = [one for one in body if one not in self.before]
            if place.paragraph_format.page_break_before:
                Paragraph(made[0], place._parent).paragraph_format.page_break_before = True
            for element in made:
                place._p.addprevious(element)
        # What follows in the section is known once the brief stands where it belongs.
        self.sheets.end(last, place)
        if place is not None:
            body.remove(place._p)

    def _paragraph(self, words: str, style: str) -> Paragraph:
        self.last = self.document.add_paragraph(visible(words))
        # By its id: the library looks through all styles for the default of each paragraph.
        self.last._p.style = self.styles[style].style_id
        return self.last

    @cached_property
    def _bullet(self) -> str:
        """What a point of a list begins with: nothing where its style makes the bullet."""
        return "" if makes_numbers(self.styles[LIST_STYLE]) else "• "

    @cached_property
    def _house_numbers(self) -> bool:
        return makes_numbers(self.styles["Heading 1"])

    def _heading(self, section: BriefSection) -> str:
        """Return a heading; without its number where the style of the house makes one."""
        plain = section.unnumbered if self._house_numbers else ""
        return visible(plain or section.heading)

    def front(self, told: frozenset[str]) -> None:
        """Write the title, the subtitle and the question, but what the template's body has told."""
        if "title" not in told:
            self._paragraph(self.brief.title, "Title")
        if "subtitle" not in told:
            self._paragraph(self.brief.subtitle, "Subtitle")
        if "question" not in told:
            self._paragraph(self.brief.question, "Normal").runs[0].font.bold = True

    def contents(self) -> None:
        """Write a table of contents that Word updates, filled with the headings."""
        self._paragraph(self._say("brief.contents"), "Heading 2")
        sections = self.brief.sections
        for place, section in enumerate(sections):
            line = self._paragraph("", CONTENTS_STYLE)
            if place == 0:
                begin_field(line, r'TOC \o "1-1" \h \z \u')
            add_link(line, self._heading(section), self.marks[place][1])
            if place == len(sections) - 1:
                end_field(line)
        update_fields_on_opening(self.document)

    def section(self, section: BriefSection, place: int) -> None:
        """Write a section, on a sheet of its own where it wants another one."""
        turned = section.wide != self.sheets.is_wide and self.sheets.turn(
            self.last or self._paragraph("", "Normal"), wide=section.wide
        )
        heading = self._paragraph(self._heading(section), "Heading 1")
        starts_page = any(isinstance(block, ContentPicture) for block in section.blocks)
        heading.paragraph_format.page_break_before = starts_page and not turned
        number, name = self.marks[place]
        mark(heading, name, number)
        for block in section.blocks:
            self._block(block)
        if place == 0:
            self.contents()

    def _block(self, block: Block) -> None:
        if isinstance(block, Subheading):
            self._paragraph(block.words, "Heading 2")
        elif isinstance(block, Statement):
            self._statement(block, NOTE_STYLE if block.aside else "Normal")
        elif isinstance(block, StatementList):
            for point in block.points:
                self._statement(replace(point, words=f"{self._bullet}{point.words}"), LIST_STYLE)
        elif isinstance(block, ContentTable):
            self._table(block)
        else:
            self._picture(as_picture(block))

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
        single_spaced(paragraph.paragraph_format)
        flush(paragraph.paragraph_format)
        drawn = picture.draw("upright")
        width = fitting_width(self.sheets.sheet, drawn.width_mm, drawn.height_mm)
        shape = paragraph.add_run().add_picture(io.BytesIO(drawn.png), width)
        shape._inline.docPr.set("descr", visible(picture.alternative))
        shape._inline.docPr.set("title", visible(picture.caption))
        caption = self._caption(picture.caption)
        caption.paragraph_format.keep_with_next = False
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._cite(caption, picture.sources)

    def _caption(self, words: str) -> Paragraph:
        caption = self._paragraph(words, "Caption")
        flush(caption.paragraph_format)
        return caption

    def _table(self, table: ContentTable) -> None:
        caption = self._caption(table.caption)
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
        points = _SMALL_PT if len(columns) >= _MANY_COLUMNS else SIZES_PT[CELL_STYLE]
        whole = text_width(self.sheets.sheet) / sum(width for _, width, _ in columns)
        cell_style, head_style = (self.styles[name].style_id for name in (CELL_STYLE, HEAD_STYLE))
        # Cells are found row by row: each look-up through the table counts all of them anew.
        for line, tr in enumerate(written.rows):
            words = [head for head, _, _ in columns] if line == 0 else rows[line - 1]
            for cell, text, (_, width, numeric) in zip(tr.cells, words, columns, strict=True):
                cell.width = Emu(round(width * whole))
                paragraph = cell.paragraphs[0]
                paragraph._p.style = cell_style if line else head_style
                self._lines(paragraph, text, points)
                if numeric:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                if line == 0:
                    shade(cell, _HEAD_FILL)
        for grid, (_, width, _) in zip(written.columns, columns, strict=True):
            grid.width = Emu(round(width * whole))
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
        self._paragraph(words, NOTE_STYLE).paragraph_format.space_before = Pt(3)
