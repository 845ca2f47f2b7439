"""Open a view of the atlas from Python: as a map, as tables, as a figure, as any file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from clusters.matching import Matching, matching
from clusters.measures import MeasureValues, take
from clusters.scores import city_ranking
from data.errors import UnknownChoiceError
from data.loader import Province
from layers.address.opened import open_view
from layers.address.query import write_query
from layers.brief.brief_formats import brief_format, house_template
from layers.brief.briefs import brief_of
from layers.compose import compose
from layers.exports import all_exporters
from layers.paper.print_map import draw_print_map
from layers.paper.sheet import PaperOptions
from layers.specification.map_spec import MapSpec
from layers.specification.view import View
from layers.tables.view_tables import ViewTables, view_tables
from layers.web.folium_map import FoliumMap
from layers.web.offline_page import offline_map

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class Atlas:
    """A view of a province. What it shows is what the page shows under the same query."""

    province: Province
    view: View

    @cached_property
    def spec(self) -> MapSpec:
        """Everything that the view shows: layers, legend, sources."""
        return compose(self.view, self.province)

    @property
    def title(self) -> str:
        """The title of the map."""
        return self.spec.title

    @property
    def query(self) -> str:
        """The query string of the view, as in the address of the page."""
        return write_query(self.view, self.province)

    @cached_property
    def tables(self) -> ViewTables:
        """All tables of the view, in EPSG:4326 where they have geometry."""
        return view_tables(self.spec, self.province)

    @property
    def cities(self) -> gpd.GeoDataFrame:
        """The cities in EPSG:4326, with the column ``selected``."""
        return self.tables.cities

    @property
    def sites(self) -> gpd.GeoDataFrame:
        """The sites that are drawn, points in EPSG:4326."""
        return self.tables.sites

    @property
    def matching(self) -> Matching:
        """What the filters find: sites, cities, counts by city, county and segment, capacity."""
        return matching(self.province, self.view.selection)

    def measure(self, measure_id: str) -> MeasureValues:
        """Take a measure of every city; ``KeyError`` for an unknown one."""
        return take(self.province, self.view.selection, measure_id)

    def ranking(self) -> pd.DataFrame:
        """Rank the cities by the view's criteria: ``score``, ``rank``, its band, ``confidence``."""
        return city_ranking(self.province, self.view.selection, self.view.weights).table

    def map(self) -> FoliumMap:
        """Return the view as a folium map that stands by itself and fetches nothing."""
        return offline_map(self.spec, self.province)

    def figure(self, options: PaperOptions | None = None) -> Figure:
        """Return the print map as a matplotlib figure of the sheet's size."""
        return draw_print_map(
            self.spec, self.province, options or PaperOptions(), date=dt.date.today()
        )

    def save(self, path: str | Path, options: PaperOptions | None = None) -> Path:
        """Write the view as the file that the ending of ``path`` names, and return the path.

        Raises ``UnknownChoiceError`` for an ending that no export format has.
        """
        path = Path(path)
        exporters = {one.extension: one for one in all_exporters().values()}
        extension = path.suffix.removeprefix(".").lower()
        if extension not in exporters:
            raise UnknownChoiceError("path", path.name, [f"FILE.{one}" for one in exporters])
        exporter = exporters[extension]
        path.write_bytes(exporter.write(self.spec, self.province, options or PaperOptions()))
        return path

    def brief(self, path: str | Path) -> Path:
        """Write the brief that the view asks for (docx, pdf, pptx, html), and return the path.

        Raises ``UnknownChoiceError`` for another ending, ``AtlasError`` where the view asks for
        no brief: it is of one city, of cities to compare, of an area, or of what filters find.
        """
        path = Path(path)
        written = brief_format(path.name)
        brief = brief_of(self.view, self.province)
        path.write_bytes(written.written(brief, house_template(self.province, written.extension)))
        return path

    def _repr_html_(self) -> str:
        """Show the map where a notebook shows the atlas."""
        html: str = self.map()._repr_html_()
        return html


def open_atlas(query: str = "") -> Atlas:
    """Open the view that a query string describes: that of a page's address, without ``?``.

    Raises ``QueryError`` when a part of the query is not understood, ``UnknownChoiceError`` for
    a province that is not there, ``DataError`` for broken data.
    """
    view, province = open_view(query)
    return Atlas(province, view)
