"""Hot spots and groups: against PySAL and the formulas, seeded, and on synthetic patterns."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import esda
import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libpysal.weights import Queen
from scipy.stats import false_discovery_control

from clusters.distances.site_points import FEW_PLACES
from clusters.local_statistics import (
    county_counts,
    county_hot_spots,
    false_discovery_limit,
    local_statistics,
)
from clusters.point_clusters import MIN_SITES, REACH_M, footprints, point_clusters
from clusters.selection import Selection
from data.evidence_rows import PLACED
from layers.address.query import parse_query
from layers.compose import compose
from tests.synthetic import with_synthetic_places


def star_weights(province) -> np.ndarray:
    weights = Queen.from_dataframe(province.counties, use_index=False, silence_warnings=True)
    return weights.full()[0] + np.eye(weights.n)


def test_gi_star_is_ord_and_getis_formula(province):
    counts = county_counts(province, province.sites)
    found = local_statistics(province, counts, permutations=99)
    x, w = counts.to_numpy(dtype=float), star_weights(province)
    n, sums = len(x), w.sum(axis=1)
    spread = np.sqrt((x**2).mean() - x.mean() ** 2)
    expected = (w @ x - x.mean() * sums) / (spread * np.sqrt((n * sums - sums**2) / (n - 1)))
    assert found["gi_star"].to_numpy() == pytest.approx(expected)


def test_local_moran_is_anselins_formula_and_adds_up_to_the_global_one(province):
    counts = county_counts(province, province.sites)
    found = local_statistics(province, counts, permutations=99)
    weights = Queen.from_dataframe(province.counties, use_index=False, silence_warnings=True)
    rows = weights.full()[0]
    rows /= rows.sum(axis=1, keepdims=True)
    z = counts.to_numpy(dtype=float) - counts.mean()
    expected = z * (rows @ z) * (len(z) - 1) / (z @ z)
    assert found["moran"].to_numpy() == pytest.approx(expected)
    whole = esda.Moran(counts.to_numpy(), weights, permutations=0).I
    assert found["moran"].sum() / (len(z) - 1) == pytest.approx(whole)


def test_the_seed_makes_it_the_same_twice(province):
    counts = county_counts(province, province.sites)
    one, other = (local_statistics(province, counts, permutations=199) for _ in range(2))
    pd.testing.assert_frame_equal(one, other)


STATISTICS = """
import json, os, pathlib, psutil
from clusters.local_statistics import county_counts, local_statistics
from clusters.point_clusters import point_clusters
from data.loader import default_province_id, load_province

