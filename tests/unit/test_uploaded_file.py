"""A file is taken through the same steps, wherever it comes in."""

from __future__ import annotations

import numpy as np
import pytest

from data.datum import DATUMS, from_wgs84
from data.own.own_register import read_register
from data.uploads.limits import Limits, RefusedError
from data.uploads.uploaded_file import Interpretation, UploadedFile
from tests.places import PLACES

pytestmark = pytest.mark.usefixtures("forked_readers")

NAMED = f"name,city\nOne,{PLACES.capital.en}\nTwo,Nowhere\n".encode()
MANY = b"name,longitude,latitude\n" + b"a,119.5,32.5\n" * (Limits().rows + 1)


def points(county: object = "") -> bytes:
    lon, lat = from_wgs84(np.array([118.8]), np.array([32.05]), "gcj02")
    return f"name,longitude,latitude,county\nOne,{lon[0]},{lat[0]},{county}\n".encode()


def refusal(file: UploadedFile, province) -> dict[str, str]:
    with pytest.raises(RefusedError) as caught:
        file.as_guessed(province, None)
    assert caught.value.note.code == "needs_datum"
    return dict(caught.value.note.details)


def test_coordinates_without_a_datum_are_refused_with_what_the_rows_say(province):
    file = UploadedFile.read(points(PLACES.capital_district.zh), "a.csv")
    choices = refusal(file, province)["choices"]
    assert all(f"{datum} (" in choices for datum in DATUMS)
    assert " of 1 points in the area that they name)" in choices
    assert file.as_guessed(province, "gcj02") == Interpretation(file.guessed, "gcj02")


def test_where_no_row_names_an_area_the_datums_stand_alone(province):
    file = UploadedFile.read(points(), "a.csv")
    assert refusal(file, province)["choices"] == ", ".join(DATUMS)
    evidence = file.evidence(file.guessed, province)
    # The province's border is all that is left to compare points with.
    assert not evidence.by_rows
    assert not evidence.can_tell
    assert evidence.counts["named"].tolist() == [1] * len(DATUMS)


def test_names_need_no_datum(province):
    file = UploadedFile.read(NAMED, "a.csv")
    said = file.as_guessed(province, None)
    assert not file.has_coordinates(said.mapping)
    assert file.has_place(said.mapping)


def test_sites_and_points_say_the_same_of_each_row(province):
    file = UploadedFile.read(NAMED, "a.csv")
    said = file.as_guessed(province, None)
    sites, register = file.sites(said, province), read_register(file, said, province)
    assert list(sites.rejected.index) == list(register.rejected.index) == [3]
    assert sites.faults == register.faults == file.places(said, province).faults
    assert len(sites.good) == len(register.register) == 1


def test_a_file_of_many_rows_is_read_in_columns_or_refused(province):
    file = UploadedFile.read(MANY, "a.csv")
    assert file.large
    assert len(file.table.frame) < Limits().rows
    said = file.as_guessed(province, "wgs84")
    assert len(read_register(file, said, province).register) == Limits().rows + 1
    with pytest.raises(RefusedError, match="rows; at most"):
        UploadedFile.read(MANY, "a.csv", in_columns=False)


def test_a_file_is_no_longer_than_may_be_and_its_whole_size_is_told(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("wb") as handle:
        handle.truncate(300 << 20)
    for in_columns, limit in ((True, 200), (False, 50)):
        with pytest.raises(RefusedError, match=f"300 MB; at most {limit} MB"):
            UploadedFile.read(path, path.name, in_columns=in_columns)


def test_a_file_that_is_read_whole_is_not_read_ahead():
    assert UploadedFile.read(NAMED, "a.csv").read_ahead() is None
