"""What the server's memory is after sessions with own points have come and gone.

Each session is a real one, over Streamlit's own protocol: it brings a file of synthetic points,
says their datum, uses them, opens the map and closes. The memory of the server is read after
some first sessions (libraries are loaded by then), and after all, when what they left had time
to go.

    python -m benchmarks.closed_sessions --sessions 200 --rows 20000
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from pathlib import Path

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.load import Session, serve
from data.text import say

RESULT = Path(__file__).parent / "closed_sessions.json"
FIRST = 10
REST_S = 60
"""So long memory is watched after the last session: the search for garbage has its own time."""


class OwnPoints(Session):
    """A session that uses a file of points."""

    def __init__(self, address: str, name: int) -> None:
        super().__init__(address, name)
        self.radio = self.accept = ""

    def _look_at(self, answer: ForwardMsg) -> None:
        super()._look_at(answer)
        element = answer.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "radio" and element.radio.label == say("data.datum", "zh"):
            self.radio = element.radio.id
        if kind == "button" and "data.accept" in element.button.id:
            self.accept = element.button.id

    async def use(self, name: str, content: bytes) -> None:
        """Bring a file, and go through the page's steps until the map shows it."""
        page = await self.upload(name, content)
        datum = say("datum.wgs84", "zh")
        page.rerun_script.widget_states.widgets.add(id=self.radio, string_value=datum)
        await self._run(page)
        page.rerun_script.widget_states.widgets.add(id=self.accept, trigger_value=True)
        await self._run(page)
        shown = BackMsg()
        shown.rerun_script.query_string = "lang=zh"
        await self._run(shown)


def synthetic_points(rows: int) -> bytes:
    places = ((118.5 + at % 997 / 1000, 32 + at % 991 / 1000) for at in range(rows))
    lines = (f"企业{at},{x:.4f},{y:.4f}\n" for at, (x, y) in enumerate(places))
    return ("名称,经度,纬度\n" + "".join(lines)).encode()


async def measure(sessions: int, rows: int, folder: Path) -> dict[str, float]:
    process, address = serve(folder)
    content = synthetic_points(rows)
    watched = psutil.Process(process.pid)

    def megabytes() -> float:
        return round(float(watched.memory_info().rss) / 1e6, 1)

    found: dict[str, float] = {"sessions": sessions, "rows": rows}
    try:
        for number in range(FIRST + sessions):
            if number == FIRST:
                await asyncio.sleep(REST_S)
                found["after_first_mb"] = megabytes()
            async with OwnPoints(address, number) as session:
                await session.use("points.csv", content)
        found["at_the_end_mb"] = megabytes()
        await asyncio.sleep(REST_S)
        found["later_mb"] = megabytes()
    finally:
        process.terminate()
        process.wait(timeout=30)
    found["grown_mb"] = round(found["later_mb"] - found["after_first_mb"], 1)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sessions", type=int, default=200)
    parser.add_argument("--rows", type=int, default=20_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measure(wanted.sessions, wanted.rows, Path(folder)))
    RESULT.write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
