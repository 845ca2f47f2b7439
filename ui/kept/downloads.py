"""Keep a file that was made on demand until whoever asked has fetched it.

Streamlit makes a deferred download's file when the button is clicked and then tells the
browser its address. It does not note whose file that is, so the ends of two runs, of whatever
sessions, delete it: on a busy server that is before the browser has come for it.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Literal

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from ui.kept.session_shelf import session_shelf

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
    context, shelf = get_script_run_ctx(), session_shelf()

    def made() -> bytes:
        content = make()
        if shelf.is_closed:
            return b""
        if context is not None and runtime.exists():
            manager = runtime.get_instance().media_file_mgr
            # The manager takes the session from the thread that asks.
            note = Thread(
                target=manager.add,
                args=(content, media_type, _PLACE),
                kwargs={"file_name": file_name, "is_for_static_download": True},
            )
            add_script_run_ctx(note, context)
            note.start()
            note.join()
        return content

    return made
