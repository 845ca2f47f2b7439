"""Keep the file that a session is looking at, and what was computed of it so far."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar

import streamlit as st

from data.own.own_register import begin_reading, is_large
from data.uploads.formats.encoding import recoded
from data.uploads.formats.raw_table import RawTable
from data.uploads.sandbox.ahead import ReadingAhead
from data.uploads.sandbox.safely import TellStage, read_head_safely, read_safely
from data.uploads.sites.mapping import Mapping, guess_mapping
from ui.state.garbage import give_back_freed
from ui.streamlit_inside import remove_upload

_UPLOAD = "atlas.upload"
_TURN = "atlas.upload.turn"
_GIVE_BACK = "atlas.upload.give_back"
_TEXTS = ("CSV",)

_Made = TypeVar("_Made")


@dataclass(eq=False)
class Upload:
    """A file as it was read: ``table`` is all of it, or its first rows where it is ``large``.

    ``encoding`` is what the person said, or ``None``: then that of the table was detected.
    ``ahead`` reads all of a large file meanwhile.
    """

    key: str
    name: str
    content: bytes
    encoding: str | None
    table: RawTable
    large: bool
    guessed: Mapping
    ahead: ReadingAhead | None = None
    made: dict[str, tuple[Hashable, object]] = field(default_factory=dict)

    @property
    def is_text(self) -> bool:
        """Whether the format leaves the encoding open."""
        return self.table.driver in _TEXTS

    def once(self, name: str, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """Return what ``make`` makes; it is made again only when ``key`` is another."""
        held = self.made.get(name)
        if held is None or held[0] != key:
            held = (key, make())
            self.made[name] = held
        return held[1]  # type: ignore[return-value]


def open_upload(
    key: str, name: str, content: bytes, encoding: str | None, progress: TellStage
) -> Upload:
    """Read a file, unless the session holds it already.

    Raises ``RefusedError`` for a file that is not read.
    """
    held: Upload | None = st.session_state.get(_UPLOAD)
    if held is not None and (held.key, held.encoding) == (key, encoding):
        return held
    if held is not None and held.key != key:
        forget_upload()
    large = is_large(name, content)
    if large:
        table = read_head_safely(content, name, encoding, progress)
    else:
        told = content if encoding is None else recoded(content, encoding)
        table = read_safely(told, name, progress=progress)
    guessed = guess_mapping(table.frame.columns, table.frame)
    forget_upload()
    ahead = begin_reading(content, name, table, encoding) if large else None
    upload = Upload(key, name, content, encoding, table, large, guessed, ahead)
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
