"""Take a file that a person brings from its bytes to places: the steps of every way in.

The page asks between the steps, and the command line takes what was guessed.
"""

from __future__ import annotations

from collections.abc import Mapping as Pairs
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePath

import pandas as pd

from data.datum import Datum
from data.loader import Province
from data.reading_progress import Progress, silent
from data.uploads.formats.asked import ColumnsAsked, ReadAs
from data.uploads.formats.drivers import SHAPEFILE_DRIVER
from data.uploads.formats.encoding import recoded
from data.uploads.formats.raw_table import RawTable
from data.uploads.formats.recognition import format_of
from data.uploads.limits import LARGE, Limits, RefusedError, note
from data.uploads.sandbox.ahead import ReadingAhead, part_read, read_ahead
from data.uploads.sandbox.large_table import LargeTable
from data.uploads.sandbox.safely import (
    TellStage,
    bytes_of,
    read_columns_safely,
    read_head_safely,
    read_safely,
)
from data.uploads.sites.column_notes import for_datum
from data.uploads.sites.crs_guess import CrsGuess
from data.uploads.sites.datum_evidence import DatumEvidence, evidence_of
from data.uploads.sites.given_places import crs_question
from data.uploads.sites.mapping import Field, Mapping, guess_mapping
from data.uploads.sites.placing import Places, place_rows, require_place
from data.uploads.sites.reading import Reading, make_reading
from data.uploads.sites.vocabulary import area_words, bare
from data.uploads.sites.written_list import written_list_fields

_LARGE_BYTES = 8 << 20
_PARQUET = (".parquet", ".geoparquet")
_TEXTS = (".csv", ".txt", ".tsv")
_LONGEST_NUMBER = 15
_OF_ANY_ENCODING = ("CSV", SHAPEFILE_DRIVER)


@dataclass(frozen=True)
class Interpretation:
    """What a person says of a file: which column holds what, and where its coordinates stand.

    ``crs`` is needed only for a file with geometry that states none. Where a file has no
    coordinates, ``datum`` says nothing.
    """

    mapping: Mapping
    datum: Datum = "wgs84"
    crs: str | None = None


@dataclass(frozen=True, eq=False)
class UploadedFile:
    """A file as it was read: ``table`` is all of it, or its first rows where it is ``large``.

    ``guessed`` is which column holds what, as far as headings and values tell. ``encoding`` is
    what the person said, or ``None``: then that of the table was detected. ``layer`` is the sheet
    or layer that the person chose, or ``None``.
    """

    name: str
    content: bytes
    table: RawTable
    guessed: Mapping
    large: bool = False
    encoding: str | None = None
    layer: str | None = None

    @classmethod
    def read(
        cls,
        source: Path | bytes,
        name: str,
        encoding: str | None = None,
        *,
        layer: str | None = None,
        in_columns: bool = True,
        progress: TellStage | None = None,
    ) -> UploadedFile:
        """Read a file, apart from this process; of a large one, its first rows.

        ``name`` is what it came with. Without ``in_columns`` a file that is too large to be read
        cell by cell is refused. Raises ``RefusedError`` for a file that is not read.
        """
        format_of(name)
        limits = LARGE if in_columns else Limits()
        content = source if isinstance(source, bytes) else bytes_of(source, limits)
        large = in_columns and is_large(name, content)
        if large:
            table = read_head_safely(content, name, encoding, progress)
        else:
            is_text = PurePath(name).suffix.lower() in _TEXTS
            told = recoded(content, encoding) if is_text and encoding else content
            said = ReadAs(layer, None if is_text else encoding)
            table = read_safely(told, name, progress=progress, said=said)
            table = _layer_with_places(table, told, name, said) if layer is None else table
        guessed = _guessed(table)
        return cls(name, content, table, guessed, large, encoding, layer)

    @property
    def leaves_encoding_open(self) -> bool:
        """Whether a person may say the encoding."""
        return self.table.driver in _OF_ANY_ENCODING

    def crs_question(self, mapping: Mapping, province: Province) -> CrsGuess | None:
        """Return what a person is to be asked of the CRS; ``None`` where the file states it."""
        return crs_question(self.table, mapping, province)

    def has_place(self, mapping: Mapping) -> bool:
        """Tell whether geometry or a column says where rows are."""
        return self.table.geometry is not None or mapping.has_place

    def has_coordinates(self, mapping: Mapping) -> bool:
        """Tell whether a person must say the datum of coordinates."""
        return self.table.geometry is not None or mapping.has_coordinates

    def stated_datum(self, mapping: Mapping) -> Datum | None:
        """Return the datum that the file states: the atlas writes WGS-84; ``None`` for others.

        Nothing is known of columns of coordinates that a person has chosen instead.
        """
        places: tuple[Field, ...] = ("longitude", "latitude", "coordinates")
        as_written = all(mapping.column(one) == self.guessed.column(one) for one in places)
        written = written_list_fields(map(str, self.table.frame.columns))
        return "wgs84" if written and as_written else None

    def evidence(
        self, mapping: Mapping, province: Province, crs: str | None = None
    ) -> DatumEvidence:
        """Return what the rows themselves say of each datum; raises as ``place_rows``."""
        places = place_rows(self.table, mapping, province, "wgs84", crs)
        return evidence_of(places.given, places.named, province)

    def as_guessed(
        self,
        province: Province,
        datum: Datum | None,
        crs: str | None = None,
        columns: Pairs[str, str] | None = None,
    ) -> Interpretation:
        """Return the file as its columns were guessed, but for the ``columns`` that are said.

        Raises ``RefusedError`` for coordinates without a ``datum`` that neither the caller nor the
        file states, which tells what the rows say
        of each, or for a column that the file does not have.
        """
        mapping = self.guessed
        for field, column in (columns or {}).items():
            if column and column not in self.table.frame.columns:
                found = ", ".join(map(str, self.table.frame.columns))[:200]
                raise RefusedError("no_column", column=column, found=found)
            mapping = mapping.changed(field, column or None)
        if datum is not None:
            mapping = for_datum(mapping, self.table.frame, datum)
        datum = datum or self.stated_datum(mapping)
        if datum is None and self.has_coordinates(mapping):
            choices = self.evidence(mapping, province, crs).choices()
            raise RefusedError("needs_datum", choices=", ".join(choices))
        return Interpretation(mapping, datum or "wgs84", crs)

    def places(self, said: Interpretation, province: Province) -> Places:
        """Return where the rows of ``table`` are; raises as ``place_rows``."""
        return place_rows(self.table, said.mapping, province, said.datum, said.crs)

    def sites(
        self,
        said: Interpretation,
        province: Province,
        defaults: Pairs[str, str] | None = None,
    ) -> Reading:
        """Return the rows of ``table`` as sites; ``defaults`` and errors as ``make_reading``."""
        return make_reading(
            self.table, said.mapping, province, said.datum, crs=said.crs, defaults=defaults
        )

    def read_ahead(self) -> ReadingAhead | None:
        """Begin to read all of a large file in the background.

        ``None`` where it is not large, or so large that it is read only by ``columns``.
        """
        return read_ahead(self.content, self.name, self._asked()) if self.large else None

    def columns(
        self, mapping: Mapping, ahead: ReadingAhead | None = None, progress: Progress = silent
    ) -> LargeTable:
        """Return all rows of a large file, in columns; ``ahead`` is what ``read_ahead`` began.

        Raises ``RefusedError`` for a file that cannot be read on, that lacks a column of
        ``mapping``, or where nothing tells a place.
        """
        require_place(self.table, mapping)
        if ahead is not None:
            large = ahead.result(progress)
        else:
            progress("read", 0.0)
            large = read_columns_safely(
                self.content, self.name, self._asked(), progress=partial(_tell, progress)
            )
        names = large.table.column_names
        for _, name in mapping.pairs:
            if name not in names:
                raise RefusedError("no_column", column=name, found=", ".join(names)[:200])
        return large

    def _asked(self) -> ColumnsAsked:
        """Return how all of the file is to be read."""
        header = {"header_row": 0, "two_heading_rows": 0, "no_headings": -1}
        found = [
            int(dict(one.details)["row"]) + header[one.code]
            for one in self.table.notes
            if one.code in header
        ]
        frame = self.table.frame
        return ColumnsAsked(
            names=tuple(str(name) for name in frame.columns),
            texts=tuple(str(name) for name in frame.columns if is_coded(frame[name])),
            header=max(found) if found else 1,
            encoding=self.encoding,
            shapes=self.table.geometry is not None,
        )


