"""Write a brief: ``python -m layers brief QUERY -o FILE.docx``."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from data.errors import AtlasError, UnknownChoiceError
from data.loader import Province
from data.whole_file import write_whole
from layers.address.opened import open_view
from layers.brief.brief_formats import BRIEF_FORMATS, BriefFormat, brief_format, house_template
from layers.brief.briefs import brief_file_name, brief_of
from layers.command.sites_arguments import add_sites_arguments, with_sites


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``brief``."""
    command.add_argument("query", metavar="QUERY", help="a page's query string, without '?'")
    files = ", ".join(f"FILE.{name}" for name in BRIEF_FORMATS)
    command.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help=f"{files}; or a folder, where the file is called by what it holds",
    )
    command.add_argument(
        "--each-city", action="store_true", help="one of each city of the province; -o is a folder"
    )
    command.add_argument(
        "--format", choices=BRIEF_FORMATS, default="docx", help="of files in a folder"
    )
    command.add_argument(
        "--parts",
        type=lambda words: words.split(","),
        metavar="PART,...",
        help="what is in it: answer, map, standing ...; all where it is not said",
    )
    command.add_argument(
        "--template",
        type=Path,
        metavar="FILE",
        help=f"the office's own letterhead, styles and layouts: {', '.join(_taking_templates())}",
    )
    add_sites_arguments(command)


def run(arguments: argparse.Namespace) -> None:
    """Write the brief, or one of each city.

    Raises ``AtlasError`` for a query or a file that cannot be used.
    """
    path: Path = arguments.output
    in_folder = arguments.each_city or path.is_dir()
    if arguments.each_city and not path.is_dir() and _ending(path) in BRIEF_FORMATS:
        raise AtlasError(f"`-o`: {path} is called as a file; with --each-city it is a folder")
    written = BRIEF_FORMATS[arguments.format] if in_folder else brief_format(path.name)
    view, province = open_view(arguments.query, lambda province: with_sites(province, arguments))
    template = _template(arguments.template, written, province)
    if arguments.template is not None and written.template is not None:
        for remark in written.template.remarks(template, view.language):
            sys.stderr.write(f"{arguments.template}: {remark}\n")
    views = [view]
    if arguments.each_city:
        path.mkdir(parents=True, exist_ok=True)
        views = [replace(view, profile=int(adcode)) for adcode in province.cities.index]
    for one in views:
        file = path
        if in_folder:
            file = path / brief_file_name(one, province, written.extension)
        brief = brief_of(one, province, parts=arguments.parts)
        write_whole(file, written.written(brief, template))
        sys.stdout.write(f"{file}\n")


def _ending(path: Path) -> str:
    return path.suffix.removeprefix(".").lower()


def _taking_templates() -> list[str]:
    return [f"FILE.{one.extension}" for one in BRIEF_FORMATS.values() if one.template]


def _template(path: Path | None, written: BriefFormat, province: Province) -> Any | None:
    """Return the template that is named, or else the province's own, as the format takes it.

    Raises ``AtlasError`` where the format takes none, ``UnknownChoiceError`` for a template of
    another format, ``RefusedError`` for one that cannot be taken.
    """
    if path is None:
        return house_template(province, written.extension)
    known = {one.extension: one for one in BRIEF_FORMATS.values() if one.template}
    if _ending(path) not in known:
        raise UnknownChoiceError("--template", path.name, _taking_templates())
    if written.template is None:
        instead, name = " or ".join(known), written.extension.upper()
        raise AtlasError(f"`--template`: {name} takes no template; write {instead} instead")
    if known[_ending(path)] is not written:
        raise UnknownChoiceError("--template", path.name, [f"FILE.{written.extension}"])
    return written.template.read(path.read_bytes())
