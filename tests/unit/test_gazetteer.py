"""Everything with a name is listed once, and can be found in three spellings."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.evidence_rows import PLACED
from layers.web.gazetteer import gazetteer, pinyin_of
from layers.web.map_resources import map_resources, map_resources_content
from tests.places import PLACES
from tests.synthetic import with_synthetic_places


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (PLACES.of_three_syllables.zh, PLACES.of_three_syllables.pinyin),
        ("重庆", "chong qing"),
        (PLACES.of_rare_characters.zh, PLACES.of_rare_characters.pinyin),
        ("LG新能源", "lg xin neng yuan"),
        ("BYD 2", "byd 2"),
    ],
)
def test_pinyin_has_syllables_and_no_tones(name, expected):
    assert pinyin_of(name) == expected


@given(st.text(max_size=30))
def test_pinyin_never_fails_and_has_no_double_spaces(text):
    found = pinyin_of(text)
    assert "  " not in found
    assert found == found.strip()


def test_every_city_county_site_and_term_is_listed_once(province):
    entries = gazetteer(province)
    plan = province.plan
    ids = [(entry.kind, entry.id) for entry in entries]
    assert len(ids) == len(set(ids))
    counted = {kind: sum(one == kind for one, _ in ids) for kind, _ in ids}
    assert counted == {
        "city": len(province.cities),
        "county": len(province.counties),
        "town": int((province.ground.towns["kind"] == "town").sum()),
        "site": len(province.sites),
        "company": province.sites["company"].nunique(),
        "role": len(plan.roles),
        "sector": len(plan.sectors),
        "segment": len(plan.segments()),
    }


def test_entries_know_their_place_and_what_they_belong_to(province):
    entries = {entry.id: entry for entry in gazetteer(province)}
    west, south, east, north = province.settings.window
    for entry in entries.values():
        if entry.kind in {"city", "county"} or entry.at is not None:
            assert entry.at is not None
            assert south < entry.at[0] < north
            assert west < entry.at[1] < east
        if entry.kind in {"county", "town", "site", "segment"}:
            assert entry.parent in entries
    assert all(entries[entry.parent].kind == "city" for entry in entries.values()
               if entry.kind == "county")  # fmt: skip


def test_a_site_without_a_place_is_where_its_county_is(province):
    placed = with_synthetic_places(province)
    for one in (province, placed):
        entries = {entry.id: entry for entry in gazetteer(one) if entry.kind == "site"}
        for name, site in one.sites.iterrows():
            home = site["city_adcode"] if site["precision"] == "city" else site["county_adcode"]
            assert entries[name].parent == home
            assert (entries[name].at is None) == (site["precision"] not in PLACED)


def test_a_province_without_sites_has_a_gazetteer(province):
    empty = replace(province, sites=province.sites.iloc[:0])
    assert not any(entry.kind == "site" for entry in gazetteer(empty))


def test_resources_are_named_by_their_content_and_small(province):
    zh, en = map_resources(province, "zh"), map_resources(province, "en")
    assert zh.file_name != en.file_name
    assert zh is map_resources(province, "zh")
    assert len(zh.compressed) < 65_000
    content = json.loads(gzip.decompress(en.compressed))
    assert content == json.loads(json.dumps(map_resources_content(province, "en")))
    assert content["province"] == PLACES.province.en


def test_resources_list_all_that_a_legend_can_switch(province):
    content = map_resources_content(province, "en")
    toggles = {entry["toggle"] for group in content["legend"] for entry in group["entries"]}
    assert {f"sector.{sector.id}" for sector in province.plan.sectors} <= toggles
    assert {f"overlay.{role.id}" for role in province.plan.roles} <= toggles
