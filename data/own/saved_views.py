"""Keep views under names: the address of each, who saved it, and whether others may open it.

One SQLite file holds them all, beside the datasets. Each call opens it, does one transaction and
closes it, so that several servers can share the file, and a process may end at any moment: what
was acknowledged stays, what was not leaves no trace. The SQL is plain, as other databases have it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.errors import AtlasError
from data.in_place import keep_names
from data.own.datasets import LONGEST_NAME, DatasetError, DatasetStore, clean_name
from data.own.view_files import KeptView

VIEWS_FILE = "views.sqlite"
SCHEMA_VERSION = 1
MOST_VIEWS = 500
"""How many views a person may have."""

RESTORABLE = dt.timedelta(days=1)
"""How long a deleted view can be brought back, at least where no more than ``MOST_VIEWS`` are."""

_BUSY_S = 5.0
_ID_BYTES = 9
_SCHEMA = (
    "CREATE TABLE saved_views (id TEXT PRIMARY KEY, owner TEXT NOT NULL, owner_name TEXT NOT NULL,"
    " name TEXT NOT NULL, province TEXT NOT NULL, page TEXT NOT NULL, query TEXT NOT NULL,"
    " own_data TEXT NOT NULL, saved TEXT NOT NULL, changed TEXT NOT NULL,"
    " shared INTEGER NOT NULL, deleted TEXT)",
    "CREATE INDEX saved_views_of_owner ON saved_views (owner, deleted)",
)
_SELECT = (
    "SELECT id, owner, owner_name, name, province, page, query, own_data, saved, changed, shared"
    " FROM saved_views"
)
_INSERT = "INSERT INTO saved_views VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)"

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DISK = {
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR),
    *(sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH),
}


class ViewsError(AtlasError):
    """A view that cannot be saved or found. ``code`` is a phrase ``views.error_<code>``."""

    def __init__(self, code: str, **details: str) -> None:
        self.code = code
        self.details = details
        words = ", ".join(f"{name} {value}" for name, value in details.items())
        super().__init__(f"saved views: {code}" + (f" ({words})" if words else ""))


@dataclass(frozen=True)
class SavedView:
    """A view as it is kept: its content, whose it is, and whether it is the asker's own."""

    id: str
    content: KeptView
    owner_name: str
    shared: bool
    mine: bool

    @property
    def name(self) -> str:
        """What the view is called."""
        return self.content.name


