"""Say who uses the atlas, and what they may do: the one place that knows of sign-in.

Without an ``[auth]`` section in Streamlit's secrets there is no sign-in, and everybody may do
everything. With it, nobody sees anything before they have signed in; what a person may do
beyond looking is said in ``[access]`` (``docs/sign-in.md``). Whatever is not said is refused.
What the secrets said when the server started holds until it ends (``ui.access.secrets_file``).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from ui.access.secrets_file import ACCESS, AUTH, secrets
from ui.streamlit_inside import signed_in_claims

AccessRole = Literal["viewer", "editor"]


@dataclass(frozen=True)
class Person:
    """Who uses the atlas.

    ``id`` tells people apart (issuer and subject, which no provider gives to another person);
    it is ``None`` where there is no sign-in. ``name`` is what to call them.
    """

    id: str | None
    name: str
    role: AccessRole

    @property
    def may_edit(self) -> bool:
        """Whether they may bring files and save datasets."""
        return self.role == "editor"


EVERYBODY = Person(None, "", "editor")
"""Who uses an installation without sign-in."""


def sign_in_is_on() -> bool:
    """Whether this installation asks people to sign in."""
    return bool(_section(AUTH))


def person() -> Person | None:
    """Return who uses this session; ``None`` for somebody who has yet to sign in."""
    if not sign_in_is_on():
        return EVERYBODY
    if not st.user.is_logged_in:
        return None
    return person_of(st.user.to_dict(), _section(ACCESS))


def may_edit() -> bool:
    """Whether whoever uses this session may bring files and save datasets."""
    known = person()
    return known is not None and known.may_edit


def person_of(claims: Mapping[str, Any], access: Mapping[str, Any]) -> Person | None:
    """Return the person whom a provider's claims describe; ``None`` without a subject.

    ``access`` may name ``editors`` (addresses of mail, which the provider must not call
    unverified), or ``role_claim`` and ``editor_roles`` (a claim, with dots between its parts,
    and the values of it that make an editor).
    """
    subject = claims.get("sub")
    if not subject:
        return None
    mail = str(claims.get("email") or "").strip().lower()
    if claims.get("email_verified") is False:
        mail = ""
    editors = {str(one).strip().lower() for one in _several(access.get("editors"))}
    wanted = {str(one) for one in _several(access.get("editor_roles"))}
    held = {str(one) for one in _several(_claim(claims, str(access.get("role_claim") or "")))}
    role: AccessRole = "editor" if (mail and mail in editors) or wanted & held else "viewer"
    name = str(claims.get("name") or claims.get("email") or subject)
    return Person(f"{claims.get('iss', '')} {subject}", name, role)


def _claim(claims: Mapping[str, Any], path: str) -> Any:
    found: Any = claims
    for part in path.split(".") if path else ():
        found = found.get(part) if isinstance(found, Mapping) else None
    return found if path else None


def _several(value: Any) -> list[Any]:
    if value is None or isinstance(value, Mapping):
        return []
    return [value] if isinstance(value, str) else list(value)


def admits(cookies: Mapping[str, str], authorization: str | None, *, to_edit: bool = False) -> bool:
    """Whether a request beside the pages may be answered, by its cookies or its bearer token.

    A token is known by its SHA-256 in ``[access.tokens]``; the token itself stands nowhere, and
    reads only. ``to_edit``: the request brings something, which editors alone may do.
    """
    if not sign_in_is_on():
        return True
    asker = _asker(cookies)
    if to_edit:
        return asker is not None and asker.may_edit
    return asker is not None or _known_token(authorization or "")


def _known_token(authorization: str) -> bool:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return False
    digest = hashlib.sha256(token.strip().encode()).hexdigest()
    known = _section(ACCESS).get("tokens") or {}
    return any(hmac.compare_digest(digest, str(one).lower()) for one in known.values())


def _asker(cookies: Mapping[str, str]) -> Person | None:
    claims = signed_in_claims(cookies)
    return None if claims is None else person_of(claims, _section(ACCESS))


def _section(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = secrets().get(name, {})
    return found
