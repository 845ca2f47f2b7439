"""What is not defined is missing: one city, no site at all, and everything alike."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import openpyxl
import pytest

from clusters.local_statistics import county_hot_spots
from clusters.measures import measures_of, take
from clusters.scores import city_ranking
from clusters.selection import Selection
from clusters.study import study_of
from data.loader import Province
from layers.address.query import parse_query
from layers.compose import compose
from layers.exports import all_exporters
from layers.paper.sheet import PaperOptions
from layers.tables.findings import findings
from layers.tables.view_tables import view_tables

BATTERY = Selection(sectors=frozenset({"battery"}))
CITY = 320900


@pytest.fixture(scope="module")
def one_city(province) -> Province:
    """A province of one city, that the plan names in its roles as it did."""
    plan = province.plan
    roles = tuple(
        role.model_copy(update={"cities": tuple(one for one in role.cities if one == CITY)})
        for role in plan.roles
    )
    return replace(
        province,
        cities=province.cities.loc[[CITY]],
        counties=province.counties_of(CITY),
        sites=province.sites[province.sites["city_adcode"] == CITY],
        plan=plan.model_copy(update={"roles": roles}),
    )


@pytest.fixture(scope="module")
def no_sites(province) -> Province:
    return replace(province, sites=province.sites.iloc[:0])


def written(name: str, query: str, province: Province) -> bytes:
    parsed = parse_query(query, province)
    assert not parsed.ignored
    spec = compose(parsed.view, province)
    return all_exporters()[name].write(spec, province, PaperOptions())


@pytest.mark.parametrize("selection", [Selection(), BATTERY])
def test_one_city_is_the_whole(one_city, selection):
    values = {
        measure.id: float(take(one_city, selection, measure.id).values[CITY])
        for measure in measures_of(one_city)
    }
    assert not np.isinf(list(values.values())).any()
    assert values["share"] == pytest.approx(100)
    assert values["sites"] == len(study_of(one_city, selection).sites)
    # Against itself a city is average, where a sector is asked for at all.
    quotient = values["location-quotient"]
    assert quotient == pytest.approx(1) if selection.sectors else np.isnan(quotient)
    assert values["hub-distance"] == 0


def test_one_city_has_a_rank_but_nothing_to_tell_apart(one_city):
    ranking = city_ranking(one_city, BATTERY, ())
    assert ranking.table.loc[CITY, ["rank", "rank_low", "rank_high"]].tolist() == [1, 1, 1]
    assert ranking.table.at[CITY, "score"] == pytest.approx(50)
    known = [one.normalised.at[CITY] for one in ranking.criteria if one.normalised.notna().all()]
    assert known
    assert set(known) == {0.5}


def test_tables_of_one_city(one_city):
    spec = compose(parse_query("lang=en&sector=battery&theme=score", one_city).view, one_city)
    tables = findings(spec, one_city)
    assert "similar" not in tables
    assert tables["concentration"]["gini"].isna().all()
    assert set(tables["concentration"]["herfindahl"].dropna()) == {1.0}


def test_without_any_site_nothing_is_counted(no_sites):
    for measure in measures_of(no_sites):
        taken = take(no_sites, BATTERY, measure.id)
        if measure.counts_sites:
            assert taken.values.isna().all(), measure.id
        assert not taken.weak.any()
    ranking = city_ranking(no_sites, BATTERY, (("sites", 3), ("location-quotient", 2)))
    assert ranking.table["score"].isna().all()
    assert (ranking.table["confidence"] == 0).all()
    assert set(county_hot_spots(no_sites, BATTERY)["hot_spot"]) == {"none"}


def test_tables_without_any_site(no_sites):
    spec = compose(parse_query("lang=en&theme=score", no_sites).view, no_sites)
    tables = view_tables(spec, no_sites).findings
    assert set(tables) == {"ranking", "concentration", "suppliers", "access", "change"}
    assert tables["concentration"][["herfindahl", "gini"]].isna().all(axis=None)
    assert tables["suppliers"]["site"].isna().all()
    assert tables["suppliers"]["distance_km"].isna().all()


@pytest.mark.parametrize("name", ["xlsx", "gpkg", "csv", "geojson", "pptx", "pdf", "html"])
@pytest.mark.parametrize("case", ["one_city", "no_sites"])
def test_files_are_written_all_the_same(name, case, request):
    made = request.getfixturevalue(case)
    query = "lang=en&sector=battery&theme=score&overlay=hotspots,groups,catchments,sites"
    content = written(name, query, made)
    assert content
    if name == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content))["Ranking"]
        assert sheet.max_row > 1


def test_a_status_that_no_site_has_counts_zero_and_shares_nothing(province):
    """Zero is a count of the list; a share of nothing is none."""
    nothing = Selection(statuses=frozenset({"suspended"}), sectors=frozenset({"hydrogen"}))
    assert study_of(province, nothing).sites.empty
    assert set(take(province, nothing, "sites").values) == {0.0}
    for measure in ("share", "location-quotient"):
        assert take(province, nothing, measure).values.isna().all()
