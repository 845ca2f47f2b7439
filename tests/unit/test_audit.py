"""The audit finds what is affected, in advisories that were carried in."""

from __future__ import annotations

import datetime as dt
import json
import zipfile

import pytest

from tests import audit
from tests.advisories import is_affected, known_faults
from tests.bill import by_hand
from tests.locks import locked
from tests.missing import NOT_TESTED
from tests.registry import Told

TODAY = dt.date(2026, 11, 28)


def advisory(name: str = "Some_Package", **changes: object) -> dict[str, object]:
    events = [{"introduced": "0"}, {"fixed": "1.5"}, {"introduced": "2.0"}, {"fixed": "2.3.1"}]
    affected = {
        "package": {"ecosystem": "PyPI", "name": name},
        "ranges": [{"type": "ECOSYSTEM", "events": events}],
        "versions": ["3.0rc1"],
    }
    return {"id": "SYNTHETIC-1", "summary": "synthetic", "affected": [affected], **changes}


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.4", True),
        ("1.5", False),
        ("1.10", False),
        ("2.0", True),
        ("2.3", True),
        ("2.3.1", False),
        ("3.0rc1", True),
        ("3.0", False),
    ],
)
def test_versions_between_a_fault_and_its_mending(version, expected):
    (affected,) = advisory()["affected"]
    assert is_affected(version, affected) is expected


def test_the_last_version_that_is_affected():
    events = [{"introduced": "1.0"}, {"last_affected": "1.2"}]
    affected = {"ranges": [{"type": "ECOSYSTEM", "events": events}]}
    assert [is_affected(one, affected) for one in ("0.9", "1.2", "1.2.1")] == [False, True, False]


@pytest.mark.parametrize("packed", [False, True])
def test_advisories_in_a_folder_or_an_archive(packed, tmp_path):
    texts = {"a.json": json.dumps(advisory()), "b.json": json.dumps(advisory("other"))}
    place = tmp_path / ("all.zip" if packed else "folder")
    if packed:
        with zipfile.ZipFile(place, "w") as archive:
            for name, text in texts.items():
                archive.writestr(name, text)
    else:
        place.mkdir()
        for name, text in texts.items():
            (place / name).write_text(text)
    assert known_faults(place, {"some-package": "1.0", "other": "1.5"}) == [
        "some-package 1.0: SYNTHETIC-1 synthetic"
    ]


def test_what_is_withdrawn_or_of_another_world_is_no_fault(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(advisory(withdrawn="2026-01-01T00:00:00Z")))
    npm = advisory()
    npm["affected"][0]["package"]["ecosystem"] = "npm"
    (tmp_path / "b.json").write_text(json.dumps(npm))
    assert known_faults(tmp_path, {"some-package": "1.0"}) == []


def test_an_empty_folder_is_no_audit(tmp_path):
    with pytest.raises(ValueError, match="no advisory"):
        known_faults(tmp_path, {})


def test_the_check_fails_for_a_dependency_of_a_dependency(tmp_path, monkeypatch):
    """Starlette stands in no group of ``pyproject.toml``: Streamlit needs it."""
    found = advisory("starlette")
    found["affected"][0]["ranges"][0]["events"] = [{"introduced": "0"}]
    (tmp_path / "a.json").write_text(json.dumps(found))
    monkeypatch.setenv("ATLAS_ADVISORIES", str(tmp_path))
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    asked = audit.versions()
    faults, gaps = audit.looked_up(asked, TODAY)
    assert faults == [f"starlette {asked['starlette']}: SYNTHETIC-1 synthetic"]
    assert len(gaps) == 1
    assert "the newest release" in gaps[0]


def test_three_years_without_a_release_need_a_reason():
    told = {"old": Told((), dt.date(2023, 11, 27)), "new": Told((), dt.date(2023, 11, 28))}
    assert audit.silence_faults(told, {}, TODAY) == ["old: no release since 2023-11-27"]
    assert audit.silence_faults(told, {"old": "a reason"}, TODAY) == []


def test_a_reason_that_is_not_needed_is_named():
    told = {"new": Told((), TODAY), "unknown": Told((), None)}
    reasons = {"new": "a reason", "unknown": "a reason", "gone": "a reason"}
    assert audit.silence_faults(told, reasons, TODAY) == [
        "tests/packages.toml: gone is not quiet any more",
        "tests/packages.toml: new is not quiet any more",
    ]


def test_each_reason_is_about_a_package_that_runs():
    names = {one.name for group in audit.RUNS for one in locked(group)}
    by = by_hand()
    assert set(by["quiet"]) | set(by["loaded"]) <= names
    assert all(len(reason) > 20 for reason in [*by["quiet"].values(), *by["loaded"].values()])


def test_what_was_not_looked_up_is_said():
    assert audit.not_asked("it", [], 3) == []
    (some,) = audit.not_asked("it", ["one", "two"], 3)
    (every,) = audit.not_asked("it", ["one", "two"], 2)
    assert some.startswith(NOT_TESTED)
    assert "2 of 3: one, two" in some
    assert "any package" in every