@dataclass(frozen=True)
class ViewStore:
    """The views in the folder ``root``, as one person sees them.

    ``owner`` identifies whoever is signed in, or is ``None``: views are then everybody's.
    ``owner_name`` is what others are told. ``now`` is the time, and can be set by tests.
    """

    root: Path
    owner: str | None = None
    owner_name: str = ""
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)

    @property
    def path(self) -> Path:
        """Where the views are."""
        return self.root / VIEWS_FILE

    def every(self) -> tuple[SavedView, ...]:
        """Return the person's own views and those that others share, the last changed first."""
        return self._read(f" WHERE {self._open_to} ORDER BY changed DESC, name, id", self._key)

    def find(self, view_id: str) -> SavedView:
        """Return a view that the person may open; raises ``ViewsError`` where there is none."""
        for found in self._read(f" WHERE {self._open_to} AND id = ?", self._key, view_id):
            return found
        raise ViewsError("missing")

    def save(self, content: KeptView) -> SavedView:
        """Keep a view under its name; one of the same name stays beside it."""
        (saved,) = self.save_all([content])
        return saved

    def save_all(self, contents: Iterable[KeptView]) -> tuple[SavedView, ...]:
        """Keep several views, all or none: those that bring no time with them are of now."""
        time = self._time()
        kept = [self._new(one.at(one.saved or time, one.changed or time)) for one in contents]
        with self._writing() as connection:
            self._make_room(connection, len(kept))
            for one in kept:
                connection.execute(_INSERT, self._row(one))
        return tuple(kept)

    def rename(self, view_id: str, name: str) -> None:
        """Call a view by another name."""
        self._change(view_id, "name = ?, changed = ?", kept_name(name), self._time())

    def replace(self, view_id: str, content: KeptView) -> None:
        """Put the content of another view in the place of a view's; its name stays."""
        self._change(
            view_id,
            "province = ?, page = ?, query = ?, own_data = ?, changed = ?",
            *(content.province, content.page, content.query),
            *(_written(content.own_data), self._time()),
        )

    def share(self, view_id: str, *, shared: bool) -> None:
        """Let everybody who is signed in open a view, or nobody any more."""
        self._change(view_id, "shared = ?", int(shared))

    def duplicate(self, view_id: str) -> SavedView:
        """Keep a view once more, as one's own, with a number in its name."""
        found, names = self.find(view_id), {one.name for one in self.every() if one.mine}
        copy = found.content.model_copy(
            update={"name": _numbered(found.name, names), "saved": None, "changed": None}
        )
        return self.save(copy)

    def delete(self, view_id: str) -> None:
        """Delete a view; for a day it can be brought back."""
        self._change(view_id, "deleted = ?", self._time())

    def restore(self, view_id: str) -> None:
        """Bring back a view that was deleted."""
        with self._writing() as connection:
            self._make_room(connection, 1)
            done = connection.execute(
                "UPDATE saved_views SET deleted = NULL"
                " WHERE id = ? AND owner = ? AND deleted IS NOT NULL",
                (view_id, self._key),
            )
            if not done.rowcount:
                raise ViewsError("missing")

    @property
    def _key(self) -> str:
        """Return what identifies the owner in the file: no name of a person, as for datasets."""
        return DatasetStore(self.root, self.owner).folder.name

    @property
    def _open_to(self) -> str:
        """Return the condition for views that the owner may open; nobody shares with strangers."""
        others = "" if self.owner is None else " OR shared = 1"
        return f"deleted IS NULL AND (owner = ?{others})"

    def _time(self) -> str:
        return self.now().astimezone(dt.UTC).isoformat(timespec="seconds")

    def _new(self, content: KeptView) -> SavedView:
        new_id = secrets.token_urlsafe(_ID_BYTES)
        return SavedView(new_id, content, self.owner_name, shared=False, mine=True)

    def _row(self, view: SavedView) -> tuple[object, ...]:
        one = view.content
        return (
            *(view.id, self._key, view.owner_name, one.name, one.province, one.page, one.query),
            *(_written(one.own_data), one.saved, one.changed, int(view.shared)),
        )

    def _view(self, row: tuple[Any, ...]) -> SavedView:
        view_id, owner, owner_name, name, province, page, query, own, saved, changed, shared = row
        # As it stands in the file: what is odd in it is met when the view is opened.
        content = KeptView.model_construct(
            name=str(name),
            province=str(province),
            page=str(page),
            query=str(query),
            own_data=_names(own),
            saved=str(saved),
            changed=str(changed),
        )
        return SavedView(str(view_id), content, str(owner_name), bool(shared), owner == self._key)

    def _read(self, where: str, *values: str) -> tuple[SavedView, ...]:
        """Return views; a file that is not there yet holds none."""
        with _told():
            if not self.path.exists():
                return ()
            with closing(self._connection()) as connection:
                if not _version(connection):
                    return ()
                return tuple(map(self._view, connection.execute(_SELECT + where, values)))

    def _change(self, view_id: str, what: str, *values: object) -> None:
        """Change one of the person's own views; raises ``ViewsError`` where it is none."""
        with self._writing() as connection:
            done = connection.execute(
                f"UPDATE saved_views SET {what} WHERE id = ? AND owner = ? AND deleted IS NULL",  # noqa: S608
                (*values, view_id, self._key),
            )
            if not done.rowcount:
                raise ViewsError("missing")

    def _make_room(self, connection: sqlite3.Connection, count: int) -> None:
        """Raise ``ViewsError`` where ``count`` more would be more than a person may have."""
        (held,) = connection.execute(
            "SELECT count(*) FROM saved_views WHERE owner = ? AND deleted IS NULL", (self._key,)
        ).fetchone()
        if held + count > MOST_VIEWS:
            raise ViewsError("many", limit=str(MOST_VIEWS), held=str(held), more=str(count))

    def _forget(self, connection: sqlite3.Connection) -> None:
        """Remove for good what was deleted long ago, or has more deleted after it than one may."""
        before = (self.now().astimezone(dt.UTC) - RESTORABLE).isoformat(timespec="seconds")
        connection.execute("DELETE FROM saved_views WHERE deleted < ?", (before,))
        connection.execute(
            "DELETE FROM saved_views WHERE owner = ? AND deleted IS NOT NULL AND id NOT IN"
            " (SELECT id FROM saved_views WHERE owner = ? AND deleted IS NOT NULL"
            " ORDER BY deleted DESC LIMIT ?)",
            (self._key, self._key, MOST_VIEWS),
        )

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Give one transaction: all of it is durable after the block, or nothing."""
        with _told():
            self._make_file()
            with closing(self._connection()) as connection:
                connection.execute("BEGIN IMMEDIATE")
                if not _version(connection):
                    for sentence in _SCHEMA:
                        connection.execute(sentence)
                    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
                self._forget(connection)
                yield connection
                connection.execute("COMMIT")

    def _make_file(self) -> None:
        """Make an empty file that nobody else on the machine may read, if there is none."""
        if self.path.exists():
            return
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        keep_names(self.root)

    def _connection(self) -> sqlite3.Connection:
        """Open the file, which is there; where it may not be written it is read."""
        address = f"{self.path.absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(address, uri=True, timeout=_BUSY_S, isolation_level=None)
        # Beyond FULL it makes the end of a transaction durable too, should the power fail.
        connection.execute("PRAGMA synchronous = EXTRA")
        return connection


def kept_name(name: str) -> str:
    """Return a name as it is kept; raises ``ViewsError`` for an empty or too long one."""
    try:
        return clean_name(name)
    except DatasetError:
        raise ViewsError("name", limit=str(LONGEST_NAME)) from None


def _version(connection: sqlite3.Connection) -> int:
    """Return the version of the file's tables, 0 where there are none yet."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        raise ViewsError("newer", found=str(version), known=str(SCHEMA_VERSION))
    return int(version)


