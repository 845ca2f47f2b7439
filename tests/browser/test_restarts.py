"""The server falls, its disk fills, its clock jumps, while a person works in Chromium."""

from __future__ import annotations

import os
import signal
import subprocess
import urllib.request
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from data.text import say
from tests.browser.atlas_page import AtlasPage
from tests.browser.data_page import DataPage
from tests.chromium import asking, until
from tests.missing import lacks
from tests.serving import RESULTS, free_port, started

LOG = RESULTS / "restarts-server.log"


@pytest.fixture
def page(browser: Browser):
    context = browser.new_context(locale="en-GB", accept_downloads=True)
    context.add_init_script("localStorage.setItem('atlas.tour', 'done')")
    yield context.new_page()
    context.close()


def download_pdf(page) -> bytes:
    # A panel that opens while the page comes up is drawn anew, shut.
    with asking(page):
        page.get_by_role("button", name="Snapshot").click()
    with asking(page):
        page.get_by_text("PDF", exact=True).click()
    with page.expect_download() as waited:
        page.get_by_role("button", name="Download", exact=True).click()
    return Path(waited.value.path()).read_bytes()


def test_a_server_killed_while_it_makes_a_file_offers_no_half_of_it(page):
    port = free_port()
    server = started(LOG, port=port)
    offered: list[Download] = []
    killed: list[int] = []
    page.on("download", lambda one: offered.append(one))

    def carry(socket: WebSocketRoute) -> None:
        beyond = socket.connect_to_server()

        def send(message: str | bytes) -> None:
            asked = BackMsg()
            asked.ParseFromString(message if isinstance(message, bytes) else message.encode())
            beyond.send(message)
            if not killed and asked.WhichOneof("type") == "backend_operation_request":
                os.kill(server.pid, signal.SIGKILL)
                killed.append(server.wait())

        socket.on_message(send)

    page.route_web_socket("**/_stcore/stream", carry)
    try:
        AtlasPage(page, f"http://127.0.0.1:{port}").open("lang=en&sector=battery&zoom=8")
        address = page.url
        page.get_by_role("button", name="Snapshot").click()
        page.get_by_role("button", name="Download", exact=True).click()
        until(page, lambda: killed)
        assert killed == [-signal.SIGKILL]
        server = started(LOG, port=port)
        page.goto(address)
        atlas = AtlasPage(page, f"http://127.0.0.1:{port}")
        atlas.wait_for_map()
        assert atlas.query["sector"] == "battery"
        assert offered == []
        content = download_pdf(page)
        assert content.startswith(b"%PDF")
        assert content.rstrip().endswith(b"%%EOF")
    finally:
        server.kill()
        server.wait()


def test_a_disk_that_is_full_is_told_and_the_rest_works(page, tmp_path):
    """A file system of 16 kB for what is kept for a while, where one can be mounted."""
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(small)]
    if subprocess.run(mount, capture_output=True).returncode:
        lacks("a file system of a few kilobytes", "it takes root on Linux to mount one")
    port = free_port()
    kept = {"TMPDIR": str(small), "ATLAS_DATASETS": str(small / "datasets")}
    server = started(LOG, port=port, environment={**os.environ, **kept})
    try:
        (tmp_path / "list.csv").write_text(
            "name,longitude,latitude\n" + "x,118.8,32.05\n" * 3000, encoding="utf-8"
        )
        data = DataPage(page, f"http://127.0.0.1:{port}").open()
        data.upload(tmp_path / "list.csv")
        words = say("intake.no_room", "en", problem="No space left on device")
        expect(page.get_by_test_id("stAlert").filter(has_text=words)).to_be_visible()
        assert [one.name for one in small.iterdir() if one.name.startswith("atlas-intake")] == []
        atlas = AtlasPage(page, f"http://127.0.0.1:{port}").open("lang=en")
        expect(atlas.map.locator(".atlas-legend")).to_be_visible()
        assert download_pdf(page).startswith(b"%PDF")
    finally:
        server.kill()
        server.wait()
        subprocess.run(["umount", "-l", str(small)], check=True)


def year_of(address: str) -> int:
    """Return the year that the server's own clock has, by the date of its answer."""
    with urllib.request.urlopen(f"{address}/_stcore/health", timeout=20) as answer:
        return parsedate_to_datetime(answer.headers["Date"]).year


def test_a_clock_that_jumps_a_year_and_back_changes_nothing(page, tmp_path):
    """The server's clock of the wall is set while it runs, as by a person or a time server."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if library is None:
        lacks("faketime", "install Debian's `faketime`")
    clock = tmp_path / "clock"
    clock.write_text("+0d")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    # The other clock, by which waiting is measured, is never set.
    faked = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
        # Threads that wait for each other would wait in a busy loop otherwise.
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
    }
    server = started(LOG, port=port, environment={**os.environ, **faked})
    try:
        atlas = AtlasPage(page, address).open("lang=en")
        legend = atlas.map.locator(".atlas-legend")
        start = year_of(address)
        (tmp_path / "good.csv").write_text("name,longitude,latitude\ngood,118.8,32.05\n")
        for days in (800, -800):
            clock.write_text(f"{days:+d}d")
            until(page, lambda days=days: (year_of(address) - start) * days > 0)
            if days > 0:
                # No layer of processes: sleeping by an absolute time is not faked as it is.
                panel = page.locator(".st-key-filter-panel")
                panel.get_by_text("Catchments by straight line (assembly hub)").click()
                expect(legend).to_contain_text("Within 50 km of a hub")
        assert download_pdf(page).startswith(b"%PDF")
        data = DataPage(page, address).open()
        data.upload(tmp_path / "good.csv")
        expect(page.get_by_text(data.say("data.step_columns"))).to_be_visible()
    finally:
        server.kill()
        server.wait()
