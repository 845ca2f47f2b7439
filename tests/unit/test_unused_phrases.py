"""Every phrase of the catalogue is asked for somewhere: none is kept for nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from data.text import catalogue

ROOT = Path(__file__).parents[2]
FOLDERS = ("data", "clusters", "layers", "ui")
KEY = re.compile(r"[a-z][a-z0-9_]*\.[\w.\-]*")


def asked(tree: ast.AST) -> Iterator[str]:
    """Yield what a module may ask for, as patterns: texts, with ``.+`` for what is put in."""
    inner = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (
                re.escape(part.value) if isinstance(part, ast.Constant) else ".+"
                for part in node.values
            )
            yield "".join(map(str, parts))
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            left = node.left.value if isinstance(node.left, ast.Constant) else None
            if str(left).endswith("."):
                yield re.escape(str(left)) + ".+"
        elif (
            isinstance(node, ast.Constant) and id(node) not in inner and KEY.match(str(node.value))
        ):
            yield re.escape(str(node.value))


def asked_on_the_map(script: str) -> Iterator[str]:
    """Yield the words of the map's own controls: quoted whole, or put together of parts."""
    words = set(re.findall(r"""["'`]([a-z_]+)["'`]""", script))
    yield from words
    names = words | set(re.findall(r"\b([a-z]+):", script))
    first = [one for one in words if one.endswith("_")]
    last = ["", *(one for one in words if one.startswith("_"))]
    yield from (start + one + end for start in first for one in names for end in last)


def unused(keys: Iterable[str], sources: Iterable[str]) -> list[str]:
    """Return the keys that no source asks for."""
    patterns = {one for source in sources for one in asked(ast.parse(source))}
    # A text that is all placeholder says nothing of what it asks for.
    telling = [one for one in patterns if re.match(r"[a-z][a-z0-9_]*\\\.", one)]
    any_of = re.compile("|".join(f"(?:{one})" for one in telling))
    return [key for key in keys if not any_of.fullmatch(key)]


def test_every_phrase_is_asked_for():
    sources = [
        path.read_text(encoding="utf-8")
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
    ]
    scripts = [
        path.read_text(encoding="utf-8")
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.js")
    ]
    on_the_map = {f"toolbar.{word}" for word in asked_on_the_map("\n".join(scripts))}
    assert [one for one in unused(catalogue("en"), sources) if one not in on_the_map] == []


def test_the_test_finds_what_nobody_asks_for():
    source = 'say("a.plain"); say(f"b.{x}_end"); say("c." + x); say(f"{x}.y")'
    keys = ["a.plain", "a.other", "b.one_end", "b.one", "c.some", "d.y"]
    assert unused(keys, [source]) == ["a.other", "b.one", "d.y"]
    found = set(asked_on_the_map("""say("kind_" + place.kind); ["city"]; word("tools")"""))
    assert {"tools", "kind_city"} <= found
    assert "kind_none" not in found
