"""Count a source of points from the command line: ``python -m layers aggregate SOURCE``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from clusters.registers.aggregate import Totals, aggregate_here, result_table, within
from data.errors import AtlasError, UnknownChoiceError
from data.loader import Province, default_province_id, load_province
from data.tables.opening import open_source
from data.tables.source import Wanted


class ArgumentError(AtlasError):
    """An argument that is not written as it should be."""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``aggregate``."""
    command.add_argument(
        "source",
        metavar="SOURCE",
        help="FILE.csv, FILE.parquet, a folder of Parquet files, or"
        " postgresql://HOST:PORT/DATABASE?table=SCHEMA.TABLE (PGUSER, PGPASSWORD: environment)",
    )
    command.add_argument("--by", choices=("city", "county"), default="county")
    command.add_argument("--sum", metavar="COLUMN", help="a numeric column to add up")
    command.add_argument(
        "--where", metavar="COLUMN=VALUE", action="append", default=[], help="only such rows"
    )
    command.add_argument("--bbox", metavar="W,S,E,N", help="in decimal degrees")
    command.add_argument("--longitude", default="longitude", metavar="COLUMN")
    command.add_argument("--latitude", default="latitude", metavar="COLUMN")
    command.add_argument("--engine", choices=("local", "dask"), default="local")
    command.add_argument("--scheduler", metavar="ADDRESS", help="of dask: tcp://HOST:8786")
    command.add_argument("--workers", type=int, help="dask's, on this machine")
    command.add_argument("--province", help="whose cities and counties")
    command.add_argument("-o", "--output", type=Path, metavar="FILE", help="else: standard output")


def run(arguments: argparse.Namespace) -> None:
    """Count, and write the result as CSV.

    Raises ``AtlasError`` for a source or an argument that cannot be used.
    """
    province = load_province(arguments.province or default_province_id())
    if arguments.engine != "dask" and (arguments.scheduler or arguments.workers):
        raise UnknownChoiceError("--engine", arguments.engine, ("dask",))
    wanted = within(_wanted(arguments), province.counties)
    totals = _totals(arguments, wanted, province)
    table = result_table(totals, province, arguments.by, arguments.sum)
    text = table.to_csv(index=False, lineterminator="\n")
    if arguments.output is None:
        sys.stdout.write(text)
    else:
        # Spreadsheets take UTF-8 for it only with its mark.
        arguments.output.write_text(text, encoding="utf-8-sig")
        sys.stdout.write(f"{arguments.output}\n")


def _totals(arguments: argparse.Namespace, wanted: Wanted, province: Province) -> Totals:
    source = open_source(arguments.source)
    if arguments.engine == "local":
        return aggregate_here(source, wanted, province.counties, _show)
    from clusters.registers.aggregate_dask import aggregate_with_dask, cluster

    with cluster(arguments.scheduler, arguments.workers) as client:
        return aggregate_with_dask(source, wanted, province.counties, _show, client)


def _show(done: int, total: int) -> None:
    if sys.stderr.isatty():
        bar = "#" * round(40 * done / total)
        sys.stderr.write(f"\r[{bar:<40}] {done}/{total}" + ("\n" if done == total else ""))


def _wanted(arguments: argparse.Namespace) -> Wanted:
    where = []
    for text in arguments.where:
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise ArgumentError(f"`--where`: {text!r}; expected COLUMN=VALUE")
        where.append((name, value))
    return Wanted(
        value=arguments.sum,
        where=tuple(where),
        bounds=_bounds(arguments.bbox),
        longitude=arguments.longitude,
        latitude=arguments.latitude,
    )


def _bounds(text: str | None) -> tuple[float, float, float, float] | None:
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise ArgumentError(f"`--bbox`: {text!r}; expected W,S,E,N in degrees") from None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ArgumentError(f"`--bbox`: {text!r}; west below east, south below north")
    return west, south, east, north
