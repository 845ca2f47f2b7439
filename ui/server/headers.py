"""Put the headers that browsers guard a page by on every answer of the server.

``ATLAS_FRAMES`` names who may show the atlas in a frame (``'self'`` where it is not set):
``'none'``, or origins with spaces between, such as ``https://www.example.org``.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.errors import AtlasError
from layers.specification.basemaps import BASEMAPS, available_basemaps
from ui.kept.session_shelf import UNSHARED
from ui.page_scripts import SCRIPTS
from ui.streamlit_inside import MEDIA, first_page

FRAMES_VARIABLE = "ATLAS_FRAMES"
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_FRAME = re.compile(r"'self'|'none'|https?://(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?")


class FramePolicyError(AtlasError):
    """A frame policy that browsers would not understand."""

    def __init__(self, found: str) -> None:
        super().__init__(
            f"{FRAMES_VARIABLE}={found!r}: expected 'self', 'none' or origins with spaces "
            "between, such as https://www.example.org"
        )


def frame_policy() -> str:
    """Return who may show the atlas in a frame; raise ``FramePolicyError`` for nonsense."""
    found = os.environ.get(FRAMES_VARIABLE, "'self'").strip()
    parts = found.split()
    if not parts or not all(map(_FRAME.fullmatch, parts)) or ("'none'" in parts and parts[1:]):
        raise FramePolicyError(found)
    return " ".join(parts)


def inner_frame_policy() -> str:
    """Return who may show what the atlas itself shows in a frame: its pages, and who shows them."""
    others = [part for part in frame_policy().split() if part not in ("'self'", "'none'")]
    return " ".join(("'self'", *others))


def basemap_origins() -> tuple[str, ...]:
    """Return the origins of the basemaps that can be used, one for each of their servers."""
    found: dict[str, None] = {}
    for name in available_basemaps():
        basemap = BASEMAPS[name]
        servers = basemap.subdomains if "{s}" in basemap.tiles else "-"
        for server in servers if basemap.is_outside else "":
            parts = urlsplit(basemap.tiles.replace("{s}", server))
            found[f"{parts.scheme}://{parts.netloc}"] = None
    return tuple(found)


def inline_scripts(page: str) -> tuple[str, ...]:
    """Return the texts of the scripts that stand in a page or a part of one, without their tags."""
    return tuple(_INLINE.findall(page))


def page_scripts() -> tuple[str, ...]:
    """Return the scripts that stand in pages: Streamlit's first one, and our own constants."""
    return tuple(script for page in (first_page(), *SCRIPTS) for script in inline_scripts(page))


def content_policy(scripts: Sequence[str], frames: str) -> str:
    """Return the Content-Security-Policy: nothing from outside but tiles of the basemaps.

    Of scripts that stand in the page itself only ``scripts`` run, known by their digests, and
    none is made of text; parts of Streamlit are WebAssembly. ``frames`` says who may show the
    answer in a frame. Streamlit styles its parts inline, and so does folium.
    """
    digests = (base64.b64encode(hashlib.sha256(one.encode()).digest()) for one in scripts)
    known = " ".join(("'self'", *(f"'sha256-{one.decode()}'" for one in digests)))
    pictures = " ".join(("'self'", "data:", "blob:", *basemap_origins()))
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {known} 'wasm-unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            f"img-src {pictures}",
            "font-src 'self' data:",
            "connect-src 'self'",
            "media-src 'self' blob:",
            "worker-src 'self' blob:",
            "frame-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            f"frame-ancestors {frames}",
        )
    )


class GuardHeaders:
    """Middleware that adds the headers to every answer; what a route sets itself stays.

    The frame policy is read once, at the start, so nonsense stops the server at once.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = {
            "Content-Security-Policy": content_policy(page_scripts(), frame_policy()),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the server does, with the headers."""
        started = False
        # Pictures and downloads that Streamlit keeps for a session.
        own = UNSHARED if MEDIA in str(scope.get("path", "")) else {}

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in (self._headers | own).items():
                    headers.setdefault(name, value)
            await send(message)

        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            await self._app(scope, receive, guarded)
        except Exception:
            # The server's own answer to a fault comes from outside of this middleware.
            if not started:
                problem = PlainTextResponse("Internal Server Error", status_code=500)
                await problem(scope, receive, guarded)
            raise
