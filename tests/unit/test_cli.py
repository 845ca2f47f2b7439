"""The command line gives the same files, and one clear line where it cannot."""

from __future__ import annotations

import pytest

from layers.cli import main
from tests.places import PLACES


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
