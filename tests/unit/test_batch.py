"""A batch holds every map once, goes on where it was stopped, and leaves no half file."""

from __future__ import annotations

import io
import zipfile

from layers.batch import map_series
from layers.batch.map_series import INDEX_FILE, sheets, write_batch, zip_batch
from tests.places import PLACES

CITY_FILE = f"city-{PLACES.without_role.slug}.pdf"


def test_a_map_for_each_city_sector_and_role(province):
    names = [sheet.file_name for sheet in sheets(province, "en")]
    assert len(names) == len(set(names)) == 1 + 13 + 5 + 4
    assert {CITY_FILE, "sector-battery.pdf", "role-hydrogen.pdf"} <= set(names)


def test_it_goes_on_where_it_was_stopped(province, tmp_path, monkeypatch):
    drawn = []

    def draw(sheet, province, points):
        drawn.append(sheet.file_name)
        return b"%PDF-map"

    monkeypatch.setattr(map_series, "_map", draw)
    stopped = write_batch(province, "en", tmp_path)
    for _ in range(5):
        next(stopped)
    stopped.close()
    assert len(drawn) == 5
    steps = list(write_batch(province, "en", tmp_path))
    assert steps[-1] == (24, 24)
    assert len(drawn) == len(set(drawn)) == 23
    assert (tmp_path / INDEX_FILE).read_bytes().startswith(b"%PDF")
    assert not list(tmp_path.glob(".part-*"))
    archive = zipfile.ZipFile(io.BytesIO(zip_batch(tmp_path)))
    assert len(archive.namelist()) == 24


def test_a_real_map_of_a_city(province):
    sheet = next(one for one in sheets(province, "zh") if one.file_name == CITY_FILE)
    assert map_series._map(sheet, province, None).startswith(b"%PDF")
