"""Whatever a page says comes from the catalogue: no words stand in the code that shows them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHOWING = {
    *("badge", "button", "caption", "checkbox", "date_input", "download", "download_button"),
    *("error", "expander", "file_uploader", "header", "info", "link_button", "markdown", "metric"),
    *("multiselect", "page_link", "pills", "popover", "radio", "segmented_control", "selectbox"),
    *("slider", "spinner", "subheader", "success", "tabs", "text", "text_input", "title"),
    *("toast", "toggle", "warning", "write"),
}
SAYING = {"label", "help", "placeholder", "body", "text", "caption"}
WORDS = re.compile(r"[A-Za-z]{3,}|[\u4e00-\u9fff]")
NO_WORDS = re.compile(r":material/[a-z_]+:|:[a-z-]+\[|&[a-z]+;|<[^>]*>|\{[^}]*\}")
ALLOWED = {"GeoParquet"}
"""Names that are the same in both languages."""

SETTING_WORDS = re.compile(
    r"(?:textContent|innerText|title|placeholder|ariaLabel)\s*=\s*[\"'`]([^\"'`]*)"
    r"|setAttribute\(\s*[\"'](?:aria-label|title|placeholder|alt)[\"'],\s*[\"'`]([^\"'`]*)"
)


def constants(node: ast.expr) -> Iterator[str]:
    """Yield the texts that stand in an expression itself, not in calls within it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from constants(part)
    elif isinstance(node, ast.BinOp):
        yield from constants(node.left)
        yield from constants(node.right)
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)
    elif isinstance(node, (ast.List, ast.Tuple)):
        for part in node.elts:
            yield from constants(part)


def stray_words(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else None
        name = node.func.id if isinstance(node.func, ast.Name) else name
        if name not in SHOWING:
            continue
        said = [*node.args[:1], *(one.value for one in node.keywords if one.arg in SAYING)]
        for expression in said:
            for text in constants(expression):
                if text not in ALLOWED and WORDS.search(NO_WORDS.sub("", text)):
                    found.append(f"line {node.lineno}: {text!r}")
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "ui").rglob("*.py")), ids=lambda path: path.name)
def test_no_page_has_words_of_its_own(path: Path):
    assert stray_words(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "path",
    sorted([*(ROOT / "layers").rglob("*.js"), *(ROOT / "ui").rglob("*.js")]),
    ids=lambda path: path.name,
)
def test_no_script_has_words_of_its_own(path: Path):
    text = path.read_text(encoding="utf-8")
    words = [next(filter(None, found), "") for found in SETTING_WORDS.findall(text)]
    assert [word for word in words if WORDS.search(word)] == []
    assert not re.search(r"[\u4e00-\u9fff]", text)


def test_stray_words_are_found():
    assert stray_words('st.caption("Click here")')
    assert stray_words('st.button(f"Open {name}")')
    assert stray_words('st.selectbox(session.say("x"), help="有帮助")')
    assert not stray_words(
        'st.button(session.say("x"), icon=":material/close:", key="widget.open")'
    )
