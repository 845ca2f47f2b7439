"""The scripts of the browser are small modules that import each other, and nothing else."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from graphlib import CycleError
from pathlib import Path

import pytest

from layers.web.script_modules import exported, imported, joined, modules_of
from tests import lint_scripts
from tests.missing import NOT_TESTED, lacks

ROOT = Path(__file__).parents[2]
ENTRIES = ("ui/assets/frame.js", "ui/assets/first_map.js", "layers/web/assets/offline.js")
SCRIPTS = sorted(path for room in ("layers", "ui") for path in (ROOT / room).rglob("*.js"))
NAMED = pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)

ON_THE_WINDOW = {"layers/web/assets/atlas.js": ["clusterAtlas"]}
"""The one name that tests and the page around a frame find the map by."""

WINDOW = re.compile(
    r"\b(?:window|globalThis|self|top|parent)(?:\.(\w+)|\[[^\]]*\])\s*(?:[-+*/|&?]{0,2}=)(?![=>])"
)
WORDS = re.compile(r"^\s*(?:import|export)\b.*|\bimport\(.*", re.MULTILINE)
LATER = re.compile(r"^(?:let|var)\b.*", re.MULTILINE)


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def node(*words: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("node")
    if program is None:
        lacks("node", "tests/install_tools.sh installs it", always_needed=True)
    return subprocess.run([program, *words], cwd=ROOT, capture_output=True, text=True)


@NAMED
def test_scripts_are_short_and_say_what_they_do(path):
    assert len(text(path).splitlines()) <= 300
    assert text(path).startswith("/* ")


def test_a_name_is_said_once():
    assert [name for name, times in Counter(one.name for one in SCRIPTS).items() if times > 1] == []


@NAMED
def test_imports_name_what_is_there(path):
    for found, names in imported(text(path)).items():
        other = (path.parent / found).resolve()
        assert other in SCRIPTS, found
        assert set(names) <= set(exported(text(other))), found


@NAMED
def test_imports_run_one_way(path):
    """What maps need is used by the controls of the page, not the other way round."""
    if path.is_relative_to(ROOT / "layers"):
        for found in imported(text(path)):
            assert (path.parent / found).resolve().is_relative_to(ROOT / "layers"), found


@NAMED
def test_modules_keep_to_the_form_that_is_joined(path):
    """Each import and export is one that ``script_modules`` reads: none is left out of a page."""
    told = [f"import {{ {', '.join(names)} }} from" for names in imported(text(path)).values()]
    for line in WORDS.findall(text(path)):
        if line.startswith("import"):
            assert any(line.startswith(one) for one in told), line
        else:
            assert any(re.search(rf"\b{name}\b", line) for name in exported(text(path))), line
    assert not set(exported(text(path))) & set(re.findall(r"^let (\w+)", text(path), re.MULTILINE))
    assert text(path).endswith("\n")


@NAMED
def test_nothing_is_put_on_the_window(path):
    found = WINDOW.findall(text(path))
    assert found == ON_THE_WINDOW.get(str(path.relative_to(ROOT)), [])
    assert "Object.assign(window" not in text(path)


@pytest.mark.parametrize(
    "line", ["window.x = 1;", 'window["x"] = 1;', "globalThis.x ??= 1;", "window.parent.x += 1"]
)
def test_what_is_put_on_the_window_is_found(line):
    assert WINDOW.search(line)


@pytest.mark.parametrize("line", ["if (window.x === 1)", "window.x.y(1)", "const x = window.x;"])
def test_what_is_read_from_the_window_is_not(line):
    assert not WINDOW.search(line)


def test_every_script_is_used_and_no_circle_ties_any():
    used = {path for entry in ENTRIES for path in modules_of(ROOT / entry)}
    assert used == set(SCRIPTS)


def test_a_circle_is_found(tmp_path):
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\nexport const a = b;\n')
    (tmp_path / "b.js").write_text('import { a } from "./a.js";\nexport const b = a;\n')
    with pytest.raises(CycleError):
        modules_of(tmp_path / "a.js")


def test_joined_modules_do_what_they_do_apart(tmp_path):
    """Names that two modules have alike stay apart, and each runs once, after what it imports."""
    (tmp_path / "deep").mkdir()
    files = {
        "deep/kept.js": "let own = 0;\nexport function next() {\n  own += 1;\n  return own;\n}\n"
        'export const word = "kept";\nconsole.log(word);\n',
        "one.js": 'import { next, word } from "./deep/kept.js";\n\nconst own = word;\n'
        "export class One {\n  say() { return own + next(); }\n}\n"
        "export async function later() { return next(); }\n",
        "all.js": 'import { next } from "./deep/kept.js";\nimport { One, later } from "./one.js";\n'
        "const own = new One().say();\nlater().then((found) => console.log(own, found, next()));\n",
    }
    for name, script in files.items():
        (tmp_path / name).write_text(script, encoding="utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (tmp_path / "joined.mjs").write_text(joined(tmp_path / "all.js"), encoding="utf-8")
    apart, together = (node(str(tmp_path / name)) for name in ("all.js", "joined.mjs"))
    assert together.stdout == apart.stdout == "kept\nkept1 2 3\n"


@pytest.mark.parametrize("entry", ENTRIES)
def test_joined_scripts_are_sound(entry, tmp_path):
    page = tmp_path / "page.mjs"
    page.write_text(joined(ROOT / entry), encoding="utf-8")
    done = node("--check", str(page))
    assert done.returncode == 0, done.stderr
    assert not re.search(r"^(import|export)\b", text(page), re.MULTILINE)
    # It stands in a script element.
    assert not re.search(r"</script|<!--", text(page), re.IGNORECASE)


def test_pure_parts():
    """``tests/scripts``: what needs no page, in node's own runner."""
    tests = sorted(str(path) for path in (ROOT / "tests" / "scripts").glob("*.test.js"))
    assert tests
    done = node("--test", *tests)
    assert done.returncode == 0, done.stdout + done.stderr
    told = re.search(r"^(?:#|ℹ) tests (\d+)$", done.stdout, re.MULTILINE)
    assert told
    assert int(told[1]) >= len(tests)


def test_a_check_without_node_says_so_and_fails_on_ci(monkeypatch, capsys):
    monkeypatch.setattr(lint_scripts.shutil, "which", lambda name: None)
    monkeypatch.delenv("CI", raising=False)
    assert lint_scripts.main() == 0
    assert capsys.readouterr().out.startswith(f"{NOT_TESTED}scripts of the browser")
    monkeypatch.setenv("CI", "true")
    assert lint_scripts.main() == 1


def test_the_linter_that_is_locked_is_the_one_that_is_told():
    package = json.loads(text(lint_scripts.FOLDER / "package.json"))
    assert package["devDependencies"] == {"@biomejs/biome": lint_scripts.wanted()}
