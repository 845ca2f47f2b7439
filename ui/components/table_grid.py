"""Show a table on the screen as a grid to sort and search, and on paper as lines."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from ui.kept.print_tables import PrintTable, table_address
from ui.page_scripts import PRINT_TABLES
from ui.state.session import Session


def data_table(
    session: Session,
    table: pd.DataFrame,
    name: str,
    *,
    config: Mapping[str, Any] | None = None,
    order: Sequence[str] | None = None,
    **shown: Any,
) -> Any:
    """Show ``table`` without its index, and have the browser print it whole.

    ``name`` tells the table from the others of its page. ``config`` says how columns are shown and
    ``order`` which; a column of links is not printed, as paper has nothing to click.
    ``shown`` goes to ``st.dataframe``, whose answer is returned.
    """
    config = dict(config or {})
    columns = [one for one in order or table.columns if _kind(config.get(one)) != "link"]
    heads = {one: (config.get(one) or {}).get("label") or one for one in columns}
    formats = {
        heads[one]: found
        for one in columns
        if "%" in (found := str((_details(config.get(one))).get("format") or ""))
    }
    printed = PrintTable(table[columns].rename(columns=heads), session.language, formats)
    with st.container(key=f"table-{name}", gap=None):
        answer = st.dataframe(
            table, hide_index=True, column_config=config, column_order=order, **shown
        )
        address = html.escape(table_address(name, printed))
        st.html(f'<div class="atlas-print-table" data-src="{address}">&nbsp;</div>')
        st.html(PRINT_TABLES, unsafe_allow_javascript=True)
    return answer


def _details(column: Any) -> Mapping[str, Any]:
    return (column or {}).get("type_config") or {}


def _kind(column: Any) -> str:
    return str(_details(column).get("type", ""))
