"""Hostile files are brought to the page itself, in Chromium: it says why not, and goes on."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import stat
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from playwright.sync_api import Browser, Page, expect

from data.text import Language, say
from data.uploads.limits import RefusedError
from data.uploads.uploaded_file import UploadedFile
from tests.browser.atlas_page import AtlasPage
from tests.browser.data_page import DataPage
from tests.browser.test_hostile_province import Listener, open_everything, wait_until_drawn
from tests.chromium import until
from tests.hostile.corpus import CORPUS
from tests.readers import readers

MEGABYTE = 1 << 20
GOOD = "name,longitude,latitude\ngood,118.8,32.05\n"
LONG_NAME = "\u202e" + "<img src=x onerror=alert(1)>" + "名" * 60


@pytest.fixture
def page(browser: Browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    context.add_init_script("localStorage.setItem('atlas.tour', 'done')")
    yield context.new_page()
    context.close()


def zipped(*members) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def link() -> zipfile.ZipInfo:
    found = zipfile.ZipInfo("a.shp")
    found.external_attr = (stat.S_IFLNK | 0o777) << 16
    return found


def wide_parquet() -> bytes:
    """A large file: more than eight megabytes, whose coordinate system names a file."""
    about = {"encoding": "WKB", "crs": "+proj=longlat +nadgrids=/etc/passwd"}
    geo = {"primary_column": "geometry", "columns": {"geometry": about}}
    table = pa.table(
        {
            "noise": pa.array([os.urandom(1000).hex() for _ in range(9000)]),
            "geometry": pa.array([shapely.to_wkb(shapely.Point(118.8, 32))] * 9000),
        }
    ).replace_schema_metadata({"geo": json.dumps(geo)})
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


HOSTILE = {
    "virtual.geojson": lambda: b"<OGRVRTDataSource><SrcDataSource>/etc/passwd</SrcDataSource>",
    "outside.zip": lambda: zipped(("../../a.shp", b"x")),
    "link.zip": lambda: zipped((link(), "/etc/passwd")),
    "nested.zip": lambda: zipped(("inner.zip", b"x")),
    "bomb.zip": lambda: zipped(*((f"a.{end}", bytes(30 << 20)) for end in ("shp", "shx", "dbf"))),
    "entities.kml": lambda: b'<!DOCTYPE k [<!ENTITY e SYSTEM "file:///etc/passwd">]><kml>&e;</kml>',
    "deep.json": lambda: b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "broken.gpkg": lambda: b"SQLite format 3\0" + bytes(range(256)) * 99,
    "footer.parquet": lambda: b"PAR1" + bytes(range(256)) + b"\xf0\xff\xff\xffPAR1",
    "reach.parquet": wide_parquet,
    "line.csv": lambda: b"name,longitude,latitude\n" + b"x" * 9 * MEGABYTE,
    "polyglot.xlsx": lambda: b"GIF89a<script>alert(1)</script>" + zipped(("a", "b")),
}


def take_away(page: Page) -> None:
    """Take the file away by the control of Streamlit, in the words of either language."""
    page.get_by_role("button", name=re.compile("Remove|移除")).first.click()


def test_hostile_files_one_after_the_other(page: Page, server: str, tmp_path: Path):
    language: Language = "zh"
    data = DataPage(page, server, language).open()
    listener = Listener(page.context, (server, server.replace("http", "ws")))
    listener.listen(page)
    for name, make in HOSTILE.items():
        content = make()
        (tmp_path / name).write_bytes(content)
        with pytest.raises(RefusedError) as refused:
            UploadedFile.read(content, name)
        data.upload(tmp_path / name)
        words = refused.value.note.say(language).strip()
        alert = page.get_by_test_id("stAlert").filter(has_text=words)
        expect(alert).to_be_visible()
        data.settle()
        take_away(page)
        expect(alert).to_have_count(0)
    (tmp_path / "good.csv").write_text(GOOD)
    data.upload(tmp_path / "good.csv")
    expect(page.get_by_text(data.say("data.step_columns"))).to_be_visible()
    assert listener.heard == []


def test_a_reader_that_is_killed_is_told_on_the_page(page: Page, server: str, tmp_path: Path):
    """The process that reads is killed; the page says so, and reads the next file."""
    data = DataPage(page, server).open()
    # As many cells as may be: small tables are read before anybody could have seen by whom.
    cells = {"name": "x", "longitude": 118.8, "latitude": 32.0}
    cells |= {f"remark {at}": "-" for at in range(17)}
    pd.DataFrame(cells, index=range(99_000)).to_csv(tmp_path / "many.csv", index=False)
    (tmp_path / "good.csv").write_text(GOOD)
    data.upload(tmp_path / "many.csv")
    found: list[psutil.Process] = []

    def is_read() -> bool:
        found.extend(readers(atlas_at(server)))
        return bool(found)

    until(page, is_read)
    os.kill(found[0].pid, signal.SIGKILL)
    words = say("intake.worker_fell", "en", limit=2048)
    expect(page.get_by_test_id("stAlert").filter(has_text=words)).to_be_visible()
    data.settle()
    take_away(page)
    data.upload(tmp_path / "good.csv")
    expect(page.get_by_text(data.say("data.step_columns"))).to_be_visible()


def atlas_at(server: str) -> psutil.Process:
    port = server.rpartition(":")[2]
    every = (one for one in psutil.process_iter(["cmdline"]) if one.info["cmdline"])
    return next(one for one in every if port in one.info["cmdline"])


def test_own_data_full_of_scripts_stays_text_everywhere(
    page: Page,
    server: str,
    province,
    tmp_path: Path,
):
    """A list of the corpus, under a hostile name, is taken over, drawn, searched and saved."""
    listener = Listener(page.context, (server, server.replace("http", "ws")))
    listener.listen(page)
    inside = province.counties.geometry.iloc[0].representative_point()
    table = pd.DataFrame(
        {
            "name": list(CORPUS),
            "owner": list(reversed(CORPUS)),
            "notes": list(CORPUS),
            "sector": "battery",
            "longitude": [inside.x + 0.001 * at for at in range(len(CORPUS))],
            "latitude": inside.y,
        }
    )
    points = gpd.points_from_xy(table["longitude"], table["latitude"], crs="EPSG:4326")
    path = tmp_path / f"{LONG_NAME[:40].replace('/', '')}.geojson"
    frame = gpd.GeoDataFrame(table.drop(columns=["longitude", "latitude"]), geometry=points)
    path.write_text(frame.to_json(ensure_ascii=True), encoding="utf-8")
    data = DataPage(page, server).open().upload(path)
    data.choose_datum("wgs84")
    data.choose_kind("supplier")
    data.accept()
    data.settle()
    page.get_by_role("button", name=data.say("dataset.save"), exact=True).click()
    page.get_by_role("textbox", name=data.say("dataset.name")).fill(LONG_NAME[:60])
    page.get_by_role("button", name=data.say("dataset.save_now")).click()
    expect(page.get_by_text(data.say("dataset.delete"), exact=True).first).to_be_visible()
    page.keyboard.press("Escape")
    data.to_map()
    wait_until_drawn(page)
    frame = next(one for one in page.frames if "/atlas/frame/" in one.url)
    open_everything(frame)
    data.settle()
    for name in ("ranking", "sources", "chain"):
        group = "pages.data" if name == "sources" else "pages.analysis"
        AtlasPage(page, server).go_to(data.say(group), data.say(f"page.{name}"))
        page.wait_for_url(f"**/{name}**")
        data.settle()
    assert listener.heard == []
    assert page.locator("img[src='x']").count() == 0
