"""The evidence is whole, sourced and placed; what is broken in it is named."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from clusters.evidence import (
    confidence,
    latest_figures,
    progress,
    reconciliation,
    segment_counts,
    segments_without_sites,
    site_sources,
    sites_of,
    years_without_figure,
)
from clusters.selection import Selection, selected_sites
from data.authoring.check import folder_faults
from data.errors import DataError
from data.evidence_files import best_grade, read_rows, sources_of
from data.evidence_rows import PLACED, FigureRow, SiteRow, SourceRow
from data.loader import PROVINCES_FOLDER, default_province_id, load_folder
from data.model import Text
from data.site_places import place_sites, sites_geojson, write_sites

FOLDER = PROVINCES_FOLDER / default_province_id()
FAILED = {"suspended", "closed", "insolvent"}


@pytest.fixture
def province_copy(province_copy: Path) -> Path:
    """A copy to break, without the ground under its map: that has its own tests."""
    shutil.rmtree(province_copy / "ground")
    return province_copy


def edit(path: Path, change) -> None:
    """Rewrite a CSV file with ``change`` applied to its rows, as an analyst would."""
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        rows, header = list(reader), list(reader.fieldnames or [])
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_what_is_committed_has_no_faults():
    assert folder_faults(FOLDER) == []


def test_every_city_and_sector_has_sites(province):
    assert set(province.sites["city_adcode"]) == set(province.cities.index)
    assert set(province.sites["sector"]) == {sector.id for sector in province.plan.sectors}


def test_failures_are_in_the_list(province):
    assert (province.sites["status"].isin(FAILED)).sum() >= 5


def test_every_site_has_a_source_and_a_grade(province):
    for site_id in province.sites.index:
        assert site_sources(province, site_id)
        assert confidence(province, site_id) in {"official", "company", "press", "secondary"}


def test_sites_lie_in_their_counties(province):
    known = province.sites[province.sites["county_adcode"].notna()]
    counties = province.counties.loc[known["county_adcode"].astype(int)]
    assert counties["city_adcode"].tolist() == known["city_adcode"].tolist()


def test_segments_without_sites_are_told(province):
    counted = set(segment_counts(province.sites).index)
    named = {segment.id for segment in province.plan.segments() if segment.named}
    assert set(segments_without_sites(province)) == named - counted


def test_a_site_counts_in_each_of_its_segments():
    sites = pd.DataFrame({"segments": ["cathode;anode", "cathode", None]})
    assert segment_counts(sites).to_dict() == {"cathode": 2, "anode": 1}


def test_sites_of_a_city(province):
    adcode = int(province.cities.index[0])
    assert set(sites_of(province, adcode)["city_adcode"]) == {adcode}


def test_best_grade():
    assert best_grade(["secondary", "company", "press"]) == "company"


@pytest.mark.parametrize(
    ("facet", "column", "values"),
    [
        ("statuses", "status", {"operating"}),
        ("sectors", "sector", {"battery", "hydrogen"}),
        ("cities", "city_adcode", {320400}),
    ],
)
def test_site_facets(province, facet, column, values):
    mask = selected_sites(Selection(**{facet: frozenset(values)}), province)
    assert set(province.sites.loc[mask, column]) == values
    assert not set(province.sites.loc[~mask, column]) & values


def test_site_years_leave_out_the_undated(province):
    mask = selected_sites(Selection(years=(2015, 2018)), province)
    assert province.sites.loc[mask, "year"].between(2015, 2018).all()
    assert not province.sites.loc[mask, "year"].isna().any()


def test_site_role_facet(province):
    mask = selected_sites(Selection(roles=frozenset({"hydrogen"})), province)
    pilots = set(province.plan.role("hydrogen").cities)
    assert set(province.sites.loc[mask, "city_adcode"]) == pilots


# ---- progress of the targets, known from the facts


@pytest.mark.parametrize(
    ("target", "verdict"),
    [
        ("nev-output-2021", "missed"),
        ("nev-output-2025", "reached"),
        ("fourteenth-nev-output-2025", "reached"),
        ("parts-clusters", "no data"),
    ],
)
def test_verdicts(province, target, verdict):
    found = next(one for one in province.plan.targets if one.id == target)
    assert progress(province, found).verdict == verdict


def with_figures(province, rows: list[tuple[int, str, int, float, str]]):
    columns = ["adcode", "indicator", "year", "value", "qualifier"]
    figures = pd.DataFrame(rows, columns=columns).assign(
        source="smm-2019", note_zh=None, note_en=None
    )
    return replace(province, figures=figures)


def test_a_figure_above_a_value_does_not_prove_a_miss(province):
    """ "More than 30" in the target's year leaves open whether 50 was reached."""
    target = next(one for one in province.plan.targets if one.id == "hydrogen-stations-2025")
    own = province.settings.adcode
    above = with_figures(province, [(own, "hydrogen-stations", 2025, 30, "above")])
    exact = with_figures(province, [(own, "hydrogen-stations", 2025, 30, "exact")])
    late = with_figures(province, [(own, "hydrogen-stations", 2026, 60, "exact")])
    assert progress(above, target).verdict == "open"
    assert progress(exact, target).verdict == "missed"
    assert progress(late, target).verdict == "open"


