"""Frame every page: its title, its navigation, the language switch, and errors."""

from __future__ import annotations

import html
from pathlib import Path

import streamlit as st

from data.errors import AtlasError
from data.loader import province_ids
from data.own.own_grade import own_sources
from data.text import LANGUAGES, Language, join, say
from ui.access.session_cookie import keep_owner
from ui.access.sign_in import person, sign_in_is_on
from ui.components.account import account, come_back, sign_in_screen
from ui.components.map.notices import ignored_notice
from ui.navigation import page_groups
from ui.page_names import VIEW_PAGES
from ui.server.returning import draw_on_return
from ui.state.embed import is_embedded
from ui.state.library import data_problem, province
from ui.state.own_data import has_unsaved
from ui.state.redraw import MAP, forget_parts, redraw_first
from ui.state.saved_view import note_page
from ui.state.session import (
    Session,
    asked_language,
    bound,
    change,
    current,
    open_province,
    opened_from_list,
    show_own,
)
from ui.state.uploading import forget_upload
from ui.words.builtin import speak
from ui.words.messages import sentences

_HERE = Path(__file__).parent


def main() -> None:
    """Show the page that the address names."""
    st.set_page_config(page_title="Atlas", page_icon=str(_HERE / "icon.svg"), layout="wide")
    st.html(_HERE / "style.css")
    keep_owner()
    try:
        session = current()
    except AtlasError as error:
        _show_error(error, asked_language())
        return
    speak(session.language)
    if person() is None:
        # Its pages are known, so that an address of one of them is no mistake.
        st.navigation(page_groups(session), position="hidden")
        sign_in_screen(session.language)
        return
    if sign_in_is_on():
        come_back()
    if is_embedded():
        st.navigation(page_groups(session), position="hidden").run()
        return
    draw_on_return(session)
    _language_switch(session)
    session = current()
    _own_mark(session)
    st.set_page_config(page_title=session.say("app.name"))
    st.logo(_wordmark(session), size="large")
    _data_notice(session)
    page = st.navigation(page_groups(session), position="top")
    if page.url_path:
        # A step back in the browser can leave the map in the midst of a presentation.
        show_own()
    if page.url_path != "data":
        # Streamlit forgets the file too: whoever comes back is asked for one.
        forget_upload()
    note_page(page.url_path)
    if page.url_path in VIEW_PAGES and opened_from_list():
        ignored_notice(session)
    forget_parts()
    page.run()


def _own_mark(session: Session) -> None:
    """Say on every page that a person's own files are part of what it shows."""
    files = [one.publisher for one in own_sources(session.province)]
    if files:
        with st.container(key="own-mark"):
            st.badge(
                session.say("own.marker"),
                color="red",
                icon=":material/person:",
                help=session.say("own.in_use", files=join(files, session.language)),
            )
    if has_unsaved():
        # A mark that is not seen: by it the page's own script asks before the page is left.
        with st.container(key="own-unsaved"):
            st.html("<span></span>")


def _wordmark(session: Session) -> str:
    """Return the product's sign and name as a drawing for the header."""
    name = html.escape(session.say("app.name"))
    sign = (_HERE / "icon.svg").read_text(encoding="utf-8")
    width = 44 + sum(9 if letter.isascii() else 17 for letter in session.say("app.name"))
    ink = "#E8EBEE" if st.context.theme.type == "dark" else "#20252D"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 32" width="{width}">'
        f'<svg width="28" height="28" y="2" viewBox="0 0 32 32">{sign}</svg>'
        f'<text x="38" y="22" font-size="17" font-weight="600" fill="{ink}" '
        f'font-family="Source Sans, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif">'
        f"{name}</text></svg>"
    )


def _language_switch(session: Session) -> None:
    def write(language: Language | None) -> None:
        if language is not None:
            change(language=language)
            redraw_first(MAP)

    with st.container(key="language-switch", horizontal=True):
        account(session)
        _province_switch(session)
        st.segmented_control(
            session.say("language.label"),
            LANGUAGES,
            format_func=lambda language: say(f"language.{language}", language),
            required=True,
            label_visibility="collapsed",
            **bound("widget.language", session.language, write, among=LANGUAGES),
        )


def _data_notice(session: Session) -> None:
    """Say which files have broken while the atlas runs: it goes on with what it had read."""
    problem = data_problem(session.province.id)
    if problem is not None:
        st.warning(session.say("error.data_kept"))
        st.code("\n".join(sentences(problem, session.language)[1:]), language=None)


def _province_switch(session: Session) -> None:
    """Offer the other provinces, where there are any."""
    if len(province_ids()) < 2:
        return
    st.selectbox(
        session.say("language.province"),
        province_ids(),
        format_func=lambda name: province(name).settings.name.say(session.language),
        label_visibility="collapsed",
        width=150,
        **bound("widget.province", session.province.id, open_province, among=province_ids()),
    )


def _show_error(error: AtlasError, language: Language) -> None:
    heading, *details = sentences(error, language)
    st.error(heading)
    if details:
        st.code("\n".join(details), language=None)


main()
