"""Show the plan itself: roles, chain segments, targets, instruments, and its sources."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from data.model import PlanDocument
from data.text import day, join
from ui.components.record.figures import target_value
from ui.components.record.prose import (
    heading,
    notice,
    paragraph,
    remark,
    show_prose,
    source_entry,
    table,
)
from ui.state.redraw import let_paint
from ui.state.session import Session, current


def show() -> None:
    """Show the page."""
    session = current()
    with st.container(key="reading-page"):
        document = session.province.plan.document
        if document is None:
            st.title(session.say("page.plan"))
            st.info(session.say("plan.empty"))
            return
        # What fills a screen comes first.
        show_prose(*_document(session, document), *_roles(session))
        let_paint()
        show_prose(
            *_sectors(session),
            *_targets(session),
            *_instruments(session),
            *_sources(session),
        )


def _document(session: Session, document: PlanDocument) -> Iterator[str]:
    language = session.language
    yield heading(document.title.say(language), level=1)
    yield paragraph(
        session.label("plan.issued", document.issuer.say(language)),
        session.label("plan.published_by", document.publisher.say(language)),
        session.label("plan.published", day(document.published, language)),
    )
    if document.note:
        yield notice(document.note.say(language))


def _roles(session: Session) -> Iterator[str]:
    language = session.language
    field = session.name_field
    cities = session.province.cities
    yield heading(session.say("plan.roles"))
    yield table(
        [
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
    )
    for role in session.province.plan.roles:
        if role.note:
            name, note = role.name.say(language), role.note.say(language)
            yield remark(session.say("label.value", label=name, value=note))


def _cities(session: Session, names: str, *, open_list: bool) -> str:
    """Say of a list of cities that the plan leaves it open."""
    if not open_list:
        return names
    return session.say("label.note", text=names, note=session.say("plan.open"))


def _sectors(session: Session) -> Iterator[str]:
    language = session.language
    yield heading(session.say("plan.sectors"))
    yield table(
        [
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
    )


def _targets(session: Session) -> Iterator[str]:
    yield heading(session.say("plan.targets"))
    yield table(
        [
            {
                session.say("plan.target"): target.name.say(session.language),
                session.say("plan.value"): target_value(session, target),
                session.say("plan.year"): str(target.year or session.say("plan.no_year")),
                session.say("plan.source"): _source_titles(session, target.sources),
            }
            for target in session.province.plan.targets
            if target.document is None
        ]
    )


def _instruments(session: Session) -> Iterator[str]:
    yield heading(session.say("plan.instruments"))
    for instrument in session.province.plan.instruments:
        name = instrument.name.say(session.language)
        yield paragraph(instrument.text.say(session.language), lead=name)
        yield remark(_source_titles(session, instrument.sources))


def _sources(session: Session) -> Iterator[str]:
    yield heading(session.say("plan.sources"))
    plan = session.province.plan
    documents = {name for target in plan.targets if target.document for name in target.sources}
    for source in plan.sources:
        if source.id not in documents:
            yield source_entry(session, source)


def _source_titles(session: Session, source_ids: tuple[str, ...]) -> str:
    sources = [session.province.sources[name] for name in source_ids]
    return "; ".join(
        f"{source.publisher}, {source.year}" if source.year else source.publisher
        for source in sources
    )