def test_the_share_looks_at_the_targets_year(province):
    target = next(one for one in province.plan.targets if one.id == "nev-output-2021")
    own = province.settings.adcode
    figures = [
        (own, "nev-output", 2021, 150_000, "exact"),
        (own, "nev-output", 2023, 900_000, "exact"),
    ]
    found = progress(with_figures(province, figures), target)
    assert (found.latest, found.latest_year, found.share) == (150_000, 2021, 0.5)


def test_years_without_a_figure_are_told(province):
    target = next(one for one in province.plan.targets if one.id == "nev-output-2025")
    own = province.settings.adcode
    figures = [(own, "nev-output", year, 1.0, "exact") for year in (2020, 2021, 2023)]
    found = progress(with_figures(province, figures), target)
    assert years_without_figure(found, 2018) == (2018, 2019, 2022, 2024, 2025)


def test_latest_figures_keep_both_sources(province):
    adcode = int(province.cities.index[0])
    rows = [
        (adcode, "gdp", 2022, 1.0, "exact"),
        (adcode, "gdp", 2023, 2.0, "exact"),
        (adcode, "gdp", 2023, 3.0, "about"),
    ]
    latest = latest_figures(with_figures(province, rows), adcode)
    assert latest["value"].tolist() == [2.0, 3.0]


def test_reconciliation(province):
    own, cities = province.settings.adcode, list(province.cities.index)
    rows = [(city, "gdp", 2023, 10.0, "exact") for city in cities]
    short = [(city, "gdp", 2022, 10.0, "exact") for city in cities[1:]]
    shares = [(city, "nev-sales-share", 2023, 10.0, "exact") for city in cities]
    totals = [(own, name, year, 131.0, "exact") for name, year in [("gdp", 2023), ("gdp", 2022)]]
    table = reconciliation(with_figures(province, rows + short + shares + totals))
    assert table[["indicator", "year", "difference"]].values.tolist() == [["gdp", 2023, 1.0]]
    assert not table["agrees"].iloc[0]


def test_reconciliation_without_figures(province):
    assert reconciliation(with_figures(province, [])).empty


def test_the_real_figures_add_up_or_the_difference_is_shown(province):
    """The yearbook's populations add up; the sources of the product of 2023 differ a little."""
    table = reconciliation(province).set_index(["indicator", "year"])
    assert table.loc[("population", 2017), "agrees"]
    assert table.loc[("population", 2018), "agrees"]
    product = table.loc[("gdp", 2023)]
    assert not product["agrees"]
    assert 0 < abs(product["difference"]) < 0.01 * product["province"]


# ---- faults


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"city_adcode": "329900"}, "city_adcode: no city 329900"),
        ({"status": "sleeping"}, "status: Input should be 'operating'"),
        ({"sources": "s001;nobody"}, "no source 'nobody'"),
        ({"sector": "helium"}, "sector: no sector 'helium'"),
        ({"segments": "unobtainium"}, "no segment 'unobtainium'"),
        ({"capacity": "many"}, "capacity: Input should be a valid number"),
        ({"longitude": "120"}, "longitude and latitude go together"),
        ({"precision": "site"}, "precision site or town needs a point"),
        ({"sources": ""}, "sources: the cell is empty"),
        ({"year": "20224"}, "year: Input should be less than or equal to 2100"),
        (
            {"precision": "site", "longitude": "121.9", "latitude": "31.7"},
            "km outside",
        ),
    ],
)
def test_faults_of_sites_are_named(province_copy, cells, told):
    def change(rows):
        row = next(row for row in rows if row["county_adcode"] == "320481")
        row.update(cells)

    edit(province_copy / "sites.csv", change)
    faults = [str(fault) for fault in folder_faults(province_copy)]
    if told.startswith("no source"):
        write_sites(province_copy)
        faults = [str(fault) for fault in folder_faults(province_copy)]
    assert any(told in fault for fault in faults), faults


