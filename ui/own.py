"""Keep a session's own sites: they stand in the session's province, and in no other session's.

Nothing is written to disk. What is taken out can be put back until something else is.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from data.loader import Province
from data.own import OwnSites, with_own_sites
from ui.library import province as library_province

_OWN = "atlas.own"
_REMOVED = "atlas.own.removed"
_PROVINCE = "atlas.own.province"


@dataclass(frozen=True, eq=False)
class _Held:
    """Own sites and the id of the province that they are in."""

    province: str
    own: OwnSites


def session_province(province_id: str) -> Province:
    """Return a province as this session sees it; raises what ``ui.library.province`` raises."""
    base = library_province(province_id)
    uploads = own_uploads(province_id)
    if not uploads:
        return base
    made = st.session_state.get(_PROVINCE)
    # The same object again, so that what was computed for it is found again.
    if made is None or made[0] is not base or made[1] != uploads:
        made = (base, uploads, with_own_sites(base, uploads))
        st.session_state[_PROVINCE] = made
    province: Province = made[2]
    return province


def own_uploads(province_id: str) -> tuple[OwnSites, ...]:
    """Return the session's own sites of a province, in the order in which they came."""
    return tuple(one.own for one in _held() if one.province == province_id)


def add_own(province: Province, own: OwnSites) -> None:
    """Add own sites to the session; files of one name and day replace each other.

    Raises what ``with_own_sites`` raises, and leaves the session as it was then.
    """
    kept = [one for one in _held() if not _same(one, province.id, own.source.id)]
    base = library_province(province.id)
    with_own_sites(base, [*(one.own for one in kept if one.province == province.id), own])
    st.session_state[_OWN] = (*kept, _Held(province.id, own))
    st.session_state.pop(_REMOVED, None)


def remove_own(province_id: str, source_id: str) -> None:
    """Take own sites out of the session; ``put_back`` brings them again."""
    held = _held()
    st.session_state[_OWN] = tuple(one for one in held if not _same(one, province_id, source_id))
    st.session_state[_REMOVED] = held


def can_put_back() -> bool:
    """Whether something was taken out last."""
    return _REMOVED in st.session_state


def put_back() -> None:
    """Undo the last ``remove_own``."""
    st.session_state[_OWN] = st.session_state.pop(_REMOVED)


def _held() -> tuple[_Held, ...]:
    held: tuple[_Held, ...] = st.session_state.get(_OWN, ())
    return held


def _same(one: _Held, province_id: str, source_id: str) -> bool:
    return (one.province, one.own.source.id) == (province_id, source_id)
