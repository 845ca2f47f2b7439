"""Stand in for the addresses beside the pages until what answers them is loaded.

Loading the tables' libraries takes longer than starting the server. The pages are answered at
once; who asks for data first waits until it is there.
"""

from __future__ import annotations

from functools import cache

from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, Route, Router, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

PREFIXES = ("/atlas", "/ogc")
"""What all addresses of ``ui.server.routes`` begin with; a test holds it."""


class _Late:
    """An application that loads ``ui.server.routes`` when it is first asked."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ``ui.server.routes`` does."""
        addresses = await run_in_threadpool(loaded_routes)
        await addresses(scope, receive, send)


@cache
def loaded_routes() -> ASGIApp:
    """Load and return what answers the addresses."""
    from ui.server.routes import routes

    return Router(routes=routes())


def late_routes() -> list[BaseRoute]:
    """Return routes that load what they lead to only when they are asked."""
    late = _Late()
    paths = [path for prefix in PREFIXES for path in (prefix, f"{prefix}/{{rest:path}}")]
    return [kind(path, late) for kind in (Route, WebSocketRoute) for path in paths]
