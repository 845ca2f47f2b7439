"""What fails around the atlas: it says what is missing, the rest works, nothing is half written."""

from __future__ import annotations

import ast
import os
import random
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest

import data.loader
from data.errors import DataError
from data.tables.postgis import DatabaseError, open_postgis
from data.tables.source import Wanted
from data.text import say
from layers.whole_file import write_whole
from tests.e2e.atlas_page import AtlasPage
from tests.e2e.conftest import RESULTS, free_port, wait_until_healthy
from ui import library

ROOT = Path(__file__).parents[2]
MAIN = str(ROOT / "ui" / "main.py")


@pytest.fixture
def own_province(province_copy, monkeypatch):
    """A province folder of this test's own, which the pages read."""
    target = province_copy.parent / data.loader.default_province_id()
    province_copy.rename(target)
    monkeypatch.setattr(data.loader, "PROVINCES_FOLDER", target.parent)
    monkeypatch.setattr(library, "PROVINCES_FOLDER", target.parent)
    return target


@pytest.mark.parametrize("name", ["sites.geojson", "plan.toml", "cities.geojson", "sources.csv"])
@pytest.mark.parametrize("harm", ["cut", "gone", "rubbish"])
def test_a_data_file_that_breaks_while_the_atlas_runs(name, harm, own_province):
    whole = library.province(own_province.name)
    path = own_province / name
    content = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(content[: len(content) // 2] if harm == "cut" else b"\x00\xff\xfe rubbish")
    assert library.province(own_province.name) is whole
    problem = library.data_problem(own_province.name)
    assert isinstance(problem, DataError)
    assert any(name.split(".")[0] in str(fault) for fault in problem.faults)
    path.write_bytes(content)
    os.utime(path, (1, 1))  # the clock went back: another time is another file
    assert len(library.province(own_province.name).sites) == len(whole.sites)
    assert library.data_problem(own_province.name) is None


def test_the_page_says_what_is_missing_and_goes_on(own_province):
    app = AppTest.from_file(MAIN, default_timeout=60)
    app.query_params["lang"] = "en"
    app.query_params["sector"] = "battery"
    app.run()
    assert not app.warning
    (own_province / "sites.csv").write_text("x")
    (own_province / "sites.geojson").unlink()
    app.run()
    assert not app.exception
    assert say("error.data_kept", "en") in [one.value for one in app.warning]
    assert "sites" in app.code[0].value
    assert app.session_state["atlas.view"].selection.sectors == {"battery"}


def test_a_data_file_that_is_broken_from_the_start(own_province):
    """Nothing can be shown yet: the page names the file, and goes on when it is mended."""
    path = own_province / "cities.geojson"
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    app = AppTest.from_file(MAIN, default_timeout=60)
    for language in ("zh", "en"):
        app.query_params["lang"] = language
        app.run()
        assert not app.exception
        assert [one.value for one in app.error] == [say("error.data_title", language)]
        assert "cities.geojson" in app.code[0].value
    path.write_bytes(content)
    app.run()
    assert not app.error
    assert not app.exception


def small_files(size):
    """Let a process write no file longer than ``size``: to it the disk is full."""

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@pytest.mark.parametrize("extension", ["png", "geojson"])
def test_a_full_disk_leaves_no_half_file(extension, tmp_path):
    target = tmp_path / f"map.{extension}"
    target.write_bytes(b"what was there before")
    command = "snapshot" if extension == "png" else "export"
    done = subprocess.run(
        [sys.executable, "-m", "layers", command, "lang=en", "-o", str(target)],
        cwd=ROOT,
        preexec_fn=small_files(4096),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("cannot write")
    assert target.read_bytes() == b"what was there before"
    assert [one.name for one in tmp_path.iterdir()] == [target.name]


FULL = """
from data.intake import RefusedError, read_safely
try:
    read_safely(b"a,b\\n" + b"1,2\\n" * 5000, "a.csv")
except RefusedError as error:
    print(error.note.code)
"""


def test_an_upload_on_a_full_disk_is_refused_in_words():
    done = subprocess.run(
        [sys.executable, "-c", FULL],
        cwd=ROOT,
        preexec_fn=small_files(4096),
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "no_room", done.stderr


def test_a_file_is_there_whole_or_not_at_all(tmp_path):
    """Readers never see a part, however often it is written."""
    path, seen, stop = tmp_path / "file", set(), threading.Event()
    contents = [bytes([65 + at]) * 200_000 for at in range(5)]

    def read():
        while not stop.is_set():
            with suppress(FileNotFoundError):
                seen.add(path.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for content in contents * 4:
        write_whole(path, content)
    stop.set()
    reader.join()
    assert seen <= set(contents)
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


WRITER = """
import os
import sys
from pathlib import Path
from layers.whole_file import write_whole

path, turn = Path(sys.argv[1]), 0
for line in sys.stdin:
    child = os.fork()
    while child == 0:
        turn += 1
        write_whole(path, (str(turn) + ",") .encode() * 300_000 + b"end")
        os.write(1, b"%d\\n" % turn)
    os.write(1, b"writer %d\\n" % child)
    os.waitpid(child, 0)
    os.write(1, b"ended\\n")
"""


def test_an_export_that_is_killed_leaves_the_whole_file_before_it(tmp_path):
    """Kill processes that write an export fifty times: what stands under its name is whole."""
    path, chance = tmp_path / "view.geojson", random.Random(20261125)  # noqa: S311  (moments)
    command = [sys.executable, "-c", WRITER, str(path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    unfinished = 0
    with subprocess.Popen(command, cwd=ROOT, **pipes) as starter:
        for at in range(50):
            starter.stdin.write("go\n")
            writer, turns = 0, 0
            while not writer or turns < 1 + at % 7:
                words = starter.stdout.readline().split()
                writer = int(words[1]) if words[0] == "writer" else writer
                turns += words[0].isdigit()
            time.sleep(chance.uniform(0, 0.02))
            os.kill(writer, signal.SIGKILL)
            while starter.stdout.readline().strip() != "ended":
                pass
            content = path.read_text()
            turn = content.partition(",")[0]
            assert content == f"{turn}," * 300_000 + "end"
            unfinished += len(list(tmp_path.iterdir())) > 1
            for part in tmp_path.glob(".*.part"):
                part.unlink()
        starter.stdin.close()
    # Or the kills would have met no writing.
    assert unfinished > 2


def test_a_database_that_is_not_there_is_named_without_its_secrets(monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "do-not-show")
    port = free_port()
    source = open_postgis(f"postgresql://someone@127.0.0.1:{port}/atlas?table=public.sites")
    with pytest.raises(DatabaseError) as caught:
        source.parts(Wanted(), 4)
    assert "127.0.0.1" in str(caught.value)
    assert "do-not-show" not in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_no_waiting_depends_on_the_clock_of_the_wall():
    for folder in ("data", "clusters", "layers", "ui"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                    assert (node.value.id, node.attr) != ("time", "time"), path


def started(port: int, before: tuple[str, ...] = (), **environment: str) -> subprocess.Popen[bytes]:
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / "faults-server.log").open("ab") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "streamlit", "run", "app.py"),
                *("--server.port", str(port), "--server.address", "127.0.0.1"),
            ],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    wait_until_healthy(f"http://127.0.0.1:{port}", process)
    return process


@pytest.mark.browser
def test_a_websocket_lost_in_the_middle_of_a_filter_comes_back_with_it(browser: Browser):
    """The connection is cut as soon as the filter has been sent: its answer never arrives."""
    port = free_port()
    server = started(port)
    page = browser.new_page(locale="en-GB")
    page.set_default_timeout(240_000)
    cut: list[WebSocketRoute] = []
    armed = False

    def carry(socket: WebSocketRoute) -> None:
        beyond = socket.connect_to_server()

        def send(message: str | bytes) -> None:
            nonlocal armed
            beyond.send(message)
            if armed:
                armed = False
                cut.append(socket)
                beyond.close()
                socket.close(code=1011)

        socket.on_message(send)

    page.route_web_socket("**/_stcore/stream", carry)
    try:
        atlas = AtlasPage(page, f"http://127.0.0.1:{port}").open("lang=en")
        armed = True
        page.locator(".st-key-filter-panel").get_by_text("Hot spots (counties)").click()
        legend = atlas.map.locator(".atlas-legend")
        expect(legend).to_contain_text("Hot spot", timeout=90_000)
        assert len(cut) == 1
        expect(page).to_have_url(re.compile("hotspots"))
    finally:
        page.close()
        server.kill()
        server.wait()


@pytest.mark.browser
def test_a_file_waits_for_who_asked_for_it_whatever_others_do(browser: Browser):
    """Between the making of the file and its fetching, pages of somebody else run."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    server = started(port)
    page, other = (browser.new_page(locale="en-GB") for _ in range(2))
    page.set_default_timeout(240_000)
    held: list[tuple[WebSocketRoute, bytes, str]] = []

    def carry(socket: WebSocketRoute) -> None:
        beyond = socket.connect_to_server()

        def receive(message: str | bytes) -> None:
            told = ForwardMsg()
            told.ParseFromString(message if isinstance(message, bytes) else message.encode())
            if told.WhichOneof("type") == "backend_operation_response":
                file = told.backend_operation_response.deferred_file.url
                held.append((socket, told.SerializeToString(), file))
            else:
                socket.send(message)

        beyond.on_message(receive)

    page.route_web_socket("**/_stcore/stream", carry)
    try:
        AtlasPage(page, address).open("lang=en")
        page.get_by_role("button", name="Snapshot").click()
        page.get_by_role("button", name="Download", exact=True).click()
        while not held:
            page.wait_for_timeout(100)
        for name in ("plan", "progress", "plan", "sources"):
            other.goto(f"{address}/{name}?lang=en")
            other.locator("[data-test-script-state='notRunning']").first.wait_for()
            other.wait_for_load_state("networkidle")
        socket, message, file = held[0]
        with page.expect_download() as waited:
            socket.send(message)
        assert Path(waited.value.path()).read_bytes().startswith(b"\x89PNG")
        assert file.startswith("/media/")
    finally:
        page.close()
        other.close()
        server.kill()
        server.wait()


@pytest.mark.browser
def test_a_server_killed_while_a_filter_waits_comes_back_with_the_view(browser: Browser):
    """The websocket is lost, a filter is changed meanwhile, the server comes back."""
    port = free_port()
    server = started(port)
    page = browser.new_page(locale="en-GB")
    page.set_default_timeout(240_000)
    try:
        atlas = AtlasPage(page, f"http://127.0.0.1:{port}").open("lang=en&sector=battery&zoom=8")
        address = page.url
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        page.get_by_text("Assembly hubs").first.dispatch_event("click")  # nobody answers it
        server = started(port)
        atlas.wait_for_map()
        expect(page.get_by_text("Power battery").first).to_be_visible()
        assert "sector=battery" in page.url
        page.goto(address)
        atlas.wait_for_map()
        assert atlas.query["sector"] == "battery"
        page.screenshot(path=RESULTS / "after-restart.png")
    finally:
        page.close()
        server.kill()
        server.wait()
