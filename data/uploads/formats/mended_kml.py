"""Mend KML of other programs: HTML without CDATA, undeclared prefixes, Chinese encodings."""

from __future__ import annotations

import html
import re

from data.uploads.formats.encoding import decoded, detect_encoding
from data.uploads.limits import Note, note

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_DESCRIPTION = re.compile(r"<(description|Snippet)>(.*?)</\1>", re.DOTALL)
_CDATA = "<![CDATA["
_PREFIX = re.compile(r"</?([A-Za-z][\w.-]{0,40}):[A-Za-z]")
_DECLARED = re.compile(r"xmlns:([A-Za-z][\w.-]{0,40})\s*=")
_ROOT = re.compile(r"<kml\b")
_LOOSE_AMPERSAND = re.compile(r"&(?!(?:#\d{1,7}|#x[\da-fA-F]{1,6}|amp|lt|gt|quot|apos);)")
_BREAKS = re.compile(r"<(?:br|/p|/tr|/li|/div)\b[^<>]{0,200}>", re.IGNORECASE)
_ROWS, _CELLS = re.compile(r"<tr\b", re.I), re.compile(r"<t[dh]\b[^<>]{0,200}>", re.I)
_PAIR, _LONGEST_KEY = 2, 40
_TAGS = re.compile(r"<[/!]?[A-Za-z][^<>]{0,1000}>|<!--.{0,1000}?-->", re.DOTALL)


def mended_kml(content: bytes) -> tuple[bytes, tuple[Note, ...]]:
    """Return a document as UTF-8 with what parsers stumble over mended; say what it was."""
    encoding = detect_encoding(content)
    text = _DECLARATION.sub("", decoded(content, encoding).removeprefix("\ufeff"))
    notes = []
    if not encoding.startswith("utf-8"):
        notes.append(note("kml_encoding", encoding=encoding))
    wrapped, count = _DESCRIPTION.subn(_as_text, text)
    if wrapped != text:
        notes.append(note("kml_html", count=count))
    amended, loose = _LOOSE_AMPERSAND.subn("&amp;", _outside_cdata(wrapped))
    if loose:
        notes.append(note("kml_ampersands", count=loose))
    declared = set(_DECLARED.findall(amended))
    lacking = sorted(set(_PREFIX.findall(amended)) - declared - {"xml"})
    if lacking and _ROOT.search(amended):
        names = "".join(f' xmlns:{name}="urn:undeclared:{name}"' for name in lacking)
        amended = _ROOT.sub(f"<kml{names}", amended, count=1)
        notes.append(note("kml_prefixes", names=", ".join(lacking)[:100]))
    return amended.encode(), tuple(notes)


def plain_text(text: str) -> str:
    """Return text without tags of HTML, their breaks as line ends.

    >>> plain_text("<b>a</b><br>b &amp; c").splitlines()
    ['a', 'b & c']
    """
    if "<" not in text and "&" not in text:
        return text
    lines = html.unescape(_TAGS.sub(" ", _BREAKS.sub("\n", text))).splitlines()
    return "\n".join(line for one in lines if (line := " ".join(one.split())))


def table_pairs(text: str) -> dict[str, str]:
    """Return the rows of two cells of a table in a description, as GIS write attributes there.

    >>> table_pairs("<table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>")
    {'a': '1', 'b': '2'}
    """
    if "<td" not in text.lower():
        return {}
    found: dict[str, str] = {}
    for row in _ROWS.split(text)[1:]:
        cells = [plain_text(cell) for cell in _CELLS.split(row)[1:]]
        if len(cells) == _PAIR and cells[0] and len(cells[0]) <= _LONGEST_KEY:
            found.setdefault(cells[0], cells[1])
    return found if len(found) >= _PAIR else {}


def _as_text(found: re.Match[str]) -> str:
    kind, inner = found.groups()
    if _CDATA in inner or "<" not in inner:
        return found.group(0)
    return f"<{kind}>{html.escape(html.unescape(inner), quote=False)}</{kind}>"


def _outside_cdata(text: str) -> str:
    """Return text whose CDATA sections are written as plain escaped text."""
    return re.sub(
        r"<!\[CDATA\[(.*?)\]\]>",
        lambda one: html.escape(one[1], quote=False),
        text,
        flags=re.DOTALL,
    )
