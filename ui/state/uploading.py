"""Keep the file that a session is looking at, and what was computed of it so far."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar

import streamlit as st

from data.uploads.sandbox.ahead import ReadingAhead
from data.uploads.sandbox.safely import TellStage
from data.uploads.uploaded_file import UploadedFile
from ui.state.garbage import give_back_freed
from ui.streamlit_inside import remove_upload

_UPLOAD = "atlas.upload"
_TURN = "atlas.upload.turn"
_GIVE_BACK = "atlas.upload.give_back"

_Made = TypeVar("_Made")


@dataclass(eq=False)
class Upload:
    """The file that a session looks at; ``ahead`` reads all of a large one meanwhile."""

    key: str
    file: UploadedFile
    ahead: ReadingAhead | None = None
    made: dict[str, tuple[Hashable, object]] = field(default_factory=dict)

    def once(self, name: str, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """Return what ``make`` makes; it is made again only when ``key`` is another."""
        held = self.made.get(name)
        if held is None or held[0] != key:
            held = (key, make())
            self.made[name] = held
        return held[1]  # type: ignore[return-value]


def open_upload(
    key: str,
    name: str,
    content: bytes,
    progress: TellStage,
    *,
    encoding: str | None = None,
    layer: str | None = None,
) -> Upload:
    """Read a file, unless the session holds it already; ``layer`` is the sheet that was chosen.

    Raises ``RefusedError`` for a file that is not read.
    """
    held: Upload | None = st.session_state.get(_UPLOAD)
    asked = (key, encoding, layer)
    if held is not None and (held.key, held.file.encoding, held.file.layer) == asked:
        return held
    if held is not None and held.key != key:
        forget_upload()
    file = UploadedFile.read(content, name, encoding, layer=layer, progress=progress)
    forget_upload()
    upload = Upload(key, file, file.read_ahead())
    st.session_state[_UPLOAD] = upload
    return upload


def turn() -> int:
    """Return a number that is another for each file: part of the keys of the widgets."""
    number: int = st.session_state.get(_TURN, 0)
    return number


def forget_upload() -> Upload | None:
    """Forget the file that the session looks at, and stop reading it; return what is forgotten."""
    held: Upload | None = st.session_state.pop(_UPLOAD, None)
    if held is not None:
        st.session_state[_GIVE_BACK] = True
        if held.ahead is not None:
            held.ahead.stop()
    return held


def close_upload() -> None:
    """Forget the file, also where Streamlit keeps it; the widgets of the next one start anew."""
    held = forget_upload()
    if held is not None:
        remove_upload(held.key.partition(".")[2])
    st.session_state[_TURN] = turn() + 1
    st.session_state[_GIVE_BACK] = True


def give_back_memory() -> None:
    """Return what reading a file took to the system, once, when nothing holds it any more."""
    if st.session_state.pop(_GIVE_BACK, False):
        give_back_freed()
