"""Say whose datasets a session sees, where they are, and whether it may save any.

Who signs in saves where a folder is named. Without sign-in the user of this machine saves in the
folder that is named, or else in one of their own. A server that others reach saves nothing for
strangers, unless whoever runs it says so; what stands in its folder can be loaded.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

import streamlit as st
from platformdirs import user_data_path

from data.own.datasets import FOLDER_VARIABLE, DatasetStore, store_folder
from data.own.saved_views import ViewStore
from ui.access.hosts import asked_from_this_machine, serves_this_machine_alone
from ui.access.sign_in import may_edit, person, sign_in_is_on

STRANGERS_VARIABLE = "ATLAS_SAVE_WITHOUT_SIGN_IN"
"""The environment variable that lets everybody save on a server that others reach: ``yes``."""

_APPLICATION = "cluster-atlas"
_YES = "yes"
_log = logging.getLogger(__name__)


def may_save() -> bool:
    """Whether this session may write datasets and views."""
    if dataset_folder() is None or not may_edit():
        return False
    return sign_in_is_on() or is_at_home() or _strangers_may_save()


def is_open_to_strangers() -> bool:
    """Whether nothing is saved for this session because anybody might be in it."""
    return not (sign_in_is_on() or is_at_home() or _strangers_may_save())


def is_at_home() -> bool:
    """Whether this session is of whoever runs the server, on the machine that it runs on."""
    if sign_in_is_on() or not serves_this_machine_alone():
        return False
    return asked_from_this_machine(st.context.ip_address, st.context.headers.to_dict())


def dataset_folder() -> Path | None:
    """Return the folder of datasets that this session is of, or ``None``."""
    return store_folder() or (user_folder() if is_at_home() else None)


def user_folder() -> Path:
    """Return where the datasets of this machine's user are, where no folder is named."""
    return user_data_path(_APPLICATION, appauthor=False) / "datasets"


def dataset_store() -> DatasetStore | None:
    """Return the datasets of this session's user; ``None`` where there is no folder for them.

    Without sign-in they are those that everybody of the installation shares.
    """
    folder, user = dataset_folder(), person()
    return None if folder is None or user is None else DatasetStore(folder, user.id)


def view_store() -> ViewStore | None:
    """Return the saved views of this session's user; ``None`` where there is no folder for them."""
    folder, user = dataset_folder(), person()
    return None if folder is None or user is None else ViewStore(folder, user.id, user.name)


def log_faults_of_settings() -> None:
    """Tell whoever runs the server what its settings of datasets lack, if anything."""
    for fault in faults_of_settings():
        _log.warning("%s", fault)


def faults_of_settings() -> list[str]:
    """Return what is wrong with the settings of datasets, and how to mend it."""
    found, said = [], os.environ.get(STRANGERS_VARIABLE, "").strip()
    if said not in ("", _YES):
        found.append(f"{STRANGERS_VARIABLE} is {said!r}: expected {_YES}, or nothing")
    if sign_in_is_on() or serves_this_machine_alone():
        return found
    if store_folder() is None and _strangers_may_save():
        found.append(
            f"{STRANGERS_VARIABLE} is set, but {FOLDER_VARIABLE} names no folder to save in"
        )
    elif store_folder() is not None and not _strangers_may_save():
        found.append(
            f"{FOLDER_VARIABLE} names a folder, but others reach this server and nobody signs in: "
            "its datasets can be loaded, and nothing is saved. Set up sign-in (docs/sign-in.md), "
            f"or let everybody save, replace and delete by {STRANGERS_VARIABLE}={_YES}"
        )
    return found


def _strangers_may_save() -> bool:
    return os.environ.get(STRANGERS_VARIABLE, "").strip() == _YES
