"""The plan is read as it is written, and says no more than it says."""

from __future__ import annotations

import tomllib
from pathlib import Path

from clusters.plan import role_membership, roles_of, sector_membership
from clusters.profile import city_profile
from tests.places import PLACES

TOLD = tomllib.loads((Path(__file__).parent / "plan_roles.toml").read_text(encoding="utf-8"))
ROLES = {role: set(cities) for role, cities in TOLD["roles"].items()}


def names_of(province, adcodes):
    return set(province.cities.loc[list(adcodes), "name_en"])


def test_roles_are_the_plans(province):
    assert {role.id: names_of(province, role.cities) for role in province.plan.roles} == ROLES
    assert all(len(role.cities) == len(ROLES[role.id]) for role in province.plan.roles)
    closed = [role.id for role in province.plan.roles if not role.open_list]
    assert closed == ["hydrogen"]


def test_membership_table(province):
    table = role_membership(province)
    assert table.index.equals(province.cities.index)
    assert {role: names_of(province, table.index[table[role]]) for role in table} == ROLES
    assert names_of(province, table.index[~table.any(axis="columns")]) == set(TOLD["without_role"])


def test_the_three_fields_belong_to_the_parts_bases_together(province):
    table = sector_membership(province)
    for field in ("battery", "electronics", "powertrain"):
        assert names_of(province, table.index[table[field]]) == ROLES["parts"]


def test_sectors_and_segments(province):
    segments = {sector.id: len(sector.named_segments) for sector in province.plan.sectors}
    assert segments == {
        "assembly": 2,
        "battery": 6,
        "electronics": 7,
        "powertrain": 0,
        "hydrogen": 2,
    }


def test_targets(province):
    targets = {target.id: target for target in province.plan.targets}
    assert sum(target.document is None for target in province.plan.targets) == 12
    goal = targets["nev-output-2025"]
    assert (goal.comparison, goal.value_low, goal.year) == ("above", 1_000_000, 2025)
    assert targets["parts-clusters"].year is None
    assert sum(target.interim for target in targets.values()) == 5


def test_every_fact_has_a_source_that_resolves(province):
    plan = province.plan
    for record in (*plan.roles, *plan.sectors, *plan.targets, *plan.instruments, plan.document):
        assert all(source in province.sources for source in record.sources)


def test_roles_of_a_city(province):
    assert [role.id for role in roles_of(province.plan, PLACES.border_city.adcode)] == [
        "consolidation",
        "parts",
        "hydrogen",
    ]
    assert roles_of(province.plan, PLACES.other_without_role.adcode) == ()


def test_profile(province):
    profile = city_profile(province, PLACES.hub.adcode)
    assert profile.name.en == PLACES.hub.en
    assert profile.area_rank == 1
    assert len(profile.counties) == 9
    assert [source.id for source in profile.sources] == ["smm-2019", "tianditu"]
