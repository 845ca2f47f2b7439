"""Write a Word template to begin with: a letterhead, the places that briefs fill, a signature."""

from __future__ import annotations

import io

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt, RGBColor

from data.text import Language, say
from layers.brief.word.docx_parts import set_fonts

_PAGE_MM = (210, 297)
_LETTERHEAD_PT = 16.0
_LETTERHEAD = RGBColor(0xC0, 0x1C, 0x28)


def example_template(language: Language) -> bytes:
    """Return a template (``.docx``) that a bureau gives its own letterhead and styles."""
    document = Document()
    sheet = document.sections[0]
    sheet.page_width, sheet.page_height = Mm(_PAGE_MM[0]), Mm(_PAGE_MM[1])
    head = sheet.header.paragraphs[0]
    letters = head.add_run(say("template.letterhead", language))
    letters.font.size, letters.font.color.rgb = Pt(_LETTERHEAD_PT), _LETTERHEAD
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.sections[0].footer.paragraphs[0].text = f"{_place('title', language)}"
    document.add_paragraph(_place("title", language), style="Title")
    for name in ("subtitle", "question", "brief"):
        document.add_paragraph(_place(name, language))
    signature = document.add_paragraph(say("template.signature", language))
    signature.add_run(f"\n{_place('date', language)}")
    signature.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    set_fonts(document, language)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _place(name: str, language: Language) -> str:
    return f"{{{{{say(f'template_place.{name}', language)}}}}}"
