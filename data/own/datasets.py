"""Save own data under a name, so that it is whole at every moment, and find it again.

A dataset is a small TOML file that names its ``source``: a file beside it, or what a person
who runs the atlas wrote there by hand (a file, a GeoParquet folder, ``postgresql://``). Data is
written first, under the digest of its content, and made durable; then the TOML takes the place
of the former one in one step. Whatever moment a process ends at, the former or the new dataset
is there, never a part. Files that no TOML names are left-overs; the next writing removes them.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from filelock import FileLock
from pydantic import Field, StringConstraints

from data.errors import AtlasError, Fault
from data.in_place import keep_names, put_in_place
from data.model import NonEmpty, Record
from data.schema import read_toml
from data.uploads.limits import visible

FOLDER_VARIABLE = "ATLAS_DATASETS"
"""The environment variable that names the folder."""

OPEN_OWNER = "open"
"""The folder of datasets that everybody of an installation without sign-in shares."""

LONGEST_NAME = 60

_SUFFIX = ".toml"
_USER = "user-"
_LOCK = ".lock"
_PART = ".part"
_SAVED = re.compile("[0-9a-f]{32}")
"""How data is called that was saved here: by the digest of its content."""

DatasetKind = Literal["sites", "points"]
WholeDay = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class Dataset(Record):
    """A dataset's TOML: what it is called, what it holds, and where it is.

    ``source`` is a path (relative to the TOML's folder, or absolute) or ``postgresql://``;
    points have only the rows with the values of ``where`` (by column) and within ``bounds``
    (west, south, east, north in decimal degrees); ``categories`` are the columns by which they
    are filtered, or else those of few values. ``shared`` lets everybody who is signed in read
    it; they are told ``owner``, the name of whoever saved it.
    """

    schema_version: Literal[1] = 1
    name: NonEmpty
    kind: DatasetKind
    province: NonEmpty
    file: NonEmpty
    date: WholeDay
    saved: NonEmpty
    source: NonEmpty
    categories: tuple[str, ...] = ()
    where: dict[str, str] = Field(default_factory=dict)
    bounds: tuple[float, float, float, float] | None = None
    shared: bool = False
    owner: str = ""


class DatasetError(AtlasError):
    """A dataset that cannot be saved or found. ``code`` is a phrase ``dataset.error_<code>``."""

    def __init__(self, code: str, **details: str) -> None:
        self.code = code
        self.details = details
        words = ", ".join(f"{name} {value}" for name, value in details.items())
        super().__init__(f"dataset: {code}" + (f" ({words})" if words else ""))


@dataclass(frozen=True)
class DatasetStore:
    """The datasets of one owner, in a folder of their own below ``root``.

    ``owner`` identifies whoever is signed in, or is ``None``: what is open to everybody.
    ``place`` is the name of another owner's folder, for reading.
    """

    root: Path
    owner: str | None = None
    place: str | None = None

    @property
    def folder(self) -> Path:
        """Where the owner's datasets are; no name of a person stands in the path."""
        if self.place is not None:
            return self.root / self.place
        if self.owner is None:
            return self.root / OPEN_OWNER
        return self.root / f"{_USER}{hashlib.sha256(self.owner.encode()).hexdigest()[:32]}"

    def every(self) -> tuple[Dataset, ...]:
        """Return the datasets by name; files that are none are passed over."""
        return self.read()[0]

    def read(self) -> tuple[tuple[Dataset, ...], tuple[Fault, ...]]:
        """Return the datasets by name, and what is wrong with files that should describe one."""
        paths = sorted(self.folder.glob(f"*{_SUFFIX}")) if self.folder.is_dir() else []
        read = [read_toml(path, Dataset) for path in paths]
        found = sorted((one for one, _ in read if one is not None), key=lambda one: one.name)
        return tuple(found), tuple(fault for _, faults in read for fault in faults)

    def find(self, name: str) -> Dataset:
        """Return a dataset by its name; raises ``DatasetError`` where there is none."""
        found, _ = read_toml(self._path(name), Dataset)
        if found is None:
            raise DatasetError("missing", name=name)
        return found

    def is_whole(self, dataset: Dataset) -> bool:
        """Tell whether the data is what was saved; nothing else is known of other sources."""
        source = Path(dataset.source)
        if source.name != dataset.source or not _SAVED.fullmatch(source.stem):
            return True
        try:
            with (self.folder / source).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest().startswith(source.stem)
        except OSError:
            return False

    def location(self, dataset: Dataset) -> str:
        """Return where a dataset's data is: an address, or a path that can be opened."""
        if "://" in dataset.source:
            return dataset.source
        return str(self.folder / dataset.source)

    def save(self, dataset: Dataset, suffix: str, write: Callable[[Path], None]) -> Dataset:
        """Save a dataset whose data ``write`` puts into the file that it is given.

        ``suffix`` is the data file's, with its dot. A dataset of the same name is replaced.
        Raises ``DatasetError`` for a name that is none, a full disk, or a folder that cannot
        be written; the former dataset is then as it was.
        """
        path = self._path(dataset.name)
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._locked():
                data = self._write_data(suffix, write)
                saved = dataset.model_copy(update={"source": data.name})
                _replace(path, _toml(saved).encode())
                self._clean()
        except OSError as error:
            raise _disk_error(error) from None
        return saved

    def delete(self, name: str) -> None:
        """Delete a dataset and its data; raises ``DatasetError`` where there is none."""
        path = self._path(name)
        try:
            with self._locked():
                path.unlink()
                keep_names(self.folder)
                self._clean()
        except FileNotFoundError:
            raise DatasetError("missing", name=name) from None
        except OSError as error:
            raise _disk_error(error) from None

    def share(self, name: str, *, shared: bool) -> None:
        """Let everybody who is signed in read a dataset, or nobody any more.

        Raises ``DatasetError`` where there is none, or its folder cannot be written.
        """
        try:
            with self._locked():
                changed = self.find(name).model_copy(update={"shared": shared})
                _replace(self._path(name), _toml(changed).encode())
        except FileNotFoundError:
            raise DatasetError("missing", name=name) from None
        except OSError as error:
            raise _disk_error(error) from None

    def shared_by_others(self) -> tuple[tuple[DatasetStore, Dataset], ...]:
        """Return the datasets that other owners share, by name, each with its store."""
        if self.owner is None:
            return ()
        stores = (
            DatasetStore(self.root, place=folder.name)
            for folder in sorted(self.root.glob(f"{_USER}*"))
            if folder != self.folder
        )
        found = [(store, one) for store in stores for one in store.every() if one.shared]
        return tuple(sorted(found, key=lambda pair: (pair[1].name, pair[0].place)))

    def _path(self, name: str) -> Path:
        return self.folder / f"{file_stem(name)}{_SUFFIX}"

    def _write_data(self, suffix: str, write: Callable[[Path], None]) -> Path:
        """Write the data under the digest of its content, durably."""
        handle, part = tempfile.mkstemp(suffix=f"{suffix}{_PART}", dir=self.folder)
        os.close(handle)
        try:
            write(Path(part))
            digest = _digest_and_sync(Path(part))
            target = self.folder / f"{digest}{suffix}"
            try:
                put_in_place(Path(part), target)
            except PermissionError:
                # Windows, while somebody reads it: what is there has the same digest.
                if not target.is_file():
                    raise
        finally:
            Path(part).unlink(missing_ok=True)
        keep_names(self.folder)
        return target

    def _clean(self) -> None:
        """Remove data that no dataset names: what a process that was ended has left."""
        known = self.every()
        if len(known) != len(list(self.folder.glob(f"*{_SUFFIX}"))):
            # A TOML that cannot be read may name any of the files.
            return
        named = {one.source for one in known}
        for path in self.folder.iterdir():
            own = path.suffix == _PART or path.suffix == ".parquet"
            if own and path.is_file() and path.name not in named:
                # On Windows what somebody reads stays until the next writing.
                with suppress(PermissionError):
                    path.unlink(missing_ok=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one process at a time write; the lock goes with a process that ends."""
        with FileLock(self.folder / _LOCK):
            yield


def store_folder() -> Path | None:
    """Return the folder of datasets that the environment names, or ``None``."""
    named = os.environ.get(FOLDER_VARIABLE, "").strip()
    return Path(named).expanduser() if named else None


def clean_name(name: str) -> str:
    """Return a name as it is kept; raises ``DatasetError`` for an empty or too long one."""
    text = " ".join(unicodedata.normalize("NFC", visible(name)).split())
    if not text or len(text) > LONGEST_NAME:
        raise DatasetError("name", limit=str(LONGEST_NAME))
    return text


def file_stem(name: str) -> str:
    """Return the file name of a dataset: nothing that a person types stands in a path."""
    return hashlib.sha256(clean_name(name).encode()).hexdigest()[:24]


def _toml(dataset: Dataset) -> str:
    fields = dataset.model_dump(exclude_none=True).items()
    return "".join(f"{key} = {_written(value)}\n" for key, value in fields)


def _written(value: object) -> str:
    """Return a value of TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, dict):
        pairs = (f"{_quoted(key)} = {_written(one)}" for key, one in value.items())
        return "{ " + ", ".join(pairs) + " }"
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(map(_written, value)) + "]"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    """Return a basic string of TOML."""
    escaped = "".join(
        f"\\u{ord(letter):04X}" if ord(letter) < 0x20 or ord(letter) == 0x7F else letter
        for letter in text.replace("\\", "\\\\").replace('"', '\\"')
    )
    return f'"{escaped}"'


def _replace(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path`` in one step, durably."""
    handle, part = tempfile.mkstemp(suffix=_PART, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        put_in_place(Path(part), path)
    finally:
        Path(part).unlink(missing_ok=True)
    keep_names(path.parent)


def _digest_and_sync(path: Path) -> str:
    digest = hashlib.sha256()
    # Windows makes durable only what is open to be written.
    with path.open("r+b") as file:
        while block := file.read(1 << 20):
            digest.update(block)
        os.fsync(file.fileno())
    return digest.hexdigest()[:32]


def _disk_error(error: OSError) -> DatasetError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DatasetError("full")
    return DatasetError("disk", problem=error.strerror or str(error))
