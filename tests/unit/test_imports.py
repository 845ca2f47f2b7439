"""Imports run one way, and each library stays in its room."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from data.loader import default_province_id, load_province

ROOT = Path(__file__).parents[2]
ORDER = ("data", "clusters", "layers", "ui", "app")
ROOMS = {
    "folium": ("layers/web_map.py",),
    "streamlit": ("ui/", "app.py"),
    "streamlit_folium": (),
    "starlette": ("ui/", "app.py"),
    "matplotlib": ("layers/",),
    "frykit": ("data/boundaries.py", "data/new_province.py"),
}


def modules() -> list[Path]:
    return [
        path.relative_to(ROOT)
        for name in ORDER
        for path in ([ROOT / "app.py"] if name == "app" else sorted((ROOT / name).rglob("*.py")))
    ]


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("path", modules(), ids=str)
def test_imports_run_one_way(path):
    own = ORDER.index(path.parts[0].removesuffix(".py"))
    wrong = {name for name in imported(path) if name in ORDER and ORDER.index(name) > own}
    assert not wrong


@pytest.mark.parametrize("path", modules(), ids=str)
def test_libraries_stay_in_their_rooms(path):
    for library, rooms in ROOMS.items():
        if library in imported(path):
            assert str(path).startswith(rooms), f"{path} imports {library}"


def test_no_place_names_in_the_code():
    """Neither the default province nor its cities, in either script, in code or benchmarks."""
    province = load_province(default_province_id())
    names = [str(name).lower() for name in province.cities["name_en"]]
    names += [str(name).removesuffix("市") for name in province.cities["name_zh"]]
    assert len(names) == 2 * len(province.cities) > 20
    names += [province.id, province.settings.name.zh.removesuffix("省")]
    benchmarks = (path.relative_to(ROOT) for path in sorted((ROOT / "benchmarks").rglob("*.py")))
    for path in (*modules(), *benchmarks):
        text = (ROOT / path).read_text(encoding="utf-8").lower()
        found = [name for name in names if name in text]
        assert not found, f"{path} names {found}"


def test_rooms_have_no_catch_alls():
    names = {path.stem for path in modules()} | {path.parent.name for path in modules()}
    assert not names & {"utils", "util", "core", "common", "helpers", "misc"}


@pytest.mark.parametrize("path", modules(), ids=str)
def test_modules_are_short_and_say_what_they_do(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    assert ast.get_docstring(ast.parse(text))
