"""Say whose datasets a session may see: the one place where sign-in is hooked in."""

from __future__ import annotations

import streamlit as st

from data.datasets import DatasetStore, store_folder


def dataset_owner() -> str | None:
    """Return who is signed in, or ``None`` where the installation has no sign-in.

    ``None`` opens the datasets that everybody of the installation shares.
    """
    if not getattr(st.user, "is_logged_in", False):
        return None
    named = st.user.get("email") or st.user.get("sub")
    return str(named) if named else None


def may_save() -> bool:
    """Whether this session may write datasets."""
    return store_folder() is not None


def dataset_store() -> DatasetStore | None:
    """Return the datasets of this session's user; ``None`` where no folder is set."""
    folder = store_folder()
    return None if folder is None else DatasetStore(folder, dataset_owner())
