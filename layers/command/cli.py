"""Do from the command line what the pages do: the same views, the same files."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from clusters.area_of_interest import AREA_WRITTEN
from clusters.measures import measures_of
from data.authoring.check import folder_faults
from data.authoring.new_province import new_province
from data.errors import AtlasError, DataError, UnknownChoiceError
from data.evidence_rows import unit_ids
from data.loader import (
    PROVINCES_FOLDER,
    Province,
    default_province_id,
    load_province,
    province_ids,
)
from data.text import LANGUAGES, say
from data.version import VERSION
from data.whole_file import write_whole
from layers.address.opened import open_view
from layers.address.query import DECIDED_BY, MEASURED_BY, facet_choices
from layers.batch.map_series import write_batch
from layers.catalogue import all_layers, overlay_ids
from layers.command.aggregate_command import add_aggregate_command
from layers.command.brief_command import add_brief_command
from layers.command.compare_command import add_compare_command
from layers.command.points_command import PointsArguments, add_points_arguments
from layers.command.reading_arguments import HowRead, add_reading_arguments
from layers.command.sites_arguments import add_sites_arguments, with_sites
from layers.command.sites_command import add_sites_command
from layers.command.upload_check import check_answer, check_upload
from layers.compose import compose
from layers.exports import all_exporters
from layers.exports.exporter import Exporter
from layers.paper.sheet import ORIENTATIONS, PAPER_EXTENTS, PAPER_SCALES, PAPER_SIZES, PaperOptions
from layers.points.points_asked import with_asked
from layers.specification.basemaps import BASEMAPS
from layers.specification.view import SCORE
from layers.words.evidence_words import evidence_lines

BAD_INPUT = 1


def _exporter_of(path: Path, kind: str) -> Exporter:
    by_extension = {
        exporter.extension: exporter
        for exporter in all_exporters().values()
        if exporter.kind == kind
    }
    extension = path.suffix.removeprefix(".").lower()
    if extension not in by_extension:
        raise UnknownChoiceError("-o", path.name, [f"FILE.{name}" for name in by_extension])
    return by_extension[extension]


def _write_view(arguments: argparse.Namespace) -> None:
    path: Path = arguments.output
    exporter = _exporter_of(path, arguments.kind)
    points = PointsArguments(arguments)
    view, province = open_view(
        arguments.query, lambda province: points.join(with_sites(province, arguments))
    )
    spec = compose(view, province)
    if points.drawn is not None:
        spec, province = with_asked(spec, province, *points.drawn)
    content = exporter.write(spec, province, _options(arguments))
    write_whole(path, content)
    sys.stdout.write(f"{path}\n")


def _options(arguments: argparse.Namespace) -> PaperOptions:
    if arguments.kind != "map":
        return PaperOptions(link=arguments.link)
    return PaperOptions(
        size=arguments.size,
        orientation=arguments.orientation,
        extent=arguments.extent,
        title=arguments.title,
        subtitle=arguments.subtitle,
        graticule=arguments.graticule,
        scale=arguments.scale,
        inset=not arguments.no_inset,
        link=arguments.link,
    )


def _paper_arguments(command: argparse.ArgumentParser) -> None:
    paper = command.add_argument_group("paper (png, svg, pdf, pptx)")
    paper.add_argument("--size", choices=PAPER_SIZES, default="a4", help="wide is 16:9")
    paper.add_argument("--orientation", choices=ORIENTATIONS, default="auto")
    paper.add_argument("--extent", choices=PAPER_EXTENTS, default="view", help="what is shown")
    paper.add_argument("--title", help="instead of the view's own title")
    paper.add_argument("--subtitle", help="instead of the view's own subtitle")
    paper.add_argument(
        "--scale",
        type=int,
        choices=PAPER_SCALES,
        help="how many times smaller than the ground (500000 for 1 : 500,000)",
    )
    paper.add_argument("--graticule", action="store_true", help="draw meridians and parallels")
    paper.add_argument("--no-inset", action="store_true", help="leave out the inset map")


def _check(arguments: argparse.Namespace) -> None:
    province_id = arguments.province or default_province_id()
    if province_id not in province_ids():
        raise UnknownChoiceError("--province", province_id, province_ids())
    if arguments.file is not None:
        _check_file(arguments, load_province(province_id))
        return
    faults = folder_faults(PROVINCES_FOLDER / province_id)
    if faults:
        raise DataError(faults)
    province = load_province(province_id)
    all_layers(province)
    measures_of(province)
    counts = (
        f"{len(province.cities)} cities",
        f"{len(province.counties)} counties",
        f"{len(province.sites)} sites",
        f"{len(province.figures)} figures",
        f"{len(province.sources)} sources",
    )
    sys.stdout.write(f"{province_id}: no faults ({', '.join(counts)})\n")
    if len(province.sites) or province.settings.evidence_bars:
        lines = evidence_lines(province, dt.date.today())
        sys.stdout.write(
            "".join(f"{line}\n" for line in (say("evidence_state.title", "en"), *lines))
        )


def _check_file(arguments: argparse.Namespace, province: Province) -> None:
    how = HowRead.of(arguments)
    if not arguments.json:
        sys.stdout.write(f"{check_upload(arguments.file, province, how)}\n")
        return
    answer, whole = check_answer(arguments.file, province, how)
    sys.stdout.write(f"{json.dumps(answer, ensure_ascii=False, indent=1)}\n")
    if not whole:
        raise AtlasError(f"{arguments.file.name}: not all of it can be read")


def _atlas(arguments: argparse.Namespace) -> None:
    points = PointsArguments(arguments)
    province = points.join(load_province(arguments.province or default_province_id()))
    for done, total in write_batch(province, arguments.lang, arguments.out, points.drawn):
        bar = "#" * round(40 * done / total)
        sys.stderr.write(f"\r[{bar:<40}] {done}/{total}")
    sys.stderr.write("\n")
    sys.stdout.write(f"{arguments.out}\n")


def _new_province(arguments: argparse.Namespace) -> None:
    try:
        made = new_province(arguments.adcode, arguments.out, arguments.id)
    except ModuleNotFoundError as error:
        words = f"{error.name} is missing: pip install -r requirements/dev.txt"
        raise AtlasError(words) from error
    except FileExistsError as error:
        raise AtlasError(f"{error.filename} is there already; remove it, or choose --id") from error
    sys.stdout.write(f"{made}\n")


def _list(arguments: argparse.Namespace) -> None:
    province = load_province(arguments.province or default_province_id())
    lists = {
        "province": province_ids(),
        "overlay": overlay_ids(province),
        **facet_choices(province),
        "city": [f"{slug} ({adcode})" for adcode, slug in province.city_slugs.items()],
        "capacity": [f"{unit}:FROM-TO" for unit in unit_ids(province.plan)],
        "area": AREA_WRITTEN,
        "by": DECIDED_BY,
        "distance": MEASURED_BY,
        "theme": [SCORE, *(measure.id for measure in measures_of(province))],
        "basemap": list(BASEMAPS),
        "lang": LANGUAGES,
        "snapshot": [one.extension for one in all_exporters().values() if one.kind == "map"],
        "export": [one.extension for one in all_exporters().values() if one.kind == "data"],
    }
    for key, values in lists.items():
        sys.stdout.write(f"{key}: {', '.join(values)}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m layers", description=__doc__)
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, kind, words in (
        ("snapshot", "map", "write a view as a map"),
        ("export", "data", "write a view's data"),
    ):
        command = commands.add_parser(name, help=words)
        command.add_argument("query", metavar="QUERY", help="a page's query string, without '?'")
        files = ", ".join(
            f"FILE.{exporter.extension}"
            for exporter in all_exporters().values()
            if exporter.kind == kind
        )
        command.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help=files)
        command.set_defaults(run=_write_view, kind=kind)
        add_sites_arguments(command)
        add_points_arguments(command, reading=False)
        command.add_argument("--link", help="the view's address: as a QR code, or in a workbook")
        if kind == "map":
            _paper_arguments(command)
    atlas = commands.add_parser("atlas", help="print a map of each city, sector and role")
    atlas.add_argument("--out", type=Path, required=True, metavar="DIR", help="goes on if stopped")
    atlas.add_argument("--province", help="the province to print")
    atlas.add_argument("--lang", choices=LANGUAGES, default="zh")
    add_points_arguments(atlas, reading=True)
    atlas.set_defaults(run=_atlas)
    add_sites_command(commands)
    add_compare_command(commands)
    add_brief_command(commands)
    add_aggregate_command(commands)
    check = commands.add_parser("check", help="check a file to be read, or a province's data")
    check.add_argument("file", nargs="?", type=Path, metavar="FILE", help="would it be accepted?")
    add_reading_arguments(check)
    check.add_argument("--json", action="store_true", help="answer for programs")
    check.add_argument("--province", help="the province to check")
    check.set_defaults(run=_check)
    new = commands.add_parser("new-province", help="make a province's folder, with an empty plan")
    new.add_argument("--adcode", type=int, required=True, help="of the province, such as 330000")
    new.add_argument("--id", help="its name in addresses; its English name where none is given")
    new.add_argument("--out", type=Path, default=PROVINCES_FOLDER, metavar="DIR")
    new.set_defaults(run=_new_province)
    listing = commands.add_parser("list", help="list what a query can name")
    listing.add_argument("--province", help="the province whose names are listed")
    listing.set_defaults(run=_list)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, or 1 for bad input. Wrong usage exits with 2."""
    parsed = _parser().parse_args(arguments)
    try:
        parsed.run(parsed)
    except AtlasError as error:
        sys.stderr.write(f"{error}\n")
        return BAD_INPUT
    except OSError as error:
        read = {str(getattr(parsed, name, None)) for name in ("sites", "points")}
        reads = parsed.run is _check or str(error.filename) in read
        verb = "read" if reads else "write"
        sys.stderr.write(f"cannot {verb} {error.filename}: {error.strerror}\n")
        return BAD_INPUT
    return 0
