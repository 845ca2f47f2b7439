"""The panel that takes the view away: a print map to download, a link to send."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from layers.compose import compose
from layers.exports import all_exporters
from layers.view import View, write_query
from ui.library import province as library_province
from ui.state import Session


def snapshot_panel(session: Session) -> None:
    """Offer the view as a file in the chosen format, and as an address."""
    with st.popover(
        session.say("snapshot.title"),
        icon=":material/download:",
        key="widget.snapshot",
        width="stretch",
    ):
        exporters = all_exporters()
        chosen = st.pills(
            session.say("snapshot.format"),
            sorted(exporters, key=lambda name: exporters[name].kind, reverse=True),
            format_func=str.upper,
            default="png",
            required=True,
            key="widget.snapshot.format",
        )
        exporter = exporters[chosen or "png"]
        stamp = dt.date.today().isoformat()
        view = session.view
        st.download_button(
            session.say("snapshot.download"),
            data=lambda: _file(view, exporter.id),
            file_name=f"{view.province}-{stamp}.{exporter.extension}",
            mime=exporter.media_type,
            key="widget.snapshot.download",
            on_click="ignore",
            type="primary",
            icon=":material/download:",
        )
        st.caption(session.say("snapshot.note"))
        st.markdown(f"**{session.say('snapshot.link')}**")
        st.code(_address(session), language=None, wrap_lines=True)
        st.caption(session.say("snapshot.link_note"))


def _file(view: View, exporter_id: str) -> bytes:
    province = library_province(view.province)
    return all_exporters()[exporter_id].write(compose(view, province), province)


def _address(session: Session) -> str:
    base = (st.context.url or "").partition("?")[0]
    return f"{base}?{write_query(session.view, session.province)}"