_MOST_TRIED = 4


def _layer_with_places(table: RawTable, content: bytes, name: str, said: ReadAs) -> RawTable:
    """Return the first of a file's layers whose columns tell names and places.

    ``table`` is the one that was read; where none of the next few is better, it stays. What the
    atlas itself has written holds sites in a layer of its own.
    """
    words = area_words("own_layers")
    named = (layer for layer in table.layers if bare(layer) in words)
    # A workbook of the atlas tells its sites twice: as data, and before that for people.
    own = sorted(named, key=lambda layer: words.index(bare(layer)))
    if _has_sites(table) and (table.layer in own[:1] or not own):
        return table
    others = [layer for layer in (*own, *table.layers) if layer != table.layer]
    for layer in others[:_MOST_TRIED]:
        try:
            other = read_safely(content, name, said=replace(said, layer=layer))
        except RefusedError:
            continue
        if _has_sites(other):
            left = ", ".join(one for one in other.layers if one != layer)[:200]
            own_list = written_list_fields(map(str, other.frame.columns))
            code = "chosen_own_layer" if own_list else "chosen_layer"
            return replace(other, notes=(*other.notes, note(code, layer=layer, others=left)))
    return table


def _guessed(table: RawTable) -> Mapping:
    """Guess by rows whose cells stand where they should."""
    bad = {one.row for one in table.faults if not one.warning}
    return guess_mapping(table.frame.columns, table.frame.loc[~table.frame.index.isin(bad)])


def _has_sites(table: RawTable) -> bool:
    guessed = _guessed(table)
    return guessed.has_name and (table.geometry is not None or guessed.has_place)


def is_large(filename: str, content: bytes) -> bool:
    """Tell whether a file is read in columns: CSV or Parquet of many bytes or rows."""
    suffix = PurePath(filename).suffix.lower()
    if suffix in _PARQUET:
        return len(content) > _LARGE_BYTES
    if suffix not in _TEXTS:
        return False
    return len(content) > _LARGE_BYTES or content.count(b"\n") > Limits().rows


def is_coded(values: pd.Series) -> bool:
    """Whether numbers of a column are no amounts: they start with 0, or are too long."""
    texts = values.dropna().astype(str)
    coded = texts.str.fullmatch(r"0\d+") | (texts.str.len() > _LONGEST_NUMBER)
    return bool(coded.any())


def _tell(progress: Progress, stage: str) -> None:
    done = part_read(stage)
    if done is not None:
        progress("read", done)
