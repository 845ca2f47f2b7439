"""Write synthetic lists in the formats that people bring, for the tests of the page "Data"."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Point

from data.datum import Datum, from_wgs84
from data.loader import Province

ZH = {
    "name": "企业名称",
    "city": "所在市",
    "county": "区县",
    "sector": "行业",
    "longitude": "经度",
    "latitude": "纬度",
    "status": "状态",
}


def synthetic_list(province: Province, datum: Datum = "wgs84") -> pd.DataFrame:
    """Return one site just inside the border of each county, where a shift of datum tells."""
    metric = province.counties.to_crs(province.settings.metric_crs)
    edges = metric.geometry.buffer(-150).boundary.interpolate(0.37, normalized=True)
    points = gpd.GeoSeries(edges, crs=province.settings.metric_crs).to_crs("EPSG:4326")
    longitude, latitude = from_wgs84(points.x, points.y, datum)
    sectors = [sector.id for sector in province.plan.sectors]
    return pd.DataFrame(
        {
            "name": [f"Synthetic {place}" for place in range(len(points))],
            "city": [
                province.cities.at[adcode, "name_zh"] for adcode in province.counties["city_adcode"]
            ],
            "county": province.counties["name_zh"].to_list(),
            "sector": [sectors[place % len(sectors)] for place in range(len(points))],
            "longitude": np.round(longitude, 6),
            "latitude": np.round(latitude, 6),
            "status": ["operating", "building"] * (len(points) // 2) + ["operating"],
        }
    )


def with_faults(table: pd.DataFrame) -> pd.DataFrame:
    """Return the list with two rows that cannot be used, 4 and 8, and an odd cell in row 6."""
    broken = table.astype({"longitude": object})
    broken.loc[2, "sector"] = "poetry"
    broken.loc[4, "longitude"] = "east"
    broken.loc[6, "sector"] = "=1+1"
    return broken


def points_of(table: pd.DataFrame) -> gpd.GeoDataFrame:
    places = [Point(place) for place in zip(table["longitude"], table["latitude"], strict=True)]
    rest = table.drop(columns=["longitude", "latitude"])
    return gpd.GeoDataFrame(rest, geometry=places, crs="EPSG:4326")


def write_csv(table: pd.DataFrame, folder: Path, encoding: str = "gb18030") -> Path:
    path = folder / "list.csv"
    table.rename(columns=ZH).to_csv(path, index=False, encoding=encoding)
    return path


def write_xlsx(table: pd.DataFrame, folder: Path) -> Path:
    path = folder / "list.xlsx"
    table.rename(columns=ZH).to_excel(path, index=False)
    return path


def write_shapefile(table: pd.DataFrame, folder: Path) -> Path:
    inner = folder / "shape"
    inner.mkdir()
    points_of(table).to_file(inner / "list.shp", encoding="utf-8")
    path = folder / "list.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in inner.iterdir():
            archive.write(part, part.name)
    return path


def write_kml(table: pd.DataFrame, folder: Path) -> Path:
    path = folder / "list.kml"
    marks = []
    for row in table.to_dict("records"):
        cells = "".join(
            f'<Data name="{key}"><value>{row[key]}</value></Data>'
            for key in ("city", "county", "sector", "status")
        )
        marks.append(
            f"<Placemark><name>{row['name']}</name><ExtendedData>{cells}</ExtendedData>"
            f"<Point><coordinates>{row['longitude']},{row['latitude']}</coordinates></Point>"
            "</Placemark>"
        )
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
        f"<Document>{''.join(marks)}</Document></kml>",
        encoding="utf-8",
    )
    return path


def write_register(province: Province, folder: Path, rows: int = 160_000) -> Path:
    """Write a register of more than eight megabytes around the middle of each city."""
    chance = np.random.default_rng(11)
    homes = province.cities[["label_lon", "label_lat"]].to_numpy()
    places = homes[chance.integers(0, len(homes), rows)] + chance.normal(0, 0.05, (rows, 2))
    path = folder / "register.csv"
    pd.DataFrame(
        {
            "code": [f"0{row:08d}" for row in range(rows)],
            "company": [f"Synthetic company {row:06d}" for row in range(rows)],
            "branch": chance.choice(["cells", "motors", "sensors"], rows),
            "founded": chance.integers(1990, 2026, rows),
            "longitude": places[:, 0].round(6),
            "latitude": places[:, 1].round(6),
        }
    ).to_csv(path, index=False)
    return path
