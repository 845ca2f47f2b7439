"""Many sessions, and a long one: filter changes over Streamlit's own protocol.

A session opens the page as a browser does, takes the widget and its fragment from what the
server sends, and from then on changes the widget and waits until the run has ended.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field

import psutil
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.speed.serving import Served

THINK_S = 2.0
ANSWER_S = 60.0
WIDGETS = {"atlas": ("checkbox", "widget.overlay.parts"), "floor": ("radio", "Sector")}


@dataclass
class Tally:
    """Waiting times in seconds, and what failed."""

    waits: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    received: int = 0
    views: int = 0


class Session:
    """One person's page and the widget that they change."""

    def __init__(self, app: Served, tally: Tally) -> None:
        self.app = app
        self.tally = tally
        self.kind, self.mark = WIDGETS["atlas" if app.is_atlas else app.name]
        self.widget = self.fragment = self.live = ""
        self.on = True
        self.held: set[str] = set()
        self.views: websockets.ClientConnection | None = None
        self.listening: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Session:
        url = self.app.address.replace("http", "ws") + "/_stcore/stream"
        self.socket = await websockets.connect(
            url, subprotocols=["streamlit"], max_size=None, open_timeout=60, ping_timeout=None
        )
        message = BackMsg()
        message.rerun_script.query_string = "lang=en" if self.app.is_atlas else ""
        await self._run(message)
        if not self.widget:
            raise RuntimeError(f"{self.app.name}: no {self.kind} {self.mark}")
        if self.live:
            await self._listen()
        return self

    async def _listen(self) -> None:
        """Take the views that the atlas sends its map at once, as the map's frame does."""
        url = self.app.address.replace("http", "ws") + self.live
        socket = await websockets.connect(
            url, origin=self.app.address, max_size=None, ping_timeout=None
        )

        async def take() -> None:
            async for _ in socket:
                self.tally.views += 1

        self.views, self.listening = socket, asyncio.create_task(take())

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()
        if self.views is not None and self.listening is not None:
            await self.views.close()
            await self.listening

    async def change(self) -> None:
        """Change the widget, and wait for the end of what it sets off."""
        self.on = not self.on
        message = BackMsg()
        script = message.rerun_script
        script.query_string = "lang=en" if self.app.is_atlas else ""
        script.fragment_id = self.fragment
        # A browser holds messages of the last two runs. Those of one are held here: the view of
        # the run before that one would come back, as a person's next view does not.
        script.cached_message_hashes.extend(sorted(self.held))
        state = script.widget_states.widgets.add(id=self.widget)
        if self.kind == "checkbox":
            state.bool_value = self.on
        else:
            state.string_value = "one" if self.on else "two"
        start = time.perf_counter()
        await self._run(message)
        self.tally.waits.append(time.perf_counter() - start)

    async def _run(self, message: BackMsg) -> None:
        await self.socket.send(message.SerializeToString())
        self.held = set()
        while True:
            async with asyncio.timeout(ANSWER_S):
                content = await self.socket.recv()
            self.tally.received += len(content)
            answer = ForwardMsg()
            answer.ParseFromString(content)
            kind = answer.WhichOneof("type")
            if kind == "ref_hash" or answer.metadata.cacheable:
                self.held.add(answer.ref_hash or answer.hash)
            if kind == "delta":
                self._look_at(answer)
            elif kind == "script_finished" and self._ended(answer):
                return

    @staticmethod
    def _ended(answer: ForwardMsg) -> bool:
        return answer.script_finished in (
            ForwardMsg.FINISHED_SUCCESSFULLY,
            ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
        )

    def _look_at(self, answer: ForwardMsg) -> None:
        element = answer.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.tally.errors.append(element.exception.message)
        if kind == "component_instance" and not self.live:
            arguments = json.loads(element.component_instance.json_args)
            self.live = (arguments.get("live") or {}).get("address", "")
        if kind == self.kind:
            found = getattr(element, kind)
            if self.mark in (found.label, *found.id.split("-")) or self.mark in found.id:
                self.widget, self.fragment = found.id, answer.delta.fragment_id


def memory_mb(app: Served) -> float:
    return float(psutil.Process(app.pid).memory_info().rss / 1e6)


async def crowd(app: Served, people: int, seconds: float) -> dict[str, float | int]:
    """Let ``people`` change a filter every two seconds; times in seconds, memory in MB."""
    tally = Tally()
    async with Session(app, Tally()) as one:
        await one.change()
    before = memory_mb(app)
    until = time.monotonic() + seconds

    async def live(number: int) -> None:
        try:
            await asyncio.sleep(THINK_S * number / people * 2)
            async with Session(app, tally) as session:
                while time.monotonic() < until:
                    start = time.monotonic()
                    await session.change()
                    await asyncio.sleep(max(0.0, THINK_S - (time.monotonic() - start)))
                held.append(memory_mb(app))
        except Exception as error:  # noqa: BLE001  (counted)
            tally.errors.append(f"{type(error).__name__}: {error}")

    held: list[float] = []
    await asyncio.gather(*(live(number) for number in range(people)))
    waits = sorted(tally.waits) or [float("nan")]
    return {
        "p50_s": waits[len(waits) // 2],
        "p95_s": waits[int(len(waits) * 0.95)],
        "changes": len(tally.waits),
        "errors": len(tally.errors),
        "mb_a_session": (max(held, default=before) - before) / people,
    }


async def endurance(app: Served, changes: int) -> dict[str, float | int]:
    """Change a filter many times in one session; growth in MB after a first tenth."""
    tally = Tally()
    async with Session(app, tally) as session:
        for _ in range(changes // 10):
            await session.change()
        before = memory_mb(app)
        for _ in range(changes - changes // 10):
            await session.change()
        growth = memory_mb(app) - before
    waits = tally.waits
    first, last = sorted(waits[20:120]), sorted(waits[-100:])
    return {
        "changes": len(waits),
        "errors": len(tally.errors),
        "growth_mb": growth,
        "first_100_ms": 1000 * first[len(first) // 2],
        "last_100_ms": 1000 * last[len(last) // 2],
    }
