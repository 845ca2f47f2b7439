"""What was computed of a province goes with it."""

from __future__ import annotations

import datetime as dt
import gc
import weakref
from dataclasses import replace

from clusters.local_statistics import county_hot_spots
from clusters.measures import measures_of, take
from clusters.own_province import with_own_data
from clusters.scores import city_ranking
from clusters.selection import Selection
from data.loader import Province
from data.own.own_source import OwnSites
from data.province_cache import cached_on_province
from data.text import LANGUAGES
from layers.atlas import Atlas
from layers.exports import all_exporters
from layers.ogc.collections import collections_of
from layers.paper.sheet import PaperOptions
from layers.specification.map_spec import used_geometries
from layers.specification.view import View
from layers.web.map_resources import map_resources
from layers.web.wire_geometry import wire_geometry


def test_results_are_kept_for_each_province_and_argument(province):
    calls = []

    @cached_on_province(2)
    def count(of, times: int) -> int:
        calls.append(times)
        return len(of.sites) * times

    other = replace(province, sites=province.sites.iloc[:1])
    assert [count(province, 2), count(province, 2), count(other, 2)] == [
        len(province.sites) * 2,
        len(province.sites) * 2,
        2,
    ]
    assert calls == [2, 2]
    for times in (3, 4, 2):
        count(province, times)
    assert calls == [2, 2, 3, 4, 2]  # two are kept


def test_a_copy_starts_anew(province):
    wire_geometry(province, "sites")
    assert province.cache
    assert not replace(province).cache


def test_nothing_is_left_of_a_province_with_own_data(province):
    sites = province.sites.iloc[:3].copy()
    dressed = with_own_data(province, [OwnSites("synthetic.csv", dt.date(2026, 1, 1), sites)])
    left = weakref.ref(dressed)
    ask_everything(dressed)
    del dressed
    gc.collect()
    assert left() is None


def ask_everything(dressed: Province) -> None:
    for measure in measures_of(dressed):
        if not measure.needs_sector:
            take(dressed, Selection(), measure.id)
    city_ranking(dressed, Selection(sectors=frozenset({"battery"})), ())
    county_hot_spots(dressed, Selection())
    for language in LANGUAGES:
        map_resources(dressed, language)
        collections_of(dressed, language)
    atlas = Atlas(dressed, View(dressed.id))
    for name in used_geometries(atlas.spec):
        wire_geometry(dressed, name)
    for name in ("xlsx", "svg"):
        all_exporters()[name].write(atlas.spec, dressed, PaperOptions())
