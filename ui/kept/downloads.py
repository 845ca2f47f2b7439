"""Keep a file that was made on demand until whoever asked has fetched it.

Streamlit makes a deferred download's file when the button is clicked and then tells the
browser its address. It does not note whose file that is, so the ends of two runs, of whatever
sessions, delete it: on a busy server that is before the browser has come for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st

from ui.kept.session_shelf import session_shelf
from ui.streamlit_inside import media_keeper

_PLACE = "atlas.download"


def download(
    label: str,
    make: Callable[[], bytes],
    *,
    file_name: str,
    media_type: str,
    key: str,
    kind: Literal["primary", "secondary", "tertiary"] = "secondary",
) -> None:
    """Offer the file that ``make`` returns; it is made only when a person asks for it."""
    st.download_button(
        label,
        data=_lasting(make, media_type, file_name),
        file_name=file_name,
        mime=media_type,
        key=key,
        on_click="ignore",
        icon=":material/download:",
        type=kind,
    )


def _lasting(make: Callable[[], bytes], media_type: str, file_name: str) -> Callable[[], bytes]:
    """Return ``make``, whose result stays until this session makes another or runs anew.

    Nothing is kept of a file whose session has ended while it was made.
    """
    keep, shelf = media_keeper(), session_shelf()

    def made() -> bytes:
        content = make()
        if shelf.is_closed:
            return b""
        keep(content, media_type, _PLACE, file_name)
        return content

    return made
