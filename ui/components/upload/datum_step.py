"""The step of the wizard that asks for the datum: pictures and counts, never a guess."""

from __future__ import annotations

import streamlit as st

from data.datum import DATUMS, Datum
from data.text import number
from data.uploads.sites.datum_evidence import DatumEvidence, telling_datum
from data.uploads.sites.mapping import Mapping
from layers.paper.datum_picture import DatumPicture, datum_pictures
from ui.components.markdown_text import escape
from ui.state.session import Session
from ui.state.uploading import Upload

_USUAL_CRS = (
    *("EPSG:4326", "EPSG:4490", "EPSG:4547", "EPSG:4548", "EPSG:4549"),
    *("EPSG:4527", "EPSG:4528", "EPSG:4529"),
)


def crs_step(session: Session, upload: Upload, mapping: Mapping) -> tuple[str | None, bool]:
    """Ask for the CRS of geometry, or of columns in metres, that state none.

    What the points themselves tell is shown as a guess. Return the answer (``None`` where the
    file states its own), and whether the next step can come.
    """
    province = session.province
    guess = upload.once(
        "crs", (mapping, province.id), lambda: upload.file.crs_question(mapping, province)
    )
    if guess is None:
        return None, True
    choices = tuple(dict.fromkeys((*(crs for crs, _ in guess.counts), *_USUAL_CRS)))
    chosen = st.selectbox(
        session.say("data.crs"),
        choices,
        index=None if guess.crs is None else choices.index(guess.crs),
        accept_new_options=True,
        placeholder=session.say("data.crs_placeholder"),
        help=session.say("data.crs_help"),
        key=f"data.crs.{upload.key}",
        width=480,
    )
    if guess.crs is not None and chosen == guess.crs:
        st.caption(escape(session.say("data.crs_guessed", choices=guess.choices)))
    if chosen is None:
        words = session.say("intake.needs_crs_of", choices=guess.choices)
        st.info(escape(words), icon=":material/arrow_upward:")
    return chosen, chosen is not None


def datum_step(session: Session, upload: Upload, mapping: Mapping, crs: str | None) -> Datum | None:
    """Show the points under each datum, and return the one that the person chooses."""
    province = session.province

    def weighed() -> DatumEvidence:
        with st.spinner(session.say("data.placing")):
            return upload.file.evidence(mapping, province, crs)

    key = (mapping, crs, province.id)
    evidence = upload.once("evidence", key, weighed)
    pictures = upload.once(
        "pictures",
        (*key, session.language),
        lambda: datum_pictures(evidence.points, evidence.named, province, session.language),
    )
    st.markdown(session.say("data.datum_lead"))
    _verdict(session, evidence)
    _pictures(session, pictures, evidence)
    chosen = st.radio(
        session.say("data.datum"),
        DATUMS,
        index=None,
        format_func=lambda name: session.say(f"datum.{name}"),
        captions=[session.say(f"datum.{name}_note") for name in DATUMS],
        horizontal=True,
        key=f"data.datum.{upload.key}",
    )
    if chosen is None:
        st.info(session.say("data.datum_needed"), icon=":material/arrow_upward:")
    return chosen


def _pictures(
    session: Session, pictures: tuple[DatumPicture, ...], evidence: DatumEvidence
) -> None:
    if not pictures:
        return
    for place, one in zip(st.columns(len(pictures)), pictures, strict=True):
        with place:
            datum = session.say(f"datum.{one.datum}")
            st.markdown(f"**{datum}**")
            row = evidence.counts.loc[one.datum]
            counts = {name: number(row[name], session.language) for name in ("inside", "named")}
            phrase = "data.inside" if evidence.by_rows else "data.inside_province"
            # The caption is what screen readers hear of the picture, too.
            caption = session.say(phrase, **counts) if row["named"] else datum
            st.image(one.png, caption=caption, width="stretch")
    st.caption(session.say("data.picture_legend" if evidence.by_rows else "data.province_legend"))


def _verdict(session: Session, evidence: DatumEvidence) -> None:
    if not evidence.can_tell:
        st.warning(session.say("data.datum_no_names"), icon=":material/help:")
        return
    told = telling_datum(evidence.counts)
    if told is None:
        st.warning(session.say("data.datum_unclear"), icon=":material/help:")
    else:
        st.info(
            session.say("data.datum_told", datum=session.say(f"datum.{told}")),
            icon=":material/lightbulb:",
        )
