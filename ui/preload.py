"""Tell browsers with the map's page itself what its map will need, and have it drawn at once.

The page of Streamlit is the same for every address; what is added is a header that names
what will be needed, and one script that shows the map until the page's own comes.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from data.loader import Province
    from layers.spec import GeometryId

_GROUND: tuple[GeometryId, ...] = ("cities", "sites")
_BEFORE = b"</title>"
"""What the script is put behind: before the scripts of the page, so that it comes first."""

_links: list[str] = []
_script: list[bytes] = []


def preload(province: Province) -> None:
    """Name from now on the scripts, the styles, and what the first view of a province draws."""
    # Not above: the server answers before these are loaded.
    from ui.first_map import ADDRESS
    from ui.routes import first_frame_address, first_script_address, geometry_address, web_assets

    assets = web_assets()
    found = [f"<{address}>; rel=preload; as=script" for address in assets.scripts]
    found += [f"<{address}>; rel=preload; as=style" for address in assets.styles]
    found += [
        f"<{geometry_address(province, name)}>; rel=preload; as=fetch; crossorigin"
        for name in _GROUND
    ]
    _links[:] = found
    attributes = {
        "src": first_script_address(),
        "data-frame": first_frame_address(province),
        "data-view": ADDRESS,
    }
    written = "".join(f' {name}="{html.escape(value)}"' for name, value in attributes.items())
    _script[:] = [f"<script defer{written}></script>".encode()]


class PreloadLinks:
    """Middleware that adds the header and the script to the map's page, and to nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the server does, with both."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _is_map_page(scope):
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Addition(send))


def _is_map_page(scope: Scope) -> bool:
    root = scope.get("root_path", "")
    return str(scope["path"]).removeprefix(root) in {"", "/"}


class _Addition:
    """Pass an answer on; hold the text of a page back until it is whole, and add to it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        """Take the next part of the answer."""
        if message["type"] == "http.response.start" and self._wants(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._end(self._start)

    def _wants(self, start: Message) -> bool:
        headers = MutableHeaders(scope=start)
        is_page = headers.get("content-type", "").startswith("text/html")
        plain = "content-encoding" not in headers
        return bool(_links) and is_page and plain and start["status"] == 200

    async def _end(self, start: Message) -> None:
        body = self._body.replace(_BEFORE, _BEFORE + _script[0], 1)
        headers = MutableHeaders(scope=start)
        headers["content-length"] = str(len(body))
        headers.setdefault("Link", ", ".join(_links))
        # They were of the file as it is.
        for name in ("etag", "last-modified"):
            if name in headers:
                del headers[name]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})
