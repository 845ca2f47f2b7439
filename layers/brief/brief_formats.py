"""Know the formats of briefs: each renders the same content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from data.errors import UnknownChoiceError
from layers.brief.content import Brief
from layers.brief.html_file import html_file
from layers.brief.pdf_file import pdf_file
from layers.brief.pptx_file import pptx_file
from layers.brief.word.docx_file import docx_file
from layers.brief.word.word_template import WordTemplate


@dataclass(frozen=True)
class BriefFormat:
    """A format of briefs; ``write`` returns the bytes of one file."""

    extension: str
    media_type: str
    write: Callable[[Brief], bytes]

    def written(self, brief: Brief, template: WordTemplate | None) -> bytes:
        """Return the bytes of one file; Word documents are written into the ``template``."""
        if self.write is docx_file and template is not None:
            return docx_file(brief, template)
        return self.write(brief)


_OFFICE = "application/vnd.openxmlformats-officedocument"
BRIEF_FORMATS = {
    one.extension: one
    for one in (
        BriefFormat("docx", f"{_OFFICE}.wordprocessingml.document", docx_file),
        BriefFormat("pdf", "application/pdf", pdf_file),
        BriefFormat("pptx", f"{_OFFICE}.presentationml.presentation", pptx_file),
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
