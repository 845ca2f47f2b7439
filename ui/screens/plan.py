"""Show the plan itself: roles, chain segments, targets, instruments, and its sources."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data.model import PlanDocument
from data.text import day, join
from ui.components.figures import target_value
from ui.components.sources import source_line
from ui.components.words import escape
from ui.state import Session, current


def show() -> None:
    """Show the page."""
    session = current()
    with st.container(key="reading-page"):
        document = session.province.plan.document
        if document is None:
            st.title(session.say("page.plan"))
            st.info(session.say("plan.empty"))
            return
        _document(session, document)
        _roles(session)
        _sectors(session)
        _targets(session)
        _instruments(session)
        _sources(session)


def _document(session: Session, document: PlanDocument) -> None:
    language = session.language
    st.title(document.title.say(language))
    st.markdown(
        "  \n".join(
            escape(session.label(f"plan.{key}", value))
            for key, value in (
                ("issued", document.issuer.say(language)),
                ("published_by", document.publisher.say(language)),
                ("published", day(document.published, language)),
            )
        )
    )
    if document.note:
        st.info(document.note.say(language))


def _roles(session: Session) -> None:
    language = session.language
    field = session.name_field
    cities = session.province.cities
    st.header(session.say("plan.roles"))
    rows = [
        {
            session.say("plan.role"): role.name.say(language),
            session.say("plan.aim"): role.aim.say(language),
            session.say("plan.cities"): _cities(
                session,
                join([str(cities.at[adcode, field]) for adcode in role.cities], language),
                open_list=role.open_list,
            ),
            session.say("plan.source"): _source_titles(session, role.sources),
        }
        for role in session.province.plan.roles
    ]
    _table(rows)
    for role in session.province.plan.roles:
        if role.note:
            words = session.say(
                "label.value", label=role.name.say(language), value=role.note.say(language)
            )
            st.caption(escape(words))


def _cities(session: Session, names: str, *, open_list: bool) -> str:
    """Say of a list of cities that the plan leaves it open."""
    if not open_list:
        return names
    return session.say("label.note", text=names, note=session.say("plan.open"))


def _sectors(session: Session) -> None:
    language = session.language
    st.header(session.say("plan.sectors"))
    rows = [
        {
            session.say("plan.sector"): sector.name.say(language),
            session.say("plan.segments"): join(
                [segment.name.say(language) for segment in sector.named_segments], language
            )
            or session.say("plan.no_segments"),
            session.say("plan.remark"): sector.note.say(language) if sector.note else "",
            session.say("plan.source"): _source_titles(session, sector.sources),
        }
        for sector in session.province.plan.sectors
    ]
    _table(rows)


def _targets(session: Session) -> None:
    st.header(session.say("plan.targets"))
    rows = [
        {
            session.say("plan.target"): target.name.say(session.language),
            session.say("plan.value"): target_value(session, target),
            session.say("plan.year"): str(target.year or session.say("plan.no_year")),
            session.say("plan.source"): _source_titles(session, target.sources),
        }
        for target in session.province.plan.targets
        if target.document is None
    ]
    _table(rows)


def _instruments(session: Session) -> None:
    st.header(session.say("plan.instruments"))
    for instrument in session.province.plan.instruments:
        name = escape(instrument.name.say(session.language))
        st.markdown(f"**{name}**  \n{escape(instrument.text.say(session.language))}")
        st.caption(escape(_source_titles(session, instrument.sources)))


def _sources(session: Session) -> None:
    st.header(session.say("plan.sources"))
    plan = session.province.plan
    documents = {name for target in plan.targets if target.document for name in target.sources}
    for source in plan.sources:
        if source.id in documents:
            continue
        st.markdown(source_line(session, source))
        if source.note:
            st.caption(escape(source.note.say(session.language)))


def _source_titles(session: Session, source_ids: tuple[str, ...]) -> str:
    sources = [session.province.sources[name] for name in source_ids]
    return "; ".join(
        f"{source.publisher}, {source.year}" if source.year else source.publisher
        for source in sources
    )


def _table(rows: list[dict[str, str]]) -> None:
    st.table(
        pd.DataFrame([{k: escape(v) for k, v in row.items()} for row in rows]), hide_index=True
    )
