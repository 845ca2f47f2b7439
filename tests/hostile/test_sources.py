"""What the code never does: unpickle, evaluate, run a shell, or open what a request names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = [
    ROOT / "app.py",
    ROOT / "run.py",
    *(
        path
        for folder in ("data", "clusters", "layers", "ui", "benchmarks")
        for path in sorted((ROOT / folder).rglob("*.py"))
    ),
]
CALLS = {"eval", "exec", "compile", "__import__", "breakpoint", "input"}
MODULES = {
    *(
        "pickle",
        "cPickle",
        "dill",
        "cloudpickle",
        "joblib",
        "shelve",
        "marshal",
        "yaml",
        "telnetlib",
    ),
    *("xmlrpc", "ftplib", "smtplib"),
}
ATTRIBUTES = {
    "read_pickle",
    "to_pickle",
    "system",
    "popen",
    "allow_pickle",
    "unsafe_allow_html",
    "unsafe_allow_javascript",
    "load_extension",
    "enable_load_extension",
}
# Each starts our own interpreter with our own module, never a shell; run.py the installer of the
# tests' tools, too.
STARTS_PROCESSES = (
    "data/uploads/sandbox/processes.py",
    "data/uploads/sandbox/forkserver_client.py",
    "layers/batch/batch_process.py",
    "run.py",
    "benchmarks/",
)


def constant_scripts(tree: ast.AST) -> set[int]:
    """Return the lines of calls that show a script which is a constant of the module."""
    return {
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and any(one.arg == "unsafe_allow_javascript" for one in node.keywords)
        and isinstance(node.args[0], ast.Name)
        and node.args[0].id.isupper()
    }


def faults_of(tree: ast.AST) -> list[str]:
    found = []
    constant = {f"{line}: unsafe_allow_javascript=" for line in constant_scripts(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in CALLS:
                found.append(f"{node.lineno}: {node.func.id}")
        elif isinstance(node, ast.Attribute) and node.attr in ATTRIBUTES:
            found.append(f"{node.lineno}: .{node.attr}")
        elif isinstance(node, ast.keyword) and (
            node.arg in ATTRIBUTES
            or (node.arg == "shell" and getattr(node.value, "value", True))
            or (node.arg == "verify" and getattr(node.value, "value", True) is False)
        ):
            found.append(f"{node.value.lineno}: {node.arg}=")
        elif isinstance(node, ast.Import):
            names = {alias.name.split(".")[0] for alias in node.names}
            found += [f"{node.lineno}: import {name}" for name in sorted(names & MODULES)]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MODULES:
            found.append(f"{node.lineno}: from {node.module}")
    return [fault for fault in found if fault not in constant]


@pytest.mark.parametrize(
    "text",
    [
        "eval('1')",
        "import pickle",
        "from yaml import load",
        "import pandas as pd\npd.read_pickle('x')",
        "subprocess.run('x', shell=True)",
        "st.markdown('x', unsafe_allow_html=True)",
        "requests.get('x', verify=False)",
        "np.load('x', allow_pickle=True)",
        "st.html(text, unsafe_allow_javascript=True)",
        "st.html(f'<script>{X}</script>', unsafe_allow_javascript=True)",
    ],
)
def test_the_check_sees(text):
    assert faults_of(ast.parse(text))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_unpickled_or_evaluated(path):
    assert faults_of(ast.parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_processes_are_started_in_few_places(path):
    name = str(path.relative_to(ROOT))
    text = path.read_text(encoding="utf-8")
    if re.search(r"^(import|from) (subprocess|multiprocessing)\b|ProcessPool", text, re.MULTILINE):
        assert name.startswith(STARTS_PROCESSES), name


def test_scripts_of_the_page_write_no_markup_from_data():
    allowed = {"if (this.credit === text.innerHTML) return;", "this.credit = text.innerHTML;"}
    for path in [*(ROOT / "layers").rglob("*.js"), *(ROOT / "ui").rglob("*.js")]:
        for line in path.read_text(encoding="utf-8").splitlines():
            if re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", line):
                reads = re.search(r"attribution: credit\.innerHTML", line)
                assert line.strip() in allowed or reads, line
