"""Owners in any spelling are companies; what is told of them rests on their sites."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point

from clusters.companies import (
    capacity_of_companies,
    companies_table,
    company_names,
    company_profile,
    site_years,
)
from clusters.measures import take
from clusters.selection import Selection
from data.authoring.check import folder_faults
from data.company_list import company_table, with_companies
from data.errors import DataError
from data.evidence_rows import CompanyRow, SiteRow
from data.loader import load_folder
from data.own.own_source import OwnSites, with_own_sites
from layers.address.query import parse_query
from layers.compose import compose
from layers.tables.companies_sheet import companies_sheet
from layers.tables.view_tables import view_tables
from layers.web.company_search import called_companies
from layers.web.gazetteer import gazetteer, is_called
from ui.components.company_record import company_map

HEAD = list(CompanyRow.model_fields)


def listed(name: str, **cells: str) -> CompanyRow:
    row = {"name_zh": name, "name_en": name, "spellings": name, "sources": "s"}
    return CompanyRow.model_validate({"id": name.lower().replace(" ", "-"), **row, **cells})


def owned_by(*owners: str | None) -> gpd.GeoDataFrame:
    cells = {"id": [f"XX{place:03}" for place in range(len(owners))], "owner": list(owners)}
    table = pd.DataFrame(cells, dtype=object)
    return gpd.GeoDataFrame(table, geometry=[Point(0, 0)] * len(owners), crs="EPSG:4326")


def write(path, *rows: dict[str, str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, HEAD)
        writer.writeheader()
        writer.writerows(rows)


def rows_of(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_spellings_of_any_case_are_one_company():
    alpha = listed("Alpha", spellings="Alpha;ALPHA Works Ltd")
    sites, companies = with_companies(
        owned_by("alpha", " Alpha  works ltd", None, "Beta", "BETA"), company_table([alpha])
    )
    first, second, none, *unlisted = sites["company"]
    assert (first, second, none) == ("alpha", "alpha", None)
    assert len(set(unlisted)) == 1
    beta = companies.loc[unlisted[0]]
    assert (beta["name_zh"], beta["name_en"], beta["sources"]) == ("Beta", "Beta", None)
    assert list(companies.columns) == HEAD


def test_an_owner_with_a_semicolon_is_one_name_where_nobody_lists_it():
    sites, companies = with_companies(owned_by("Beta; Gamma"), company_table())
    again, same = with_companies(sites, companies)
    assert list(companies["name_en"]) == ["Beta; Gamma"]
    assert list(again["company"]) == list(sites["company"])
    assert len(same) == 1


def test_every_owner_of_the_province_is_one_listed_company(province):
    owned = province.sites.dropna(subset="owner")
    assert owned["company"].isin(province.companies.index).all()
    assert province.sites.loc[province.sites["owner"].isna(), "company"].isna().all()
    assert province.companies["sources"].notna().all()
    by_owner = owned.groupby("owner")["company"].nunique()
    assert (by_owner == 1).all()


def test_names_in_chinese_are_attested_or_said_not_to_be(province):
    told = defaultdict(str)
    for site in province.sites.dropna(subset="company").itertuples():
        told[site.company] += f"{site.name_zh} {site.owner} "
    for row in province.companies.itertuples():
        titles = [province.sources[name].title.zh for name in row.sources.split(";")]
        where = " ".join([told[row.id], *titles])
        assert row.name_zh in where or row.note_en, row.id


def test_a_listed_code_has_a_source_that_tells_it(province):
    for row in province.companies.dropna(subset="listed_code").itertuples():
        number = row.listed_code.split(".")[0]
        found = [province.sources[name] for name in row.sources.split(";")]
        told = " ".join(f"{one.title.zh} {one.address} {one.publisher}" for one in found)
        # A filing names its company; the code stands in it, in its title, or in its address.
        assert number in told or any(one.grade == "company" for one in found), row.id


@pytest.mark.parametrize(
    ("changes", "field", "problem"),
    [
        ({"group": "nobody"}, "group", "no company 'nobody' in the file"),
        ({"group": "beta"}, "group", "would belong to itself"),
        ({"sources": "nothing"}, "sources", "no source 'nothing'"),
        ({"spellings": "Beta;alpha"}, "spellings", "is a spelling of 'alpha' already"),
        ({"listed_code": "not a code"}, "listed_code", "pattern"),
        ({"name_zh": ""}, "name_zh", "the cell is empty"),
    ],
)
def test_a_fault_names_its_file_row_and_column(province_copy, changes, field, problem):
    source = rows_of(province_copy / "sources.csv")[0]["id"]
    alpha, beta = (
        dict.fromkeys(HEAD, "")
        | {"id": name.lower(), "name_zh": name, "name_en": name, "spellings": name}
        | {"sources": source}
        for name in ("Alpha", "Beta")
    )
    write(province_copy / "companies.csv", alpha, beta | changes)
    with pytest.raises(DataError) as caught:
        load_folder(province_copy)
    faults = [str(fault) for fault in caught.value.faults]
    assert all("companies.csv" in fault for fault in faults)
    assert any("row 3 (beta)" in one and field in one and problem in one for one in faults)


def test_two_groups_may_not_turn_round(province_copy):
    path = province_copy / "companies.csv"
    first, second, *others = rows_of(path)
    write(path, first | {"group": second["id"]}, second | {"group": first["id"]}, *others)
    with pytest.raises(DataError, match="would belong to itself"):
        load_folder(province_copy)


def test_an_owner_that_no_company_is_spelt_as_is_found_with_its_row(province_copy):
    path = province_copy / "companies.csv"
    rows = rows_of(path)
    groups = {row["group"] for row in rows}
    dropped = next(row for row in rows if row["id"] not in groups)
    write(path, *(row for row in rows if row is not dropped))
    owners = {name.strip() for name in dropped["spellings"].split(";")}
    sites = rows_of(province_copy / "sites.csv")
    lost = [f"row {at} ({one['id']})" for at, one in enumerate(sites, 2) if one["owner"] in owners]
    faults = [one for one in folder_faults(province_copy) if one.field == "owner"]
    assert lost
    assert {(one.file, one.record) for one in faults} == {("sites.csv", row) for row in lost}
    assert all("companies.csv" in one.problem for one in faults)


def test_without_a_list_every_owner_is_a_company_as_it_is_written(province_copy):
    (province_copy / "companies.csv").unlink()
    province = load_folder(province_copy)
    assert set(province.companies["name_en"]) == set(province.sites["owner"].dropna())
    assert folder_faults(province_copy) == []


def test_own_sites_match_companies_by_spelling_and_else_stand_by_themselves(province):
    known = province.companies.iloc[0]
    some = province.sites.iloc[:2][[*SiteRow.model_fields, "geometry"]].copy()
    some["owner"] = [known["name_en"].lower(), "Synthetic Works"]
    joined = with_own_sites(province, [OwnSites("own.csv", dt.date(2026, 1, 1), some)])
    own = joined.sites.iloc[len(province.sites) :]
    assert own["company"].iloc[0] == known["id"]
    other = own["company"].iloc[1]
    assert joined.companies.at[other, "name_en"] == "Synthetic Works"
    assert other not in province.companies.index
    assert company_profile(joined, other).sources == joined.evidence_sources[-1:]


def test_the_table_counts_as_plain_counting_does(province):
    sites = province.sites
    table = companies_table(province, sites)
    assert table["sites"].sum() == sites["company"].notna().sum()
    assert list(table["sites"]) == sorted(table["sites"], reverse=True)
    for company, row in table.iterrows():
        own = [one for one in sites.itertuples() if one.company == company]
        years = [one.year for one in own if one.year == one.year and one.year is not None]
        assert row["sites"] == len(own)
        assert set(row["cities"]) == {one.city_adcode for one in own}
        assert set(row["segments"]) == {
            name for one in own if isinstance(one.segments, str) for name in one.segments.split(";")
        }
        assert (row["first_year"] == min(years)) if years else pd.isna(row["first_year"])
        assert (row["last_year"] == max(years)) if years else pd.isna(row["last_year"])


def test_no_sites_are_no_companies(province):
    none = province.sites.iloc[:0]
    assert companies_table(province, none).empty
    assert capacity_of_companies(none).empty
    assert site_years(none).empty
    assert companies_sheet(province, none, "en").empty


def test_capacities_of_other_unit_meaning_or_status_are_not_added():
    cells = [
        ("alpha", 1.0, "tonnes-a-year", "built", "operating"),
        ("alpha", 2.0, "tonnes-a-year", "built", "operating"),
        ("alpha", 4.0, "tonnes-a-year", "planned", "operating"),
        ("alpha", 8.0, "tonnes-a-year", "built", "closed"),
        ("alpha", 16.0, "sets-a-year", "built", "operating"),
        ("alpha", 32.0, "sets-a-year", None, "operating"),
        ("beta", 64.0, "sets-a-year", "built", "operating"),
        ("beta", None, None, None, "operating"),
        (None, 128.0, "sets-a-year", "built", "operating"),
    ]
    names = ["company", "capacity", "capacity_unit", "capacity_meaning", "status"]
    table = capacity_of_companies(pd.DataFrame(cells, columns=names))
    assert sorted(table["capacity"]) == [3, 4, 8, 16, 32, 64]
    assert table.loc[table["capacity"] == 3, "sites"].item() == 2
    assert table.loc[table["capacity"] == 32, "meaning"].item() == "unclear"


def test_a_profile_knows_its_group_members_partners_and_ventures(province):
    companies = province.companies
    member = companies.dropna(subset="group").iloc[0]
    group = company_profile(province, member["group"])
    assert member["id"] in group.members
    assert company_profile(province, member["id"]).group == group.id
    meeting = [
        (one.id, company)
        for one in companies.dropna(subset="partners").itertuples()
        for _, company in company_profile(province, one.id).partners
        if company not in (None, one.id)
    ]
    assert meeting
    for venture, partner in meeting:
        assert venture in company_profile(province, partner).ventures


def test_a_profile_has_the_sources_of_its_sites_and_no_unknown_company_has_one(province):
    for company in province.companies.index[::12]:
        profile = company_profile(province, company)
        named = {name for names in profile.sites["sources"] for name in names.split(";")}
        assert named <= {source.id for source in profile.sources}
        assert len(profile.years) == profile.sites["year"].notna().sum()
        assert list(profile.years["year"]) == sorted(profile.years["year"])
    with pytest.raises(KeyError):
        company_profile(province, "nobody")


def test_the_measure_counts_each_owner_of_a_city_once(province):
    some = Selection(statuses=frozenset({"operating"}))
    for selection in (Selection(), some):
        taken = take(province, selection, "owners")
        for city in province.cities.index:
            owners = {
                one.company
                for one in province.sites.itertuples()
                if one.city_adcode == city
                and isinstance(one.company, str)
                and (not selection.statuses or one.status in selection.statuses)
            }
            assert taken.values[city] == len(owners)


def test_the_measure_of_a_province_without_sites_is_missing(province):
    empty = replace(province, sites=province.sites.iloc[:0])
    assert take(empty, Selection(), "owners").values.isna().all()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_files_name_the_companies_of_the_drawn_sites(province, language):
    spec = compose(parse_query(f"lang={language}&overlay=sites", province).view, province)
    tables = view_tables(spec, province)
    names = tables.sites[["company", "company_zh", "company_en"]].dropna(how="all")
    for company, *written in names.itertuples(index=False):
        row = province.companies.loc[company]
        assert written == [row["name_zh"], row["name_en"]]
    sheet = tables.plain["companies"]
    assert set(sheet["id"]) == set(names["company"])
    used = {name for names in sheet["sources"] for name in names.split(";")}
    assert used <= set(tables.sources["id"])


def test_names_follow_the_sites_whatever_their_order(province):
    turned = province.sites.iloc[::-1]
    names = company_names(province, turned)
    assert list(names.index) == list(turned.index)
    assert names["company_en"].isna().tolist() == turned["company"].isna().tolist()


def test_companies_are_found_by_name_pinyin_and_first_letters(province):
    entries = [one for one in gazetteer(province) if one.kind == "company"]
    assert {one.id for one in entries} == set(province.sites["company"].dropna())
    for one in entries:
        syllables = one.pinyin.split()
        letters = "".join(syllable[0] for syllable in syllables)
        spelt = "".join(letter for letter in "".join(syllables) if letter.isalnum())
        for asked in (one.name_zh, one.name_en.upper(), spelt):
            assert is_called(asked, one.name_zh, one.name_en, one.pinyin), asked
        if len(letters) > 1 and letters.isalnum():
            assert is_called(letters, one.name_zh, one.name_en, one.pinyin)
        assert not is_called("no such company", one.name_zh, one.name_en, one.pinyin)


def test_companies_are_searched_word_by_word(province):
    sites = province.sites.dropna(subset="company")
    row = sites[sites["segments"].notna()].iloc[0]
    city = str(province.cities.at[row["city_adcode"], "name_en"])
    company = str(province.companies.at[row["company"], "name_en"])
    both = called_companies(f"{company} {city}", province)
    assert both[row["company"]]
    assert not both.all()
    alone = called_companies(city, province)
    assert alone[row["company"]]
    assert (both <= alone).all()
    assert called_companies(" ", province).all()
    assert not called_companies(f"{city} nobody-at-all", province).any()
    assert called_companies("ALL", province).index.equals(province.companies.index)


def test_what_is_not_known_of_a_site_is_not_searched(province):
    bare = replace(province, sites=province.sites.assign(segments=None, owner=float("nan")))
    coded = bare.companies["listed_code"].notna()
    assert called_companies("nan", bare)[~coded].sum() < (~coded).sum()


def test_the_map_of_a_company_shows_its_sites_alone(province):
    view = parse_query("lang=en&status=closed", province).view
    company = companies_table(province, province.sites).index[0]
    profile = company_profile(province, company)
    spec = company_map(view, province, profile)
    drawn = [
        name
        for layer in spec.layers
        if layer.geometry == "sites"
        for one in layer.classes
        for name in one.features
    ]
    assert sorted(drawn) == sorted(profile.sites.index)
    assert spec.dimmed == ()
    legend, *others = spec.legend
    assert not {one.title for one in others} & {legend.title}
    sectors = {province.plan.sector(one).name.en for one in profile.sites["sector"]}
    assert {one.label for one in legend.entries} == sectors
