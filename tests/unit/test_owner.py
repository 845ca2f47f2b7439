"""Where datasets are kept, and for whom nothing is saved."""

from __future__ import annotations

import pytest
from streamlit import config

from data.own.datasets import FOLDER_VARIABLE
from ui.access import owner
from ui.access.owner import STRANGERS_VARIABLE

HERE, OPEN, GATE = "here", "open", "behind a gate"


@pytest.fixture
def installed(monkeypatch, tmp_path):
    """Set an installation up as a test says."""

    def install(served: str, *, folder: bool = False, told: str = "", sign_in: bool = False):
        options = {
            "server.address": "0.0.0.0" if served == OPEN else "127.0.0.1",  # noqa: S104
            "browser.serverAddress": "atlas.example" if served == GATE else "localhost",
            "server.allowedHosts": [],
        }
        monkeypatch.setattr("ui.access.hosts.st.get_option", lambda name: options[name])
        monkeypatch.setattr(owner, "sign_in_is_on", lambda: sign_in)
        # There is no connection here; tests/unit/test_hosts.py has some.
        monkeypatch.setattr(owner, "asked_from_this_machine", lambda *_: True)
        monkeypatch.setattr(owner, "user_data_path", lambda *_, **__: tmp_path / "mine")
        monkeypatch.delenv(FOLDER_VARIABLE)
        if folder:
            monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "named"))
        monkeypatch.setenv(STRANGERS_VARIABLE, told)

    return install


@pytest.mark.parametrize(
    ("served", "settings", "folder", "saves", "strangers"),
    [
        (HERE, {}, "mine/datasets", True, False),
        (HERE, {"folder": True}, "named", True, False),
        (OPEN, {}, None, False, True),
        (OPEN, {"folder": True}, "named", False, True),
        (OPEN, {"folder": True, "told": "no"}, "named", False, True),
        (OPEN, {"folder": True, "told": "yes"}, "named", True, False),
        (OPEN, {"told": "yes"}, None, False, False),
        (GATE, {}, None, False, True),
        (GATE, {"folder": True}, "named", False, True),
        (GATE, {"folder": True, "told": "yes"}, "named", True, False),
        # With sign-in it is the folder alone that counts.
        *((HERE, {"sign_in": True}, None, False, False),),
        *((OPEN, {"sign_in": True, "folder": True}, "named", True, False),),
    ],
)
def test_who_may_save_and_where(installed, tmp_path, served, settings, folder, saves, strangers):
    installed(served, **settings)
    assert owner.dataset_folder() == (None if folder is None else tmp_path / folder)
    assert owner.may_save() is saves
    assert owner.is_open_to_strangers() is strangers


def test_nothing_is_saved_for_who_comes_through_a_gate_that_the_settings_do_not_know(
    installed, monkeypatch
):
    installed(HERE)
    monkeypatch.setattr(owner, "asked_from_this_machine", lambda *_: False)
    assert owner.dataset_folder() is None
    assert not owner.may_save()
    assert owner.is_open_to_strangers()


@pytest.mark.parametrize(
    ("served", "settings", "told"),
    [
        (HERE, {}, []),
        (HERE, {"folder": True}, []),
        (OPEN, {}, []),
        (OPEN, {"folder": True}, ["ATLAS_SAVE_WITHOUT_SIGN_IN=yes"]),
        (GATE, {"folder": True}, ["ATLAS_SAVE_WITHOUT_SIGN_IN=yes"]),
        (OPEN, {"folder": True, "told": "yes"}, []),
        (OPEN, {"told": "yes"}, ["ATLAS_DATASETS names no folder"]),
        (HERE, {"told": "maybe"}, ["'maybe': expected yes"]),
        (OPEN, {"folder": True, "sign_in": True}, []),
    ],
)
def test_the_start_says_what_the_settings_lack(installed, caplog, served, settings, told):
    installed(served, **settings)
    owner.log_faults_of_settings()
    assert len(caplog.messages) == len(told)
    assert all(words in said for words, said in zip(told, caplog.messages, strict=True))


def test_a_user_has_a_folder_of_their_own_for_data(monkeypatch):
    """Not one for what may be thrown away, and outside the atlas's own folder."""
    monkeypatch.setenv("HOME", "/home/synthetic")
    monkeypatch.setenv("XDG_DATA_HOME", "")
    folder = owner.user_folder()
    assert folder.is_absolute()
    assert folder.parts[-2:] == ("cluster-atlas", "datasets")
    assert not {"cache", "Cache", "Caches", "tmp"} & set(folder.parts)


def test_the_options_that_say_who_is_served_are_there():
    for name in ("server.address", "browser.serverAddress", "server.allowedHosts"):
        config.get_option(name)
