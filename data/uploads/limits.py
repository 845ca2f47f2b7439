"""Say how much of an upload is read, and say why one is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from data.errors import AtlasError
from data.text import Language, say

MEGABYTE = 1 << 20
_DELETE = 0x7F

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
UNSEEN_RE2 = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}"
    r"\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}]"
)
"""The same for columns of Arrow, whose text holds no halves of pairs."""

_UNSEEN_STARTS = (b"\xc2", b"\xe2\x80", b"\xe2\x81", b"\xef\xbb\xbf")
"""How the characters of ``UNSEEN_RE2`` begin in UTF-8 that are not ASCII."""


def visible(text: str) -> str:
    """Return ``text`` without control characters, marks of direction and halves of pairs."""
    return _UNSEEN.sub("", text)


def may_be_unseen(letters: bytes | memoryview) -> bool:
    """Tell quickly whether UTF-8 may hold a character of ``UNSEEN_RE2``; ``False`` is certain.

    ``True`` is also said of tabs, line ends and characters that begin like one of them.
    """
    if not len(letters):
        return False
    if np.frombuffer(letters, np.uint8).min() < ord(" "):
        return True
    signed = np.frombuffer(letters, np.int8)
    if signed.max() == _DELETE:
        return True
    # Only beyond ASCII are there others.
    if signed.min() >= 0:
        return False
    content = bytes(letters)
    return any(start[:1] in content and start in content for start in _UNSEEN_STARTS)


@dataclass(frozen=True)
class Limits:
    """What one upload may cost. ``seconds`` is wall time, ``memory_bytes`` address space.

    ``elements`` are objects, lists and elements of markup, whatever they are for. With
    ``head_only`` the first rows of Parquet are enough, however many there are.
    """

    file_bytes: int = 50 * MEGABYTE
    unpacked_bytes: int = 200 * MEGABYTE
    unpack_ratio: int = 200
    rows: int = 100_000
    columns: int = 200
    cells: int = 2_000_000
    cell_characters: int = 2_000
    vertices: int = 2_000_000
    elements: int = 4_000_000
    nesting: int = 64
    seconds: float = 30.0
    memory_bytes: int = 2048 * MEGABYTE
    head_only: bool = False

    def check(self, *, rows: int = 0, columns: int = 0, vertices: int = 0) -> None:
        """Raise ``RefusedError`` for more of these, or of cells, than there may be."""
        counted = {"rows": rows, "columns": columns, "cells": rows * columns, "vertices": vertices}
        for name, found in counted.items():
            if found > (most := getattr(self, name)):
                raise RefusedError(f"too_many_{name}", found=found, limit=most)


LARGE = Limits(
    file_bytes=200 * MEGABYTE,
    unpacked_bytes=512 * MEGABYTE,
    rows=5_000_000,
    cells=100_000_000,
    vertices=20_000_000,
    seconds=180.0,
    memory_bytes=4096 * MEGABYTE,
)
"""What a large CSV or GeoParquet may cost, which is read in columns, not cell by cell."""


@dataclass(frozen=True)
class Note:
    """Something that the person should know about a file: a phrase ``intake.<code>``."""

    code: str
    details: tuple[tuple[str, str], ...] = ()

    def say(self, language: Language) -> str:
        """Return the note as a sentence."""
        return say(f"intake.{self.code}", language, **dict(self.details))


def note(code: str, /, **details: object) -> Note:
    """Return a note; the values of ``details`` are kept as text."""
    return Note(code, tuple((key, visible(str(value))) for key, value in details.items()))


class RefusedError(AtlasError):
    """A file that is not read at all; ``note`` says why, in either language."""

    def __init__(self, code: str, /, **details: object) -> None:
        self.note = note(code, **details)
        super().__init__(self.note.say("en"))

    @classmethod
    def of(cls, reason: Note) -> RefusedError:
        """Return the refusal that ``reason`` states."""
        return cls(reason.code, **dict(reason.details))
