"""The real QGIS opens the GeoPackage styled, and reads the service; runs where it is installed."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import shapely

from layers.address.query import parse_query
from layers.compose import compose
from layers.exports import all_exporters
from layers.paper.sheet import PaperOptions
from tests.missing import lacks
from tests.tile_server import served
from ui.server.ogc_service import ogc_routes

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

LIVE = """
import json, sys
from qgis.core import QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer
application = QgsApplication([], False)
application.initQgis()
told = {}
for name in sys.argv[2:]:
    address = f"url='{sys.argv[1]}' typename='{name}'"
    layer = QgsVectorLayer(address, name, "OAPIF")
    window = QgsFeatureRequest(QgsRectangle(120.0, 31.0, 121.0, 32.0))
    told[name] = {
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "ids": sorted(str(one["adcode"]) for one in layer.getFeatures()),
        "inside": sorted(str(one["adcode"]) for one in layer.getFeatures(window)),
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
        lacks("QGIS", "install Debian's `python3-qgis`")
    return path


def told_by(python: str, home: Path, script: str, *arguments: str) -> dict[str, Any]:
    """Run a script in QGIS's own Python, without a screen, and return what it prints."""
    run = subprocess.run(
        [python, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={"QT_QPA_PLATFORM": "offscreen", "HOME": str(home), "PATH": "/usr/bin:/bin"},
    )
    told: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return told


@pytest.mark.parametrize("query", ["lang=zh", "lang=en&sector=battery"])
def test_qgis_opens_it_styled(qgis_python, province, tmp_path, query):
    spec = compose(parse_query(query, province).view, province)
    path = tmp_path / "view.gpkg"
    path.write_bytes(all_exporters()["gpkg"].write(spec, province, PaperOptions()))
    told = told_by(qgis_python, tmp_path, SCRIPT, str(path))
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


def test_qgis_reads_the_service_live(qgis_python, province, tmp_path):
    with served(ogc_routes()) as root:
        told = told_by(qgis_python, tmp_path, LIVE, f"{root}/ogc", "cities", "counties")
    for name, table in (("cities", province.cities), ("counties", province.counties)):
        layer = told[name]
        assert layer["valid"]
        assert layer["crs"] in ("OGC:CRS84", "EPSG:4326")
        assert layer["ids"] == sorted(str(adcode) for adcode in table.index)
        window = table[table.intersects(shapely.box(120.0, 31.0, 121.0, 32.0))]
        assert layer["inside"] == sorted(str(adcode) for adcode in window.index)
