"""Know the formats of briefs: each renders the same content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from data.errors import UnknownChoiceError
from data.loader import Province
from data.province_cache import cached_on_province
from data.text import Language
from layers.brief.content import Brief
from layers.brief.html_file import html_file
from layers.brief.pdf_file import pdf_file
from layers.brief.slides.example_slides import example_slides
from layers.brief.slides.pptx_file import pptx_file
from layers.brief.slides.slide_template import read_slide_template, slide_template_remarks
from layers.brief.word.docx_file import docx_file
from layers.brief.word.example_template import example_template
from layers.brief.word.template_reading import read_word_template, word_template_remarks


@dataclass(frozen=True)
class TemplateKind:
    """How a format takes the office's own template.

    ``read`` returns what the format writes into; it raises ``RefusedError`` for what it cannot
    take. ``remarks`` says what a template lacks, ``example`` is one to begin with.
    """

    read: Callable[[bytes], Any]
    remarks: Callable[[Any, Language], tuple[str, ...]]
    example: Callable[[Language], bytes]


@dataclass(frozen=True)
class BriefFormat:
    """A format of briefs; ``write`` returns the bytes of one file."""

    extension: str
    media_type: str
    write: Callable[..., bytes]
    template: TemplateKind | None = None

    def written(self, brief: Brief, template: Any | None = None) -> bytes:
        """Return the bytes of one file, written into what ``template.read`` returned."""
        return self.write(brief) if template is None else self.write(brief, template)


_OFFICE = "application/vnd.openxmlformats-officedocument"
BRIEF_FORMATS = {
    one.extension: one
    for one in (
        BriefFormat(
            "docx",
            f"{_OFFICE}.wordprocessingml.document",
            docx_file,
            TemplateKind(read_word_template, word_template_remarks, example_template),
        ),
        BriefFormat("pdf", "application/pdf", pdf_file),
        BriefFormat(
            "pptx",
            f"{_OFFICE}.presentationml.presentation",
            pptx_file,
            TemplateKind(read_slide_template, slide_template_remarks, example_slides),
        ),
        BriefFormat("html", "text/html", html_file),
    )
}
"""The formats by the ending of their files."""


def brief_format(file_name: str) -> BriefFormat:
    """Return the format that the ending of a name asks for; ``UnknownChoiceError`` for others."""
    extension = file_name.rpartition(".")[2].lower()
    if extension not in BRIEF_FORMATS:
        raise UnknownChoiceError("-o", file_name, [f"FILE.{name}" for name in BRIEF_FORMATS])
    return BRIEF_FORMATS[extension]


@cached_on_province(len(BRIEF_FORMATS))
def house_template(province: Province, extension: str) -> Any | None:
    """Return the template that the province names for a format, read; ``None`` without one.

    Raises ``RefusedError`` for one that cannot be taken.
    """
    path, kind = province.brief_templates.get(extension), BRIEF_FORMATS[extension].template
    return None if path is None or kind is None else kind.read(path.read_bytes())
