"""Give pages what has to be there before Streamlit's own scripts.

The page of Streamlit is the same for every address. All get a script that says where the server is,
one that says what a step back undoes, and one that asks before own data is lost; the map's page
gets a header that names what its map will need, and a script that shows the map until the page's
own comes.
"""

from __future__ import annotations

import gzip
import html
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.page_scripts import LEAVING, SERVER, STEPS
from ui.server.deferred import PREFIXES
from ui.streamlit_inside import END_OF_TITLE

if TYPE_CHECKING:
    from data.loader import Province
    from layers.specification.map_spec import GeometryId

_FIRST: tuple[GeometryId, ...] = ("cities", "sites")

_GZIP, _LEVEL = "gzip", 5

_links: list[str] = []
_of_the_map: list[bytes] = []


def preload(province: Province) -> None:
    """Name from now on the scripts, the styles, and what the first view of a province draws."""
    # Not above: the server answers before these are loaded.
    from ui.server.assets import (
        first_frame_address,
        first_script_address,
        geometry_address,
        web_assets,
    )
    from ui.server.first_map import ADDRESS

    assets = web_assets()
    found = [f"<{address}>; rel=preload; as=script" for address in assets.scripts]
    found.append(f"<{assets.module}>; rel=modulepreload")
    found += [f"<{address}>; rel=preload; as=style" for address in assets.styles]
    found += [
        f"<{geometry_address(province, name)}>; rel=preload; as=fetch; crossorigin"
        for name in _FIRST
    ]
    _links[:] = found
    attributes = {
        "src": first_script_address(),
        "data-frame": first_frame_address(province),
        "data-view": ADDRESS,
    }
    written = "".join(f' {name}="{html.escape(value)}"' for name, value in attributes.items())
    _of_the_map[:] = [f'<script type="module"{written}></script>'.encode()]


class PreloadLinks:
    """Middleware that adds to pages what they need first, and nothing to anything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the server does, with these."""
        path = str(scope.get("path", "")).removeprefix(scope.get("root_path", ""))
        if scope["type"] != "http" or scope["method"] != "GET" or _is_ours(path):
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Addition(send, is_map=path in {"", "/"}))


def _is_ours(path: str) -> bool:
    """Tell whether what answers is no page of Streamlit, but an address beside them."""
    return path.startswith(tuple(f"{prefix}/" for prefix in PREFIXES))


class _Addition:
    """Pass an answer on; hold the text of a page back until it is whole, and add to it."""

    def __init__(self, send: Send, *, is_map: bool) -> None:
        self._send = send
        self._is_map = is_map
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
        is_read = headers.get("content-encoding", _GZIP) == _GZIP
        return is_page and is_read and start["status"] == 200

    async def _end(self, start: Message) -> None:
        own = (script.encode() for script in (SERVER, STEPS, LEAVING))
        scripts = (*own, *(_of_the_map if self._is_map else ()))
        headers = MutableHeaders(scope=start)
        is_packed = "content-encoding" in headers
        page = gzip.decompress(self._body) if is_packed else self._body
        body = page.replace(END_OF_TITLE, b"".join((END_OF_TITLE, *scripts)), 1)
        if is_packed:
            body = gzip.compress(body, _LEVEL, mtime=0)
        headers["content-length"] = str(len(body))
        if self._is_map and _links:
            headers.setdefault("Link", ", ".join(_links))
        # They were of the file as it is.
        for name in ("etag", "last-modified"):
            if name in headers:
                del headers[name]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})
