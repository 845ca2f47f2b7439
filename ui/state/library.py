"""Keep what all sessions share: loaded provinces, and the geometry that browsers fetch.

A changed file of a province is read again.
"""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock

from clusters.measures import measures_of
from data.errors import AtlasError, DataError, Fault
from data.loader import PROVINCES_FOLDER, Province, load_province
from layers.catalogue import all_layers
from layers.web.wire_geometry import WireGeometry

_MOST_GEOMETRIES = 500
_geometries: OrderedDict[str, WireGeometry] = OrderedDict()
_geometries_lock = Lock()


_last_good: dict[Path, Province] = {}
_problems: dict[Path, AtlasError] = {}
_files: dict[Path, set[str]] = {}
_reading = Lock()


def province(province_id: str) -> Province:
    """Return a province; where its files have broken since, as it was when they were whole.

    Raises what ``load_province`` raises where they were never whole, each time until mended.
    """
    folder = PROVINCES_FOLDER / province_id
    stamp = _stamp(folder)
    try:
        _require_same_files(folder, stamp)
        # Not all at once: many who come first together would each read the same files.
        with _reading:
            found = _loaded(province_id, stamp)
    except AtlasError as error:
        if folder not in _last_good:
            raise
        _problems[folder] = error
        return _last_good[folder]
    _problems.pop(folder, None)
    _last_good[folder] = found
    # Not what an editor leaves for a while.
    _files[folder] = {name for name, _ in stamp if name[0].isalnum() and name[-1].isalnum()}
    return found


def _require_same_files(folder: Path, stamp: tuple[tuple[str, int], ...]) -> None:
    """Raise ``DataError`` where files have gone: some may be left out, but not while it runs."""
    gone = _files.get(folder, set()) - {name for name, _ in stamp}
    if gone:
        raise DataError([Fault(name, "", "", "the file has gone") for name in sorted(gone)])


def data_problem(province_id: str) -> AtlasError | None:
    """Return what is wrong with the files of a province that is shown as it was before."""
    return _problems.get(PROVINCES_FOLDER / province_id)


def _stamp(folder: Path) -> tuple[tuple[str, int], ...]:
    if not folder.is_dir():
        return ()
    found = []
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            found.append((str(path.relative_to(folder)), path.stat().st_mtime_ns))
    return tuple(sorted(found))


@lru_cache(maxsize=8)
def _loaded(province_id: str, stamp: tuple[tuple[str, int], ...]) -> Province:
    del stamp
    found = load_province(province_id)
    # What layers and measures make of a plan is part of whether it is whole.
    all_layers(found)
    measures_of(found)
    # So is what every map has of the ground; lines are read for those who come near enough.
    for layer in ("water", "towns", "ports", "airports", "sources"):
        getattr(found.ground, layer)
    return found


def keep_geometry(wire: WireGeometry) -> str:
    """Keep a geometry of a province's files, so that browsers can fetch it; return its name.

    The least used are dropped beyond a few hundred.
    """
    with _geometries_lock:
        _geometries[wire.file_name] = wire
        _geometries.move_to_end(wire.file_name)
        while len(_geometries) > _MOST_GEOMETRIES:
            _geometries.popitem(last=False)
    return wire.file_name


def kept_geometry(name: str) -> WireGeometry | None:
    """Return the geometry of that name; ``None`` where none is kept."""
    with _geometries_lock:
        return _geometries.get(name)
