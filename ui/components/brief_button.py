"""Offer a brief of what a page shows: choose what is in it and the format, then it is made."""

from __future__ import annotations

import streamlit as st

from layers.brief.brief_formats import BRIEF_FORMATS
from layers.brief.briefs import BriefSubject, brief_file_name, brief_of, brief_parts
from layers.specification.view import View
from ui.kept.downloads import download
from ui.state.session import Session


def brief_button(session: Session, subject: BriefSubject, view: View | None = None) -> None:
    """Offer the brief of a page's view (or of ``view``): nothing is made before it is asked for."""
    asked, province = view or session.view, session.province
    key = f"widget.brief.{subject}"
    with st.popover(session.say("brief.button"), icon=":material/description:", key=key):
        st.caption(session.say("brief.lead"))
        parts = st.pills(
            session.say("brief.parts"),
            offered := brief_parts(asked, province, subject=subject),
            format_func=lambda part: session.say(f"brief_part.{part}"),
            selection_mode="multi",
            default=offered,
            key=f"{key}.parts",
        )
        chosen = st.pills(
            session.say("brief.format"),
            list(BRIEF_FORMATS),
            format_func=str.upper,
            default="docx",
            required=True,
            key=f"{key}.format",
        )
        if not parts:
            st.caption(session.say("brief.no_parts"))
            return
        written = BRIEF_FORMATS[chosen or "docx"]
        download(
            session.say("brief.make"),
            lambda: written.write(brief_of(asked, province, subject=subject, parts=parts)),
            file_name=brief_file_name(asked, province, written.extension, subject=subject),
            media_type=written.media_type,
            key=f"{key}.download",
            kind="primary",
        )
