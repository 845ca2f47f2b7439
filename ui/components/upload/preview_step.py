"""The last step of the wizard: a preview with faults marked, a report, and the taking over."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from data.evidence_rows import kind_ids
from data.own.own_counts import OwnPoints
from data.own.own_register import read_register
from data.own.own_source import own_sites
from data.reading_progress import Progress
from data.text import number
from data.uploads.limits import Note
from data.uploads.row_faults import RowFault, fault_table
from data.uploads.sites.mapping import Mapping
from data.uploads.sites.reading import Reading
from data.uploads.uploaded_file import Interpretation
from layers.tables.spreadsheet_text import csv_of
from layers.words.plan_words import kind_name
from ui.components.markdown_text import escape
from ui.kept.downloads import download
from ui.state.own_data import Aside, Held, add_own
from ui.state.session import Session, look_again, switch_overlay
from ui.state.uploading import Upload, close_upload

_PREVIEW = 50
_LEFT_OUT_SHOWN = 20
_FAULT, _WARNING = "background-color: #F9D3DF", "background-color: #FFF0C2"


def check_step(session: Session, upload: Upload, said: Interpretation, target: str) -> None:
    """Show what would be taken over, and take it over when the person says so."""
    date = _date(session, upload)
    step = _sites if target == "sites" else _points
    step(session, upload, said, date)


def _sites(session: Session, upload: Upload, said: Interpretation, date: dt.date) -> None:
    file, province = upload.file, session.province
    defaults = _defaults(session, upload, said.mapping)
    reading = upload.once(
        "reading",
        (said, province.id, tuple(sorted(defaults.items()))),
        lambda: file.sites(said, province, defaults),
    )
    aside = Aside(reading.rejected, reading.faults)
    _told(session, reading.notes, reading.left_out)
    _outcome(session, upload, len(reading.good), aside)
    lacking = _lacking(reading)
    for column in lacking:
        st.info(session.say(f"data.needs_{column}"), icon=":material/arrow_upward:")
    ready = len(reading.good) > 0 and not lacking
    if _accept(session, upload, len(reading.good), ready):
        add_own(Held(province.id, own_sites(reading, file.name, date), aside))
        switch_overlay("sites", True)
        _done(session, len(reading.good))


def _points(session: Session, upload: Upload, said: Interpretation, date: dt.date) -> None:
    """Take over points; of a large file the head is checked here, all of it when it is taken."""
    file, province = upload.file, session.province
    places = upload.once("points", (said, province.id), lambda: file.places(said, province))
    good = places.table["city_adcode"].notna()
    aside = Aside(file.table.frame.loc[~good.to_numpy()], places.faults)
    _told(session, places.notes, file.table.left_out)
    if file.large:
        st.caption(session.say("data.head_checked", count=f"{len(good):,}"))
    _outcome(session, upload, int(good.sum()), aside)
    count = None if file.large else int(good.sum())
    if not _accept(session, upload, count, file.large or bool(good.any())):
        return
    told = _progress(session)
    made = read_register(file, said, province, places=places, ahead=upload.ahead, progress=told)
    own = OwnPoints(file.name, date, made.register)
    add_own(Held(province.id, own, Aside(made.rejected, made.faults)))
    _done(session, len(made.register))


def _progress(session: Session) -> Progress:
    place = st.empty()

    def tell(stage: str, done: float) -> None:
        place.progress(min(max(done, 0.0), 1.0), text=session.say(f"data.stage_{stage}"))

    return tell


def _date(session: Session, upload: Upload) -> dt.date:
    chosen = st.date_input(
        session.say("data.date"),
        value=dt.date.today(),
        max_value=dt.date.today(),
        min_value=dt.date(1950, 1, 1),
        help=session.say("data.date_help"),
        key=f"data.date.{upload.key}",
        width=240,
    )
    return chosen if isinstance(chosen, dt.date) else dt.date.today()


def _defaults(session: Session, upload: Upload, mapping: Mapping) -> dict[str, str]:
    """Ask what rows are that do not say it: their kind, and their sector."""
    plan, found = session.province.plan, {}
    with st.container(horizontal=True):
        kind = st.pills(
            session.say("data.kind" if mapping.column("kind") is None else "data.kind_empty"),
            kind_ids(session.province.plan),
            format_func=lambda name: kind_name(session.province, name, session.language),
            key=f"data.kind.{upload.key}",
        )
        sector = st.pills(
            session.say("data.sector" if mapping.column("sector") is None else "data.sector_empty"),
            [one.id for one in plan.sectors],
            format_func=lambda name: plan.sector(name).name.say(session.language),
            key=f"data.sector.{upload.key}",
        )
    for name, value in (("kind", kind), ("sector", sector)):
        if value is not None:
            found[name] = str(value)
    return found


def _lacking(reading: Reading) -> list[str]:
    return [name for name in ("kind", "sector") if reading.good[name].isna().any()]


def _told(session: Session, notes: tuple[Note, ...], left_out: tuple[RowFault, ...]) -> None:
    """Say what concerns the file as a whole, and which rows were not taken for sites."""
    for one in notes:
        st.warning(escape(one.say(session.language)), icon=":material/info:")
    of_layers = [one for one in left_out if one.code == "layer"]
    totals = [one for one in left_out if one.code != "layer"]
    _left_out(session, "data.left_out", totals, ":material/functions:")
    _left_out(session, "data.left_out_layer", of_layers, ":material/layers:")


def _left_out(session: Session, phrase: str, left_out: Sequence[RowFault], icon: str) -> None:
    if not left_out:
        return
    rows = session.say("list.separator").join(str(one.row) for one in left_out[:_LEFT_OUT_SHOWN])
    st.warning(session.say(phrase, count=len(left_out), rows=rows), icon=icon)


def _outcome(session: Session, upload: Upload, good: int, aside: Aside) -> None:
    language = session.language
    faults = [one for one in aside.faults if not one.warning]
    with st.container(horizontal=True, key="upload-outcome"):
        st.metric(session.say("data.good_rows"), number(good, language), width=180)
        st.metric(
            session.say("data.rejected_rows"), number(len(aside.rejected), language), width=180
        )
        st.metric(session.say("data.faults"), number(len(faults), language), width=180)
        warnings = len(aside.faults) - len(faults)
        st.metric(session.say("data.warnings"), number(warnings, language), width=180)
    _preview(session, upload.file.table.frame, aside.faults)
    if aside.faults:
        with st.expander(session.say("data.fault_list", count=len(aside.faults))):
            shown = fault_table(aside.faults[:500], session.language)
            names = {name: session.say(f"data.fault_{name}") for name in shown.columns}
            st.dataframe(shown.rename(columns=names), hide_index=True)
    downloads(session, upload.file.name, aside, f"wizard.{upload.key}")


def downloads(session: Session, name: str, aside: Aside, key: str) -> None:
    """Offer the report of faults and the rows that were kept aside."""
    if not aside.faults and aside.rejected.empty:
        return
    with st.container(horizontal=True):
        if aside.faults:
            download(
                session.say("data.fault_report"),
                lambda: csv_of(fault_table(aside.faults, session.language)),
                file_name=f"{name}-{session.say('data.fault_file')}.csv",
                media_type="text/csv",
                key=f"data.faults.{key}",
            )
        if len(aside.rejected):
            download(
                session.say("data.rejected_file_button", count=len(aside.rejected)),
                lambda: csv_of(_with_row_numbers(aside.rejected)),
                file_name=f"{name}-{session.say('data.rejected_file')}.csv",
                media_type="text/csv",
                key=f"data.rejected.{key}",
            )


def _with_row_numbers(rejected: pd.DataFrame) -> pd.DataFrame:
    """Return rows with their numbers as the first column, which no column of the file is called."""
    name = "row"
    while name in rejected.columns:
        name += "_"
    return rejected.reset_index(names=name)


def _preview(session: Session, frame: pd.DataFrame, faults: tuple[RowFault, ...]) -> None:
    """Show the first rows, or those with faults, their wrong cells marked."""
    by_row: defaultdict[int, list[RowFault]] = defaultdict(list)
    for one in faults:
        by_row[one.row].append(one)
    rows = frame
    if by_row and st.toggle(session.say("data.only_faulty"), key="data.only_faulty"):
        rows = frame[frame.index.isin(list(by_row))]
    rows = rows.head(_PREVIEW)
    st.markdown(f"**{session.say('data.preview', count=len(rows))}**")
    words = pd.Series(
        [
            session.say("clause.separator").join(
                one.expected(session.language) for one in by_row[int(row)]
            )
            for row in rows.index
        ],
        index=rows.index,
        dtype=object,
    )
    shown = rows.rename_axis(session.say("data.fault_row"))
    problem = session.say("data.expected")
    if by_row:
        shown.insert(0, problem, words)
    styles = pd.DataFrame("", index=shown.index, columns=shown.columns)
    for row in shown.index:
        for one in by_row[int(row)]:
            style = _WARNING if one.warning else _FAULT
            cells = [one.column] if one.column in frame.columns else one.column.split(", ")
            for name in (problem, *(cell for cell in cells if cell in styles.columns)):
                if styles.at[row, name] != _FAULT:
                    styles.at[row, name] = style
    st.dataframe(shown.style.apply(lambda _: styles, axis=None), height=420)


def _accept(session: Session, upload: Upload, count: int | None, ready: bool) -> bool:
    words = (
        session.say("data.accept_all")
        if count is None
        else session.say("data.accept", count=number(count, session.language))
    )
    return st.button(
        words,
        key=f"data.accept.{upload.key}",
        type="primary",
        icon=":material/check:",
        disabled=not ready,
    )


def _done(session: Session, count: int) -> None:
    close_upload()
    look_again(session.view)
    st.toast(escape(session.say("data.done", count=number(count, session.language))))
    st.rerun()
