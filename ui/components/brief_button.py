"""Offer a brief of what a page shows: choose what is in it and the format, then it is made."""

from __future__ import annotations

import streamlit as st

from data.uploads.limits import RefusedError
from layers.brief.brief_formats import BRIEF_FORMATS
from layers.brief.briefs import BriefSubject, brief_file_name, brief_of, brief_parts
from layers.brief.word.docx_styles import lacking_styles
from layers.brief.word.example_template import example_template
from layers.brief.word.word_template import (
    MOST_MEGABYTES,
    WordTemplate,
    house_template,
    read_word_template,
)
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
        template = _template(session, key) if chosen == "docx" else None
        download(
            session.say("brief.make"),
            lambda: written.written(
                brief_of(asked, province, subject=subject, parts=parts), template
            ),
            file_name=brief_file_name(asked, province, written.extension, subject=subject),
            media_type=written.media_type,
            key=f"{key}.download",
            kind="primary",
        )


def _template(session: Session, key: str) -> WordTemplate | None:
    """Take the person's own template, or else the office's; say what it lacks."""
    with st.expander(session.say("template.field"), icon=":material/assignment:"):
        file = st.file_uploader(
            session.say("template.field"),
            type=["docx"],
            max_upload_size=MOST_MEGABYTES,
            label_visibility="collapsed",
            key=f"{key}.template",
        )
        st.caption(session.say("template.help"))
        download(
            session.say("template.example"),
            lambda: example_template(session.language),
            file_name=f"{session.say('template.file')}.docx",
            media_type=BRIEF_FORMATS["docx"].media_type,
            key=f"{key}.example",
            kind="tertiary",
        )
        try:
            template = (
                house_template(session.province)
                if file is None
                else read_word_template(file.getvalue())
            )
        except RefusedError as refused:
            st.error(refused.note.say(session.language))
            return None
        if template is not None:
            _remarks(session, template)
        return template


def _remarks(session: Session, template: WordTemplate) -> None:
    if "brief" not in template.places:
        st.caption(session.say("template.no_place"))
    lacking = lacking_styles(template.opened())
    if lacking:
        st.caption(session.say("template.lacking", styles=", ".join(lacking)))
