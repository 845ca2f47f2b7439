"""Keep which company is open on its page, and lead to that page from elsewhere."""

from __future__ import annotations

import streamlit as st

from clusters.selection import Selection
from data.loader import Province
from ui.state.session import go

PAGE_OF_COMPANIES = "companies"
_OPENED = "atlas.company"
_ASKED = "atlas.company.asked"


def opened_company(province: Province, selection: Selection) -> str | None:
    """Return the id of the company that is open; ``None`` where none is that the province has.

    As long as nobody has opened or closed one, that is the only one that an address asks for.
    """
    asked = next(iter(selection.owners)) if len(selection.owners) == 1 else None
    company: str | None = st.session_state.get(_OPENED, asked)
    return company if company in province.companies.index else None


def open_company(company: str | None) -> None:
    """Open a company's record, or with ``None`` the list; for callbacks."""
    st.session_state[_OPENED] = company


def ask_for_company(company: str) -> None:
    """Open a company's record, and have the map's page lead to it when it is next drawn."""
    open_company(company)
    st.session_state[_ASKED] = True


def go_to_asked_company() -> None:
    """Leave for the companies' page where that was asked for; only for the body of a page."""
    if st.session_state.pop(_ASKED, False):
        go(PAGE_OF_COMPANIES)
