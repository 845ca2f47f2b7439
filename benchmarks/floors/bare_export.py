"""Read the files that a view's data come from, and write its sites as CSV."""

import sys
from pathlib import Path

import geopandas as gpd

province, query_city, target = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
sites = gpd.read_file(province / "sites.geojson")
for name in ("cities.geojson", "counties.geojson", "ground/water.geojson"):
    gpd.read_file(province / name)
asked = sites[sites["city_adcode"] == query_city]
asked.drop(columns="geometry").to_csv(target, index=False)
