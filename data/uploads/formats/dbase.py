"""Look at the bytes of a dBASE table before GDAL does: its encoding, and names that were cut."""

from __future__ import annotations

from pathlib import Path

_HEADER_BYTES, _FIELD_BYTES, _NAME_BYTES = 32, 32, 11
_END = 0x0D
_MOST_FIELDS = 2048
_LOST_SHARE = 0.02
_LOOKED_AT = 8_000_000


def table_encoding(path: Path) -> str:
    """Return UTF-8 where the text of all but a few cut fields fits it, else GB18030."""
    return "utf-8" if fits_text(path, "utf-8") else "gb18030"


def fits_text(path: Path, encoding: str) -> bool:
    """Tell whether a table's records are text in ``encoding``, but for fields that were cut.

    A field has so many bytes, and a character at its end may have lost some.
    """
    content = path.read_bytes()
    start = int.from_bytes(content[8:10], "little")
    records = content[start : start + _LOOKED_AT].replace(b"\0", b" ")
    text = records.decode(encoding, errors="replace")
    lost = text.count("\ufffd")
    if not lost:
        return True
    wide = sum(1 for letter in text if letter > "\x7f")
    return lost <= _LOST_SHARE * wide


def mend_field_names(path: Path, encoding: str) -> tuple[str, ...]:
    """Cut what is left of a character off names that were cut inside one; return these names.

    A name has ten bytes: three Chinese characters in UTF-8, and a part of the fourth.
    """
    content = bytearray(path.read_bytes())
    cut = []
    for number in range(_MOST_FIELDS):
        at = _HEADER_BYTES + number * _FIELD_BYTES
        if at + _FIELD_BYTES > len(content) or content[at] == _END:
            break
        name = bytes(content[at : at + _NAME_BYTES]).split(b"\0")[0]
        kept = _whole(name, encoding)
        if kept != name:
            content[at : at + _NAME_BYTES] = kept.ljust(_NAME_BYTES, b"\0")
            cut.append(kept.decode(encoding, errors="replace"))
    if cut:
        path.write_bytes(content)
    return tuple(cut)


def _whole(name: bytes, encoding: str) -> bytes:
    try:
        name.decode(encoding)
    except UnicodeDecodeError as error:
        # Only at the end can it be a cut; anything else is none of ours to mend.
        return name[: error.start] if len(name) - error.start < 4 and error.start else name
    return name
