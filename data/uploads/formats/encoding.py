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
_SAMPLE_BYTES, _LOOKED_AT = 200_000, 4_000_000
_LOST = "\ufffd"
_FEW_LOST, _LOST_SHARE = 2, 0.01
_COMMON_LEADS = {"gb18030": (0xB0, 0xD7), "big5": (0xA4, 0xC6)}
"""First bytes of the characters that are in common use, of two bytes each."""


def detect_encoding(content: bytes) -> str:
    """Return the encoding of a text: UTF-8, UTF-16, GB18030 or Big5, the first that fits all of it.

    Where a few bytes are broken, as where a field of fixed length cut a character, it is that
    which fits the others: ``decoded`` marks what is lost. Raises ``RefusedError`` where none does.
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
    if _nearly(content, "utf-8"):
        return "utf-8"
    fitting = [name for name in ("gb18030", "big5") if _fits(content, name)]
    if len(fitting) > 1:
        # Bytes of Big5 are characters of GB18030 as well, but hardly ever common ones.
        return max(fitting, key=lambda name: _common_share(content, name))
    nearly = [name for name in ("gb18030", "big5") if _nearly(content, name)]
    if not fitting and not nearly:
        raise RefusedError("unknown_encoding")
    return (fitting or nearly)[0]


def decoded(content: bytes, encoding: str) -> str:
    """Return a text whose broken bytes are marked with the character for that."""
    return content.decode(encoding, errors="replace")


def _fits(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _nearly(content: bytes, encoding: str) -> bool:
    """Tell whether all but a few characters that are not ASCII are whole in ``encoding``."""
    text = content[:_LOOKED_AT].decode(encoding, errors="replace")
    lost = text.count(_LOST)
    wide = sum(1 for letter in text if letter > "\x7f")
    return bool(lost) and lost <= max(_FEW_LOST, _LOST_SHARE * wide) and lost * 10 <= wide


def _common_share(content: bytes, encoding: str) -> float:
    """Return the share of common characters among the wide ones of a text's beginning."""
    text = content[:_SAMPLE_BYTES].decode(encoding, errors="ignore")
    wide = [letter.encode(encoding, errors="ignore") for letter in text if letter > "\x7f"]
    low, high = _COMMON_LEADS[encoding]
    common = sum(len(letter) == 2 and low <= letter[0] <= high for letter in wide)
    return common / len(wide) if wide else 0.0


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
