"""A register is the same from a file, a folder and a database; a page shows the province's own."""

from __future__ import annotations

import shutil

import geopandas as gpd
import pandas as pd
import pyarrow.csv as pa_csv
import pytest
from streamlit.testing.v1 import AppTest

import data.loader
import data.tables.point_tables
import ui.state.library
from data.errors import DataError
from data.loader import PROVINCES_FOLDER, default_province_id, load_folder
from data.own.dataset_content import load_own
from data.own.datasets import DatasetStore, file_stem
from data.tables.point_tables import table_points
from data.tables.register_of_source import register_of_source, wanted_rows
from data.text import say
from tests.pages.test_pages import open_app
from tests.synthetic import synthetic_table

from .conftest import COUNT

WHERE = {"sector": "battery"}
BOUNDS = (118.0, 32.0, 120.0, 34.0)


@pytest.fixture(scope="module")
def frame(province) -> pd.DataFrame:
    return synthetic_table(province, COUNT).to_pandas()


@pytest.fixture
def sources(tmp_path, frame, province, database, reader) -> dict[str, str]:
    """The same points in a CSV file, a folder of GeoParquet and a database."""
    del reader
    pa_csv.write_csv(synthetic_table(province, COUNT), tmp_path / "points.csv")
    points = gpd.GeoDataFrame(
        frame.drop(columns=["longitude", "latitude"]),
        geometry=gpd.points_from_xy(frame.longitude, frame.latitude),
        crs="EPSG:4326",
    )
    (tmp_path / "folder").mkdir()
    points.iloc[:700].to_parquet(tmp_path / "folder" / "a.parquet", write_covering_bbox=True)
    points.iloc[700:].to_parquet(tmp_path / "folder" / "b.parquet", row_group_size=500)
    return {
        "csv": str(tmp_path / "points.csv"),
        "folder": str(tmp_path / "folder"),
        "database": database.address(),
    }


def records(register) -> pd.DataFrame:
    table = register.records(range(len(register))).to_pandas()
    return table[["id", "sector", "year", "staff"]].sort_values("id", ignore_index=True)


@pytest.mark.parametrize("kind", ["csv", "folder", "database"])
def test_a_register_has_the_rows_and_columns_of_its_source(sources, frame, province, kind):
    whole = register_of_source(sources[kind], province.counties)
    assert len(whole) == COUNT
    assert {"sector", "year"} <= set(whole.categories)
    part = register_of_source(
        sources[kind], province.counties, wanted=wanted_rows(WHERE, BOUNDS), categories=("year",)
    )
    kept = frame[(frame.sector == "battery") & frame.longitude.between(118, 120)]
    kept = kept[kept.latitude.between(32, 34)]
    assert 0 < len(part) == len(kept)
    assert set(part.categories) == {"year"}
    expected = kept[["id", "sector", "year", "staff"]].sort_values("id", ignore_index=True)
    pd.testing.assert_frame_equal(records(part), expected, check_dtype=False)


def test_nothing_wanted_is_an_empty_register(sources, province):
    for address in sources.values():
        wanted = wanted_rows({"sector": "nobody's"}, None)
        assert len(register_of_source(address, province.counties, wanted=wanted)) == 0


def test_folders_of_different_files_are_refused(tmp_path, province):
    tables = [pd.DataFrame({"longitude": [119.0], "latitude": [32.0], "n": [n]}) for n in ("a", 1)]
    for place, table in enumerate(tables):
        table.to_parquet(tmp_path / f"{place}.parquet")
    with pytest.raises(DataError, match="do not have the same columns"):
        register_of_source(str(tmp_path), province.counties)


def test_a_dataset_written_by_hand_brings_columns_of_a_database(sources, province, tmp_path):
    store = DatasetStore(tmp_path / "saved")
    store.folder.mkdir(parents=True)
    (store.folder / f"{file_stem('Register')}.toml").write_text(
        f'name = "Register"\nkind = "points"\nprovince = "{province.id}"\nfile = "Register"\n'
        'date = "2026-10-01"\nsaved = "by hand"\ncategories = ["sector"]\n'
        f"source = {sources['database']!r}\nbounds = [118.0, 32.0, 120.0, 34.0]\n"
        "[where]\nsector = 'hydrogen'\n"
    )
    register = load_own(store, "Register", province).register
    assert set(records(register).sector) == {"hydrogen"}
    assert register.categories["sector"].labels == ("hydrogen",)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    folder = tmp_path / "provinces"
    shutil.copytree(PROVINCES_FOLDER / default_province_id(), folder / default_province_id())
    for module in (data.loader, data.tables.point_tables, ui.state.library):
        monkeypatch.setattr(module, "PROVINCES_FOLDER", folder)
    return folder


def add_table(folder, source: str, evidence: str = "tianditu") -> None:
    with (folder / default_province_id() / "province.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[[tables]]\nid = "synthetic"\nname = { zh = "合成数据", en = "Synthetic points" }\n'
            f'source = "{source}"\nevidence = "{evidence}"\nwhere = {{ sector = "battery" }}\n'
        )


def test_a_table_of_a_province_is_found_in_its_folder(folder, province):
    pa_csv.write_csv(synthetic_table(province, 300), folder / province.id / "points.csv")
    add_table(folder, "points.csv")
    loaded = load_folder(folder / province.id)
    points = table_points(loaded, loaded.settings.tables[0])
    assert 0 < len(points.register) < 300
    assert points.mark("en") == "Synthetic points (天地图 Tianditu, 2025)"


def test_a_table_without_a_source_is_a_fault(folder):
    add_table(folder, "points.csv", "nobody")
    with pytest.raises(DataError, match="no source 'nobody'"):
        load_folder(folder / default_province_id())


def choose_points(app: AppTest) -> AppTest:
    box = app.selectbox(key="widget.points")
    assert box.value == ""
    return box.set_value("synthetic").run(timeout=60)


def test_the_page_shows_a_province_table_from_a_database(folder, sources, frame):
    add_table(folder, sources["database"])
    app = choose_points(open_app(lang="en"))
    assert not app.exception
    total = f"{(frame.sector == 'battery').sum():,}"
    assert say("points.count", "en", chosen=total, total=total) in [
        one.value for one in app.markdown
    ]
    assert any("year" in box.label for box in [*app.multiselect, *app.slider])


def test_a_dead_database_leaves_the_rest_of_the_page(folder):
    add_table(folder, "postgresql://127.0.0.1:1/atlas?table=t")
    app = choose_points(open_app(lang="en"))
    assert not app.exception
    assert say("points.problem", "en") in [one.value for one in app.warning]
    assert "postgresql://127.0.0.1/atlas" in app.code[0].value
    assert app.selectbox(key="widget.points").value == "synthetic"
    assert app.multiselect
