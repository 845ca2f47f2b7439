"""Count what travels between a client and the server, compressed as it is."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from benchmarks.speed.serving import Served
from benchmarks.speed.sessions import Session, Tally


async def bytes_a_change(app: Served, changes: int = 20) -> float:
    """Return the bytes that the server sends for one change of a filter, on average."""
    sent = 0
    target = urlsplit(app.address)

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, down: bool) -> None:
        nonlocal sent
        while data := await reader.read(65536):
            sent += len(data) if down else 0
            writer.write(data)
            await writer.drain()
        writer.close()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(target.hostname, target.port)
        await asyncio.gather(
            pipe(reader, far_writer, False), pipe(far_reader, writer, True), return_exceptions=True
        )

    server = await asyncio.start_server(relay, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    through = Served(app.name, f"http://127.0.0.1:{port}", app.pid)
    tally = Tally()
    async with Session(through, tally) as session:
        await session.change()
        before = sent
        for _ in range(changes):
            await session.change()
        found = (sent - before) / changes
    if app.name == "atlas" and tally.views < changes:
        raise RuntimeError(f"{tally.views} views came at once for {changes} changes")
    server.close()
    return found
