"""Show sources: as a list to open, as one line, and beside a figure."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

import streamlit as st

from data.model import Source
from data.text import day
from ui.components.markdown_text import escape
from ui.state.session import Session


def source_list(
    session: Session,
    sources: Iterable[Source],
    *,
    expanded: bool = False,
    key: str | None = None,
) -> None:
    """List sources with publisher, date, grade and address.

    A list with a ``key`` is drawn only once it is opened.
    """
    listed = st.expander(
        session.say("profile.sources"),
        expanded=expanded,
        key=key,
        on_change="rerun" if key else "ignore",
    )
    if key and not listed.open:
        return
    told = []
    for source in sources:
        note = f"  \n:small[{escape(source.note.say(session.language))}]" if source.note else ""
        told.append(source_line(session, source) + note)
    listed.markdown("\n\n".join(told))


def source_line(session: Session, source: Source) -> str:
    """Return one source as Markdown: title as link text, publisher, date, grade."""
    title = escape(source.title.say(session.language))
    linked = f"[{title}]({link(source)})" if has_link(source) else title
    return f"{linked}  \n{escape(source_facts(session, source))}"


def source_facts(session: Session, source: Source) -> str:
    """Return publisher, date and grade of a source, and its address where that is no link."""
    parts = [
        source.publisher,
        day(source.date, session.language) if source.date else session.say("source.undated"),
        session.say(f"grade.{source.grade}"),
        "" if has_link(source) else source.address,
    ]
    return " · ".join(part for part in parts if part)


def has_link(source: Source) -> bool:
    """Whether a browser can follow a source's address."""
    return source.has_page


def link(source: Source) -> str:
    """Return a source's address so that Markdown takes it as one address and nothing else."""
    return quote(source.address, safe="/:?#@!$&'*+,;=%~-._")
