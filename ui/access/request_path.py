"""Tell what a request asks for, wherever below another address the server stands."""

from __future__ import annotations

import streamlit as st
from starlette.types import Scope


def request_path(scope: Scope) -> str:
    """Return the path below the one that the server stands at, without a slash at its end."""
    path = str(scope["path"]).removeprefix(scope.get("root_path", ""))
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    if base and f"{path}/".startswith(f"/{base}/"):
        path = path[len(base) + 1 :]
    return path.rstrip("/") or "/"
