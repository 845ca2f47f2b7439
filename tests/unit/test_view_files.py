"""Files of views that are brought: their times and sizes are held before they are taken."""

from __future__ import annotations

import json

import pytest

from data.loader import default_province_id
from data.own.view_files import FILE_FORMAT, FILE_VERSION, MOST_FIELDS, read_views, views_file


def file_with(**more: object) -> bytes:
    entry = {"name": "One", "province": default_province_id(), "page": "map", "query": "", **more}
    content = {"format": FILE_FORMAT, "schema_version": FILE_VERSION, "views": [entry]}
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    "time",
    [
        "2000-01-01T00:00:00+23:59",
        "2099-12-31T23:59:00-12:00",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "2026-01-01T00:00:00",
    ],
)
def test_a_time_outside_is_told_and_never_written(time):
    views, (fault,) = read_views(file_with(saved=time), "views.json")
    assert views == ()
    assert fault.record == "views[1]"
    assert fault.field == "saved"


def test_what_is_taken_can_be_taken_again():
    (view,), faults = read_views(file_with(saved="2026-01-01T08:00:00+08:00"), "views.json")
    assert faults == ()
    assert view.saved == "2026-01-01T00:00:00+00:00"
    assert read_views(views_file([view]), "views.json") == ((view,), ())


def test_an_entry_of_many_fields_is_one_fault():
    many = {f"field_{place}": place for place in range(50_000)}
    views, (fault,) = read_views(file_with(**many), "views.json")
    assert views == ()
    assert str(MOST_FIELDS) in fault.problem
