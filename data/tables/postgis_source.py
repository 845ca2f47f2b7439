"""Read points from a PostGIS table; the database chooses rows by its own indexes.

An address is ``postgresql://HOST:PORT/DATABASE?table=SCHEMA.TABLE`` (``geometry=COLUMN``
where the table has several). User and password come from the environment (``PGUSER``,
``PGPASSWORD``, ``PGPASSFILE``, ``PGSERVICE``), never from the address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pyarrow as pa

from data.crs import GEOGRAPHIC
from data.errors import AtlasError, CrsError, DataError, Fault
from data.tables.source import (
    FRAME_COLUMNS,
    LATITUDE,
    LONGITUDE,
    Wanted,
    optional_module,
)

Blocks = tuple[int, int] | None
"""First block of the table and one past the last, or ``None`` for all of it."""

_PURPOSE = "a postgresql:// source"
_BATCH = 50_000
_SRID = 4326
_NUMBER, _WHOLE = pa.float64(), pa.int64()
_ARROW_TYPES = {
    **dict.fromkeys(("smallint", "integer", "bigint"), _WHOLE),
    **dict.fromkeys(("real", "double precision", "numeric"), _NUMBER),
}
_SQL_TYPES: dict[pa.DataType, Callable[[Any], Any]] = {
    _WHOLE: lambda sa: sa.BigInteger,
    _NUMBER: lambda sa: sa.Double,
    pa.string(): lambda sa: sa.Text,
}


class DatabaseError(AtlasError):
    """A database that cannot be reached, or refuses a question."""


def open_postgis(address: str) -> PostgisSource:
    """Return the source that a ``postgresql://`` address names; nothing is connected yet.

    Raises ``DataError`` for an address that is not as it should be, ``MissingPackageError``
    without SQLAlchemy and psycopg.
    """
    for name in ("sqlalchemy", "psycopg"):
        optional_module(name, _PURPOSE)
    parts = urlsplit(address)
    query = parse_qs(parts.query)
    shown = f"postgresql://{parts.hostname or ''}{parts.path}"
    problem = None
    if parts.password is not None:
        problem = "has a password; put it into PGPASSWORD or a PGPASSFILE instead"
    elif set(query) - {"table", "geometry"}:
        problem = "knows only ?table=SCHEMA.TABLE&geometry=COLUMN after the database"
    elif "table" not in query:
        problem = "names no table: add ?table=SCHEMA.TABLE"
    if problem:
        raise DataError([Fault(shown, "", "", problem)])
    schema, _, table = query["table"][0].rpartition(".")
    connection = f"postgresql+psycopg://{parts.netloc}{parts.path}"
    geometry = query.get("geometry", [None])[0]
    return PostgisSource(connection, shown, schema or "public", table, geometry)


@dataclass(frozen=True)
class PostgisSource:
    """A table of a PostGIS database with a column ``geometry(Point, 4326)``."""

    connection: str
    shown: str
    schema: str
    table: str
    geometry: str | None = None

    def parts(self, wanted: Wanted, most: int) -> tuple[Blocks, ...]:
        """Check table and columns against the catalogue; cut the table into runs of blocks.

        One piece is the whole table, so that the database can use its spatial index; a table
        without blocks of its own (a view, a partitioned table) is never cut.
        """
        sa = optional_module("sqlalchemy", _PURPOSE)
        with self._connected() as connection:
            self._checked(connection, wanted)
            blocks = connection.execute(
                sa.text(
                    "SELECT pg_relation_size(c.oid) / current_setting('block_size')::int"
                    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    " WHERE n.nspname = :schema AND c.relname = :name AND c.relkind = 'r'"
                ),
                {"schema": self.schema, "name": self.table},
            ).scalar()
        if most <= 1 or not blocks:
            return (None,)
        step = -(-int(blocks) // most)
        starts = range(0, int(blocks), step)
        # The last piece takes what is added while the table is read.
        return tuple(
            (start, start + step if start != starts[-1] else 2**32 - 1) for start in starts
        )

    def read(self, part: Blocks, wanted: Wanted) -> Iterator[pd.DataFrame]:
        """Yield the points of a run of blocks, some thousand at a time."""
        with self._connected() as connection:
            geometry = self._checked(connection, wanted)
            streaming = connection.execution_options(stream_results=True, yield_per=_BATCH)
            for rows in streaming.execute(self._query(part, wanted, geometry)).partitions():
                frame = pd.DataFrame([tuple(row) for row in rows], columns=list(FRAME_COLUMNS))
                yield frame.astype("float64")

    def records(self, part: Blocks, wanted: Wanted) -> Iterator[pa.Table]:
        """Yield the rows of a run of blocks, some thousand at a time.

        Numbers stay numbers; everything else is text as the database writes it.
        """
        sa = optional_module("sqlalchemy", _PURPOSE)
        with self._connected() as connection:
            geometry = self._checked(connection, wanted)
            fields = self._fields(connection)
            point = sa.column(_quoted(geometry))
            columns = [
                sa.cast(sa.column(_quoted(name)), _SQL_TYPES[kind](sa)).label(f"c{place}")
                for place, (name, kind) in enumerate(fields.items())
            ]
            query = self._chosen(
                sa.select(*columns, sa.func.ST_X(point), sa.func.ST_Y(point)), part, wanted, point
            )
            schema = pa.schema([*fields.items(), (LONGITUDE, _NUMBER), (LATITUDE, _NUMBER)])
            yield schema.empty_table()
            streaming = connection.execution_options(stream_results=True, yield_per=_BATCH)
            for rows in streaming.execute(query).partitions():
                cells = zip(*rows, strict=True)
                arrays = [
                    pa.array(one, kind) for one, kind in zip(cells, schema.types, strict=True)
                ]
                yield pa.Table.from_arrays(arrays, schema=schema)

    def _fields(self, connection: Any) -> dict[str, pa.DataType]:
        """Return the columns that are no geometry, and what each becomes."""
        sa = optional_module("sqlalchemy", _PURPOSE)
        found = connection.execute(
            sa.text(
                "SELECT column_name, data_type FROM information_schema.columns"
                " WHERE table_schema = :schema AND table_name = :name"
                " AND udt_name NOT IN ('geometry', 'geography') ORDER BY ordinal_position"
            ),
            {"schema": self.schema, "name": self.table},
        )
        return {name: _ARROW_TYPES.get(kind, pa.string()) for name, kind in found}

    def plan(self, wanted: Wanted) -> str:
        """Return how the database would answer (EXPLAIN), one step a line."""
        with self._connected() as connection:
            query = self._query(None, wanted, self._checked(connection, wanted))
            compiled = query.compile(connection)
            lines = connection.exec_driver_sql(f"EXPLAIN {compiled}", compiled.params)
            return "\n".join(row[0] for row in lines)

    def _query(self, part: Blocks, wanted: Wanted, geometry: str) -> Any:
        """Return the question; every name in it is quoted, every value a parameter."""
        sa = optional_module("sqlalchemy", _PURPOSE)
        point = sa.column(_quoted(geometry))
        value = sa.literal(0.0)
        if wanted.value is not None:
            value = sa.cast(sa.column(_quoted(wanted.value)), sa.Double)
        query = sa.select(
            sa.func.ST_X(point).label("longitude"),
            sa.func.ST_Y(point).label("latitude"),
            sa.func.coalesce(value, 0.0).label("value"),
        )
        return self._chosen(query, part, wanted, point)

    def _chosen(self, query: Any, part: Blocks, wanted: Wanted, point: Any) -> Any:
        """Return ``query`` of this table, for the rows that are wanted."""
        sa = optional_module("sqlalchemy", _PURPOSE)
        query = query.select_from(sa.table(_quoted(self.table), schema=_quoted(self.schema)))
        for name, text in wanted.where:
            # Without a type the database takes the text for the column's own type.
            asked = sa.bindparam(None, text, type_=sa.types.NullType(), unique=True)
            query = query.where(sa.column(_quoted(name)).op("=")(asked))
        if wanted.bounds is not None:
            window = sa.func.ST_MakeEnvelope(*wanted.bounds, _SRID)
            query = query.where(point.op("&&")(window))
        if part is not None:
            for sign, block in zip((">=", "<"), part, strict=True):
                place = sa.literal_column(f"'({int(block)},0)'::tid")
                query = query.where(sa.literal_column("ctid").op(sign)(place))
        return query

    def _checked(self, connection: Any, wanted: Wanted) -> str:
        """Return the geometry column, after a look into the catalogue at all that is named."""
        sa = optional_module("sqlalchemy", _PURPOSE)
        names = {"schema": self.schema, "name": self.table}
        columns = connection.execute(
            sa.text(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_schema = :schema AND table_name = :name ORDER BY ordinal_position"
            ),
            names,
        ).scalars()
        known = list(columns)
        if not known:
            raise self._fault("", "no such table, or it may not be read")
        asked = [wanted.value, self.geometry, *(name for name, _ in wanted.where)]
        for name in asked:
            if name is not None and name not in known:
                raise self._fault(name, f"no such column; there are {', '.join(known)}")
        geometries = connection.execute(
            sa.text(
                "SELECT f_geometry_column, srid, type FROM geometry_columns"
                " WHERE f_table_schema = :schema AND f_table_name = :name"
            ),
            names,
        ).all()
        return self._geometry_column([tuple(row) for row in geometries])

    def _geometry_column(self, found: list[tuple[str, int, str]]) -> str:
        chosen = [row for row in found if self.geometry in (None, row[0])]
        if len(chosen) != 1:
            names = ", ".join(row[0] for row in found) or "none"
            raise self._fault(
                "", f"expected one geometry column (geometry=COLUMN); there is {names}"
            )
        name, srid, kind = chosen[0]
        if srid != _SRID:
            raise CrsError(f"{self.schema}.{self.table}.{name}", GEOGRAPHIC, f"EPSG:{srid}")
        if kind != "POINT":
            raise self._fault(name, f"holds {kind}; expected POINT")
        return name

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        sa = optional_module("sqlalchemy", _PURPOSE)
        engine = sa.create_engine(self.connection, poolclass=sa.pool.NullPool)
        try:
            with engine.connect() as connection:
                yield connection
        except sa.exc.DBAPIError as error:
            first = str(error.orig).splitlines()[0]
            raise DatabaseError(f"{self.shown}: {first}") from None

    def _fault(self, column: str, problem: str) -> DataError:
        return DataError([Fault(f"{self.shown} {self.schema}.{self.table}", "", column, problem)])


def _quoted(name: str) -> Any:
    """Return a name that is always quoted, whatever stands in it."""
    return optional_module("sqlalchemy", _PURPOSE).sql.quoted_name(name, quote=True)
