"""Join the ES modules of a page to one script, for pages that cannot fetch them one by one.

Our modules keep to a form that is read line by line (``tests/unit/test_scripts.py`` holds them to
it): imports name what they take from a relative path, ``export`` stands before a declaration
that is never given another value, and no circle ties them.
"""

from __future__ import annotations

import re
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

_IMPORT = re.compile(r'^import \{([^}]+)\} from "(\.{1,2}/[^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.MULTILINE)


def imported(script: str) -> dict[str, tuple[str, ...]]:
    """Return what a module takes from each relative path, in the order of its imports."""
    return {
        path: tuple(name.strip() for name in names.split(","))
        for names, path in _IMPORT.findall(script)
    }


def exported(script: str) -> tuple[str, ...]:
    """Return the names that a module gives to others."""
    return tuple(name for _, name in _EXPORT.findall(script))


def modules_of(entry: Path) -> tuple[Path, ...]:
    """Return a module and all that it needs, each after those that it imports.

    Raises ``graphlib.CycleError`` where modules import each other in a circle.
    """
    needs: dict[Path, list[Path]] = {}
    waiting = [entry.resolve()]
    while waiting:
        path = waiting.pop()
        if path not in needs:
            needs[path] = [(path.parent / one).resolve() for one in imported(_text(path))]
            waiting += needs[path]
    return tuple(TopologicalSorter(needs).static_order())


def joined(entry: Path) -> str:
    """Return one script that does what the module does: each module is a function, called once."""
    places = {path: f"module_{place}" for place, path in enumerate(modules_of(entry))}
    return "\n".join(_as_function(path, places) for path in places)


def _as_function(path: Path, places: dict[Path, str]) -> str:
    script = _text(path)
    given = ", ".join(exported(script))

    def taken(found: re.Match[str]) -> str:
        return f"const {{{found[1]}}} = {places[(path.parent / found[2]).resolve()]};"

    body = _EXPORT.sub(r"\1 \2", _IMPORT.sub(taken, script))
    return f"const {places[path]} = (() => {{\n{body}return {{ {given} }};\n}})();"


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