@contextmanager
def _told() -> Iterator[None]:
    """Say what keeps a file from being read or written; the file stays as it is."""
    try:
        yield
    except sqlite3.Error as error:
        raise _file_error(error) from None
    except OSError as error:
        raise ViewsError("disk", problem=error.strerror or str(error)) from None


def _file_error(error: sqlite3.Error) -> ViewsError:
    # The lower byte is what happened, the rest how.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in _BUSY:
        return ViewsError("busy")
    if code == sqlite3.SQLITE_FULL:
        return ViewsError("full")
    if code in _DISK:
        return ViewsError("disk", problem=str(error))
    return ViewsError("damaged", file=VIEWS_FILE, problem=str(error))


def _numbered(name: str, taken: set[str]) -> str:
    """Return ``name`` with the first number in brackets that none of ``taken`` has."""
    start, _, end = name.rpartition(" (")
    base = start if start and end.endswith(")") and end[:-1].isdecimal() else name
    for number in range(2, len(taken) + 3):
        ending = f" ({number})"
        wanted = base[: LONGEST_NAME - len(ending)].rstrip() + ending
        if wanted not in taken:
            return wanted
    return name


def _written(names: Iterable[str]) -> str:
    return json.dumps(list(names), ensure_ascii=False)


def _names(text: object) -> tuple[str, ...]:
    try:
        found = json.loads(str(text))
    except ValueError:
        return ()
    return tuple(map(str, found)) if isinstance(found, list) else ()
