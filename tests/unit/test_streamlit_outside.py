"""Nothing but ``ui/streamlit_inside.py`` names what is inside Streamlit."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import streamlit

from ui import streamlit_inside as inside

ROOT = Path(__file__).parents[2]
INSIDE = ROOT / "ui" / "streamlit_inside.py"
PUBLIC = {"streamlit.components.v1.declare_component"}
"""What may be imported from below ``streamlit``: it is documented."""
SHELVES = {"column_config", "components"}
"""Modules of ``st`` that are documented."""
WORDS = (
    *(inside.HEALTH, inside.HOST_CONFIG, inside.STREAM, inside.UPLOADS, inside.MEDIA),
    *(inside.CODE, inside.ICON, *inside.SIGN_IN, inside.PROTOCOLS, inside.USER_COOKIE),
    *("_stcore", "_streamlit"),
)
"""What no text outside holds: addresses, protocols, cookies."""


def python_files() -> list[Path]:
    """Return where Streamlit may be imported (``tests/unit/test_imports.py``)."""
    files = (path for path in sorted((ROOT / "ui").rglob("*.py")) if path != INSIDE)
    return [ROOT / "app.py", *files]


def names_inside(source: str) -> list[str]:
    """Return all that a file takes from inside Streamlit."""
    tree = ast.parse(source)
    told = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [name for node in ast.walk(tree) if id(node) not in told for name in _named(node)]


def _named(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom):
        whole = [f"{node.module}.{alias.name}" for alias in node.names]
        is_streamlit = (node.module or "").partition(".")[0] == "streamlit"
        yield from (one for one in whole if is_streamlit and one not in PUBLIC)
    elif isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name.startswith("streamlit."))
    elif isinstance(node, ast.Attribute):
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        if owner == "st" and node.attr not in SHELVES:
            found = getattr(streamlit, node.attr, None)
            yield from [f"st.{node.attr}"] if isinstance(found, ModuleType) else []
        is_private = node.attr.startswith("_") and not node.attr.endswith("__")
        yield from [node.attr] if is_private and owner not in ("self", "cls") else []
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from (word for word in WORDS if word in node.value)


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_else_names_what_is_inside(path):
    """A private name of whatever else counts too: there is none."""
    found = names_inside(path.read_text(encoding="utf-8"))
    assert not found, f"{path.relative_to(ROOT)} names {found}: ui/streamlit_inside.py does"


@pytest.mark.parametrize(
    "source",
    [
        *("from streamlit import runtime", "import streamlit.web.cli"),
        *("from streamlit.runtime.app_session import AppSession", "st.runtime.exists()"),
        *("session._scriptrunner", "f(session)._event_loop", 'path = "/_stcore/health"'),
        *('cookies.get("_streamlit_user")', "from streamlit.delta_generator import DeltaGenerator"),
    ],
)
def test_what_is_inside_is_found(source):
    assert names_inside(source)


@pytest.mark.parametrize(
    "source",
    [
        *("import streamlit as st", "st.components.v1.html(x)", "self._session", "st.rerun()"),
        *("__name__", '"""/media/"""'),
    ],
)
def test_what_is_public_is_not(source):
    assert names_inside(source) == []


def page_files() -> dict[str, str]:
    """Return what is sent to the page: styles and scripts, also those that stand in Python."""
    paths = [
        path
        for room in ("ui", "layers")
        for ending in ("*.css", "*.js", "*.mjs", "*.py")
        for path in sorted((ROOT / room).rglob(ending))
        if path != INSIDE
    ]
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}


FOUND_BY = {
    "test ids": (r"data-testid[\^$*~|]?=\\?[\"']?([\w-]+)", inside.TEST_IDS),
    "classes": (r"\.(st[A-Z]\w+)\b", inside.PAGE_CLASSES),
    "attributes": (r"\b(data-test-[\w-]+|data-tag)\b", inside.PAGE_ATTRIBUTES),
    "keys of the browser's memory": (r"\b(stActive\w+-)", [inside.THEME_KEY]),
    "elements": (r"#(root)\b", [inside.ROOT]),
}


@pytest.mark.parametrize("kind", FOUND_BY)
def test_what_the_page_is_found_by_is_listed_and_nothing_else_is(kind):
    pattern, listed = FOUND_BY[kind]
    used = {name: path for path, text in page_files().items() for name in re.findall(pattern, text)}
    unlisted = {name: path for name, path in used.items() if name not in listed}
    assert not unlisted, f"not in ui/streamlit_inside.py: {unlisted}"
    assert set(listed) - used.keys() == set(), "nothing asks for them any more"


def test_messages_of_the_frame_are_listed():
    text = "\n".join(text for path, text in page_files().items() if path.endswith("js"))
    spelled = set(re.findall(r"streamlit:(\w+)", text)) | set(
        re.findall(r"\btell\(\"(\w+)\"", text)
    )
    assert {f"streamlit:{name}" for name in spelled} == set(inside.FRAME_MESSAGES)
