"""Who somebody is, and what they may do, follows from what the provider says of them."""

from __future__ import annotations

import pytest

from data.loader import default_province_id
from data.own.datasets import Dataset, DatasetError, DatasetStore
from ui.access.sign_in import EVERYBODY, person_of

CLAIMS = {"iss": "https://id.example.org", "sub": "42", "email": "Wei@Example.org", "name": "Wei"}
EDITORS = {"editors": ["wei@example.org"]}
BY_ROLE = {"role_claim": "realm_access.roles", "editor_roles": ["atlas-editor"]}


def role(claims: dict, access: dict) -> str:
    found = person_of({**CLAIMS, **claims}, access)
    assert found is not None
    return found.role


def test_nobody_edits_who_is_not_named():
    assert role({}, {}) == "viewer"
    assert role({}, {"editors": ["other@example.org"]}) == "viewer"
    assert role({"email": ""}, {"editors": [""]}) == "viewer"
    assert role({"email": None}, {"editors": ["none"]}) == "viewer"


def test_editors_are_named_by_mail_whatever_its_case():
    assert role({}, EDITORS) == "editor"
    assert role({}, {"editors": "WEI@example.org"}) == "editor"


def test_mail_that_the_provider_has_not_verified_makes_no_editor():
    assert role({"email_verified": False}, EDITORS) == "viewer"
    assert role({"email_verified": True}, EDITORS) == "editor"


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ({"realm_access": {"roles": ["atlas-editor", "x"]}}, "editor"),
        ({"realm_access": {"roles": "atlas-editor"}}, "editor"),
        ({"realm_access": {"roles": ["atlas-editors"]}}, "viewer"),
        ({"realm_access": ["atlas-editor"]}, "viewer"),
        ({"realm_access": {"roles": {"atlas-editor": True}}}, "viewer"),
        ({}, "viewer"),
    ],
)
def test_editors_are_told_by_a_claim(claim, expected):
    assert role(claim, BY_ROLE) == expected


def test_without_a_subject_there_is_nobody():
    assert person_of({"email": "wei@example.org"}, EDITORS) is None


def test_the_same_subject_of_another_provider_is_another_person():
    first, second = (person_of({**CLAIMS, "iss": issuer}, {}) for issuer in ("a", "b"))
    assert first is not None
    assert second is not None
    assert first.id != second.id
    assert EVERYBODY.id is None


def described(name: str) -> Dataset:
    return Dataset(
        name=name,
        kind="points",
        province=default_province_id(),
        file="a.csv",
        date="2026-11-01",
        saved="now",
        source="-",
        where={"sector": 'a "quoted" one'},
        bounds=(118.0, 32.0, 120.0, 34.0),
        owner="Wei",
    )


def test_a_dataset_is_read_by_others_only_while_it_is_shared(tmp_path):
    mine, hers, nobody = (DatasetStore(tmp_path, owner) for owner in ("me", "her", None))
    mine.save(described("Mine"), ".parquet", lambda path: path.write_bytes(b"x"))
    saved = mine.find("Mine")
    assert hers.shared_by_others() == ()
    mine.share("Mine", shared=True)
    ((place, found),) = hers.shared_by_others()
    assert found == saved.model_copy(update={"shared": True})
    assert place.location(found) == mine.location(saved)
    assert mine.shared_by_others() == ()
    assert nobody.shared_by_others() == ()
    mine.share("Mine", shared=False)
    assert hers.shared_by_others() == ()
    with pytest.raises(DatasetError):
        hers.share("Mine", shared=True)
