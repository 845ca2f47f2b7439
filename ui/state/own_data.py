"""Keep a session's own data: it stands in the session's province, and in no other session's.

Nothing is written to disk. What is taken out can be put back until something else is.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from clusters.own_province import with_own_data
from data.loader import Province
from data.own.own_counts import OwnPoints
from data.own.own_source import OwnSites
from data.uploads.row_faults import RowFault
from ui.state.library import province as library_province
from ui.state.ticked_sites import forget_ticks

_OWN = "atlas.own"
_REMOVED = "atlas.own.removed"
_PROVINCE = "atlas.own.province"
_SAVED = "atlas.own.saved"


@dataclass(frozen=True, eq=False)
class Aside:
    """The rows of a file that were not used, in its own columns, and why."""

    rejected: pd.DataFrame
    faults: tuple[RowFault, ...]


@dataclass(frozen=True, eq=False)
class Held:
    """Own data, the id of the province that it is in, and what was kept aside of its file."""

    province: str
    data: OwnSites | OwnPoints
    aside: Aside | None = None

    @property
    def id(self) -> str:
        """The id of the source that stands for the data."""
        return self.data.source.id


def session_province(province_id: str) -> Province:
    """Return a province as this session sees it; raises what the library raises."""
    base = library_province(province_id)
    held = own_data(province_id)
    if not held:
        return base
    made: _Made | None = st.session_state.get(_PROVINCE)
    # The same object again, so that what was computed for it is found again.
    if made is None or made.base is not base or made.held != held:
        made = st.session_state[_PROVINCE] = _Made(base, held)
    return made.province


class _Made:
    """A province with own data, and what it was made of; what was computed of it goes with it."""

    def __init__(self, base: Province, held: tuple[Held, ...]) -> None:
        self.base = base
        self.held = held
        self.province = _joined(base, held)
        weakref.finalize(self, self.province.cache.clear)


def _joined(base: Province, held: tuple[Held, ...]) -> Province:
    return with_own_data(base, [one.data for one in held])


def own_data(province_id: str) -> tuple[Held, ...]:
    """Return the session's own data of a province, in the order in which it came."""
    return tuple(one for one in _all() if one.province == province_id)


def add_own(new: Held) -> None:
    """Add own data to the session; files of one name and day replace each other.

    Raises what ``with_own_sites`` raises, and leaves the session as it was then.
    """
    kept = [one for one in _all() if (one.province, one.id) != (new.province, new.id)]
    here = (*(one for one in kept if one.province == new.province), new)
    _joined(library_province(new.province), here)
    forget_ticks()
    st.session_state[_OWN] = (*kept, new)
    st.session_state.pop(_REMOVED, None)


def mark_saved(one: Held, name: str) -> None:
    """Note that own data is saved as the dataset ``name``: it is not lost with the session."""
    forget_saved(name)
    _saved()[one] = name


def forget_saved(name: str) -> None:
    """Note that the dataset ``name`` has gone, or holds something else now."""
    saved = _saved()
    for one in [held for held, dataset in saved.items() if dataset == name]:
        del saved[one]


def has_unsaved() -> bool:
    """Whether own data of any province would be lost with the session."""
    return any(one not in _saved() for one in _all())


def _saved() -> weakref.WeakKeyDictionary[Held, str]:
    """Return own data that is saved, with the name of its dataset."""
    saved: weakref.WeakKeyDictionary[Held, str] = st.session_state.setdefault(
        _SAVED, weakref.WeakKeyDictionary()
    )
    return saved


def remove_own(province_id: str, source_id: str) -> None:
    """Take own data out of the session; ``put_back`` brings it again."""
    held = _all()
    forget_ticks()
    st.session_state[_OWN] = tuple(
        one for one in held if (one.province, one.id) != (province_id, source_id)
    )
    st.session_state[_REMOVED] = held


def can_put_back() -> bool:
    """Whether something was taken out last."""
    return _REMOVED in st.session_state


def put_back() -> None:
    """Undo the last ``remove_own``."""
    forget_ticks()
    st.session_state[_OWN] = st.session_state.pop(_REMOVED)


def _all() -> tuple[Held, ...]:
    held: tuple[Held, ...] = st.session_state.get(_OWN, ())
    return held
