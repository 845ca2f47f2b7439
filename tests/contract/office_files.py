"""Write office files for tests, and change what is packed in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

from docx import Document
from docx.document import Document as WordDocument


def saved(document: Any) -> bytes:
    """Return a document or slides as the bytes of a file."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def repacked(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return an archive of which one member is changed; ``change`` gets ``b""`` for a new one."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            body = old.read(member)
            new.writestr(member, change(body) if member == name else body)
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return buffer.getvalue()


def a_template() -> WordDocument:
    """Return a document of a house with one paragraph."""
    house = Document()
    house.add_paragraph("Synthetic words")
    return house
