"""Open zip archives of strangers: bounded, without paths, links or archives inside."""

from __future__ import annotations

import re
import stat
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from data.uploads.limits import Limits, RefusedError

_CHUNK = 1 << 18
_UTF8 = 1 << 11
_MERGED = b"mergeCell ref="
_REFERENCE = re.compile(rb'mergeCell ref="([A-Z0-9:]{3,21})"')
_UNCALCULATED = re.compile(rb"</f>(?:<v ?/>|<v></v>)?</c>")
_LONGEST_MARK = 64
_MOST_MERGED = 50_000
_MAX_MEMBERS = 2_000


def open_zip(path: Path) -> zipfile.ZipFile:
    """Open an archive whose members have names that stay inside it.

    Raises ``RefusedError`` for anything else.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise RefusedError("broken_zip") from None
    if len(archive.infolist()) > _MAX_MEMBERS:
        raise RefusedError("zip_members", found=len(archive.infolist()), limit=_MAX_MEMBERS)
    for member in archive.infolist():
        _check_member(member)
    return archive


def _check_member(member: zipfile.ZipInfo) -> None:
    # A drive letter is a path on Windows; no archive of ours needs one.
    name = member_name(member)
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or ":" in name or "\0" in name:
        raise RefusedError("zip_path", name=name[:80])
    mode = member.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise RefusedError("zip_link", name=name[:80])
    if member.flag_bits & 1:
        raise RefusedError("zip_locked")


def member_name(member: zipfile.ZipInfo) -> str:
    """Return a member's name as its archiver meant it, with ``/`` between folders.

    Old ones on Windows write backslashes, and Chinese names in GBK without saying so.
    """
    name = member.orig_filename
    if not member.flag_bits & _UTF8 and not name.isascii():
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("gb18030")
    return name.replace("\\", "/")


def unpack(
    archive: zipfile.ZipFile,
    members: list[zipfile.ZipInfo],
    limits: Limits,
    take: Callable[[zipfile.ZipInfo, bytes], None],
) -> None:
    """Give the content of ``members`` to ``take`` in pieces; count what really comes out.

    Raises ``RefusedError`` past the limits on bytes and on the ratio to the packed size.
    """
    packed = max(1, Path(str(archive.filename)).stat().st_size)
    total = 0
    for member in members:
        try:
            with archive.open(member) as source:
                while piece := source.read(_CHUNK):
                    total += len(piece)
                    if total > limits.unpacked_bytes:
                        raise RefusedError("zip_bomb_total", limit=limits.unpacked_bytes >> 20)
                    if total > max(packed * limits.unpack_ratio, 4 * _CHUNK):
                        raise RefusedError("zip_bomb_ratio", limit=limits.unpack_ratio)
                    take(member, piece)
        except (zipfile.BadZipFile, OSError, NotImplementedError, EOFError, RuntimeError):
            raise RefusedError("broken_zip") from None
        except Exception as error:
            if type(error).__module__ in ("zlib", "lzma"):
                raise RefusedError("broken_zip") from None
            raise


def check_packed(path: Path, limits: Limits) -> None:
    """Unpack an archive of markup once without keeping it: bounded, and without entities."""
    tails: dict[str, bytes] = {}

    def look(member: zipfile.ZipInfo, piece: bytes) -> None:
        text = tails.get(member.filename, b"") + piece
        if member.filename.lower().endswith(".xml"):
            _forbid_entities(text, member.filename)
        tails[member.filename] = piece[-_LONGEST_MARK:]

    with open_zip(path) as archive:
        unpack(archive, archive.infolist(), limits, look)


def _forbid_entities(text: bytes, name: str) -> None:
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"\0" in text:
        raise RefusedError("xml_entities", name=name[:80])


@dataclass(frozen=True)
class WorkbookFound:
    """What stands in a workbook beside its cells.

    ``merged`` are the references of merged cells of each member; ``uncalculated`` counts formulas
    without a value; ``strict`` tells whether it keeps to the strict form of the standard.
    """

    merged: dict[str, list[str]]
    uncalculated: int
    strict: bool


def check_workbook(path: Path, limits: Limits) -> WorkbookFound:
    """Unpack a workbook once without keeping it: bounded, and its XML without entities.

    Merged cells are counted: the reader would look at each for a long time, for nothing.
    """
    tails: dict[str, bytes] = {}
    merged: Counter[str] = Counter()
    references: dict[str, list[str]] = {}
    marks: Counter[str] = Counter()

    def look(member: zipfile.ZipInfo, piece: bytes) -> None:
        if not member.filename.lower().endswith((".xml", ".rels", ".vml")):
            return
        text = tails.get(member.filename, b"") + piece
        _forbid_entities(text, member.filename)
        # The tail was counted with the piece before it.
        merged[member.filename] += text.count(_MERGED) - tails.get(member.filename, b"").count(
            _MERGED
        )
        if merged[member.filename] > _MOST_MERGED:
            raise RefusedError("too_many_merged", limit=_MOST_MERGED)
        tail = piece[-_LONGEST_MARK:]
        known = references.setdefault(member.filename, [])
        known += [
            one.decode() for one in _REFERENCE.findall(text) if one.decode() not in known[-9:]
        ]
        marks["formulas"] += len(_UNCALCULATED.findall(text)) - len(_UNCALCULATED.findall(tail))
        marks["strict"] += b"purl.oclc.org/ooxml/" in text
        tails[member.filename] = tail

    with open_zip(path) as archive:
        names = {member.filename for member in archive.infolist()}
        if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
            raise RefusedError("wrong_content", extension=".xlsx")
        unpack(archive, archive.infolist(), limits, look)
    formulas = marks["formulas"] + sum(len(_UNCALCULATED.findall(tail)) for tail in tails.values())
    return WorkbookFound(references, formulas, marks["strict"] > 0)
