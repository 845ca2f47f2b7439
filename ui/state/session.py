"""Keep one view per session, in step with the address of the page.

The view is read from the address once, and again only when a person steps back or forward in
the browser; every change of the view is written to the address at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from clusters.selection import Selection
from data.loader import Province, default_province_id, province_ids
from data.text import LANGUAGES, Language, say
from layers.address.query import Ignored, parse_query, query_items
from layers.catalogue import overlays_asked, overlays_of
from layers.specification.map_spec import Extent, TextField
from layers.specification.view import View
from ui.state.history import History
from ui.state.own_data import session_province
from ui.state.redraw import OPENED, redraw
from ui.streamlit_inside import is_step_in_history

_VIEW = "atlas.view"
_WRITTEN = "atlas.written"
_IGNORED = "atlas.ignored"
_MOVES = "atlas.moves"
_EXTENT = "atlas.extent"
_HISTORY = "atlas.history"
_DRAWN = "atlas.drawn"
_NOTHING = object()
PAGES = "atlas.pages"
"""Where the session keeps its pages by name, so that one can lead to another."""


@dataclass(frozen=True, eq=False)
class Session:
    """What a page needs: the province, the view, and the words of its language."""

    province: Province
    view: View
    ignored: tuple[Ignored, ...]

    @property
    def language(self) -> Language:
        """The language of the view."""
        return self.view.language

    @property
    def name_field(self) -> TextField:
        """The column of names in the language of the view."""
        return "name_zh" if self.language == "zh" else "name_en"

    def say(self, key: str, /, **values: object) -> str:
        """Return a phrase in the language of the view."""
        return say(key, self.view.language, **values)

    def label(self, key: str, value: str) -> str:
        """Return a phrase and what it is for this thing: ``Area: 5 km²``."""
        return self.say("label.value", label=self.say(key), value=value)


def browser_language() -> Language:
    """Return Chinese for a Chinese browser or an unknown one, else English."""
    locale = st.context.locale or "zh"
    return "zh" if locale.lower().startswith("zh") else "en"


def asked_language() -> Language:
    """Return the language that the address asks for, or else the browser's."""
    asked = st.query_params.get("lang")
    return next((language for language in LANGUAGES if language == asked), browser_language())


def current() -> Session:
    """Return the session's view, reading the address when it is new."""
    address = st.query_params.to_dict()
    written = st.session_state.get(_WRITTEN)
    fresh = _VIEW not in st.session_state
    # A switch of pages empties the address; that is no wish to forget the view.
    if fresh or (is_step_in_history() and address and address != written):
        _read_address(address)
    session = session_now()
    write_address(session)
    return session


def session_now() -> Session:
    """Return the session's view without a look at the address; for callbacks."""
    view = view_now()
    return Session(session_province(view.province), view, st.session_state[_IGNORED])


def _read_address(address: dict[str, str]) -> None:
    wanted = address.get("province", default_province_id())
    known = wanted in province_ids()
    home = session_province(wanted if known else default_province_id())
    pairs = {key: [value] for key, value in address.items()}
    parsed = parse_query(pairs, home, language=browser_language())
    unknown = () if known else (Ignored("province", wanted[:60], province_ids()),)
    if _VIEW in st.session_state:
        _remember(view_now(), parsed.view)
    st.session_state[_VIEW] = parsed.view
    st.session_state[_IGNORED] = (*unknown, *parsed.ignored)
    look_again(parsed.view)


def write_address(session: Session) -> None:
    """Write the view to the address of the page, if it is not there yet."""
    items = query_items(session.view, session.province)
    # Noted first: a run can be interrupted by the next one while it writes the address.
    st.session_state[_WRITTEN] = items
    if st.query_params.to_dict() != items:
        st.query_params.from_dict(items)


def view_now() -> View:
    """Return the view as it is now, which a page drawn earlier may not show yet."""
    view: View = st.session_state[_VIEW]
    return view


def change(**changes: Any) -> None:
    """Change fields of the view. Another profile closes the county that is open."""
    if "profile" in changes:
        changes = {"county": None, **changes}
    show_view(replace(view_now(), **changes))


