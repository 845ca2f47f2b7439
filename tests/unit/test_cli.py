"""The command line gives the same files, and one clear line where it cannot."""

from __future__ import annotations

import re

import pytest

from layers.command.cli import main
from tests.places import PLACES

pytestmark = pytest.mark.usefixtures("forked_readers", "home_at_hand")


def test_snapshot_writes_a_file(tmp_path, capsys):
    path = tmp_path / "map.svg"
    assert main(["snapshot", "sector=battery&lang=en", "-o", str(path)]) == 0
    assert path.read_text(encoding="utf-8").startswith("<?xml")
    assert capsys.readouterr().out == f"{path}\n"


@pytest.mark.parametrize(
    ("query", "file", "message"),
    [
        ("sector=batery", "map.png", "not understood: sector=batery; choose from assembly,"),
        ("planet=mars", "map.png", "not understood: planet=mars; choose from province,"),
        ("province=atlantis", "map.png", "`province`: unknown value 'atlantis'"),
        ("", "map.bmp", "`-o`: unknown value 'map.bmp'; choose from FILE.html, FILE.pdf"),
        ("", "no/such/folder/map.png", "cannot write"),
    ],
)
def test_bad_input_is_one_line_and_status_1(tmp_path, capsys, query, file, message):
    assert main(["snapshot", query, "-o", str(tmp_path / file)]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_wrong_usage_is_status_2(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["snapshot"])
    assert caught.value.code == 2
    assert "usage: python -m layers" in capsys.readouterr().err


def test_check_counts_what_is_there(capsys):
    assert main(["check"]) == 0
    assert "no faults (13 cities, 95 counties" in capsys.readouterr().out


def test_check_of_an_unknown_province(capsys):
    assert main(["check", "--province", "atlantis"]) == 1
    assert "`--province`: unknown value 'atlantis'" in capsys.readouterr().err


def test_list_names_every_choice(capsys):
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    assert "role: assembly, consolidation, parts, hydrogen" in out
    assert f"{PLACES.other_hub.slug} ({PLACES.other_hub.adcode})" in out
    assert "theme: score, sites, share, location-quotient" in out


POINTS = "name,longitude,latitude,branch\nOne,120.62,31.32,cells\nTwo,118.79,32.06,motors\n"


@pytest.fixture
def points_file(tmp_path):
    path = tmp_path / "register.csv"
    path.write_text(POINTS, encoding="utf-8")
    return path


def test_snapshot_draws_points_of_a_file(tmp_path, points_file, capsys):
    path = tmp_path / "map.svg"
    asked = ["--points", str(points_file), "--datum", "wgs84", "--points-color", "branch"]
    assert main(["snapshot", "lang=en", "-o", str(path), *asked]) == 0
    text = path.read_text(encoding="utf-8")
    assert "Own data" in text
    assert "register.csv" in text
    assert "motors" in text
    counted = [*asked[:4], "--points-as", "counties"]
    assert main(["snapshot", "lang=en", "-o", str(path), *counted]) == 0
    words = " ".join(re.sub(r"<[^>]*>", " ", path.read_text(encoding="utf-8")).split())
    assert "points by county" in words
    assert capsys.readouterr().err == ""


def test_export_counts_points_of_a_file(tmp_path, points_file):
    path = tmp_path / "view.csv"
    asked = ["--points", str(points_file), "--datum", "wgs84"]
    assert main(["export", "lang=en", "-o", str(path), *asked]) == 0
    assert "Own data: register.csv" in path.read_text(encoding="utf-8-sig")


def test_points_without_a_place_are_told(tmp_path, points_file, capsys):
    points_file.write_text(f"{POINTS}Three,,,cells\n", encoding="utf-8")
    asked = ["--points", str(points_file), "--datum", "wgs84"]
    assert main(["snapshot", "lang=en", "-o", str(tmp_path / "map.svg"), *asked]) == 0
    told = capsys.readouterr().err
    assert "register.csv: 1 of 3 rows have no usable place and are left out; row 4" in told


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (["--points", "nowhere.csv"], "'nowhere.csv' is neither a file nor a table"),
        (["--points", "FILE"], "datum"),
        (
            ["--points", "FILE", "--datum", "wgs84", "--points-color", "brand"],
            "`--points-color`: unknown value 'brand'; choose from branch",
        ),
    ],
)
def test_points_that_cannot_be_used_are_one_line_and_status_1(
    tmp_path, points_file, capsys, asked, message
):
    words = [str(points_file) if word == "FILE" else word for word in asked]
    assert main(["snapshot", "", "-o", str(tmp_path / "map.svg"), *words]) == 1
    told = capsys.readouterr().err
    assert message in told
    assert told.count("\n") == 1
