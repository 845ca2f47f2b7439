"""A person's own sites join a province, marked wherever they go."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pandas as pd
import pyogrio
import pytest

from clusters.evidence import confidence, site_sources
from clusters.measures import measures_of, take
from clusters.selection import Selection, selected_sites
from data.errors import CrsError, DataError
from data.evidence_rows import SiteRow
from data.own.own_grade import own_site_ids, own_sources
from data.own.own_source import own_sites, with_own_sites
from data.text import say
from data.uploads.sandbox.safely import read_safely
from data.uploads.sites.mapping import guess_mapping
from data.uploads.sites.reading import make_reading
from layers.address.query import parse_query
from layers.command.cli import main
from layers.compose import compose
from layers.exports import all_exporters
from layers.paper.sheet import PaperOptions
from layers.tables.view_tables import view_tables
from layers.words.measure_words import sample_words
from tests.places import PLACES

pytestmark = pytest.mark.usefixtures("forked_readers", "home_at_hand")

PICTURES = {"png", "pdf"}
"""Drawn as SVG is; their words are not text, or are glyphs."""
DAY = dt.date(2026, 11, 1)
CITIES = PLACES.border_city, PLACES.parts_pilot, PLACES.hub
COUNTIES = PLACES.border_county, PLACES.other_parts_pilot_county
TEXT = f"""name,city,county,sector,longitude,latitude,status,year
Synthetic one,{CITIES[0].en},{COUNTIES[0].en},battery,120.98,31.38,operating,2019
Synthetic two,{CITIES[1].en},{COUNTIES[1].en},powertrain,120.28,31.90,building,
Synthetic three,{CITIES[2].en},,battery,,,,
"""


@pytest.fixture(scope="module")
def reading(province):
    table = read_safely(TEXT.encode(), "list.csv")
    mapping = guess_mapping(table.frame.columns, table.frame)
    return make_reading(table, mapping, province, "wgs84", defaults={"kind": "plant"})


@pytest.fixture(scope="module")
def own(reading):
    return own_sites(reading, "list.csv", DAY)


@pytest.fixture(scope="module")
def joined(province, own):
    return with_own_sites(province, [own])


def test_every_joined_row_is_a_row_of_sites(province, joined):
    assert len(joined.sites) == len(province.sites) + 3
    assert joined.sites.index.is_unique
    assert (joined.sites.index == joined.sites["id"]).all()
    for row in joined.sites.loc[list(own_site_ids(joined))].drop(columns="geometry").itertuples():
        cells = {name: getattr(row, name) for name in SiteRow.model_fields}
        SiteRow.model_validate({name: cell for name, cell in cells.items() if cell == cell})


def test_the_province_itself_is_as_before(province, joined):
    kept = joined.sites.loc[province.sites.index, list(province.sites.columns)]
    assert kept.equals(province.sites)
    assert own_sources(province) == ()
    assert joined.cities is province.cities


def test_types_of_columns_stay(province, joined):
    assert dict(joined.sites.dtypes) == dict(province.sites.dtypes)


def test_a_site_names_its_file_and_day(joined):
    name = own_site_ids(joined)[0]
    (source,) = site_sources(joined, name)
    assert (source.publisher, source.date, source.grade) == ("list.csv", "2026-11-01", "own")
    assert confidence(joined, name) == "own"
    assert joined.sites.at[name, "status_date"] == "2026-11-01"
    assert joined.sites.at[name, "year_meaning"] == "unclear"


def test_filters_take_own_sites_like_others(joined):
    chosen = selected_sites(Selection(sectors=frozenset({"powertrain"})), joined)
    assert chosen[list(own_site_ids(joined))].tolist() == [False, True, False]


def test_a_file_of_the_same_name_and_day_replaces_the_former(province, own, joined):
    assert len(with_own_sites(province, [own, own]).sites) == len(joined.sites)
    other = own_sites_of_another_day(own)
    twice = with_own_sites(province, [own, other])
    assert len(twice.sites) == len(province.sites) + 6
    assert twice.sites.index.is_unique


def own_sites_of_another_day(own):
    return type(own)(own.file, DAY + dt.timedelta(days=1), own.sites)


def test_a_row_without_kind_or_sector_is_no_site(province):
    table = read_safely(f"name,city\nSynthetic,{CITIES[0].en}\n".encode(), "list.csv")
    mapping = guess_mapping(table.frame.columns, table.frame)
    bare = make_reading(table, mapping, province, "wgs84")
    with pytest.raises(DataError, match=r"list\.csv: row 2, sector"):
        own_sites(bare, "list.csv", DAY)
    odd = make_reading(
        table, mapping, province, "wgs84", defaults={"sector": "battery", "kind": "castle"}
    )
    with pytest.raises(DataError, match="unknown kind 'castle'; choose from plant"):
        with_own_sites(province, [own_sites(odd, "list.csv", DAY)])


def test_a_sector_of_another_province_is_a_fault(province, own):
    moved = own.sites.assign(sector="shipyards")
    with pytest.raises(DataError, match="no sector 'shipyards'"):
        with_own_sites(province, [type(own)("list.csv", DAY, moved)])


def test_a_unit_of_another_province_is_a_fault(province, own):
    sites = own.sites.assign(capacity_unit="synthetic-unit")
    with pytest.raises(DataError, match="unknown capacity_unit 'synthetic-unit'; choose from"):
        with_own_sites(province, [type(own)("list.csv", DAY, sites)])


def test_sites_in_metres_are_refused(province, own):
    metric = own.sites.to_crs(province.settings.metric_crs)
    with pytest.raises(CrsError, match=r"list\.csv"):
        with_own_sites(province, [type(own)("list.csv", DAY, metric)])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_map_says_that_there_is_own_data(province, joined, language):
    view = parse_query(f"lang={language}", joined).view
    spec = compose(view, joined)
    assert any("list.csv (2026-11-01)" in note for note in spec.notes)
    labels = [entry.label for group in spec.legend for entry in group.entries]
    assert any(say("own.marker", language) in label for label in labels)
    assert any(source.grade == "own" for source in spec.sources)
    before = compose(parse_query(f"lang={language}", province).view, province)
    assert not any("list.csv" in note for note in before.notes)


def test_analyses_without_the_sites_on_the_map_say_so_too(joined):
    spec = compose(parse_query("overlay=none&theme=sites&lang=en", joined).view, joined)
    assert any("own data" in note for note in spec.notes)


def test_what_is_measured_with_own_sites_says_so(province, joined):
    (own,) = own_sources(joined)
    for measure in measures_of(joined):
        before, after = (take(one, Selection(), measure.id) for one in (province, joined))
        assert (own.id in after.sources) == measure.counts_sites
        assert own.id not in before.sources
        for language, words in (("zh", "自有文件中的 3 个"), ("en", "3 sites of your own files")):
            assert (words in sample_words(joined, measure, language)) == measure.counts_sites
    battery = Selection(sectors=frozenset({"battery"}))
    counts = take(joined, battery, "sites").values - take(province, battery, "sites").values
    assert counts[counts > 0].to_dict() == {CITIES[0].adcode: 1, CITIES[2].adcode: 1}


def test_tables_of_analyses_count_own_sites_and_name_their_file(province, joined):
    spec = compose(parse_query("lang=en&theme=score", joined).view, joined)
    tables = view_tables(spec, joined)
    (own,) = own_sources(joined)
    for name in ("ranking", "concentration", "suppliers", "related", "similar"):
        assert tables.findings[name]["sources"].str.contains(own.id).any(), name
    assert own.id in set(tables.sources["id"])
    sites = tables.findings["concentration"]["sites"].sum()
    assert sites == len(joined.sites) == len(province.sites) + 3


def _text(exporter_id: str, content: bytes) -> str:
    if exporter_id in ("pptx", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [name for name in archive.namelist() if name.endswith(".xml")]
            return "".join(archive.read(name).decode("utf-8") for name in names)
    return content.decode("utf-8", errors="replace")


@pytest.mark.parametrize("exporter_id", sorted(set(all_exporters()) - PICTURES))
def test_every_export_carries_the_marker(joined, exporter_id):
    spec = compose(parse_query("lang=en", joined).view, joined)
    written = all_exporters()[exporter_id].write(spec, joined, PaperOptions())
    text = " ".join(_text(exporter_id, written).lower().split())
    assert "own data" in text
    assert "list.csv" in text


@pytest.mark.parametrize("name", ["ranking.xlsx", "ranking.gpkg"])
def test_analyses_of_own_sites_from_the_command_line(tmp_path: Path, name: str, province):
    path, out = tmp_path / "list.csv", tmp_path / name
    path.write_text(TEXT, encoding="utf-8")
    query = "lang=en&theme=score&weights=sites:5,gdp:1"
    own = ["--sites", str(path), "--sites-kind", "plant", "--datum", "wgs84"]
    assert main(["export", query, "-o", str(out), *own]) == 0
    if name.endswith("xlsx"):
        table = pd.read_excel(out, sheet_name="data_ranking", engine="openpyxl")
    else:
        table = pyogrio.read_dataframe(out, layer="ranking")
    counted = table[table["criterion"] == "sites"].set_index("city_adcode")["value"]
    listed = province.sites["city_adcode"].value_counts()
    assert counted[CITIES[0].adcode] == listed[CITIES[0].adcode] + 1
    assert counted[320900] == listed[320900] + 1
    assert set(table["weight"]) == {5, 1}


def test_own_sites_from_the_command_line(tmp_path: Path, capsys):
    path = tmp_path / "list.csv"
    path.write_text(TEXT, encoding="utf-8")
    out = tmp_path / "view.csv"
    asked = ["export", "lang=en", "-o", str(out), "--sites", str(path), "--sites-kind", "plant"]
    assert main(asked) == 1
    assert "say their datum" in capsys.readouterr().err
    assert main([*asked, "--datum", "wgs84"]) == 0
    assert "Synthetic two" in out.read_text(encoding="utf-8-sig")
    path.write_text(TEXT.replace("powertrain", "poetry"), encoding="utf-8")
    assert main([*asked, "--datum", "wgs84"]) == 1
    assert "row 3, sector: found 'poetry'" in capsys.readouterr().err
    assert main(["export", "lang=en", "-o", str(out), "--sites", str(tmp_path / "no.csv")]) == 1
    assert "cannot read" in capsys.readouterr().err
