"""Residents of an area are those of its counties, by the share inside, and say what they lack."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from clusters.area_of_interest import AreaOfInterest, area_km2
from clusters.area_population import RESIDENTS, area_population
from data.crs import area_km2 as areas_km2
from data.loader import Province, default_province_id, load_province
from layers.words.area_words import about_residents, residents_note

PROVINCE = load_province(default_province_id())
WEST, SOUTH, EAST, NORTH = PROVINCE.settings.window
EVERYTHING = AreaOfInterest("box", ((SOUTH, WEST), (NORTH, EAST)))
COUNTY = int(PROVINCE.counties.index[0])


def small_circle_in(province: Province, adcode: int) -> AreaOfInterest:
    inside = province.counties.geometry[adcode].representative_point()
    return AreaOfInterest("circle", ((round(inside.y, 4), round(inside.x, 4)),), 0.5)


def without_county(province: Province, adcode: int) -> Province:
    return replace(province, figures=province.figures[province.figures["adcode"] != adcode])


def figure_of(province: Province, adcode: int) -> float:
    figures = province.figures
    of_area = (figures["adcode"] == adcode) & (figures["indicator"] == RESIDENTS)
    return float(figures.loc[of_area, "value"].iloc[0])


def test_the_whole_province_has_all_its_people():
    found = area_population(PROVINCE, EVERYTHING)
    whole = figure_of(PROVINCE, PROVINCE.settings.adcode)
    assert found.residents == pytest.approx(whole, rel=1e-4)
    assert set(found.counties) == set(PROVINCE.counties.index)
    assert (found.unknown, found.apart) == ((), {})
    of_cities = PROVINCE.figures["adcode"].isin(PROVINCE.cities.index)
    census = PROVINCE.figures[of_cities & (PROVINCE.figures["indicator"] == RESIDENTS)]
    assert set(found.sources) >= {str(one) for one in census["source"]}


def test_a_part_of_a_county_has_its_share_and_names_the_source():
    circle = small_circle_in(PROVINCE, COUNTY)
    found = area_population(PROVINCE, circle)
    whole = float(areas_km2(PROVINCE.counties.loc[[COUNTY]], PROVINCE.settings.area_crs).iloc[0])
    share = area_km2(PROVINCE, circle) / whole
    assert found.counties == (COUNTY,)
    assert found.residents == pytest.approx(share * figure_of(PROVINCE, COUNTY), rel=1e-6)
    assert all(name in PROVINCE.sources for name in found.sources)


def test_people_in_no_county_s_figure_are_told_apart():
    city = next(
        int(one)
        for one in PROVINCE.cities.index
        if figure_of(PROVINCE, one)
        > sum(figure_of(PROVINCE, int(county)) for county in PROVINCE.counties_of(int(one)).index)
    )
    counties = [int(one) for one in PROVINCE.counties_of(city).index]
    found = area_population(PROVINCE, small_circle_in(PROVINCE, counties[0]))
    rest = figure_of(PROVINCE, city) - sum(figure_of(PROVINCE, one) for one in counties)
    assert found.apart == {city: int(rest)}
    assert f"{int(rest):,}" in residents_note(found, PROVINCE, "en")


def test_what_lies_beyond_the_province_is_told():
    circle = small_circle_in(PROVINCE, COUNTY)
    inside = area_population(PROVINCE, circle)
    assert inside.covered == pytest.approx(1.0, abs=1e-3)
    everything = area_population(PROVINCE, EVERYTHING)
    land = float(areas_km2(PROVINCE.counties, PROVINCE.settings.area_crs).sum())
    assert everything.covered == pytest.approx(land / area_km2(PROVINCE, EVERYTHING), rel=1e-6)
    share = f"{100 * everything.covered:.0f} %"
    assert share in residents_note(everything, PROVINCE, "en")
    assert "%" not in residents_note(inside, PROVINCE, "en")


def test_a_county_without_a_figure_is_named_and_not_counted():
    poorer = without_county(PROVINCE, COUNTY)
    found = area_population(poorer, EVERYTHING)
    assert found.unknown == (COUNTY,)
    assert COUNTY not in found.counties
    assert str(PROVINCE.counties.at[COUNTY, "name_en"]) in residents_note(found, poorer, "en")
    assert area_population(poorer, small_circle_in(poorer, COUNTY)) is None


def test_nothing_is_told_without_figures():
    bare = replace(PROVINCE, figures=PROVINCE.figures.iloc[:0])
    assert area_population(bare, EVERYTHING) is None


@pytest.mark.parametrize(
    ("residents", "written"),
    [(2_374_812.0, "2,370,000"), (62_345.0, "62,300"), (987.0, "987"), (0.4, "0")],
)
def test_an_estimate_keeps_three_figures(residents, written):
    found = replace(area_population(PROVINCE, EVERYTHING), residents=residents)
    assert about_residents(found, "en") == f"about {written}"


def test_cities_are_the_sums_of_what_is_counted():
    """No county has more people than its city, so that nothing is counted twice."""
    sums = pd.Series(
        {
            city: sum(figure_of(PROVINCE, int(one)) for one in PROVINCE.counties_of(city).index)
            for city in PROVINCE.cities.index
        }
    )
    whole = pd.Series({city: figure_of(PROVINCE, city) for city in PROVINCE.cities.index})
    assert (sums <= whole + 0.5).all()
