"""Read files that people bring along: from bytes of a stranger to sites on the map.

In order, each step pure but the first:

1. ``read_safely(path_or_bytes, filename, limits=None, progress=None) -> RawTable``
   reads CSV, XLSX, GeoJSON, GeoPackage, zipped Shapefile, GeoParquet or KML in a bounded
   process of its own: ``data.intake.walls`` tells how far the system holds it, and gets such
   processes ready. ``RefusedError`` says why not (``error.note.say("zh")``).
   ``RawTable``: ``frame`` (index ``row``), ``geometry``, ``crs``, ``driver``, ``encoding``,
   ``notes`` (each has ``say(language)``). ``EXTENSIONS`` lists what is taken.
2. ``guess_mapping(columns, sample) -> Mapping``; ``mapping.column(field)``,
   ``mapping.changed(field, column_or_None)``; ``FIELDS`` lists the fields.
3. ``place_rows(table, mapping, province, datum, crs=None) -> Places``; its ``given`` and
   ``named`` go to ``datum_evidence(points, county_named, province)``: for each datum, how many
   points fall into the area that their own row names. The caller chooses the datum.
   A CSV or GeoParquet of many megabytes is looked at with ``read_head_safely`` first, then read
   in columns with ``read_columns_safely(content, filename, asked) -> LargeTable``; where a
   person is asked meanwhile, ``data.intake.ahead`` has begun with it already.
4. ``make_reading(table, mapping, province, datum, crs=None, defaults=None) -> Reading``:
   ``good`` (EPSG:4326, columns of ``SiteRow``), ``rejected``, ``faults`` (``RowFault``: row,
   column, value, ``expected(language)``, ``warning``); ``faults_csv(reading, language)``.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data.intake.columns import LargeTable
    from data.intake.encoding import ENCODINGS, recoded
    from data.intake.evidence import datum_evidence, telling_datum
    from data.intake.faults import RowFault, fault_table
    from data.intake.formats import EXTENSIONS
    from data.intake.large import ColumnsAsked
    from data.intake.limits import Limits, Note, RefusedError
    from data.intake.mapping import FIELDS, Field, Mapping, guess_mapping
    from data.intake.placing import Places, place_rows
    from data.intake.reading import Reading, faults_csv, make_reading
    from data.intake.safely import Progress, read_columns_safely, read_head_safely, read_safely
    from data.intake.table import RawTable

__all__ = [
    "ENCODINGS",
    "EXTENSIONS",
    "FIELDS",
    "ColumnsAsked",
    "Field",
    "LargeTable",
    "Limits",
    "Mapping",
    "Note",
    "Places",
    "Progress",
    "RawTable",
    "Reading",
    "RefusedError",
    "RowFault",
    "datum_evidence",
    "fault_table",
    "faults_csv",
    "guess_mapping",
    "make_reading",
    "place_rows",
    "read_columns_safely",
    "read_head_safely",
    "read_safely",
    "recoded",
    "telling_datum",
]

_HOMES = {
    "columns": ("LargeTable",),
    "encoding": ("ENCODINGS", "recoded"),
    "evidence": ("datum_evidence", "telling_datum"),
    "faults": ("RowFault", "fault_table"),
    "formats": ("EXTENSIONS",),
    "large": ("ColumnsAsked",),
    "limits": ("Limits", "Note", "RefusedError"),
    "mapping": ("FIELDS", "Field", "Mapping", "guess_mapping"),
    "placing": ("Places", "place_rows"),
    "reading": ("Reading", "faults_csv", "make_reading"),
    "safely": ("Progress", "read_columns_safely", "read_head_safely", "read_safely"),
    "table": ("RawTable",),
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load a name when it is asked for: the process that reads an upload needs few of them."""
        for home, names in _HOMES.items():
            if name in names:
                return getattr(import_module(f"{__name__}.{home}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
