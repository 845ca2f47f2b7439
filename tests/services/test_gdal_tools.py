"""GDAL's own command reads what is exported; runs where it is installed."""

from __future__ import annotations

import shutil
import subprocess

from layers.address.query import parse_query
from layers.compose import compose
from layers.exports import all_exporters
from layers.paper.sheet import PaperOptions
from tests.missing import lacks


def test_gdal_tools_open_it(province, tmp_path):
    tool = shutil.which("ogrinfo")
    if tool is None:
        lacks("GDAL's tools", "install Debian's `gdal-bin`")
    spec = compose(parse_query("lang=en", province).view, province)
    for name in ("gpkg", "geojson"):
        path = tmp_path / f"view.{name}"
        path.write_bytes(all_exporters()[name].write(spec, province, PaperOptions()))
        run = subprocess.run(
            [tool, "-ro", "-so", "-al", str(path)], capture_output=True, text=True, check=True
        )
        assert "Feature Count: 13" in run.stdout or name == "geojson"
        assert "WGS 84" in run.stdout
