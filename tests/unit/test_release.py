"""A release says the same of itself everywhere, and its recipes hold what they promise."""

from __future__ import annotations

import datetime as dt
import fnmatch
import re
import shlex
from pathlib import Path
from typing import get_args

import pytest
import yaml

from data.model import Plan
from data.version import VERSION
from layers.command.cli import main

ROOT = Path(__file__).parents[2]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_changelog_citation_and_command_line_name_the_version(capsys):
    cited = yaml.safe_load(text("CITATION.cff"))
    newest, day = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\S+)$", text("CHANGELOG.md"), re.M)[0]
    assert cited["version"] == newest == VERSION
    assert cited["date-released"] == dt.date.fromisoformat(day)
    assert cited["license"] == "MIT"
    assert text("LICENSE").startswith("MIT License")
    assert {"cff-version", "message", "title", "authors", "type"} <= set(cited)
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert VERSION in capsys.readouterr().out


def test_every_version_of_the_format_has_a_row_that_says_what_to_do():
    rows = re.findall(r"^\| (\d+) \| (\S+) \| (.+) \| (.+) \|$", text("docs/schema.md"), re.M)
    (newest,) = get_args(Plan.model_fields["schema_version"].annotation)
    assert [int(row[0]) for row in rows] == list(range(1, newest + 1))
    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", text("CHANGELOG.md"), re.M)
    assert {row[1] for row in rows} <= set(released)


def test_the_container_runs_as_nobody_special_and_tells_its_health():
    lines = text("Dockerfile").replace("\\\n", " ").splitlines()
    steps = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    named = dict(steps)
    assert named["USER"] not in ("root", "0")
    assert ["RUN", f"useradd --create-home --uid 10001 {named['USER']}"] in steps
    order = [name for name, _ in steps]
    assert order.index("USER") < order.index("CMD")
    assert "/_stcore/health" in named["HEALTHCHECK"]
    assert named["EXPOSE"] in named["CMD"]
    sources = [shlex.split(words)[0] for name, words in steps if name == "COPY"]
    left_out = text(".dockerignore").splitlines()
    for name in ("app.py", "requirements.txt", "data", "clusters", "layers", "ui", ".streamlit"):
        assert (ROOT / name).exists()
        assert not any(fnmatch.fnmatch(name, pattern) for pattern in left_out), name
    assert sources == ["requirements.txt", "."]


def test_the_unit_and_the_gate_agree_on_ports_and_name():
    unit, gate = text("docs/deploy/atlas@.service"), text("docs/deploy/nginx.conf")
    ports = re.findall(r"server 127\.0\.0\.1:(\d+);", gate)
    assert len(ports) >= 2
    assert all(f"atlas@{port}" in text("docs/deploy.md") for port in ports)
    assert "--server.port %i --server.address 127.0.0.1" in unit
    name = re.findall(r"server_name (\S+);", gate)
    assert f"ATLAS_NAME={name[0]}" in unit
    for promise in ("DynamicUser=yes", "NoNewPrivileges=yes", "ProtectSystem=strict"):
        assert promise in unit
