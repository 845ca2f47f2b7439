"""Draw the files that a view's map is drawn from, without words or signs, at 300 dpi on A4."""

import sys
from pathlib import Path

import geopandas as gpd
import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

province, target = Path(sys.argv[1]), Path(sys.argv[2])
figure, axes = plt.subplots(figsize=(11.69, 8.27))
names = ("neighbours", "counties", "cities", "ground/water", "ground/osm/roads", "sites")
for name in names:
    gpd.read_file(province / f"{name}.geojson").plot(ax=axes)
figure.savefig(target, dpi=300)
