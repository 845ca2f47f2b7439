"""Keep loaded provinces, shared by all sessions; a changed file is read again."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from data.loader import PROVINCES_FOLDER, Province, load_province


def province(province_id: str) -> Province:
    """Return a province; raises what ``load_province`` raises, each time until it is mended."""
    return _loaded(province_id, _stamp(PROVINCES_FOLDER / province_id))


def _stamp(folder: Path) -> tuple[tuple[str, int], ...]:
    if not folder.is_dir():
        return ()
    return tuple(sorted((path.name, path.stat().st_mtime_ns) for path in folder.iterdir()))


@lru_cache(maxsize=8)
def _loaded(province_id: str, stamp: tuple[tuple[str, int], ...]) -> Province:
    del stamp
    return load_province(province_id)
