"""Load the real server as many people at once would: filters, snapshots, uploads and tiles mixed.

Each session is a real one: it speaks Streamlit's own protocol over a websocket, as a browser
does, so that the server runs the page, keeps its state and sends what has changed. For the
whole time the server's memory is read, and in the second half one more person prints the whole
atlas over and over, so that the waiting times of the others can be told with and without.

    python -m benchmarks.load --sessions 100 --minutes 10
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import httpx
import psutil
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.load_tally import Tally, figures
from data.loader import default_province_id, load_province
from data.text import say
from layers.batch.batch_process import write_batch_apart
from layers.batch.map_series import sheets
from ui.access.session_cookie import COOKIE

ROOT = Path(__file__).parents[1]
RESULT = Path(__file__).parent / "load"
SEED = 20260
THINK_S = (5.0, 25.0)
SECTORS = ("assembly", "battery", "electronics", "powertrain", "hydrogen")
ROLES = ("assembly", "consolidation", "parts", "hydrogen")
SHARES = {"filter": 76, "asset": 16, "snapshot": 5, "upload": 3}
"""Of a hundred acts: how many are each."""

ANSWER_S = 120.0
ENDED = (
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
)
MIN_SNAPSHOT_BYTES = 10_000


class Session:
    """One person's page: reruns it with another address, and waits until it is whole."""

    def __init__(self, address: str, name: int) -> None:
        self.address = address
        self.random = random.Random(SEED + name)  # noqa: S311
        self.cookie = f"synthetic-{name}"
        self.asked = ""
        self.panel = self.fragment = self.file_id = ""
        self.uploader = ""
        self.headings: set[str] = set()

    async def __aenter__(self) -> Session:
        url = self.address.replace("http", "ws") + "/_stcore/stream"
        self.socket = await websockets.connect(
            url,
            subprotocols=["streamlit"],
            additional_headers={"Cookie": f"{COOKIE}={self.cookie}"},
            max_size=None,
            open_timeout=60,
            ping_timeout=None,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()

    def query(self) -> str:
        choose = self.random
        pairs = {
            "lang": choose.choice(("zh", "en")),
            "sector": choose.choice(SECTORS),
            "role": choose.choice(ROLES),
            "zoom": f"{choose.uniform(7, 10):.1f}",
            "center": f"{choose.uniform(31.5, 33.5):.3f},{choose.uniform(118.5, 120.5):.3f}",
            "overlay": ",".join(choose.sample(("assembly", "parts", "sites", "counties"), 2)),
        }
        keys = choose.sample(sorted(set(pairs) - {"zoom", "center"}), 3)
        return urlencode({key: pairs[key] for key in (*keys, "zoom", "center")}, safe=",")

    async def filter(self) -> None:
        """Open another address on the page, and take all that the server sends for it."""
        self.asked = self.query()
        message = BackMsg()
        message.rerun_script.query_string = self.asked
        # A session reads another address when a person steps back or forward to it.
        message.rerun_script.is_history_navigation = True
        await self._run(message)

    async def open_panel(self) -> None:
        """Open the snapshot's panel of the map page, as a click does: it then has its button."""
        if not self.panel:
            await self.filter()
        message = BackMsg()
        message.rerun_script.query_string = self.asked
        message.rerun_script.fragment_id = self.fragment
        message.rerun_script.widget_states.widgets.add(id=self.panel, bool_value=True)
        await self._run(message)

    async def _run(self, message: BackMsg) -> None:
        self.headings.clear()
        self.panel = self.file_id = ""
        await self._send(message)
        while True:
            answer = await self._answer()
            kind = answer.WhichOneof("type")
            if kind == "new_session":
                self.id = answer.new_session.initialize.session_id
            if kind == "delta":
                self._look_at(answer)
            if kind == "script_finished":
                if answer.script_finished in ENDED:
                    return
                if answer.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    raise RuntimeError("the page does not compile")

    def _look_at(self, answer: ForwardMsg) -> None:
        popover = answer.delta.add_block.popover
        if "widget.snapshot" in popover.id:
            self.panel, self.fragment = popover.id, answer.delta.fragment_id
        element = answer.delta.new_element
        if element.WhichOneof("type") == "exception":
            raise RuntimeError(element.exception.message)
        if element.WhichOneof("type") == "download_button":
            self.file_id = element.download_button.deferred_file_id or self.file_id
        if element.WhichOneof("type") == "file_uploader":
            self.uploader = element.file_uploader.id
        if element.WhichOneof("type") == "heading":
            self.headings.add(element.heading.body)

    async def upload(self, name: str, content: bytes) -> BackMsg:
        """Bring a file to the page of own data, as a browser does, until the page has read it.

        Return what was asked last: the page with the file.
        """
        page = BackMsg()
        page.rerun_script.page_name = "data"
        page.rerun_script.query_string = "lang=zh"
        await self._run(page)
        places = await self._places_for(name)
        await asyncio.to_thread(
            put_file, self.address, places.upload_url, name, content, self.cookie
        )
        read = BackMsg()
        read.rerun_script.CopyFrom(page.rerun_script)
        state = read.rerun_script.widget_states.widgets.add(id=self.uploader)
        state.file_uploader_state_value.uploaded_file_info.add(
            name=name, size=len(content), file_id=places.file_id, file_urls=places
        )
        await self._run(read)
        if say("data.step_columns", "zh") not in self.headings:
            raise RuntimeError("the page did not read the file")
        return read

    async def _places_for(self, name: str) -> FileURLs:
        message = BackMsg()
        message.file_urls_request.request_id = "1"
        message.file_urls_request.file_names.append(name)
        message.file_urls_request.session_id = self.id
        await self._send(message)
        while True:
            answer = await self._answer()
            if answer.WhichOneof("type") == "file_urls_response":
                return answer.file_urls_response.file_urls[0]

    async def download(self) -> None:
        """Have the file behind the download button made, and fetch it, as a click does."""
        message = BackMsg()
        message.backend_operation_request.request_id = "1"
        message.backend_operation_request.session_id = self.id
        message.backend_operation_request.deferred_file.file_id = self.file_id
        await self._send(message)
        while True:
            answer = await self._answer()
            if answer.WhichOneof("type") == "backend_operation_response":
                break
        made = answer.backend_operation_response
        if made.error_msg:
            raise RuntimeError(made.error_msg)
        size = await asyncio.to_thread(fetched_bytes, self.address + made.deferred_file.url)
        if size < MIN_SNAPSHOT_BYTES:
            raise RuntimeError(f"a snapshot of {size} bytes")

    async def _send(self, message: BackMsg) -> None:
        await self.socket.send(message.SerializeToString())

    async def _answer(self) -> ForwardMsg:
        async with asyncio.timeout(ANSWER_S):
            content = await self.socket.recv()
        answer = ForwardMsg()
        answer.ParseFromString(content)
        return answer


def fetched_bytes(address: str) -> int:
    with urllib.request.urlopen(address, timeout=ANSWER_S) as answer:  # noqa: S310
        return len(answer.read())


def put_file(address: str, place: str, name: str, content: bytes, cookie: str) -> None:
    """Send a file to the place that the server has given, with its token against forgery."""
    with httpx.Client(base_url=address, timeout=ANSWER_S, cookies={COOKIE: cookie}) as client:
        client.get("/_stcore/health")
        token = client.cookies.get("_streamlit_xsrf", "")
        files = {"file": (name, content, "text/csv")}
        client.put(place, files=files, headers={"X-Xsrftoken": token}).raise_for_status()


async def do_snapshot(session: Session, folder: Path) -> None:
    """Open the panel, ask for the file behind its button as a click on it does, and fetch it."""
    del folder
    await session.open_panel()
    await session.download()


async def live(session: Session, until: float, tally: Tally, folder: Path) -> None:
    async with session:
        while time.monotonic() < until:
            await asyncio.sleep(session.random.uniform(*THINK_S))
            act = session.random.choices(tuple(SHARES), tuple(SHARES.values()))[0]
            phase, start = tally.phase, time.monotonic()
            try:
                await ACTS[act](session, folder)
            except Exception as error:  # noqa: BLE001  (each is counted, none ends the test)
                tally.errors[f"{act}: {type(error).__name__}: {str(error)[:80]}"] += 1
                if act == "filter":
                    return
            tally.took(act, time.monotonic() - start, phase)


async def do_filter(session: Session, folder: Path) -> None:
    del folder
    await session.filter()


async def do_upload(session: Session, folder: Path) -> None:
    """Bring a list of own, synthetic sites to the page."""
    rows = session.random.randint(10, 2000)
    text = "名称,经度,纬度\n" + "".join(f"企业{at},118.{at:04d},32.0\n" for at in range(rows))
    del folder
    await session.upload("companies.csv", text.encode())


async def do_asset(session: Session, folder: Path) -> None:
    del folder
    await asyncio.to_thread(fetched_bytes, f"{session.address}/atlas/leaflet/leaflet.js")


ACTS = {"snapshot": do_snapshot, "filter": do_filter, "upload": do_upload, "asset": do_asset}


async def batches(until: float, tally: Tally, folder: Path) -> None:
    """Print the whole atlas over and over, by the code that the page calls."""
    province = load_province(default_province_id())
    total = len(sheets(province, "zh")) + 1

    def one(number: int) -> None:
        target = folder / f"batch-{number}"
        for done, _ in write_batch_apart(province.id, "zh", target, total):
            if time.monotonic() > until:
                return
            del done

    for number in count():
        if time.monotonic() > until:
            return
        try:
            await asyncio.to_thread(one, number)
            tally.batches += 1
        except Exception as error:  # noqa: BLE001
            tally.errors[f"batch: {type(error).__name__}: {error}"] += 1


async def watch(process: subprocess.Popen[bytes], until: float, tally: Tally) -> None:
    seen, start = psutil.Process(process.pid), time.monotonic()
    while time.monotonic() < until:
        with suppress(psutil.Error):
            tally.memory.append((time.monotonic() - start, seen.memory_info().rss / 1e6))
        await asyncio.sleep(1)


def serve(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = ["--server.port", str(port), "--server.address", "127.0.0.1"]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  (our own interpreter)
            [sys.executable, "-m", "streamlit", "run", "app.py", *arguments],
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        with suppress(OSError):
            fetched_bytes(f"{address}/_stcore/health")
            return process, address
        time.sleep(0.2)
    process.kill()
    raise RuntimeError("the server did not answer")


async def run(sessions: int, seconds: float, folder: Path) -> Tally:
    process, address = serve(folder)
    tally = Tally()
    try:
        until = time.monotonic() + seconds
        half = time.monotonic() + seconds / 2
        people = [live(Session(address, name), until, tally, folder) for name in range(sessions)]
        tasks = [asyncio.create_task(one) for one in people]
        tasks.append(asyncio.create_task(watch(process, until, tally)))
        await asyncio.sleep(seconds / 10)
        tally.phase = "alone"
        await asyncio.sleep(half - time.monotonic())
        tally.phase = "beside a batch"
        tasks.append(asyncio.create_task(batches(until, tally, folder)))
        for done in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(done, BaseException):
                tally.errors[f"session: {type(done).__name__}: {str(done)[:80]}"] += 1
    finally:
        process.terminate()
        process.wait(timeout=30)
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sessions", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--out", type=Path, default=RESULT, help="without its ending")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = asyncio.run(run(wanted.sessions, wanted.minutes * 60, Path(folder)))
        log = (Path(folder) / "server.log").read_text(errors="replace")
    found = figures(tally, wanted.sessions, wanted.minutes)
    found["tracebacks_in_the_log"] = log.count("Traceback")
    if "Traceback" in log:
        sys.stderr.write(log[-4000:])
    wanted.out.with_suffix(".json").write_text(
        json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    )
    lines = ["| figure | value |", "| --- | --- |", *(f"| {k} | {v} |" for k, v in found.items())]
    wanted.out.with_suffix(".md").write_text("\n".join(lines) + "\n")
    print(*lines, sep="\n")
    if tally.errors or "Traceback" in log:
        sys.exit(1)


if __name__ == "__main__":
    main()
