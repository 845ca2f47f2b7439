"""Tell browsers with the page itself what its map will need, so that it comes meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from data.loader import Province
    from layers.spec import GeometryId

_GROUND: tuple[GeometryId, ...] = ("cities", "sites")

_links: list[str] = []


def preload(province: Province) -> None:
    """Name from now on the scripts, the styles, and what the first view of a province draws."""
    # Not above: the server answers before these are loaded.
    from ui.routes import geometry_address, web_assets

    assets = web_assets()
    found = [f"<{address}>; rel=preload; as=script" for address in assets.scripts]
    found += [f"<{address}>; rel=preload; as=style" for address in assets.styles]
    found += [
        f"<{geometry_address(province, name)}>; rel=preload; as=fetch; crossorigin"
        for name in _GROUND
    ]
    _links[:] = found


class PreloadLinks:
    """Middleware that adds the ``Link`` header to pages of Streamlit, and to nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the server does, with the header."""

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if _links and headers.get("content-type", "").startswith("text/html"):
                    headers.setdefault("Link", ", ".join(_links))
            await send(message)

        ours = scope["type"] == "http" and not scope["path"].startswith(("/atlas/", "/ogc"))
        await self._app(scope, receive, named if ours else send)
