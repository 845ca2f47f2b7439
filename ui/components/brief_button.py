"""Offer a brief of what a page shows: choose the format, then it is made and fetched."""

from __future__ import annotations

import streamlit as st

from layers.brief.brief_formats import BRIEF_FORMATS
from layers.brief.briefs import BriefSubject, brief_file_name, brief_of
from ui.kept.downloads import download
from ui.state.session import Session


def brief_button(session: Session, subject: BriefSubject) -> None:
    """Offer the brief of the city, the comparison or the sectors of a page.

    Nothing is made before it is asked for.
    """
    view, province = session.view, session.province
    with st.popover(
        session.say("brief.button"), icon=":material/description:", key=f"widget.brief.{subject}"
    ):
        st.caption(session.say("brief.lead"))
        chosen = st.pills(
            session.say("brief.format"),
            list(BRIEF_FORMATS),
            format_func=str.upper,
            default="docx",
            required=True,
            key=f"widget.brief.{subject}.format",
        )
        written = BRIEF_FORMATS[chosen or "docx"]
        download(
            session.say("brief.make"),
            lambda: written.write(brief_of(view, province, subject=subject)),
            file_name=brief_file_name(view, province, written.extension, subject=subject),
            media_type=written.media_type,
            key=f"widget.brief.{subject}.download",
            kind="primary",
        )
