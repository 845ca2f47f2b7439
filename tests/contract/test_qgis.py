"""The GeoPackage opens styled in the real QGIS; runs where QGIS is installed."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from layers.compose import compose
from layers.exports import all_exporters
from layers.paper.sheet import PaperOptions
from layers.view import parse_query

SCRIPT = """
import json, sys
from qgis.core import QgsApplication, QgsVectorLayer
application = QgsApplication([], False)
application.initQgis()
told = {}
for name in ("cities", "counties", "sites"):
    layer = QgsVectorLayer(f"{sys.argv[1]}|layername={name}", name, "ogr")
    rules = layer.renderer().rootRule().children()
    told[name] = {
        "valid": layer.isValid(),
        "count": layer.featureCount(),
        "crs": layer.crs().authid(),
        "rules": [rule.label() for rule in rules],
        "drawn": all(rule.symbol() is not None for rule in rules),
    }
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def qgis_python() -> str:
    path = "/usr/bin/python3"
    found = shutil.which(path) and subprocess.run(
        [path, "-c", "import qgis.core"], capture_output=True, check=False
    )
    if not found or found.returncode != 0:
        pytest.skip("QGIS is not installed: install Debian's `python3-qgis` to run this test")
    return path


@pytest.mark.parametrize("query", ["lang=zh", "lang=en&sector=battery"])
def test_qgis_opens_it_styled(qgis_python, province, tmp_path, query):
    spec = compose(parse_query(query, province).view, province)
    path = tmp_path / "view.gpkg"
    path.write_bytes(all_exporters()["gpkg"].write(spec, province, PaperOptions()))
    run = subprocess.run(
        [qgis_python, "-c", SCRIPT, str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    told = json.loads(run.stdout.splitlines()[-1])
    for name, layer in told.items():
        assert layer["valid"]
        assert layer["drawn"]
        assert layer["crs"] == "EPSG:4326"
        classes = [
            found.label
            for drawn in spec.layers
            if drawn.geometry == name
            for found in drawn.classes
            if type(found.symbol).__name__ != "Label"
        ]
        assert layer["rules"] == classes
    assert told["cities"]["count"] == 13
