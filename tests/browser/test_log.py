"""What a person brings is nobody else's: the server's log says no value of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from data.loader import default_province_id, load_province
from tests.browser import data_files
from tests.browser.data_page import DataPage
from tests.browser.test_data import use_list
from tests.browser.test_hostile_uploads import page  # noqa: F401  (the fixture)
from tests.serving import serving

SECRET = "canary-2b8e41"  # noqa: S105


@pytest.fixture
def logged(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Serve the atlas, as talkative as it can be made to be, and keep what it says."""
    log = tmp_path / "server.log"
    environment = {**os.environ, "ATLAS_DATASETS": str(tmp_path / "datasets")}
    with serving(log, "--logger.level", "debug", environment=environment) as address:
        yield address, log


def test_the_log_tells_no_value_of_a_file(page, logged, tmp_path):  # noqa: F811
    address, log = logged
    broken = tmp_path / f"{SECRET}.geojson"
    table = data_files.with_faults(data_files.synthetic_list(load_province(default_province_id())))
    table["name"] = [f"{SECRET} {at}" for at in range(len(table))]
    table.loc[4, "longitude"] = f"{SECRET} east"
    good = data_files.write_csv(table, tmp_path, "utf-8").rename(tmp_path / f"{SECRET}.csv")
    broken.write_text(f'{{"type": "FeatureCollection", "features": ["{SECRET}"')
    data = DataPage(page, address).open()
    data.upload(broken)
    expect(page.get_by_test_id("stAlert").first).to_be_visible()
    use_list(data, good, "wgs84")
    data.accept()
    data.to_map()
    for widget in ("overlays", "snapshot"):
        expect(page.locator(f"[class*='{widget}']").first).to_be_visible()
    data.settle()
    said = log.read_text(errors="replace")
    assert "streamlit" in said.lower()
    assert SECRET not in said
