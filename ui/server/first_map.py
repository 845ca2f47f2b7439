"""Answer what an address shows before its page has started: the map comes first.

``ui/assets/first_map.js`` draws the answer where the page's own map will stand.
"""

from __future__ import annotations

import gzip
import json
from typing import Any
from urllib.parse import parse_qs

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from data.errors import AtlasError
from data.loader import default_province_id, province_ids
from data.text import Language
from layers.address.query import MAX_QUERY_LENGTH, parse_query
from layers.specification.plan_signs import dark_colors
from layers.specification.view import View
from ui.server.payload import map_payload
from ui.state.composition import composed
from ui.state.library import province

ADDRESS = "/atlas/first/view"
_THEMES = ("light", "dark")
_COLOURS = ("backgroundColor", "secondaryBackgroundColor", "textColor", "primaryColor")


def first_map_routes() -> list[Route]:
    """Return the route that answers views."""
    return [Route(ADDRESS, _first_view)]


def _first_view(request: Request) -> Response:
    """Answer the view of the query, in a thread; with nothing where the page must speak first."""
    query = request.url.query
    try:
        view = _asked(query, request.headers.get("accept-language", ""))
        payload = None if view is None else _payload(view)
    except AtlasError:
        payload = None
    headers = {"Cache-Control": "private, no-store", "Vary": "Accept-Language"}
    if payload is None:
        return Response(status_code=204, headers=headers)
    content = json.dumps(payload, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(
        gzip.compress(content.encode(), compresslevel=5, mtime=0),
        media_type="application/json",
        headers=headers | {"Content-Encoding": "gzip"},
    )


def _asked(query: str, languages: str) -> View | None:
    """Return the view that a new session would open; ``None`` where it has something to say."""
    if len(query) > MAX_QUERY_LENGTH:
        return None
    pairs = parse_qs(query, keep_blank_values=True)
    wanted = pairs.get("province", [default_province_id()])[0]
    if wanted not in province_ids():
        return None
    parsed = parse_query(query, province(wanted), language=_language(languages))
    return None if parsed.ignored else parsed.view


def _language(accepted: str) -> Language:
    """Return the language of a browser as ``ui.state.session.browser_language`` does."""
    first = accepted.split(",")[0].strip().lower() or "zh"
    return "zh" if first.startswith("zh") else "en"


def _payload(view: View) -> dict[str, Any]:
    home = province(view.province)
    return {
        "view": map_payload(composed(view, home), home) | {"dark": dark_colors(home)},
        "themes": {
            theme: {name: st.get_option(f"theme.{theme}.{name}") for name in _COLOURS}
            for theme in _THEMES
        },
    }
