"""What CONTRIBUTING.md tells to write is written, in a copy of the repository, and works there."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from data.loader import default_province_id
from tests.serving import ROOT

PARTS = ("app.py", "data", "clusters", "layers", "ui")
PLAN = f"data/provinces/{default_province_id()}/plan.toml"
BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
RUN = "import json, sys; from layers.command.cli import main; " + (
    "sys.exit(max(main(words) for words in json.loads(sys.argv[1])))"
)


@dataclass(frozen=True)
class Block:
    """A block of code, and the file that it makes or goes into; empty where it is a command."""

    path: str
    text: str


def section(title: str) -> str:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## )", text, re.DOTALL | re.MULTILINE)
    assert found, title
    return found[1]


def blocks(title: str) -> list[Block]:
    return [Block(path, body) for _, path, body in BLOCK.findall(section(title))]


def stated_files(title: str) -> int:
    return int(re.findall(r"Files: (\d+)", section(title))[0])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "atlas"
    unneeded = shutil.ignore_patterns("__pycache__")
    for name in PARTS:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=unneeded)
        else:
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(source, target)
    return folder


def written(copy: Path, title: str) -> set[str]:
    """Do what the section tells: make files, put words and facts into others. Return which."""
    found = [block for block in blocks(title) if block.path]
    for block in found:
        path = copy / block.path
        if not path.exists():
            path.write_text(block.text, encoding="utf-8")
        elif path.name == "measures.py":
            path.write_text(with_measure(path.read_text(encoding="utf-8"), block.text), "utf-8")
        elif path.parent.name == "text":
            path.write_text(with_words(path.read_text(encoding="utf-8"), block.text), "utf-8")
        else:
            with path.open("a", encoding="utf-8") as file:
                file.write("\n" + block.text)
    return {block.path for block in found}


def with_measure(module: str, addition: str) -> str:
    """Put a function above the list of measures, an entry at its end."""
    start = module.index("_MEASURES: ")
    if addition.startswith("def "):
        return module[:start] + addition + "\n\n" + module[start:]
    end = module.index("\n)\n", start) + 1
    return module[:end] + addition + module[end:]


def with_words(catalogue: str, addition: str) -> str:
    """Put phrases under the heading that they name, which is made where it is not there."""
    heading, _, words = addition.partition("\n")
    if f"\n{heading}\n" not in catalogue:
        return f"{catalogue}\n{addition}"
    return catalogue.replace(f"\n{heading}\n", f"\n{heading}\n{words}", 1)


def atlas(copy: Path, *commands: str) -> str:
    """Run commands of ``python -m layers`` in the copy, in one process; return what they say."""
    words = json.dumps([shlex.split(command) for command in commands])
    done = subprocess.run(
        [sys.executable, "-c", RUN, words], cwd=copy, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def listed(output: str, key: str) -> list[str]:
    (line,) = (line for line in output.splitlines() if line.startswith(f"{key}: "))
    return line.removeprefix(f"{key}: ").split(", ")


def test_a_layer(copy):
    title = "Add a layer"
    touched = written(copy, title)
    assert len(touched) == stated_files(title)
    said = atlas(
        copy,
        "list",
        "snapshot overlay=many-sites&lang=en -o with.html",
        "snapshot overlay=none&lang=en -o without.html",
        "snapshot overlay=many-sites -o with.svg",
    )
    assert "many-sites" in listed(said, "overlay")
    words = "Cities with more than 20 sites"
    assert words in (copy / "with.html").read_text(encoding="utf-8")
    assert words not in (copy / "without.html").read_text(encoding="utf-8")
    assert "#5b3fa8" in (copy / "with.svg").read_text(encoding="utf-8")


def test_a_sector_a_segment_and_a_role(copy):
    title = "Add a sector, a segment, a role"
    assert len(written(copy, title)) == stated_files(title) == 1
    plan = copy / PLAN
    text = plan.read_text(encoding="utf-8")
    segment = '[[sectors.segments]]\nid = "windows"\nname = { zh = "车窗", en = "Windows" }\n\n'
    second = text.index("[[sectors]]", text.index("[[sectors]]") + 1)
    plan.write_text(text[:second] + segment + text[second:], encoding="utf-8")
    said = atlas(copy, "check", "list", "snapshot overlay=exports&lang=en -o map.html")
    assert "no faults" in said
    assert "charging" in listed(said, "sector")
    assert {"charging-piles", "windows"} <= {*listed(said, "segment")}
    assert "exports" in listed(said, "role")
    assert "exports" in listed(said, "overlay")
    sectors = tomllib.loads(plan.read_text(encoding="utf-8"))["sectors"]
    assert "windows" in [one["id"] for one in sectors[0]["segments"]]
    assert "Export base" in (copy / "map.html").read_text(encoding="utf-8")


def test_a_measure(copy):
    title = "Add a measure"
    touched = written(copy, title)
    assert len(touched) == stated_files(title)
    query = "theme=site-density&lang=en"
    said = atlas(copy, "list", f"snapshot {query} -o map.html", f"export {query} -o cities.gpkg")
    assert "site-density" in listed(said, "theme")
    assert "Density of sites" in (copy / "map.html").read_text(encoding="utf-8")
    assert b"site_density" in (copy / "cities.gpkg").read_bytes()


def test_an_export_format(copy):
    title = "Add an export format"
    assert len(written(copy, title)) == stated_files(title) == 1
    said = atlas(copy, "list", "export sector=battery&lang=en -o names.txt")
    assert "txt" in listed(said, "export")
    assert len((copy / "names.txt").read_text(encoding="utf-8").splitlines()) > 50


def test_a_province(copy):
    (command,) = blocks("Add a province")
    words = command.text.strip().removeprefix("python -m layers ")
    said = atlas(
        copy,
        words,
        "check --province zhejiang",
        "list --province zhejiang",
        "snapshot province=zhejiang&lang=en -o map.html",
    )
    assert "zhejiang: no faults" in said
    assert "zhejiang" in listed(said, "province")
    assert "Hangzhou" in (copy / "map.html").read_text(encoding="utf-8")
    changed = {path.parts[0] for path in made(copy)}
    assert changed == {"zhejiang"}


def made(copy: Path) -> list[Path]:
    """Return the files of provinces that the repository does not have."""
    theirs, ours = (one / "data" / "provinces" for one in (copy, ROOT))
    files = (path.relative_to(theirs) for path in theirs.rglob("*") if path.is_file())
    return [path for path in files if not (ours / path).exists()]
