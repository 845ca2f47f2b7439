"""Print a whole atlas: a map of each city, each sector and each role, and an index.

Maps are written one by one under names that tell what they are; a map that is there already
is left alone, so that a batch that was stopped goes on where it was.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from clusters.selection import Selection
from data.loader import Province
from data.tables.point_tables import Points
from data.text import Language
from data.whole_file import write_whole
from layers.compose import compose
from layers.paper.figure import let_go
from layers.paper.fonts import paper_font, printable
from layers.paper.print_map import render_print_map
from layers.paper.sheet import PaperOptions
from layers.points.points_asked import PointsAsked, with_asked
from layers.specification.symbology import INK, MUTED_INK
from layers.specification.view import View
from layers.words.plan_words import map_note, map_title

INDEX_FILE = "index.pdf"
_LINES_A_PAGE = 46


@dataclass(frozen=True)
class MapSheet:
    """One map of the batch: its file name, its heading in the index, its view."""

    file_name: str
    heading: str
    view: View
    options: PaperOptions


def sheets(province: Province, language: Language) -> tuple[MapSheet, ...]:
    """Return the maps of a batch: the province, then cities, sectors and roles."""
    whole = View(province.id, language=language)
    field = "name_zh" if language == "zh" else "name_en"
    near = PaperOptions(extent="selection")
    listed = [MapSheet("province.pdf", province.settings.name.say(language), whole, PaperOptions())]
    for adcode, slug in province.city_slugs.items():
        name = str(province.cities.at[adcode, field])
        view = View(province.id, Selection(cities=frozenset({adcode})), language=language)
        listed.append(MapSheet(f"city-{slug}.pdf", name, view, near))
    for sector in province.plan.sectors:
        view = View(province.id, Selection(sectors=frozenset({sector.id})), language=language)
        heading = sector.name.say(language)
        listed.append(MapSheet(f"sector-{sector.id}.pdf", heading, view, PaperOptions()))
    for role in province.plan.roles:
        view = View(province.id, Selection(roles=frozenset({role.id})), language=language)
        heading = role.name.say(language)
        listed.append(MapSheet(f"role-{role.id}.pdf", heading, view, PaperOptions()))
    return tuple(listed)


def write_batch(
    province: Province,
    language: Language,
    folder: Path,
    points: tuple[Points, PointsAsked] | None = None,
) -> Iterator[tuple[int, int]]:
    """Write the batch into ``folder``; yield (done, all) after each file.

    ``points`` are on every map, filtered by what the map is of. A file appears under its name
    only when it is complete.
    """
    folder.mkdir(parents=True, exist_ok=True)
    listed = sheets(province, language)
    for done, sheet in enumerate(listed, start=1):
        path = folder / sheet.file_name
        if not path.exists():
            write_whole(path, _map(sheet, province, points))
        yield done, len(listed) + 1
    write_whole(folder / INDEX_FILE, _index(listed, province, language))
    yield len(listed) + 1, len(listed) + 1


def _map(sheet: MapSheet, province: Province, points: tuple[Points, PointsAsked] | None) -> bytes:
    spec = compose(sheet.view, province)
    if points is not None:
        spec, province = with_asked(spec, province, *points)
    return render_print_map(spec, province, "pdf", sheet.options)


def zip_batch(folder: Path) -> bytes:
    """Return all files of a batch as one zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.glob("*.pdf")):
            archive.write(path, path.name)
    return buffer.getvalue()


def _index(listed: tuple[MapSheet, ...], province: Province, language: Language) -> bytes:
    """Return the index: a page that lists every map with its file."""
    figure = Figure(figsize=(210 / 25.4, 297 / 25.4), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.08, 0.05, 0.84, 0.9))
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    title = map_title(province, language)
    axes.text(0, 1, printable(title), fontproperties=paper_font(18), color=INK, va="top")
    for place, sheet in enumerate(listed[:_LINES_A_PAGE]):
        y = 0.93 - place * 0.0195
        axes.text(0, y, printable(sheet.heading), fontproperties=paper_font(10), color=INK)
        axes.text(1, y, sheet.file_name, fontproperties=paper_font(9), color=MUTED_INK, ha="right")
    note = map_note(province, language)
    axes.text(0, 0, printable(note), fontproperties=paper_font(8), color=MUTED_INK)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="pdf", metadata={"Title": title, "CreationDate": None})
    let_go(figure)
    return buffer.getvalue()
