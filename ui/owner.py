"""Say whose datasets a session sees, and whether it may save any."""

from __future__ import annotations

from data.datasets import DatasetStore, store_folder
from ui.access import may_edit, person


def may_save() -> bool:
    """Whether this session may write datasets."""
    return store_folder() is not None and may_edit()


def dataset_store() -> DatasetStore | None:
    """Return the datasets of this session's user; ``None`` where no folder is set.

    Without sign-in they are those that everybody of the installation shares.
    """
    folder, user = store_folder(), person()
    return None if folder is None or user is None else DatasetStore(folder, user.id)
