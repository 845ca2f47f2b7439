"""Show the map alone inside other people's pages: ``?embed=true`` in the address."""

from __future__ import annotations

import html

import streamlit as st

from ui.state.session import Session

_STYLE = """<style>
[data-testid="stHeader"] { display: none; }
[data-testid="stMainBlockContainer"] { padding: 0 !important; }
[data-testid="stMain"] [data-testid="stVerticalBlock"] { gap: 0 !important; }
.st-key-map-panel iframe { height: calc(100dvh - 1.9rem) !important; }
.st-key-embed-link { position: fixed; bottom: 0; left: 0; padding: 0.2rem 0.6rem; height: 1.9rem; }
.st-key-embed-link p { font-size: 0.8rem; }
</style>"""


def is_embedded() -> bool:
    """Whether the page is shown in a frame: its address says ``embed=true``."""
    return bool(st.context.is_embedded)


def embed_style() -> None:
    """Give the whole window to the map and the line below it."""
    st.html(_STYLE)


def whole_link(session: Session, address: str) -> None:
    """Lead to the full atlas at ``address``, in a window of its own."""
    with st.container(key="embed-link"):
        st.markdown(f"[{session.say('embed.whole')}]({address})")


def snippet(session: Session, address: str) -> str:
    """Return the HTML that shows the view of ``address`` in another page."""
    join = "&" if "?" in address else "?"
    source = html.escape(f"{address}{join}embed=true")
    title = html.escape(session.say("app.name"))
    return (
        f'<iframe src="{source}" title="{title}" width="100%" height="600" '
        'style="border:0" loading="lazy" allowfullscreen></iframe>'
    )
