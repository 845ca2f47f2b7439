"""Find the layers of a zip archive: shapefiles, KML, tables; archives inside are passed over."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from data.uploads.formats.archive import member_name, open_zip, unpack
from data.uploads.limits import Limits, Note, RefusedError, note

_SHAPE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_NEEDED_PARTS = (".shx", ".dbf")
_ARCHIVES = {".zip", ".rar", ".7z", ".gz", ".tar", ".bz2", ".xz", ".tgz", ".kmz"}
_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".geojson", ".json", ".gpkg", ".kml")

Layers = dict[str, list[zipfile.ZipInfo]]


def unpack_layer(
    path: Path, folder: Path, limits: Limits, wanted: str | None = None
) -> tuple[Path, tuple[str, ...], str, tuple[Note, ...]]:
    """Write one layer of the archive to ``folder``, as ``layer.*``.

    Return the path of its main file, the names of all layers, its own, and notes of what was
    not read. It is the layer ``wanted``, or the first shapefile, or else the first table. Raises
    ``RefusedError`` where there is none, none of that name, or a part of it is missing.
    """
    with open_zip(path) as archive:
        members = [one for one in archive.infolist() if not one.is_dir() and _is_own(one)]
        layers = _layers(members)
        nested = [member_name(one) for one in members if _suffix(one) in _ARCHIVES]
        if not layers:
            if nested:
                raise RefusedError("zip_nested", name=nested[0][:80])
            raise RefusedError("shapefile_count", found=0)
        names = tuple(layers)
        if wanted is not None and wanted not in layers:
            raise RefusedError("no_sheet", sheet=wanted[:60], choices=", ".join(names)[:300])
        chosen = wanted or names[0]
        targets = {one.filename: folder / f"layer{_suffix(one)}" for one in layers[chosen]}

        def write(member: zipfile.ZipInfo, piece: bytes) -> None:
            with targets[member.filename].open("ab") as target:
                target.write(piece)

        unpack(archive, layers[chosen], limits, write)
    notes = [note("zip_passed_over", names=", ".join(nested)[:200])] if nested else []
    if len(names) > 1 and wanted is None:
        left = ", ".join(name for name in names if name != chosen)[:200]
        notes.append(note("other_sheets", sheet=chosen[:60], others=left))
    main = next(target for target in targets.values() if target.suffix in (".shp", *_TABLES))
    return main, names, chosen, tuple(notes)


def _layers(members: Iterable[zipfile.ZipInfo]) -> Layers:
    """Return the members of each layer by its name: its file without the ending."""
    by_name = {member_name(one).lower(): one for one in members}
    shapes = [one for one in by_name.values() if _suffix(one) == ".shp"]
    layers: Layers = {}
    for one in shapes:
        stem = member_name(one)[:-4]
        parts = [
            by_name[name] for suffix in _SHAPE_PARTS if (name := stem.lower() + suffix) in by_name
        ]
        for part in _NEEDED_PARTS:
            if part not in {_suffix(found) for found in parts}:
                raise RefusedError("shapefile_part", part=part)
        layers[stem] = parts
    if not layers:
        tables = [one for one in by_name.values() if _suffix(one) in _TABLES]
        layers = {member_name(one): [one] for one in tables}
    return layers


def _suffix(member: zipfile.ZipInfo) -> str:
    return PurePosixPath(member_name(member)).suffix.lower()


def _is_own(member: zipfile.ZipInfo) -> bool:
    name = member_name(member)
    return not name.startswith("__MACOSX/") and not PurePosixPath(name).name.startswith(".")
