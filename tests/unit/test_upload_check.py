"""``python -m layers check FILE`` says whether an upload would be accepted, and why not."""

from __future__ import annotations

import pytest

from data.datum import from_wgs84
from layers.command.cli import main
from tests.places import PLACES

pytestmark = pytest.mark.usefixtures("forked_readers", "home_at_hand")


def check(tmp_path, text, *options, name="a.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode("gb18030"))
    return main(["check", str(path), *options])


def test_an_accepted_file(tmp_path, capsys):
    assert check(tmp_path, f"企业名称,城市,行业\n甲,{PLACES.capital.short_zh},动力电池\n") == 0
    out = capsys.readouterr().out
    assert out.startswith("a.csv: accepted (1 rows, CSV, gb18030)\n")
    assert "  city: 城市\n" in out


def test_rejected_rows_are_named(tmp_path, capsys):
    assert (
        check(
            tmp_path, f"企业名称,城市,行业\n甲,{PLACES.capital.short_zh},石油\n乙,火星,动力电池\n"
        )
        == 1
    )
    error = capsys.readouterr().err
    assert "a.csv: 2 of 2 rows would be rejected" in error
    assert (
        "row 2, 行业: found '石油'; expected one of: 整车制造 (Vehicle assembly), 动力电池 ("
        in error
    )
    assert "row 3, 城市: found '火星'; expected a city of the province" in error


def test_coordinates_need_a_datum(tmp_path, capsys, province):
    rings = province.counties.to_crs(province.settings.metric_crs).geometry.buffer(-150).boundary
    points = rings.interpolate(0.3, normalized=True).to_crs("EPSG:4326")
    lon, lat = from_wgs84(points.x, points.y, "gcj02")
    rows = [
        f"甲{at},{x},{y},{code}"
        for at, (x, y, code) in enumerate(zip(lon, lat, province.counties.index, strict=True))
    ]
    text = "\n".join(["名称,经度,纬度,区划代码", *rows])
    assert check(tmp_path, text) == 1
    assert f"gcj02 ({len(rows)} of {len(rows)} points" in capsys.readouterr().err
    assert check(tmp_path, text, "--datum", "gcj02") == 0
    assert "warning" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.exe", "x", "Files of type .exe are not read; choose from .csv"),
        ("a.xlsx", "x", "The content is not that of a .xlsx file"),
        ("a.csv", "a,b\n1,2\n", "No column holds the name"),
        ("a.csv", "名称,b\n甲,2\n", "No column tells where the rows are"),
    ],
)
def test_a_refused_file_is_one_line(tmp_path, capsys, name, text, message):
    assert check(tmp_path, text, name=name) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_a_file_that_is_not_there(tmp_path, capsys):
    assert main(["check", str(tmp_path / "none.csv")]) == 1
    assert "cannot read" in capsys.readouterr().err


def test_an_unknown_datum_is_wrong_usage(tmp_path):
    with pytest.raises(SystemExit) as caught:
        main(["check", "a.csv", "--datum", "nad27"])
    assert caught.value.code == 2
