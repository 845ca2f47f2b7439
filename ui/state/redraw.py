"""The parts of the map page: after a change only those are drawn anew that it concerns.

Each part is a fragment with a key. A callback that knows what it changes names the parts;
one that does not leaves it to Streamlit, which draws the part around the widget.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

from ui.streamlit_inside import is_fragment_run

PAGE = "map-page"
MAP = "map"
FILTERS = "filters"
OUTCOME = "outcome"
SNAPSHOT = "snapshot"
DETAILS = "details"

SHOWN = (MAP, SNAPSHOT)
"""What every change of what the map shows concerns."""
SELECTED = (MAP, OUTCOME, SNAPSHOT, DETAILS)
"""What another selection concerns."""

OPENED = (MAP, SNAPSHOT, DETAILS)
"""What another open city, county or site concerns; its name and roles belong to the map's part."""

_PARTS = "atlas.parts"
_AHEAD = "atlas.ahead"
_ALL = "atlas.all"
_LEFT = "atlas.left"
_TIMES_LEFT = "atlas.left.times"
_SENT_S = 0.05
_IDLE = "atlas.idle"


def keep_parts(*parts: str, ahead: Callable[[], bool] | None = None) -> None:
    """Note which parts the page has, and that nothing else on it depends on the view's filters.

    ``ahead`` shows the map's next view before any part is drawn, and tells whether it could.
    """
    st.session_state[_PARTS] = parts
    st.session_state[_AHEAD] = ahead


def forget_parts() -> None:
    """Note that another page may be open: it says itself whether it has parts."""
    st.session_state.pop(_PARTS, None)
    st.session_state.pop(_AHEAD, None)


def _show_ahead() -> bool:
    ahead: Callable[[], bool] | None = st.session_state.get(_AHEAD)
    return ahead is not None and ahead()


def set_idle(part: str, idle: bool) -> None:
    """Note whether a part shows nothing now that a change could concern (a panel that is shut)."""
    parts = st.session_state.setdefault(_IDLE, set())
    (parts.add if idle else parts.discard)(part)


def redraw_first(part: str) -> None:
    """Draw one part anew, and only then the whole page; only for callbacks, as the last thing.

    The part calls ``redraw_all`` when it is drawn. A map that is shown ahead needs no such run.
    """
    if part == MAP and _show_ahead():
        time.sleep(_SENT_S)
        return
    if part in st.session_state.get(_PARTS, ()):
        st.session_state[_ALL] = True
        st.rerun([part])


def redraw_all() -> None:
    """Draw the whole page, if this part of it was drawn ahead; ends the part."""
    if st.session_state.pop(_ALL, False):
        # What has not left when a run ends early is dropped; and a browser that gets the page
        # at once paints the part with it, not before it.
        time.sleep(_SENT_S)
        st.rerun()


def leave(*parts: str) -> None:
    """Leave these parts for the next run, where this one draws what a person waits for.

    Only for callbacks of the map, as the last thing: a run that draws other parts than its
    widget's begins twice, in the browser too. The map asks for what is left once the page is
    painted; until then every ``redraw`` takes it along. A page without parts is drawn as a whole.
    """
    if MAP not in st.session_state.get(_PARTS, ()):
        redraw(*parts)
    elif is_fragment_run():
        st.session_state[_LEFT] = parts
        st.session_state[_TIMES_LEFT] = st.session_state.get(_TIMES_LEFT, 0) + 1


def parts_left() -> int:
    """Return a number that grows each time that parts were left for the next run; 0 for none."""
    left: int = st.session_state[_TIMES_LEFT] if st.session_state.get(_LEFT) else 0
    return left


def none_left() -> None:
    """Note that the page is drawn with all its parts."""
    st.session_state[_LEFT] = ()


def let_paint() -> None:
    """Give a browser time to paint what was drawn so far, before more comes."""
    time.sleep(_SENT_S)


def redraw(*parts: str) -> None:
    """Draw these parts anew in place of what would be; only for callbacks, as the last thing.

    A page without parts, and a run of the whole page, go on as they would.
    """
    if parts and parts[0] in (MAP, PAGE):
        _show_ahead()
    parts = tuple(dict.fromkeys((*parts, *st.session_state.get(_LEFT, ()))))
    known = st.session_state.get(_PARTS, ())
    idle = st.session_state.get(_IDLE, ())
    wanted = [part for part in parts if part in known and part not in idle]
    wanted = wanted or [part for part in known if part == PAGE]
    if parts and wanted and is_fragment_run():
        none_left()
        st.rerun(wanted)