province = load_province(default_province_id())
found = local_statistics(province, county_counts(province, province.sites), permutations=99)
groups = point_clusters(province, province.sites)
me = psutil.Process()
shared = pathlib.Path("/dev/shm")
left = [path.name for path in shared.glob("*") if f"-{me.pid}-" in path.name.replace("_", "-")]
children = [child.cmdline() for child in me.children(recursive=True)]
print(json.dumps([len(found), len(groups), children, left]))
"""


def test_statistics_start_no_processes_and_share_no_memory(province):
    """What they start and share would outlive the server that they are made in."""
    done = subprocess.run(
        [sys.executable, "-c", STATISTICS],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    expected = [len(province.counties), len(province.sites), [], []]
    assert json.loads(done.stdout) == expected
    assert "leaked" not in done.stderr


def test_a_synthetic_hot_spot_is_found_and_noise_is_not(province):
    """Synthetic counts: one per county, and fifty around one county."""
    w = star_weights(province)
    center = int(np.argmax(w.sum(axis=1)))
    counts = pd.Series(1 + np.arange(95) % 2, index=province.counties.index)
    calm = local_statistics(province, counts, permutations=999)
    assert (calm["hot_spot"] != "hot").all()
    counts[w[center] > 0] = 50
    found = local_statistics(province, counts, permutations=9999)
    assert found["hot_spot"].iloc[center] == "hot"
    assert found["quadrant"].iloc[center] == "high-high"


def test_equal_counts_say_nothing(province):
    same = pd.Series(3, index=province.counties.index)
    found = local_statistics(province, same)
    assert found["gi_star"].isna().all()
    assert set(found["hot_spot"]) == {"none"}


def test_sites_without_a_county_take_no_part(province):
    counted = county_counts(province, province.sites)
    assert counted.sum() == province.sites["county_adcode"].notna().sum()


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=60))
def test_the_limit_of_false_discoveries_is_scipys(draws):
    """Pseudo p-values are whole multiples of one over the permutations, never zero."""
    values = np.array(draws) / 10_001
    adjusted = false_discovery_control(values, method="bh")
    assert (values <= false_discovery_limit(values)).tolist() == (adjusted <= 0.05).tolist()


@pytest.fixture(scope="module")
def placed_province(province):
    """The province, with synthetic places for some of its sites."""
    return with_synthetic_places(province)


def synthetic_sites(province, places):
    """Synthetic sites around points given in metres of the metric CRS."""
    points = list(places)
    table = province.sites.iloc[: len(points)].to_crs(province.settings.metric_crs)
    shaped = gpd.GeoSeries.from_xy(
        [x for x, _ in points], [y for _, y in points], crs=table.crs, index=table.index
    )
    return table.set_geometry(shaped).to_crs("EPSG:4326").assign(precision="site")


def test_groups_of_a_synthetic_pattern(province):
    rng = np.random.default_rng(7)
    cores = [(520_000, 3_500_000), (640_000, 3_700_000)]
    near = [(x + rng.normal(0, 3000), y + rng.normal(0, 3000)) for x, y in cores for _ in range(16)]
    lonely = [(450_000, 3_800_000)]
    sites = synthetic_sites(province, near + lonely)
    groups = point_clusters(province, sites)
    assert sorted(groups.unique()) == [-1, 0, 1]
    assert groups.iloc[-1] == -1
    assert groups.iloc[:16].nunique() == groups.iloc[16:32].nunique() == 1


def test_groups_are_the_connected_dense_sites(placed_province):
    """DBSCAN by another way: sites with enough neighbours, joined where they are near."""
    province, sites = placed_province, placed_province.sites
    groups = point_clusters(province, sites)
    placed = sites[sites["precision"] == "site"].to_crs(province.settings.metric_crs).geometry
    places = np.c_[placed.x, placed.y]
    near = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) <= REACH_M
    dense = np.flatnonzero(near.sum(axis=1) >= MIN_SITES)
    joined = nx.from_numpy_array(near[np.ix_(dense, dense)])
    expected = {
        frozenset(placed.index[dense[list(one)]]) for one in nx.connected_components(joined)
    }
    core = groups[placed.index[dense]]
    assert (core >= 0).all()
    assert {frozenset(members.index) for _, members in core.groupby(core)} == expected


def test_where_too_few_sites_have_a_place_there_is_no_group(province, placed_province):
    of_a_place = placed_province.sites[placed_province.sites["precision"] == "site"]
    few = pd.concat([of_a_place.iloc[: FEW_PLACES - 1], province.sites.iloc[-60:]])
    for sites in (few, province.sites):
        groups = point_clusters(province, sites)
        assert set(groups) == {-1}
        assert footprints(province, sites, groups).empty
    near = of_a_place.iloc[:FEW_PLACES].set_geometry(
        [of_a_place.geometry.iloc[0]] * FEW_PLACES, crs=of_a_place.crs
    )
    assert set(point_clusters(province, near)) == {0}


def test_groups_that_are_off_say_why(province, placed_province):
    query = "lang=en&overlay=groups"
    lines = [
        compose(parse_query(query, one).view, one).legend for one in (province, placed_province)
    ]
    off, on = ([entry for group in legend for entry in group.entries] for legend in lines)
    told = next(entry for entry in off if entry.toggle == "overlay.groups")
    assert f"at least {FEW_PLACES}" in told.note
    placed = int(province.sites.geometry.notna().sum())
    assert f"{placed} of {len(province.sites)}" in told.note
    told = next(entry for entry in on if entry.toggle == "overlay.groups")
    placed = int(placed_province.sites.geometry.notna().sum())
    assert f"{placed} of {len(province.sites)}" in told.note


def test_a_hot_county_without_sites_says_that_its_neighbours_are(province):
    found = county_hot_spots(province, Selection())
    hot = found[found["hot_spot"].isin(["hot", "hot, unsure"])]
    spec = compose(parse_query("lang=en&overlay=hotspots", province).view, province)
    values = dict(next(layer for layer in spec.layers if layer.id == "hotspots").values)
    assert (hot["sites"] == 0).any()
    for adcode, row in hot.iterrows():
        if row["sites"]:
            assert values[adcode].endswith(f"sites in the county itself: {row['sites']:.0f}")
        else:
            assert values[adcode].endswith("no site in the county itself, its neighbours have them")


def test_footprints_hold_their_sites(placed_province):
    province, sites = placed_province, placed_province.sites
    groups = point_clusters(province, sites)
    outlines = footprints(province, sites, groups)
    assert outlines["sites"].is_monotonic_decreasing
    land = province.cities.union_all()
    for number, outline in enumerate(outlines.geometry):
        inside = sites[groups == number]
        assert len(inside) == outlines["sites"].iloc[number]
        assert inside.within(outline.buffer(1e-6)).all()
        assert land.buffer(1e-4).covers(outline)
    assert len(outlines)
    assert (groups[~sites["precision"].isin(PLACED)] == -1).all()
