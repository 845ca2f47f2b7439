"""The plan is read as it is written, and says no more than it says."""

from __future__ import annotations

from clusters.plan import role_membership, roles_of, sector_membership
from clusters.profile import city_profile

NANJING, WUXI, XUZHOU, CHANGZHOU, SUZHOU = 320100, 320200, 320300, 320400, 320500
NANTONG, LIANYUNGANG, HUAIAN, YANCHENG = 320600, 320700, 320800, 320900
YANGZHOU, ZHENJIANG, TAIZHOU, SUQIAN = 321000, 321100, 321200, 321300

ROLES = {
    "assembly": {NANTONG, HUAIAN, YANCHENG, ZHENJIANG},
    "consolidation": {NANJING, CHANGZHOU, SUZHOU, YANGZHOU},
    "parts": {NANJING, WUXI, CHANGZHOU, SUZHOU},
    "hydrogen": {NANJING, WUXI, SUZHOU, NANTONG, YANCHENG},
}


def test_roles_are_the_plans(province):
    assert {role.id: set(role.cities) for role in province.plan.roles} == ROLES
    closed = [role.id for role in province.plan.roles if not role.open_list]
    assert closed == ["hydrogen"]


def test_membership_table(province):
    table = role_membership(province)
    assert table.index.equals(province.cities.index)
    assert {name: set(table.index[table[name]]) for name in table} == ROLES
    assert set(table.index[~table.any(axis="columns")]) == {XUZHOU, LIANYUNGANG, TAIZHOU, SUQIAN}


def test_the_three_fields_belong_to_the_parts_bases_together(province):
    table = sector_membership(province)
    for field in ("battery", "electronics", "powertrain"):
        assert set(table.index[table[field]]) == ROLES["parts"]


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
    assert [role.id for role in roles_of(province.plan, SUZHOU)] == [
        "consolidation",
        "parts",
        "hydrogen",
    ]
    assert roles_of(province.plan, XUZHOU) == ()


def test_profile(province):
    profile = city_profile(province, YANCHENG)
    assert profile.name.en == "Yancheng"
    assert profile.area_rank == 1
    assert len(profile.counties) == 9
    assert [source.id for source in profile.sources] == ["smm-2019", "tianditu"]
