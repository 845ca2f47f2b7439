"""Open the office files of strangers that briefs are written into: letterhead and styles."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError as WordPackageError
from pptx.exc import PythonPptxError

from data.text import LANGUAGES, say
from data.uploads.formats.archive import check_packed
from data.uploads.limits import MEGABYTE, Limits, RefusedError

TEMPLATE_PLACES = ("brief", "title", "subtitle", "question", "date")
"""What a template can have a place for: it is called by its phrase, in either language."""

_PLACE_OF = {
    say(f"template_place.{place}", language).casefold(): place
    for place in TEMPLATE_PLACES
    for language in LANGUAGES
}
MOST_MEGABYTES = 10
"""What a template may have."""

MOST_LETTERS = 255
"""What a property of an office file takes."""

_LIMITS = Limits(file_bytes=MOST_MEGABYTES * MEGABYTE, unpacked_bytes=30 * MEGABYTE)
_BROKEN = (
    *(ValueError, LookupError, AttributeError, TypeError, SyntaxError, BadZipFile),
    *(ArithmeticError, AssertionError, RuntimeError),
    *(WordPackageError, PythonDocxError, PythonPptxError),
)
"""What the libraries raise for files of another kind; broken XML is a ``SyntaxError``."""

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How files of older programs begin, and those that a password locks."""

_RUNNING = ("vbaProject", "/oleObject", "/package", "/aFChunk", "/control", "/subDocument")
_HYPERLINK = "/hyperlink"

_Opened = TypeVar("_Opened")


def place_named(words: str) -> str:
    """Return the place that is called so, in capitals or not; nothing for other words."""
    return _PLACE_OF.get(words.strip().casefold(), "")


def opened_template(
    content: bytes, extension: str, opened: Callable[[io.BytesIO], _Opened]
) -> _Opened:
    """Return what ``opened`` makes of a stranger's file, which was unpacked once within limits.

    Raises ``RefusedError`` for what is too large, packed in bad faith, or no such file.
    """
    if len(content) > _LIMITS.file_bytes:
        raise RefusedError("template_large", limit=MOST_MEGABYTES)
    if content.startswith(_OLD_OFFICE):
        raise RefusedError("template_kind", extension=extension)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"template.{extension}"
        path.write_bytes(content)
        check_packed(path, _LIMITS)
    try:
        return opened(io.BytesIO(content))
    except _BROKEN:
        raise RefusedError("template_kind", extension=extension) from None


def check_relations(parts: Iterable[Any]) -> None:
    """Look through the parts of an opened file.

    Raises ``RefusedError`` where it brings programs or other documents, or shows what stands
    outside of it. Links that a person follows may lead anywhere.
    """
    for part in parts:
        for relation in part.rels.values():
            kind = relation.reltype
            if kind.endswith(_RUNNING):
                raise RefusedError("template_programs")
            if relation.is_external and not kind.endswith(_HYPERLINK):
                raise RefusedError("template_outside", name=relation.target_ref[:80])