def test_county_of_another_city(province_copy):
    def change(rows):
        next(row for row in rows if row["county_adcode"] == "320481")["county_adcode"] = "320902"

    edit(province_copy / "sites.csv", change)
    assert any("is not in city 320400" in str(fault) for fault in folder_faults(province_copy))


def test_doubles_are_found(province_copy):
    def change(rows):
        rows.append({**rows[0], "id": "JS999"})

    edit(province_copy / "sites.csv", change)
    assert any("looks like" in str(fault) for fault in folder_faults(province_copy))


def test_a_site_has_a_point_where_one_is_known_and_none_elsewhere(province_copy):
    """Property: no two sites of one county have different points that nobody has told."""
    rows, _ = read_rows(province_copy / "sites.csv", SiteRow)
    rows[0] = rows[0].model_copy(
        update={"precision": "town", "longitude": 119.95, "latitude": 31.78}
    )
    placed = place_sites(rows)
    assert placed.geometry.notna().tolist() == [row.precision in PLACED for row in rows]
    assert placed.geometry.notna().sum() == sum(row.longitude is not None for row in rows)
    assert placed.geometry.iloc[0].coords[0] == (119.95, 31.78)
    unknown = placed[~placed["precision"].isin(PLACED)]
    assert len(unknown)
    assert (unknown.groupby(unknown["county_adcode"].fillna(0)).geometry.nunique() == 0).all()
    features = json.loads(sites_geojson(placed))["features"]
    assert len(features) == len(rows)
    for feature, row in zip(features, rows, strict=True):
        told = {"type": "Point", "coordinates": [row.longitude, row.latitude]}
        assert feature["geometry"] == (told if row.precision in PLACED else None)


def test_a_geojson_with_a_point_that_its_precision_denies_is_refused(province_copy):
    path = province_copy / "sites.geojson"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["features"][0]["geometry"] = {"type": "Point", "coordinates": [119.95, 31.78]}
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(DataError, match="precision county and its geometry disagree"):
        load_folder(province_copy)


def test_stale_geojson_is_found(province_copy):
    def change(rows):
        rows[0]["name_en"] = "Renamed"

    edit(province_copy / "sites.csv", change)
    assert "is not what sites.csv gives" in str(folder_faults(province_copy)[0])
    write_sites(province_copy)
    assert folder_faults(province_copy) == []
    assert load_folder(province_copy).sites["name_en"].iloc[0] == "Renamed"


def test_unknown_and_missing_columns(tmp_path):
    path = tmp_path / "figures.csv"
    path.write_text("adcode,indicator,year,value,qualifier,colour\n1,2,3,4,5,6\n")
    rows, faults = read_rows(path, FigureRow)
    assert rows == []
    assert {(fault.field, fault.problem.split(";")[0]) for fault in faults} == {
        ("source", "the column is missing"),
        ("colour", "unknown column"),
    }


def test_rows_are_counted_as_a_spreadsheet_does(tmp_path):
    path = tmp_path / "sites.csv"
    header = list(SiteRow.model_fields)
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.DictWriter(handle, header)
        writer.writeheader()
        writer.writerow({"id": "JS001"})
    _, faults = read_rows(path, SiteRow)
    assert {fault.record for fault in faults} == {"row 2 (JS001)"}


def test_a_sources_note_in_one_language_is_kept(tmp_path):
    path = tmp_path / "sources.csv"
    cells = {"id": "a", "title_zh": "a", "title_en": "a", "publisher": "a", "address": "a"}
    row = {**dict.fromkeys(SourceRow.model_fields, ""), **cells, "grade": "press", "note_en": "b"}
    pd.DataFrame([row]).to_csv(path, index=False)
    rows, faults = read_rows(path, SourceRow)
    assert faults == []
    assert [one.note for one in sources_of(rows)] == [Text(zh="b", en="b")]


def test_not_utf8(tmp_path):
    path = tmp_path / "sites.csv"
    path.write_bytes("名称".encode("gb18030"))
    assert "not readable as UTF-8" in str(read_rows(path, SiteRow)[1][0])


def test_a_province_without_evidence_loads(province_copy):
    for name in ("sites.csv", "sites.geojson", "companies.csv", "figures.csv", "sources.csv"):
        (province_copy / name).unlink()
    bare = load_folder(province_copy)
    assert bare.sites.empty
    assert bare.figures.empty
    assert folder_faults(province_copy) == []