def open_record(**changes: Any) -> None:
    """Open or close a record beside the map; for callbacks, as the last thing."""
    change(**changes)
    redraw(*OPENED)


def show_view(view: View) -> None:
    """Put ``view`` in the place of the view that is shown; it can be undone."""
    _remember(view_now(), view)
    _put(view)


def _put(view: View) -> None:
    st.session_state[_VIEW] = view
    st.session_state[_IGNORED] = ()


def history() -> History:
    """Return the steps that can be undone and done again."""
    steps: History = st.session_state.get(_HISTORY, History())
    return steps


def _remember(before: View, after: View) -> None:
    st.session_state[_HISTORY] = history().step(before, after)


def undo() -> None:
    """Go one step back; where there is none, nothing happens."""
    _travel(*history().undo(view_now()))


def redo() -> None:
    """Go one step forward again; where there is none, nothing happens."""
    _travel(*history().redo(view_now()))


def _travel(steps: History, view: View) -> None:
    before = view_now()
    st.session_state[_HISTORY] = steps
    _put(view)
    if view.province != before.province or (view.center, view.zoom) != (before.center, before.zoom):
        look_again(view)


def switch_overlay(overlay: str, on: bool) -> None:
    """Switch an overlay of the view as it is now, not as it was when the page was drawn."""
    view = view_now()
    home = session_province(view.province)
    wanted = set(overlays_of(view, home)) - {overlay} | ({overlay} if on else set())
    change(overlays=overlays_asked(wanted, home))


def change_selection(**changes: Any) -> None:
    """Change fields of the view's selection."""
    view = view_now()
    change(selection=replace(view.selection, **changes))


def open_province(province_id: str) -> None:
    """Open another province without filters, keeping the language."""
    show_view(View(province_id, language=view_now().language))
    look_again(view_now())


def reset() -> None:
    """Go back to the province without filters, keeping the language."""
    change(
        selection=Selection(),
        overlays=None,
        theme=None,
        profile=None,
        county=None,
        site=None,
        center=None,
        zoom=None,
    )
    look_again(view_now())


def go(page: str) -> None:
    """Go to another page with the view as it is; only for the body of a page, not a callback."""
    st.switch_page(st.session_state[PAGES][page])


def look_again(view: View) -> None:
    """Make the map move to the extent of ``view`` when it is next shown."""
    st.session_state[_MOVES] = st.session_state.get(_MOVES, 0) + 1
    st.session_state[_EXTENT] = (view.center, view.zoom)


def extent_token() -> int:
    """Return the number of the last wish to move the map."""
    token: int = st.session_state[_MOVES]
    return token


def wished_extent(extent: Extent) -> Extent:
    """Return ``extent`` at the place of the last wish, not where a person moved since.

    What is sent to the browser stays the same while the map is panned, so nothing is sent.
    """
    center, zoom = st.session_state[_EXTENT]
    return replace(extent, center=center, zoom=zoom)


def bound(
    key: str,
    value: object,
    write: Callable[[Any], None],
    *,
    parts: tuple[str, ...] = (),
    among: Collection[Any] | None = None,
) -> dict[str, Any]:
    """Return widget arguments that show ``value`` and hand a person's choice to ``write``.

    With ``parts`` the choice concerns these parts of the page alone (``ui.state.redraw.redraw``).
    ``among`` are the choices that there are; what is none of them is passed over.
    """
    # A value that is set again is sent to the browser and overtakes what was typed meanwhile.
    # A browser holds choices by their words, so in other words they are sent again.
    drawn = st.session_state.setdefault(_DRAWN, {})
    language = view_now().language
    if st.session_state.get(key, _NOTHING) != value or drawn.get(key, language) != language:
        st.session_state[key] = value
    drawn[key] = language

    def changed() -> None:
        chosen = st.session_state[key]
        # While the language changes, a browser may still send the words of the one before.
        if among is not None and not _is_choice(chosen, among):
            return
        write(chosen)
        if parts:
            redraw(*parts)

    return {"key": key, "on_change": changed}


def _is_choice(chosen: object, among: Collection[Any]) -> bool:
    if isinstance(chosen, list):
        return all(one in among for one in chosen)
    return chosen is None or chosen in among
