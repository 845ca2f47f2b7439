"""How the evidence stands is measured as it says, and told by the check, the README, the page."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pandas as pd
import pytest

from clusters.evidence_state import evidence_state
from data.authoring.check import folder_faults
from data.loader import Province, load_folder
from data.model import EvidenceBars, Grade, Search
from layers.command.cli import main
from layers.words.evidence_words import edition_day, evidence_lines, evidence_markdown

TODAY = dt.date(2026, 11, 29)


def figures(province: Province) -> dict[str, float]:
    return {one.id: one.value for one in evidence_state(province, TODAY)}


def with_sites(province: Province, **cells: object) -> Province:
    """Return the province with two of its sites alone, both with ``cells``."""
    sites = province.sites.iloc[:2].assign(**cells)
    return replace(province, sites=sites)


def dated(province: Province, day: str) -> Province:
    """Return the province with its list of sites dated ``day``."""
    settings = province.settings
    sources = tuple(
        one.model_copy(update={"date": day}) if one.id == settings.site_source else one
        for one in settings.sources
    )
    return replace(province, settings=settings.model_copy(update={"sources": sources}))


def test_every_bar_has_its_figure(province):
    assert [one.id for one in evidence_state(province, TODAY)] == list(EvidenceBars.model_fields)


def test_shares_are_those_of_the_rows(province):
    found, sites = figures(province), province.sites
    assert found["sites"] == len(sites)
    assert found["undated"] == pytest.approx(sites["status_date"].isna().mean())
    assert found["placed"] == pytest.approx(sites["precision"].isin(["site", "town"]).mean())
    pages = [one.address.startswith("http") for one in province.sources.values()]
    assert found["without_page"] == pytest.approx(1 - sum(pages) / len(pages))
    assert found["sites_in_each_city"] == sites["city_adcode"].value_counts().min()


@pytest.mark.parametrize(
    ("status", "date", "checked", "stale"),
    [
        ("building", "2024-11-28", None, True),
        ("building", "2024-11-30", None, False),
        ("announced", "2024", None, False),
        ("announced", "2023", None, True),
        ("announced", "2024-10", None, True),
        ("announced", "2023", "2026-11-01", False),
        ("operating", "2019", None, False),
        ("unknown", None, None, False),
    ],
)
def test_a_plan_that_nothing_is_told_of_for_two_years(province, status, date, checked, stale):
    two = with_sites(province, status=status, status_date=date, checked=checked)
    assert figures(two)["not_followed_up"] == float(stale)


def test_two_pages_of_one_publisher_are_one_witness(province):
    kept = province.evidence_sources[:3]
    first, second, third = (one.id for one in kept)

    def attested(named: str, grade: Grade = "press") -> float:
        sources = tuple(
            one.model_copy(update={"publisher": publisher, "grade": grade})
            for one, publisher in zip(kept, "AAB", strict=True)
        )
        two = replace(with_sites(province, sources=named), evidence_sources=sources)
        return figures(two)["well_attested"]

    assert attested(f"{first};{second}") == 0.0
    assert attested(f"{first};{third}") == 1.0
    assert attested(first, "official") == 1.0


def test_a_segment_that_was_searched_in_vain_is_no_gap_of_the_list(province):
    def with_searched(searched: Search | None) -> Province:
        plan = province.plan
        first = plan.sectors[0]
        segments = tuple(one.model_copy(update={"searched": searched}) for one in first.segments)
        sectors = (first.model_copy(update={"segments": segments}), *plan.sectors[1:])
        sites = province.sites[province.sites["sector"] != first.id]
        return replace(province, sites=sites, plan=plan.model_copy(update={"sectors": sectors}))

    assert figures(with_searched(None))["sites_of_each_segment"] == 0
    searched = Search(date="2026-11-29", words="synthetic")
    assert figures(with_searched(searched))["sites_of_each_segment"] > 0


def test_a_city_without_sites_and_capacities_that_are_unclear_are_counted(province):
    two = with_sites(
        province, capacity=1.0, capacity_meaning=["unclear", "built"], precision=["town", "city"]
    )
    found = figures(two)
    assert found["sites_in_each_city"] == 0
    assert found["unclear_capacity"] == 0.5
    assert found["placed"] == 0.5
    named = {one.id: one.named for one in evidence_state(two, TODAY)}
    assert named["unclear_capacity"] == (two.sites.index[0],)
    assert named["placed"] == (two.sites.index[1],)


def test_a_province_without_sites_or_bars(province):
    bare = replace(
        province,
        sites=province.sites.iloc[:0],
        settings=province.settings.model_copy(update={"evidence_bars": None}),
    )
    assert {one.is_met for one in evidence_state(bare, TODAY)} == {None}
    assert figures(bare)["sites"] == 0


def test_bars_are_said_with_whether_they_are_met(province):
    bars = EvidenceBars(sites=1, undated=0.0)
    settings = province.settings.model_copy(update={"evidence_bars": bars})
    two = with_sites(replace(province, settings=settings), status_date=None)
    words = "\n".join(evidence_lines(two, TODAY))
    assert "Sites: 2 (at least 1: met)" in words
    assert "Sites without a dated status: 100% (at most 0%: not met)" in words
    assert ", ".join(two.sites.index) in words
    assert "未达到" in evidence_markdown(two, "zh", TODAY)


@pytest.mark.parametrize(
    ("date", "day"),
    [("2026-11", "2026-11-30"), ("2026-12", "2026-12-31"), ("2025", "2025-12-31")],
)
def test_the_day_of_the_edition_is_the_last_that_its_date_means(province, date, day):
    assert edition_day(dated(province, date)).isoformat() == day
    assert edition_day(dated(province, "2026-11-05")).isoformat() == "2026-11-05"


def test_the_check_tells_the_state(capsys):
    main(["check"])
    assert "Sites without a dated status" in capsys.readouterr().out


def test_a_note_in_one_language_is_a_fault(province_copy):
    path = province_copy / "figures.csv"
    table = pd.read_csv(path, dtype=str)
    table["note_zh"], table["note_en"] = "备注", None
    table.to_csv(path, index=False)
    faults = [str(one) for one in folder_faults(province_copy)]
    assert len(faults) == len(table)
    assert "note_en is empty; expected the note in both languages" in faults[0]


def test_files_of_an_earlier_release_have_one_note_and_no_day_of_a_check(province_copy):
    for name in ("sites.csv", "companies.csv", "figures.csv", "plausibility.csv"):
        path = province_copy / name
        table = pd.read_csv(path, dtype=str).drop(columns=["note_zh", "checked"], errors="ignore")
        table.rename(columns={"note_en": "notes"}).to_csv(path, index=False)
    places = json.loads((province_copy / "sites.geojson").read_text(encoding="utf-8"))
    for feature in places["features"]:
        cells = feature["properties"]
        for later in ("note_zh", "checked"):
            cells.pop(later, None)
        cells["notes"] = cells.pop("note_en", None)
    (province_copy / "sites.geojson").write_text(json.dumps(places), encoding="utf-8")
    loaded = load_folder(province_copy)
    for table in (loaded.companies, loaded.figures):
        assert table["note_zh"].dropna().tolist() == table["note_en"].dropna().tolist()
        assert table["note_en"].notna().any()
    assert any(one.note_zh for one in loaded.plausibility)
    assert loaded.sites["checked"].isna().all()
    assert (loaded.sites["note_zh"].dropna() == loaded.sites["note_en"].dropna()).all()
    assert loaded.sites["note_en"].notna().any()
