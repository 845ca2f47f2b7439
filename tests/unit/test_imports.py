"""Imports run one way, and each library stays in its room."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable
from functools import cache
from graphlib import CycleError, TopologicalSorter
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


@cache
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


@cache
def house() -> dict[str, Path]:
    """Return every module by its dotted name; a package counts as its ``__init__``."""
    return {
        ".".join(path.with_suffix("").parts).removesuffix(".__init__"): path for path in modules()
    }


@cache
def arrows() -> set[tuple[str, str]]:
    """Return which module imports which, wherever in it and whatever for."""
    known = house()
    found = set()
    for name, path in known.items():
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                whole = {f"{node.module}.{alias.name}" for alias in node.names}
                taken = {one if one in known else node.module for one in whole}
            elif isinstance(node, ast.Import):
                taken = {alias.name for alias in node.names}
            else:
                continue
            found |= {(name, one) for one in taken & known.keys() if one != name}
    return found


def circle(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Return a circle of arrows, first and last the same; an empty list where there is none."""
    order: TopologicalSorter[str] = TopologicalSorter()
    for start, end in pairs:
        order.add(start, end)
    try:
        order.prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_circle_ties_files():
    assert circle(arrows()) == []


def rooms() -> list[str]:
    return sorted({"", *(".".join(path.parent.parts) for path in modules() if path.parent.parts)})


@pytest.mark.parametrize("room", rooms())
def test_no_circle_ties_what_stands_in_a_room(room):
    """Files and folders of one folder: each folder counts as one."""
    start = f"{room}." if room else ""
    inside = {
        tuple(one.removeprefix(start).split(".")[0] for one in pair)
        for pair in arrows()
        if all(one.startswith(start) for one in pair)
    }
    assert circle((one, other) for one, other in inside if one != other) == []


def test_circles_are_found():
    assert circle([("a", "b"), ("b", "c"), ("a", "c")]) == []
    assert set(circle([("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")])) == {"a", "b", "c"}


def test_a_file_name_is_said_once_in_the_house():
    names = Counter(path.name for path in modules() if path.name not in ("__init__.py",))
    assert [name for name, times in names.items() if times > 1] == []


def test_a_type_has_one_name_and_a_name_one_type():
    """Classes and aliases that others may import: none is called like another one."""
    names: Counter[str] = Counter()
    for path in modules():
        for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                names[node.name] += 1
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", 0)]
            found = [target.id for target in targets if isinstance(target, ast.Name)]
            names.update(name for name in found if name[0].isupper() and not name.isupper())
    assert [name for name, times in names.items() if times > 1] == []


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
