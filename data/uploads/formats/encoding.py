"""Find the encoding of a text, and the delimiter that cuts its rows."""

from __future__ import annotations

import codecs
import csv
import io
import struct
from collections import Counter

import pyarrow as pa

from data.uploads.limits import RefusedError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",;\t|\uff0c\uff1b"
_SAMPLE_CHARACTERS = 20_000


def detect_encoding(content: bytes) -> str:
    """Return the encoding of a text: UTF-8, UTF-16 or GB18030, the first that fits all of it.

    Raises ``RefusedError`` where none does.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return checked(content, encoding)
    head = content[:2000]
    if head.count(0) > len(head) // 8:
        odd = head[1::2].count(0)
        return checked(content, "utf-16-le" if odd * 2 >= head.count(0) else "utf-16-be")
    if is_utf8(content):
        return "utf-8"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        raise RefusedError("unknown_encoding") from None
    return "gb18030"


def is_utf8(content: bytes) -> bool:
    """Tell whether all of a text is UTF-8, without making the text: it may be large."""
    ends = pa.py_buffer(struct.pack("=2q", 0, len(content)))
    try:
        whole = pa.LargeStringArray.from_buffers(1, ends, pa.py_buffer(content))
        whole.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


ENCODINGS = ("utf-8", "gb18030", "utf-16", "big5")
"""What a person may say that a text is in."""


def recoded(content: bytes, encoding: str) -> bytes:
    """Return a text in ``encoding`` as UTF-8 with its mark, so that nothing is detected anew.

    Raises ``RefusedError`` where the text is not whole in that encoding.
    """
    checked(content, encoding)
    return content.decode(encoding).removeprefix("\ufeff").encode("utf-8-sig")


def checked(content: bytes, encoding: str) -> str:
    """Return ``encoding``; raise ``RefusedError`` where a text is not whole in it."""
    if encoding.startswith("utf-8") and is_utf8(content):
        return encoding
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        raise RefusedError("broken_encoding", encoding=encoding, byte=error.start) from None
    return encoding


def detect_delimiter(text: str) -> str:
    """Return the delimiter that cuts the first rows of ``text`` most evenly into most cells."""
    sample = text[:_SAMPLE_CHARACTERS]

    def evenness(delimiter: str) -> tuple[float, int]:
        widths = Counter(
            len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        )
        width, times = max(widths.items(), key=lambda item: (item[0] > 1, item[1]))
        return (times / widths.total() if width > 1 else 0.0), width

    return max(_DELIMITERS, key=evenness)
