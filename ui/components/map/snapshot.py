"""The panel that takes the view away: a file to download, a link to send."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import streamlit as st

from data.loader import Province
from data.work_folder import work_folder
from layers.address.query import write_query
from layers.batch.batch_process import BatchError, leave_own, write_batch_apart
from layers.batch.map_series import sheets, zip_batch
from layers.exports import all_exporters
from layers.paper.sheet import ORIENTATIONS, PAPER_EXTENTS, PAPER_SCALES, PAPER_SIZES, PaperOptions
from layers.specification.map_spec import MapSpec
from ui.kept.downloads import download
from ui.state.composition import kept_points
from ui.state.embed import snippet
from ui.state.own_data import own_data
from ui.state.point_display import PointsOnMap
from ui.state.redraw import SNAPSHOT, set_idle
from ui.state.session import Session
from ui.streamlit_inside import DeltaGenerator

_ARCHIVE = "atlas.archive"
_ON_PAPER = {"png", "svg", "pdf"}
_TITLED = _ON_PAPER | {"pptx"}


def snapshot_panel(session: Session, spec: MapSpec) -> None:
    """Offer the view as a file in the chosen format, and as an address, once it is opened."""
    panel = st.popover(
        session.say("snapshot.title"),
        icon=":material/download:",
        key="widget.snapshot",
        width="stretch",
        on_change="rerun",
    )
    set_idle(SNAPSHOT, not panel.open)
    if panel.open:
        with panel, st.container(key="snapshot-panel", gap="small"):
            _panel(session, spec)


def _panel(session: Session, spec: MapSpec) -> None:
    progress = st.container()
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
    options = _options(session, exporter.id, spec.title, spec.subtitle)
    download(
        session.say("snapshot.download"),
        lambda: _file(spec, session.province, exporter.id, options),
        file_name=session.file_name(exporter.extension, session.say("page.map")),
        media_type=exporter.media_type,
        key="widget.snapshot.download",
        kind="primary",
    )
    st.caption(session.say(f"snapshot.{exporter.kind}_note"))
    _batch(session, progress)
    st.markdown(f"**{session.say('snapshot.link')}**")
    st.code(view_address(session), language=None, wrap_lines=True)
    st.caption(session.say("snapshot.link_note"))
    st.markdown(f"**{session.say('embed.title')}**")
    st.code(snippet(session, view_address(session)), language=None, wrap_lines=True)
    st.caption(session.say("embed.note"))


def _options(session: Session, exporter_id: str, title: str, subtitle: str) -> PaperOptions:
    """Ask for what the format can take: paper, extent and words."""
    if exporter_id not in _TITLED:
        return PaperOptions(link=view_address(session))
    words = st.text_input(
        session.say("snapshot.map_title"), placeholder=title, key="widget.snapshot.words"
    )
    more_words = st.text_input(
        session.say("snapshot.map_subtitle"), placeholder=subtitle, key="widget.snapshot.subtitle"
    )
    extent = st.selectbox(
        session.say("snapshot.extent"),
        PAPER_EXTENTS,
        format_func=lambda name: session.say(f"extent.{name}"),
        key="widget.snapshot.extent",
    )
    if exporter_id not in _ON_PAPER:
        return PaperOptions(extent=extent, title=words or None, subtitle=more_words or None)
    with st.container(horizontal=True):
        size = st.selectbox(
            session.say("snapshot.size"),
            PAPER_SIZES,
            format_func=lambda name: session.say(f"paper.{name}"),
            key="widget.snapshot.size",
        )
        orientation = st.selectbox(
            session.say("snapshot.orientation"),
            ORIENTATIONS,
            format_func=lambda name: session.say(f"orientation.{name}"),
            key="widget.snapshot.orientation",
        )
    scale = st.selectbox(
        session.say("snapshot.scale"),
        (None, *PAPER_SCALES),
        format_func=lambda one: f"1 : {one:,}" if one else session.say("snapshot.scale_auto"),
        key="widget.snapshot.scale",
    )
    graticule = st.checkbox(session.say("snapshot.graticule"), key="widget.snapshot.graticule")
    return PaperOptions(
        size=size,
        orientation=orientation,
        extent=extent,
        title=words or None,
        subtitle=more_words or None,
        graticule=graticule,
        scale=scale,
        link=view_address(session),
    )


def _batch(session: Session, place: DeltaGenerator) -> None:
    """Print the whole atlas into an archive, telling how far it is."""
    points = kept_points(session)
    wanted = (session.province, session.language, points and (points.points, points.choice))
    held = st.session_state.get(_ARCHIVE)
    if held is None or held[0] != wanted:
        label = session.say("snapshot.batch")
        if not st.button(label, key="widget.snapshot.batch", icon=":material/library_books:"):
            return
        try:
            held = (wanted, _print_all(session, place, points))
        except BatchError as error:
            place.error(
                session.say("snapshot.batch_busy" if error.busy else "snapshot.batch_failed")
            )
            return
        st.session_state[_ARCHIVE] = held
    st.download_button(
        session.say("snapshot.batch_download"),
        data=held[1],
        file_name=session.file_name("zip", session.say("snapshot.batch_file")),
        mime="application/zip",
        key="widget.snapshot.batch_download",
        on_click="ignore",
        icon=":material/folder_zip:",
    )


def _print_all(session: Session, place: DeltaGenerator, points: PointsOnMap | None) -> bytes:
    progress = place.progress(0.0, text=session.say("snapshot.batch_running"))
    with work_folder("print") as folder:
        for done, total in _printing(session, folder, points):
            words = session.say("snapshot.batch_done", done=done, total=total)
            progress.progress(done / total, text=words)
        return zip_batch(folder)


def _printing(
    session: Session, folder: Path, points: PointsOnMap | None
) -> Iterator[tuple[int, int]]:
    """Print apart from the server, whose other sessions would wait; own data is left for it."""
    province, language = session.province, session.language
    shown = (points.points, points.choice) if points else None
    leave_own(folder, province, [one.data for one in own_data(province.id)], shown)
    return write_batch_apart(province.id, language, folder, len(sheets(province, language)) + 1)


def _file(spec: MapSpec, province: Province, exporter_id: str, options: PaperOptions) -> bytes:
    return all_exporters()[exporter_id].write(spec, province, options)


def view_address(session: Session) -> str:
    """Return the address of the view, which anybody can be sent."""
    base = (st.context.url or "").partition("?")[0]
    return f"{base}?{write_query(session.view, session.province)}"
