"""The bill of materials names a licence for each package, and the page of sources says the same."""

from __future__ import annotations

import json
import re

import pytest
from packaging.licenses import canonicalize_license_expression
from packaging.utils import canonicalize_name

from tests import bill
from tests.audit import RUNS, licence_faults
from tests.locks import ROOT, locked, wanted
from tests.missing import package

SOFTWARE = (ROOT / "data" / "SOURCES.md").read_text(encoding="utf-8").partition("## Software\n")[2]


@pytest.fixture(scope="module")
def installed():
    package("cyclonedx_py")
    return bill.installed()


@pytest.fixture(scope="module")
def stated(installed):
    found = {canonicalize_name(one["name"]): one for one in installed["components"]}
    return {name: bill.stated_licence(one) for name, one in found.items()}


@pytest.fixture(scope="module")
def licences():
    package("cyclonedx_py")
    return bill.licences(bill.bill_of_materials(RUNS))


def component(*names: str) -> dict[str, object]:
    return {"name": "one", "licenses": [{"license": {"name": one}} for one in names]}


def test_the_bill_holds_what_runs_with_a_licence_each(tmp_path, capsys):
    package("cyclonedx_py")
    assert bill.main(str(tmp_path / "sbom.json")) == 0
    written = json.loads((tmp_path / "sbom.json").read_text(encoding="utf-8"))
    found = {canonicalize_name(one["name"]): one["version"] for one in written["components"]}
    assert found == {one.name: one.version for one in locked("run") if one.is_for_here}
    for name, licence in bill.licences(written).items():
        assert canonicalize_license_expression(licence) == licence, name
    references = {one["bom-ref"] for one in written["components"]}
    needed = {each for one in written["dependencies"] for each in one["dependsOn"]}
    assert needed
    assert needed <= references
    assert f"{len(found)} packages" in capsys.readouterr().out


def test_a_standard_validator_accepts_the_bill(monkeypatch, installed):
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    monkeypatch.setattr(bill, "installed", lambda: json.loads(json.dumps(installed)))
    made = bill.bill_of_materials()
    # The validator takes seconds over each hundred addresses, which are the packages' own.
    made["components"] = [one | {"externalReferences": []} for one in made["components"]]
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(made)) is None


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["MIT"], "MIT"),
        (["BSD-3-Clause", "License :: OSI Approved :: BSD License"], "BSD-3-Clause"),
        (["MIT", "GPL-3.0-only"], "(MIT) AND (GPL-3.0-only)"),
        (["MIT", "License :: OSI Approved :: GNU General Public License (GPL)"], ""),
        (["BSD"], ""),
        ([], ""),
    ],
)
def test_the_licence_that_metadata_states(names, expected):
    assert bill.stated_licence(component(*names)) == expected


def test_a_package_without_a_licence_or_at_another_version_stops_the_bill(monkeypatch, installed):
    changed = json.loads(json.dumps(installed))
    for one in changed["components"]:
        if one["name"] == "folium":
            one["licenses"] = []
        if one["name"] == "segno":
            one["version"] = "0.1"
    monkeypatch.setattr(bill, "installed", lambda: changed)
    with pytest.raises(ValueError, match=r"(?s)segno==.*found 0.1.*folium: expected a licence"):
        bill.bill_of_materials()


def test_what_was_read_by_hand_was_needed(stated):
    names = {one.name for group in RUNS for one in locked(group)}
    for name, licence in bill.by_hand()["licences"].items():
        assert name in names
        assert stated.get(name) != licence, f"{name}: its metadata says so itself"


def test_all_that_runs_is_under_a_licence_that_fits(licences):
    assert licence_faults(licences, bill.by_hand()["loaded"]) == []


@pytest.mark.parametrize(
    ("licence", "faults"),
    [
        ("MIT OR Apache-2.0", 0),
        ("(MIT AND Zlib) OR BSD-3-Clause", 0),
        ("GPL-3.0-only", 1),
        ("AGPL-3.0-or-later", 1),
        ("(MIT) AND (GPL-2.0-only)", 1),
        ("LGPL-3.0-only", 1),
    ],
)
def test_licences_that_do_not_fit_are_named_unless_there_is_a_reason(licence, faults):
    assert len(licence_faults({"one": licence}, {})) == faults
    assert len(licence_faults({"one": licence}, {"one": "a reason"})) == 1 - faults


def test_the_page_of_sources_tells_the_same_licences(licences):
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| ([^|]+) \|$", SOFTWARE, re.MULTILINE)[2:]
    told = {
        canonicalize_name(name): licence.partition(" (")[0]
        for names, licence in rows
        for name in names.split(", ")
    }
    direct = {canonicalize_name(one.name) for group in RUNS for one in wanted(group)}
    assert told == {name: licences[name] for name in direct}


def test_the_page_of_sources_names_what_is_for_developers_or_quiet():
    names = {one.name for group in ("dev", "bench", "ground") for one in wanted(group)} | set(
        bill.by_hand()["quiet"]
    )
    assert {name for name in names if not re.search(rf"\b{name}\b", SOFTWARE)} == set()
