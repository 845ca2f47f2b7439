"""Keep one view per session, in step with the address of the page.

The view is read from the address once, and again only when a person steps back or forward in
the browser; every change of the view is written to the address at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

import streamlit as st

from clusters.selection import Selection
from data.loader import Province, default_province_id, province_ids
from data.text import LANGUAGES, Language, say
from layers.address.query import Ignored, parse_query, query_items
from layers.address.view_changes import known_view, with_roles, with_theme
from layers.catalogue import overlays_asked, overlays_of
from layers.specification.map_spec import Extent, TextField
from layers.specification.view import View
from layers.words.telling_names import file_name_of
from ui.state.history import History
from ui.state.map_requests import began_on_map, callbacks_are_over
from ui.state.own_data import session_province
from ui.state.redraw import OPENED, redraw
from ui.streamlit_inside import is_step_in_history

_VIEW = "atlas.view"
_WRITTEN = "atlas.written"
_IGNORED = "atlas.ignored"
_FROM_LIST = "atlas.opened"
_WENT = "atlas.went"
_WENT_SHOWN = "atlas.went.shown"
_MOVES = "atlas.moves"
_EXTENT = "atlas.extent"
_HISTORY = "atlas.history"
_DRAWN = "atlas.drawn"
_TOLD = "atlas.told"
_MOST_TOLD = 20
_BEFORE = "atlas.presented"
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

    def file_name(self, extension: str, *what: str) -> str:
        """Return what a file of the view is called: ``what`` it is, what filters it, the date."""
        return file_name_of(
            self.province, self.language, what, extension, selection=self.view.selection
        )

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
    callbacks_are_over()
    address = st.query_params.to_dict()
    written = st.session_state.get(_WRITTEN)
    fresh = _VIEW not in st.session_state
    # A switch of pages empties the address; that is no wish to forget the view.
    if fresh or (is_step_in_history() and address and address != written):
        _read_address(address)
    session = session_now()
    if not is_presenting():
        write_address(session)
    return session


def session_now() -> Session:
    """Return the session's view without a look at the address; for callbacks."""
    view = view_now()
    home = session_province(view.province)
    # What is filtered or open may have gone with own data.
    view, lacking = known_view(view, home)
    if lacking:
        st.session_state[_VIEW] = view
        _tell_later(lacking)
    told: tuple[Ignored, ...] = st.session_state.get(_WENT, ())
    return Session(home, view, (*st.session_state[_IGNORED], *told))


def _tell_later(lacking: tuple[Ignored, ...]) -> None:
    """Keep what went with own data until a page that tells it was seen (``ignored_was_shown``)."""
    before: tuple[Ignored, ...] = st.session_state.get(_WENT, ())
    st.session_state[_WENT] = (*before, *(one for one in lacking if one not in before))
    st.session_state[_WENT_SHOWN] = False


def ignored_was_shown() -> None:
    """Note that a person was told what the session ignores: the next change clears it."""
    st.session_state[_WENT_SHOWN] = True


def _read_address(address: dict[str, str]) -> None:
    wanted = address.get("province", default_province_id())
    known = wanted in province_ids()
    home = session_province(wanted if known else default_province_id())
    pairs = {key: [value] for key, value in address.items()}
    parsed = parse_query(pairs, home, language=browser_language())
    unknown = () if known else (Ignored("province", wanted[:60], province_ids()),)
    show_own()
    if _VIEW in st.session_state and home.id != view_now().province:
        st.session_state.pop(_WENT, None)
    if _VIEW in st.session_state:
        _remember(view_now(), parsed.view)
    st.session_state[_VIEW] = parsed.view
    st.session_state[_IGNORED] = (*unknown, *parsed.ignored)
    st.session_state[_FROM_LIST] = False
    look_again(parsed.view)


def open_query(query: str, lacking: Iterable[Ignored] = ()) -> None:
    """Open the view of a query string in place of the one that is shown; it can be undone.

    What is not understood is told as for an address, and so is what else is ``lacking``.
    """
    _read_address(dict(parse_qsl(query)))
    st.session_state[_IGNORED] = (*st.session_state[_IGNORED], *lacking)
    st.session_state[_FROM_LIST] = True


def opened_from_list() -> bool:
    """Tell whether the view was opened by ``open_query``: every page says what it lacks."""
    found: bool = st.session_state.get(_FROM_LIST, False)
    return found


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
    if st.session_state.get(_WENT_SHOWN):
        st.session_state.pop(_WENT, None)


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
    if view.province != before.province:
        st.session_state.pop(_WENT, None)
    if view.province != before.province or (view.center, view.zoom) != (before.center, before.zoom):
        look_again(view)


def present(view: View | None) -> None:
    """Show another view for a while, or with ``None`` the own one, which is given back later.

    It is no step, and the address stays that of the own view.
    """
    own: tuple[View, History] = st.session_state.setdefault(_BEFORE, (view_now(), history()))
    shown = view or replace(own[0], language=view_now().language)
    if shown != view_now():
        _put(shown)
        look_again(shown)


def is_presenting() -> bool:
    """Tell whether another view is shown for a while in place of the own one."""
    return _BEFORE in st.session_state


def show_own() -> None:
    """Give back the view that others were shown in place of, with its steps, if they were."""
    own: tuple[View, History] | None = st.session_state.pop(_BEFORE, None)
    if own is None:
        return
    view, st.session_state[_HISTORY] = own
    _put(replace(view, language=view_now().language))
    look_again(view)


def switch_overlay(overlay: str, on: bool) -> None:
    """Switch an overlay of the view as it is now, not as it was when the page was drawn."""
    view = view_now()
    home = session_province(view.province)
    wanted = set(overlays_of(view, home)) - {overlay} | ({overlay} if on else set())
    change(overlays=overlays_asked(wanted, home))


def choose_theme(theme: str | None) -> None:
    """Colour the cities by a measure, or by none; the roles of the plan make way for it."""
    view = view_now()
    show_view(with_theme(view, session_province(view.province), theme))


def show_roles() -> None:
    """Draw the roles of the plan again, over the theme."""
    view = view_now()
    show_view(with_roles(view, session_province(view.province)))


def change_selection(**changes: Any) -> None:
    """Change fields of the view's selection."""
    view = view_now()
    change(selection=replace(view.selection, **changes))


def open_province(province_id: str) -> None:
    """Open another province without filters, keeping the language."""
    st.session_state.pop(_WENT, None)
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
    told: list[object] = st.session_state.setdefault(_TOLD, {}).setdefault(key, [])
    if not told or told[-1] != value:
        told[:] = [*told, value][-_MOST_TOLD:]

    def changed() -> None:
        chosen = st.session_state[key]
        # Who is quick on the map sends along what a widget showed before the last request.
        if chosen in told[:-1] and began_on_map():
            return
        # While the language changes, a browser may still send the words of the one before.
        if among is not None and not _is_choice(chosen, among):
            return
        told.clear()
        write(chosen)
        if parts:
            redraw(*parts)

    return {"key": key, "on_change": changed}


def _is_choice(chosen: object, among: Collection[Any]) -> bool:
    if isinstance(chosen, list):
        return all(one in among for one in chosen)
    return chosen is None or chosen in among
