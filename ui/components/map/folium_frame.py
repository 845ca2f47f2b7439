"""Show a map that folium made in a frame of the page, and send it views without making it anew.

``streamlit-folium`` sends the script of the whole map in every run, to see in the browser
whether it changed. Here the map is a page of its own, at an address that never changes what
it answers: a browser fetches it once, and a run sends the view alone. The page listens by
``ui/assets/bridge.js``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from streamlit.components.v1 import declare_component


def folium_frame(
    address: str,
    view: dict[str, Any],
    *,
    key: str,
    height: int,
    on_change: Callable[[], None],
    live: dict[str, Any] | None = None,
) -> None:
    """Show the page at ``address`` in a frame and send it ``view`` (plain JSON values).

    A frame with the same key and address stays as it is in the browser; what its page sends
    back stands under ``key`` in the session's state when ``on_change`` is called. ``height``
    is in CSS pixels, until a style sheet says more. ``live`` is what ``ui.server.live`` notes of
    the view.
    """
    _component(address)(
        view=view, live=live, key=key, height=height, default=None, on_change=on_change
    )


@cache
def _component(address: str) -> Callable[..., Any]:
    return declare_component("map", url=address)
