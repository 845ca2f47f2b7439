"""The chain, reach, relatedness, and the measures of the real province."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics.pairwise import cosine_similarity

from clusters.chain import LINK_STATES, chain_links, completeness, link_state, plan_segments
from clusters.distances.site_points import distance_points
from clusters.measures import measures_of, take
from clusters.plan import hub_cities
from clusters.reach import catchments, nearest_suppliers
from clusters.relatedness import (
    most_similar,
    proximity,
    related_pairs,
    relatedness_density,
    similarity,
    weak_likeness,
)
from clusters.selection import Selection
from clusters.study import study_of
from data.evidence_rows import PLACED
from tests.synthetic import with_synthetic_places

BATTERY = frozenset({"battery"})
counts = arrays(
    int, st.tuples(st.integers(2, 9), st.integers(2, 6)), elements=st.integers(0, 3)
).map(lambda values: pd.DataFrame(values, columns=list("abcdef")[: values.shape[1]]))


def test_states_by_distance():
    sites = pd.Series([2, 0, 0, 0, 0])
    distance = pd.Series([0.0, 50.0, 50.1, 100.1, np.nan])
    assert link_state(sites, distance).tolist() == [
        "here",
        "within 50 km",
        "within 100 km",
        "lacking",
        "lacking",
    ]


def test_links_cover_every_city_and_named_segment(province):
    links = chain_links(province, province.sites, BATTERY)
    names = [segment.id for segment in plan_segments(province, BATTERY)]
    assert len(links) == 13 * len(names)
    assert set(links["state"]) <= set(LINK_STATES)
    here = links[links["state"] == "here"]
    assert (here["sites"] > 0).all()
    assert (here["distance_km"] == 0).all()
    counted = province.sites["segments"].fillna("").str.split(";").explode()
    anodes = int((counted == "anode").sum())
    assert links.loc[links["segment"] == "anode", "sites"].sum() == anodes


def test_distances_are_those_of_an_ellipsoid(province):
    """A distance in the metric CRS agrees with the geodesic between the same two points."""
    from pyproj import Geod

    sites = with_synthetic_places(province).sites
    site = sites[sites.geometry.notna()].iloc[[0]].assign(segments="separator", city_adcode=0)
    found = chain_links(province, site, BATTERY, by_line=True)
    row = found[(found["segment"] == "separator") & (found["city_adcode"] == 320300)].iloc[0]
    border = province.cities.geometry.at[320300].boundary
    point = site.geometry.iloc[0]
    points = shapely.get_coordinates(shapely.segmentize(border, 0.002))
    lengths = Geod(ellps="WGS84").inv(
        np.full(len(points), point.x), np.full(len(points), point.y), points[:, 0], points[:, 1]
    )[2]
    assert row["distance_km"] == pytest.approx(min(lengths) / 1000, rel=0.002)


def test_a_site_without_a_place_is_measured_from_the_label_point_of_its_area(province):
    sites = province.sites[~province.sites["precision"].isin(PLACED)]
    assert len(sites)
    points = distance_points(province, sites)
    for name, site in sites.iterrows():
        table = province.cities if site["precision"] == "city" else province.counties
        home = table.loc[int(site[f"{site['precision']}_adcode"])]
        assert (points[name].x, points[name].y) == (home["label_lon"], home["label_lat"])
    placed = with_synthetic_places(province).sites
    own = placed.geometry.dropna()
    assert distance_points(province, placed).loc[own.index].geom_equals(own).all()
    site = sites[sites["precision"] == "county"].iloc[[0]].assign(segments="separator")
    far = next(city for city in province.cities.index if city != site["city_adcode"].iloc[0])
    found = nearest_suppliers(province, site, [far], ["separator"], by_line=True)
    metric = province.settings.metric_crs
    border = province.cities.to_crs(metric).geometry.at[far]
    label = points.loc[site.index].to_crs(metric).iloc[0]
    assert found["distance_km"].iloc[0] == pytest.approx(border.distance(label) / 1000)


def test_completeness_grows_with_distance(province):
    shares = completeness(chain_links(province, province.sites, frozenset()))
    assert (shares["here"] <= shares["within_50_km"]).all()
    assert (shares["within_50_km"] <= shares["within_100_km"]).all()
    nothing = completeness(chain_links(province, province.sites.iloc[:0], frozenset()))
    assert (nothing == 0).all(axis=None)


def test_proximity_by_hand():
    """Both in two of three areas of a and of two areas of b: min(2/3, 2/2)."""
    table = pd.DataFrame({"a": [1, 5, 2, 0], "b": [1, 1, 0, 0], "c": [0, 0, 0, 0]})
    near = proximity(table)
    assert near.at["a", "b"] == near.at["b", "a"] == pytest.approx(2 / 3)
    assert near.at["a", "a"] == 1
    assert near["c"].isna().all()


@given(counts)
def test_proximity_is_counted_area_by_area(table):
    """The same by plain counting, without matrices."""
    near = proximity(table)
    for one in table:
        for other in table:
            having, also = set(table.index[table[one] > 0]), set(table.index[table[other] > 0])
            if not having or not also:
                assert np.isnan(near.at[one, other])
                continue
            both = len(having & also)
            assert near.at[one, other] == pytest.approx(min(both / len(having), both / len(also)))


@given(counts)
def test_similarity_is_scikit_learns(table):
    alike = similarity(table)
    something = table.index[table.sum(axis=1) > 0]
    if len(something):
        expected = cosine_similarity(table.loc[something].to_numpy())
        assert alike.loc[something, something].to_numpy() == pytest.approx(expected)
    assert alike.drop(index=something).isna().all(axis=None)


def test_pairs_of_segments_are_weak_where_one_is_rare():
    table = pd.DataFrame({"a": [3, 4, 0], "b": [1, 1, 0], "c": [0, 0, 0], "d": [2, 9, 4]})
    pairs = related_pairs(table)
    assert pairs[["segment", "other"]].to_numpy().tolist() == [["a", "b"], ["a", "d"], ["b", "d"]]
    assert pairs["sites"].tolist() == [2, 7, 2]
    assert pairs["weak"].tolist() == [True, False, True]


def test_likeness_is_weak_where_either_city_has_few_sites():
    sites = pd.Series({1: 40, 2: 4, 3: 5})
    assert weak_likeness(sites, 1).to_dict() == {1: False, 2: True, 3: False}
    assert weak_likeness(sites, 2).all()


def test_density_tells_how_near_a_lacking_segment_is():
    table = pd.DataFrame({"a": [1, 1, 0], "b": [1, 1, 0], "c": [0, 1, 1]}, index=[1, 2, 3])
    density = relatedness_density(table)
    assert density.at[1, "c"] == pytest.approx(1.0)  # it has both a and b
    assert density.at[3, "a"] == pytest.approx(0.5 / 1.5)
    assert relatedness_density(table * 0).isna().all(axis=None)


def test_similarity_does_not_depend_on_size():
    table = pd.DataFrame([[1, 2, 0], [10, 20, 0], [0, 0, 3], [0, 0, 0]])
    alike = similarity(table)
    assert alike.at[0, 1] == pytest.approx(1)
    assert alike.at[0, 2] == 0
    assert alike[3].isna().all()
    assert most_similar(table, 0, 1).index.tolist() == [1]
    assert most_similar(table, 3).empty


def test_catchments_hold_the_hubs_and_grow(province):
    hubs = hub_cities(province)
    assert len(hubs) == 4
    near, far = catchments(province, hubs).geometry
    assert far.covers(near.buffer(-1e-4))
    own = shapely.union_all(province.cities.loc[list(hubs)].geometry.to_numpy())
    assert near.covers(own.buffer(-1e-3))
    assert catchments(province, ()).empty


def test_nearest_suppliers_are_the_nearest(province):
    hubs = hub_cities(province)
    asked = ["separator", "passenger-leader"]
    table = nearest_suppliers(province, province.sites, hubs, asked, by_line=True)
    assert len(table) == 8
    lacking = table[table["segment"] == "passenger-leader"]
    assert lacking["site"].isna().all()
    assert lacking["distance_km"].isna().all()
    having = table[table["segment"] == "separator"]
    metric = province.settings.metric_crs
    sites = province.sites[province.sites["segments"].fillna("").str.contains("separator")]
    borders = province.cities.to_crs(metric).geometry
    for row in having.itertuples():
        points = distance_points(province, sites).to_crs(metric)
        distances = points.distance(borders.at[row.hub]) / 1000
        assert row.distance_km <= distances.min() + 1e-9
        assert (row.in_hub > 0) == (row.distance_km == 0)


@pytest.mark.parametrize("sectors", [frozenset(), BATTERY, frozenset({"hydrogen", "assembly"})])
def test_every_measure_says_what_it_rests_on(province, sectors):
    selection = Selection(sectors=sectors)
    for measure in measures_of(province):
        taken = take(province, selection, measure.id)
        assert list(taken.values.index) == list(province.cities.index)
        assert not np.isinf(taken.values).any()
        assert taken.sources
        assert all(name in province.sources for name in taken.sources)
        if measure.needs_sector and not sectors:
            assert taken.values.isna().all()
        if measure.indicator is not None:
            assert taken.years.dropna().nunique() == 1
        assert not taken.weak[taken.values.isna()].any()


def test_measures_follow_the_statuses(province):
    every = take(province, Selection(), "sites").values
    open_only = take(province, Selection(statuses=frozenset({"operating"})), "sites").values
    assert every.sum() == len(province.sites)
    assert open_only.sum() == (province.sites["status"] == "operating").sum()


def test_cities_and_roles_that_are_filtered_do_not_change_a_measure(province):
    plain = take(province, Selection(sectors=BATTERY), "location-quotient").values
    narrowed = Selection(sectors=BATTERY, cities=frozenset({320400}), roles=frozenset({"parts"}))
    pd.testing.assert_series_equal(plain, take(province, narrowed, "location-quotient").values)


def test_a_province_without_sites_has_no_counts(province):
    empty = replace(province, sites=province.sites.iloc[:0])
    for measure in measures_of(empty):
        values = take(empty, Selection(sectors=BATTERY), measure.id).values
        if measure.id in ("share", "location-quotient", "diversity", "relatedness"):
            assert values.isna().all()
    assert isinstance(study_of(empty, Selection()).sites, gpd.GeoDataFrame)


def test_completeness_rests_on_all_sites_of_the_sectors_whichever_segment_is_asked_for(province):
    asked = Selection(segments=frozenset({"separator"}))
    sector = province.plan.sector_of_segment("separator").id
    of_sector = province.sites[province.sites["sector"] == sector]
    counted = of_sector.groupby("city_adcode").size()
    basis = take(province, asked, "completeness").basis
    assert basis.to_dict() == counted.reindex(basis.index, fill_value=0).to_dict()
    assert basis.sum() > take(province, asked, "sites").basis.sum()
