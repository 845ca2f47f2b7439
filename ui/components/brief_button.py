"""Offer a brief of what a page shows: choose what is in it and the format, then it is made."""

from __future__ import annotations

from typing import Any

import streamlit as st

from data.uploads.limits import RefusedError
from layers.brief.brief_formats import BRIEF_FORMATS, BriefFormat, TemplateKind, house_template
from layers.brief.briefs import BriefSubject, brief_file_name, brief_of, brief_parts
from layers.brief.office_template import MOST_MEGABYTES
from layers.specification.view import View
from ui.components.markdown_text import escape
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
        template = None
        if written.template is not None:
            template = _template(session, key, written, written.template)
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


def _template(session: Session, key: str, written: BriefFormat, kind: TemplateKind) -> Any | None:
    """Take the person's own template, or else the office's; say what it lacks."""
    extension = written.extension
    field = session.say("template.field", extension=extension.upper())
    with st.expander(field, icon=":material/assignment:", key=f"{key}.own.{extension}"):
        file = st.file_uploader(
            field,
            type=[extension],
            max_upload_size=MOST_MEGABYTES,
            label_visibility="collapsed",
            key=f"{key}.template.{extension}",
        )
        st.caption(session.say(f"template.help_{extension}"))
        download(
            session.say("template.example"),
            lambda: kind.example(session.language),
            file_name=f"{session.say('template.file')}.{extension}",
            media_type=written.media_type,
            key=f"{key}.example.{extension}",
            kind="tertiary",
        )
        try:
            template = (
                house_template(session.province, extension)
                if file is None
                else kind.read(file.getvalue())
            )
        except RefusedError as refused:
            st.error(refused.note.say(session.language))
            return None
        if template is not None:
            for remark in kind.remarks(template, session.language):
                st.caption(escape(remark))
        return template
