"""What the secrets say is decided once; a broken file neither opens nor is passed over."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit import config
from streamlit.runtime.secrets import secrets_singleton

from ui.access import secrets_file
from ui.access.secrets_file import SecretsError, read_secrets, secrets
from ui.access.sign_in import sign_in_is_on

GOOD = '[auth]\nclient_id = "atlas"\n[access]\neditors = ["wei@example.org"]\n'


@pytest.fixture
def file(tmp_path, monkeypatch) -> Path:
    """The file that the settings name."""
    path = tmp_path / "secrets.toml"
    before = config.get_option("secrets.files")
    config.set_option("secrets.files", [str(path)])
    monkeypatch.setattr(secrets_file, "_kept", [])
    secrets_singleton._reset()
    yield path
    config.set_option("secrets.files", before)
    secrets_singleton._reset()


def test_what_a_file_says_is_kept(file):
    file.write_text(GOOD, encoding="utf-8")
    read_secrets()
    assert secrets()["access"]["editors"] == ["wei@example.org"]
    assert sign_in_is_on()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (GOOD.replace("[auth]", "[auth").encode(), "line 1"),
        (GOOD.replace('"]', '"').encode(), "Unclosed array"),
        (GOOD.encode("utf-16"), "UTF-8"),
        (b'auth = "on"\n', "[auth]"),
        (b"[auth]\n# client_id = ''\n", "[auth] is empty"),
        (b'[access]\neditors = ["wei@example.org"]\n', "[auth]"),
    ],
    ids=[
        "a bracket lost",
        "a list left open",
        "another encoding",
        "no table",
        "all taken out",
        "rules for nobody",
    ],
)
def test_a_file_that_binds_nobody_is_refused(file, content, reason):
    file.write_bytes(content)
    with pytest.raises(SecretsError, match="secrets") as refused:
        read_secrets()
    assert reason in str(refused.value)


def test_a_file_that_was_named_must_be_there(file):
    with pytest.raises(SecretsError, match="not there"):
        read_secrets()


@pytest.mark.parametrize("linked", ["secrets.toml", "settings"])
def test_a_link_that_leads_nowhere_is_not_taken_for_no_file(file, monkeypatch, linked):
    """At a place where no file needs to be: what was meant to be there may say who signs in."""
    monkeypatch.setattr(secrets_file, "is_set_by_hand", lambda _: False)
    path = file if linked == file.name else file.parent / linked / file.name
    (file.parent / linked).symlink_to(file.parent / "gone")
    config.set_option("secrets.files", [str(path)])
    with pytest.raises(SecretsError, match=r"is a link to .*gone, which is not there"):
        read_secrets()


@pytest.mark.parametrize("content", [GOOD.replace("[auth]", "[auth"), "", None])
def test_once_on_sign_in_stays_on(file, content):
    file.write_text(GOOD, encoding="utf-8")
    read_secrets()
    if content is None:
        file.unlink()
    else:
        file.write_text(content, encoding="utf-8")
    assert secrets_singleton._file_watchers_installed
    assert sign_in_is_on()
    assert secrets_singleton.to_dict()["auth"]["client_id"] == "atlas"


def test_without_any_file_there_is_no_sign_in_and_later_ones_change_nothing(
    file, tmp_path, monkeypatch
):
    monkeypatch.setattr(secrets_file, "is_set_by_hand", lambda _: False)
    read_secrets()
    assert not sign_in_is_on()
    file.write_text(GOOD, encoding="utf-8")
    assert not sign_in_is_on()
