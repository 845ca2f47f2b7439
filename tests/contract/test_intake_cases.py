"""Files as people really send them, read by the answer for machines: what each row must become."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from data.authoring.json_schema import SCHEMAS_FOLDER
from layers.command.cli import main

CASES = Path(__file__).parent / "intake"
SCHEMA = json.loads((SCHEMAS_FOLDER / "upload-answer.schema.json").read_text(encoding="utf-8"))
EXPECTED: dict[str, list[dict[str, Any]]] = json.loads(
    (CASES / "expect.json").read_text(encoding="utf-8")
)
ALSO: dict[str, dict[str, Any]] = tomllib.loads(
    (CASES / "expect_also.toml").read_text(encoding="utf-8")
)
TOLERANCE_DEG = 0.0002


@pytest.mark.parametrize("case", EXPECTED)
@pytest.mark.usefixtures("forked_readers", "home_at_hand")
def test_a_file_is_read_as_its_sender_means_it(case, capsys, province):
    for one in EXPECTED[case]:
        also = ALSO.get(case, {})
        path = CASES / case / one["file"]
        main(["check", str(path), "--datum", one["datum"], "--json", *also.get("arguments", ())])
        answer = json.loads(capsys.readouterr().out)
        jsonschema.validate(answer, SCHEMA)
        assert list(differences(answer, one["exp"], also, province)) == []


def differences(answer, expected, also, province):
    """Say where ``answer`` is none of what is expected."""
    rows = {row["name"]: row for row in answer["rows"]}
    refused = answer["refused"] and answer["refused"]["code"]
    if refused != also.get("refused"):
        yield f"refused: {answer['refused']}"
    if also.get("refused"):
        return
    if "rows" in also and len(rows) != also["rows"]:
        yield f"rows: {sorted(rows)}"
    elif expected and set(rows) - set(expected):
        yield f"more rows: {sorted(set(rows) - set(expected))}"
    codes = {one["code"] for one in (*answer["notes"], *answer["faults"])}
    for code in also.get("said", ()):
        if code not in codes:
            yield f"not said: {code}; said: {sorted(codes)}"
    for name, wanted in expected.items():
        row = rows.get(name)
        if row is None:
            yield f"{name} is not there: {answer['faults'][:3]}"
            continue
        yield from _of_row(name, row, wanted, province)


def _of_row(name, row, wanted, province):
    named = {"county": "county_adcode", "lon": "longitude", "lat": "latitude"}
    for key, value in wanted.items():
        found = row[named.get(key, key)] if key != "city" else None
        if key == "city":
            found = province.cities.at[row["city_adcode"], "name_zh"]
        if key in ("lon", "lat"):
            if found is None or abs(found - value) > TOLERANCE_DEG:
                yield f"{name}: {key} {found}, not {value}"
        elif found != value:
            yield f"{name}: {key} {found}, not {value}"
