"""Check a file to be read, or a province's data: ``python -m layers check [FILE]``."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from pathlib import Path

from clusters.measures import measures_of
from data.authoring.check import folder_faults
from data.errors import AtlasError, DataError, UnknownChoiceError
from data.loader import (
    PROVINCES_FOLDER,
    Province,
    default_province_id,
    load_province,
    province_ids,
)
from data.text import say
from layers.catalogue import all_layers
from layers.command.reading_arguments import HowRead, add_reading_arguments
from layers.command.upload_check import check_answer, check_upload
from layers.words.evidence_words import evidence_lines


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``check``."""
    command.add_argument("file", nargs="?", type=Path, metavar="FILE", help="would it be accepted?")
    add_reading_arguments(command)
    command.add_argument("--json", action="store_true", help="answer for programs")
    command.add_argument("--province", help="the province to check")


def run(arguments: argparse.Namespace) -> None:
    """Say what is found. Raises ``AtlasError`` for data with faults, or what cannot be read."""
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
