"""List what a query can name: ``python -m layers list``."""

from __future__ import annotations

import argparse
import sys

from clusters.area_of_interest import AREA_WRITTEN
from clusters.measures import measures_of
from data.evidence_rows import unit_ids
from data.loader import default_province_id, load_province, province_ids
from data.text import LANGUAGES
from layers.address.query import DECIDED_BY, MEASURED_BY, facet_choices
from layers.catalogue import overlay_ids
from layers.exports import all_exporters
from layers.specification.basemaps import BASEMAPS
from layers.specification.view import SCORE


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``list``."""
    command.add_argument("--province", help="the province whose names are listed")


def run(arguments: argparse.Namespace) -> None:
    """Write a line for each key of a query. Raises ``UnknownChoiceError`` for the province."""
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
