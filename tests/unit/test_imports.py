"""Imports run one way, and each library stays in its room."""

from __future__ import annotations

import ast
from pathlib import Path

import pandas as pd
import pytest

from data.loader import default_province_id, load_province
from layers.web.gazetteer import pinyin_of

ROOT = Path(__file__).parents[2]
ORDER = ("data", "clusters", "layers", "ui", "app")
ROOMS = {
    "folium": ("layers/web/folium_map.py",),
    "streamlit": ("ui/", "app.py"),
    "streamlit_folium": (),
    "starlette": ("ui/", "app.py"),
    "matplotlib": ("layers/",),
    "frykit": ("data/authoring/boundaries.py", "data/authoring/new_province.py"),
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


def every_python_file() -> list[Path]:
    """Return all of the repository: code, tests and benchmarks, not what was installed into it."""
    top = [path for path in sorted(ROOT.iterdir()) if not path.name.startswith(".")]
    folders = [path for path in top if path.is_dir()]
    return [path for path in top if path.suffix == ".py"] + [
        path for folder in folders for path in sorted(folder.rglob("*.py"))
    ]


def names_of(areas: pd.DataFrame) -> set[str]:
    """Return how areas are written: in both scripts, bare and in full, and in Pinyin syllables.

    A name of one character stays with the word for what the area is.
    """
    chinese = {name[:-1] if len(name) > 2 else name for name in areas["name_zh"]}
    english = {name.lower() for name in areas["name_en"]}
    return (
        chinese
        | english
        | {name.replace("'", "") for name in english}
        | {pinyin_of(name) for name in chinese}
    )


def test_no_place_names_in_any_python_file():
    """Neither the default province nor its cities and counties: data names them, code does not.

    What tests expect of a place is told in tables beside them (``tests/places.toml``).
    """
    province = load_province(default_province_id())
    names = names_of(province.cities) | names_of(province.counties)
    names |= {province.id, province.settings.name.zh.removesuffix("省")}
    assert len(names) > 3 * len(province.counties)
    paths = every_python_file()
    assert {"benchmarks", "tests", *ORDER} <= {
        path.relative_to(ROOT).parts[0].removesuffix(".py") for path in paths
    }
    for path in paths:
        text = path.read_text(encoding="utf-8").lower()
        found = sorted(name for name in names if name in text)
        assert not found, f"{path.relative_to(ROOT)} names {found}"


def test_rooms_have_no_catch_alls():
    names = {path.stem for path in modules()} | {path.parent.name for path in modules()}
    assert not names & {"utils", "util", "core", "common", "helpers", "misc"}


@pytest.mark.parametrize("path", modules(), ids=str)
def test_modules_are_short_and_say_what_they_do(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    assert ast.get_docstring(ast.parse(text))
