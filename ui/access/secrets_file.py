"""Read Streamlit's files of secrets once, at the start: what they say holds until the server ends.

They decide whether people sign in. A file is broken for the moment in which it is saved; whoever
read it then would conclude that nobody has to.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from data.errors import AtlasError
from ui.streamlit_inside import is_set_by_hand, keep_secrets_as_read, parsed_secrets

AUTH, ACCESS = "auth", "access"
_FILES = "secrets.files"

_kept: list[Mapping[str, Any]] = []


class SecretsError(AtlasError):
    """Secrets that are there but cannot be used; names the file, the line and the reason."""


def read_secrets() -> None:
    """Read the secrets and keep them.

    Raises ``SecretsError`` for a file that cannot be read, one that was named or linked to but is
    not there, and one whose rules would bind nobody.
    """
    for path in map(Path, st.get_option(_FILES)):
        if is_set_by_hand(_FILES) and not path.exists():
            raise SecretsError(f"{path}: --{_FILES} names it, but it is not there")
        _check(path)
    keep_secrets_as_read()
    known = _read()
    for name in (AUTH, ACCESS):
        if not isinstance(known.get(name, {}), Mapping):
            raise SecretsError(f"the secrets' `{name}` must be a table: [{name}]")
    if AUTH in known and not known[AUTH]:
        raise SecretsError(f"the secrets' [{AUTH}] is empty: fill it, or take it out")
    if known.get(ACCESS) and not known.get(AUTH):
        raise SecretsError(
            f"the secrets say in [{ACCESS}] who may do what, but there is no [{AUTH}] by which "
            "people would sign in: add it, or take the other out"
        )
    _kept.append(known)


def secrets() -> Mapping[str, Any]:
    """Return what the secrets said at the start; nothing where there were none.

    Raises ``SecretsError`` where they were not read at the start and cannot be read.
    """
    return _kept[-1] if _kept else _read()


def _read() -> Mapping[str, Any]:
    try:
        return parsed_secrets()
    except LookupError as error:
        raise SecretsError(str(error)) from None
    except (OSError, ValueError) as error:
        raise SecretsError(f"the secrets cannot be read: {error}") from None


def _check(path: Path) -> None:
    """Say better than Streamlit does what is wrong with a file."""
    if path.suffix != ".toml":
        return
    try:
        tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        _check_links(path)
    except OSError as error:
        raise SecretsError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise SecretsError(f"{path}: byte {error.start + 1} is not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise SecretsError(f"{path}: {error}") from None


def _check_links(path: Path) -> None:
    """Raise ``SecretsError`` where a file is not there because a link on its way leads nowhere."""
    for one in (path, *path.parents):
        if one.is_symlink() and not one.exists():
            raise SecretsError(f"{path}: {one} is a link to {one.readlink()}, which is not there")
