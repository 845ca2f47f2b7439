"""What a brief says: each figure of its sentences counted apart, each sentence with a source."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from dataclasses import replace

import pytest

from clusters.area_of_interest import area_km2, read_area, site_positions
from clusters.area_population import area_population
from clusters.distances.nearest import site_distances
from clusters.matching import matching
from clusters.measures import take
from clusters.selection import Selection
from clusters.study import study_of
from clusters.worklist import ENDED
from data.errors import AtlasError, UnknownChoiceError
from data.loader import load_folder
from data.text import LANGUAGES, join, number, say
from layers.address.query import parse_query
from layers.brief.briefs import brief_file_name, brief_of, brief_parts, subject_of
from layers.brief.content import (
    Brief,
    ContentPicture,
    ContentTable,
    Statement,
    StatementList,
    citation_words,
    cited_sources,
)
from layers.words.area_words import about_residents
from layers.words.telling_names import telling_name
from tests.places import PLACES

DAY = dt.date(2026, 11, 30)
CITY = PLACES.hub
AREA = "33.35,120.16,40"
QUERIES = {
    "city": f"city={CITY.slug}",
    "sector": "segment=separator",
    "area": f"area=circle:{AREA}",
    "company": "owner=catl",
    "comparison": f"compare={CITY.slug},{PLACES.battery_base.slug}",
}


@pytest.fixture(scope="module")
def written(province) -> dict[tuple[str, str], Brief]:
    """Each kind of brief in each language."""
    return {
        (subject, language): brief_of(
            parse_query(f"{query}&lang={language}", province).view, province, date=DAY
        )
        for subject, query in QUERIES.items()
        for language in LANGUAGES
    }


def every(name: str):
    cases = [(subject, language) for subject in QUERIES for language in LANGUAGES]
    return pytest.mark.parametrize(name, cases, ids="-".join)


def statements(brief: Brief) -> list[Statement]:
    found = []
    for section in brief.sections:
        for block in section.blocks:
            found += [block] if isinstance(block, Statement) else []
            found += block.points if isinstance(block, StatementList) else []
    return found


def tables(brief: Brief) -> list[ContentTable]:
    return [
        block
        for section in brief.sections
        for block in section.blocks
        if isinstance(block, ContentTable)
    ]


def section(brief: Brief, name: str):
    return next(one for one in brief.sections if one.id == name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_tells_what_is_counted(province, written, language):
    sites = province.sites
    own = sites[sites["city_adcode"] == CITY.adcode]
    standing, chain, first = section(written["city", language], "answer").blocks
    counts = sites["city_adcode"].value_counts()
    rank = 1 + int((counts > len(own)).sum())
    most = own["sector"].value_counts()
    roles = [province.plan.role(one).name.say(language) for one in CITY.roles]
    expected = say(
        "brief.answer_sites",
        language,
        city=CITY.name(language),
        sites=len(own),
        total=len(sites),
        share=number(100 * len(own) / len(sites), language, decimals=1),
        rank=rank,
        count=len(province.cities),
        sectors=province.plan.sector(most.index[0]).name.say(language),
        most=most.iloc[0],
    ) + say("brief.answer_roles", language, roles=join(roles, language))
    assert standing.words == expected
    named = [one.id for sector in province.plan.sectors for one in sector.named_segments]
    held = {name for joined in own["segments"].dropna() for name in joined.split(";")}
    links = study_of(province, Selection()).links()
    km = links[links["city_adcode"] == CITY.adcode]["distance_km"]
    here = len(held & set(named))
    assert chain.words == say(
        "brief.answer_chain",
        language,
        total=len(named),
        here=here,
        near=int((km <= 100).sum()) - here,
        lacking=len(named) - int((km <= 100).sum()),
        basis=say("brief.by_road", language),
    )
    segment = province.plan.segment("refuelling").name.say(language)
    assert segment in first.words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chain_is_that_of_the_study(province, written, language):
    links = study_of(province, Selection()).links()
    links = links[links["city_adcode"] == CITY.adcode].set_index("segment")
    table = section(written["city", language], "chain").blocks[-1]
    assert len(table.rows) == len(links)
    for row, (segment, link) in zip(table.rows, links.iterrows(), strict=True):
        assert row[0] == province.plan.segment(segment).name.say(language)
        assert row[3] == str(link["sites"])
        if not link["sites"] and link["nearest"] is not None:
            assert province.sites.at[link["nearest"], f"name_{language}"] in row[4]
            assert row[5] == number(link["distance_km"], language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sectors_are_told_with_their_sample(province, written, language):
    table = next(
        block
        for block in section(written["city", language], "standing").blocks
        if isinstance(block, ContentTable)
    )
    quotient = take(province, Selection(sectors=frozenset({"battery"})), "location-quotient")
    rows = {row[0]: row for row in table.rows}
    for sector in province.plan.sectors:
        own = province.sites[
            (province.sites["city_adcode"] == CITY.adcode) & (province.sites["sector"] == sector.id)
        ]
        row = rows[sector.name.say(language)]
        assert row[2] == str(len(own))
        weak = say("brief.sample_weak" if len(own) < 5 else "brief.sample_fair", language)
        assert row[5] == weak
    battery = rows[province.plan.sector("battery").name.say(language)]
    assert battery[4] == number(quotient.values[CITY.adcode], language, decimals=2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_capacities_are_summed_apart_by_unit_meaning_and_status(province, written, language):
    own = province.sites[province.sites["city_adcode"] == CITY.adcode]
    going_on = own[~own["status"].isin(["suspended", "closed", "insolvent"])]
    stated = going_on.dropna(subset="capacity")
    keys = ["capacity_unit", "capacity_meaning", "status"]
    groups = (
        stated.fillna({"capacity_meaning": "unclear"})
        .groupby(keys)["capacity"]
        .agg(["sum", "size"])
    )
    table = next(one for one in tables(written["city", language]) if len(one.rows) == len(groups))
    assert sorted(int(row[4]) for row in table.rows) == sorted(groups["size"])
    plain = sorted(float(row[3].replace(",", "")) for row in table.rows)
    assert plain == pytest.approx(sorted(groups["sum"]), rel=1e-3)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_brief_of_an_area_tells_what_is_inside_and_what_it_lacks(province, written, language):
    brief = written["area", language]
    area = read_area(f"circle:{AREA}", (115.0, 30.0, 123.0, 36.0))
    assert area_km2(province, area) == pytest.approx(math.pi * 40**2, rel=1e-3)
    positions = site_positions(province, area)
    inside, perhaps = ((positions == one).sum() for one in ("inside", "perhaps"))
    _, told, lacks = section(brief, "answer").blocks
    assert told.words == say(
        "brief.area_positions",
        language,
        area=number(area_km2(province, area), language),
        inside=inside,
        perhaps=perhaps,
    )
    own = province.sites[positions.isin(["inside", "perhaps"])]
    held = {name for joined in own["segments"].dropna() for name in joined.split(";")}
    named = [one for sector in province.plan.sectors for one in sector.named_segments]
    lacking = [one for one in named if one.id not in held]
    sure = province.sites[positions == "inside"]
    surely = {name for joined in sure["segments"].dropna() for name in joined.split(";")}
    (table,) = section(brief, "chain").blocks
    assert [row[0] for row in table.rows] == [one.name.say(language) for one in lacking]
    assert lacks.words == say(
        "brief.area_links_told",
        language,
        total=len(named),
        inside=sum(one.id in surely for one in named),
        perhaps=sum(one.id in held - surely for one in named),
        count=len(lacking),
        segments=join([row[0] for row in table.rows], language),
    )
    residents, cities = section(brief, "standing").blocks[:2]
    population = area_population(province, area)
    assert about_residents(population, language) in residents.words
    assert residents.sources == population.sources
    assert sum(int(row[3]) for row in cities.rows) == inside
    assert sum(int(row[4]) for row in cities.rows) == perhaps
    (annex,) = section(brief, "sites").blocks
    place = [one.heading for one in annex.columns].index(say("site_list.in_area", language))
    told_of_each = Counter(row[place] for row in annex.rows)
    assert told_of_each == {
        say(f"area.{one}", language): count
        for one, count in (("inside", inside), ("perhaps", perhaps))
        if count
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filtered_is_said_before_what_is_lacking(province, language):
    """With a filter a city may have more than is told of: the first sentence says so."""
    query = f"city={PLACES.battery_base.slug}&status=closed&lang={language}"
    view = parse_query(query, province).view
    brief = brief_of(view, province, parts=["answer", "chain", "worklist"], date=DAY)
    closed = province.sites[province.sites["status"] == "closed"]
    first = section(brief, "answer").blocks[0].words
    assert first == say(
        "brief.scope",
        language,
        filters=say("status.closed", language),
        count=len(closed),
        total=len(province.sites),
    )
    nowhere = {row[4] for row in section(brief, "chain").blocks[-1].rows}
    assert say("brief.nowhere", language) not in nowhere
    whole = brief_of(
        replace(view, selection=Selection(cities=view.selection.cities)),
        province,
        parts=["worklist"],
        date=DAY,
    )
    told, other = (
        next(one for one in section(brief, "worklist").blocks if isinstance(one, ContentTable))
        for brief in (brief, whole)
    )
    assert [row[:5] for row in told.rows] == [row[:5] for row in other.rows]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_segment_narrows_the_links_of_a_city_and_of_a_comparison(province, language):
    separator = province.plan.segment("separator").name.say(language)
    for query in (QUERIES["city"], QUERIES["comparison"]):
        view = parse_query(f"{query}&segment=separator&lang={language}", province).view
        brief = brief_of(view, province, parts=["chain", "worklist"], date=DAY)
        for one in tables(brief):
            if one.columns[0].heading == say("chain.segment", language):
                assert {row[0] for row in one.rows} == {separator}


def test_the_way_to_a_sector_is_that_to_its_nearest_site(province, written):
    _, table, *_ = section(written["sector", "en"], "standing").blocks
    rows = table.rows
    sites = matching(province, Selection(segments=frozenset({"separator"}))).sites
    names = province.cities["name_en"]
    for city, count, _, _, km in rows:
        if count == "0":
            (adcode,) = names.index[names == city]
            ways = site_distances(province, sites, int(adcode), by_line=False)
            assert km == number(ways.min(), "en")
    assert sum(row[1] == "0" for row in rows) > 3


def test_a_site_that_has_ended_is_named_with_its_status(province):
    """A nearest site that makes nothing now is no holder to send somebody to."""
    view = parse_query(f"{QUERIES['city']}&lang=en", province).view
    (table,) = (
        one
        for one in section(brief_of(view, province, parts=["chain"], date=DAY), "chain").blocks
        if isinstance(one, ContentTable)
    )
    ended = province.sites[province.sites["status"].isin(ENDED)]["name_en"]
    told = [row[4] for row in table.rows if any(name in row[4] for name in ended)]
    assert told
    words = [say(f"status.{status}", "en") for status in ENDED]
    assert all(any(word in cell for word in words) for cell in told)


def test_a_brief_holds_the_parts_that_are_named_and_their_sources(province, written):
    view = parse_query(f"{QUERIES['city']}&lang=zh", province).view
    brief = brief_of(view, province, parts=["worklist", "answer"], date=DAY)
    assert [one.id for one in brief.sections] == ["answer", "worklist", "sources"]
    assert [one.heading[0] for one in brief.sections] == list("123")
    whole = written["city", "zh"]
    for one, other in zip(
        section(brief, "worklist").blocks, section(whole, "worklist").blocks, strict=True
    ):
        assert type(one) is type(other)
        assert not isinstance(one, ContentTable) or one.rows == other.rows
    assert len(brief.numbers) < len(whole.numbers)
    assert brief_parts(view, province) == tuple(one.id for one in whole.sections[:-1])
    with pytest.raises(UnknownChoiceError, match="measures"):
        brief_of(view, province, parts=["measures"], date=DAY)


@every("which")
def test_every_statement_and_table_has_a_source_that_is_listed(province, written, which):
    brief = written[which]
    for one in statements(brief):
        assert one.words
        assert one.sources, one.words
    *others, listed = tables(brief)
    for table in others:
        assert table.sources or (table.row_sources and all(table.row_sources)), table.caption
        assert table.note or table.sources
    assert [row[0] for row in listed.rows] == [
        str(number) for number in range(1, len(brief.numbers) + 1)
    ]
    for row, name in zip(listed.rows, brief.numbers, strict=True):
        source = province.sources[name]
        assert row[1] == source.title.say(brief.language)
        assert row[3] == (source.date or say("brief.undated", brief.language))
        assert row[4] == say(f"grade.{source.grade}", brief.language)
        assert row[5] == source.address


@every("which")
def test_nothing_is_left_empty_and_rows_fit_their_heads(written, which):
    brief = written[which]
    for table in tables(brief):
        assert table.rows
        for row in table.rows:
            assert len(row) == len(table.columns)
            assert all(cell.strip() for cell in row), row
    text = [one.words for one in statements(brief)]
    text += [cell for table in tables(brief) for row in table.rows for cell in row]
    text += [column.heading for table in tables(brief) for column in table.columns]
    for words in text:
        assert not re.search(r"\bnan\b|NaN|^None$|\{|\}", words), words


@every("which")
def test_the_map_says_what_it_shows(written, which):
    brief = written[which]
    (picture,) = section(brief, "map").blocks
    assert isinstance(picture, ContentPicture)
    assert len(picture.alternative) > 20
    assert picture.caption.startswith(
        say("brief.picture_number", brief.language, number=1, caption="")
    )


@pytest.mark.parametrize(("shape", "language"), [("upright", "zh"), ("wide", "en")])
@pytest.mark.parametrize("subject", QUERIES)
def test_the_map_is_drawn_in_the_shape_that_is_asked_for(written, subject, shape, language):
    (picture,) = section(written[subject, language], "map").blocks
    drawn = picture.draw(shape)
    assert drawn.png.startswith(b"\x89PNG")
    assert (drawn.height_mm > drawn.width_mm) == (shape == "upright")


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_follow_the_order_of_reading(written, language):
    brief = written["city", language]
    first = section(brief, "answer").blocks[0]
    assert list(brief.numbers)[: len(first.sources)] == list(first.sources)
    assert list(brief.numbers) == list(cited_sources(brief.sections))
    assert brief.citation(first.sources) == "[1, 2]"


def test_filters_narrow_what_is_told(province, written):
    query = f"profile={CITY.slug}&sector=battery&lang=en"
    narrowed = brief_of(parse_query(query, province).view, province, date=DAY)
    battery = province.plan.sector("battery")
    chain = section(narrowed, "chain").blocks[-1]
    assert len(chain.rows) == len(battery.named_segments)
    assert battery.name.en in narrowed.subtitle
    assert len(narrowed.numbers) < len(written["city", "en"].numbers)
    told = say("chain.narrowed", "en")
    assert told not in section(narrowed, "chain").blocks[0].words
    by_status = brief_of(parse_query(f"{query}&status=operating", province).view, province)
    assert told in section(by_status, "chain").blocks[0].words


def test_what_a_brief_is_about(province):
    def subject(query: str) -> str:
        return subject_of(parse_query(query, province).view)

    assert subject(f"profile={CITY.slug}&sector=battery") == "city"
    assert subject(QUERIES["city"]) == "city"
    assert subject(QUERIES["comparison"]) == "comparison"
    assert subject("sector=battery") == "sector"
    with pytest.raises(AtlasError, match="compare="):
        subject("lang=en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_are_called_by_what_they_hold(province, language):
    def name(query: str) -> str:
        view = parse_query(f"{query}&lang={language}", province).view
        return brief_file_name(view, province, "docx", date=DAY)

    file = say("brief.file", language)
    whole = PLACES.province.name(language)
    segment = province.plan.segment("separator").name.say(language)
    assert name(QUERIES["city"]) == f"{whole}_{CITY.name(language)}_{file}_2026-11-30.docx"
    assert name(QUERIES["sector"]) == f"{whole}_{segment}_{file}_2026-11-30.docx"
    both = "-".join((CITY.name(language), PLACES.battery_base.name(language)))
    assert name(QUERIES["comparison"]) == f"{whole}_{both}_{file}_2026-11-30.docx"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (['a<b>:"c', "d/e\\f"], "a-b-c_d-e-f_2026-11-30.pdf"),
        (["沿 60 公里 a b"], "沿60公里a_b_2026-11-30.pdf"),
        (["con", "x."], "con-_x_2026-11-30.pdf"),
        (["", "?*|"], "2026-11-30.pdf"),
        (["a\u202eb\x00c\n"], "abc_2026-11-30.pdf"),
    ],
)
def test_names_are_safe_on_every_system(words, expected):
    assert telling_name(words, DAY, "pdf") == expected


def test_long_names_are_cut_between_letters():
    name = telling_name(["隔膜" * 200], DAY, "docx")
    assert len(name.encode()) <= 255
    assert name.endswith("_2026-11-30.docx")
    assert set(name.partition("_")[0]) == {"隔", "膜"}


def test_ranges_of_numbers_are_short():
    assert citation_words([]) == ""
    assert citation_words([2]) == "[2]"
    assert citation_words([1, 2, 4, 5, 6]) == "[1, 2, 4–6]"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_province_without_plan_and_sites_is_told_as_such(province_copy, language):
    (province_copy / "plan.toml").write_text("schema = 1\n", encoding="utf-8")
    for name in ("sites", "companies", "figures", "plausibility", "presets"):
        for path in province_copy.glob(f"{name}.*"):
            path.unlink()
    empty = load_folder(province_copy)
    view = parse_query(f"{QUERIES['city']}&lang={language}", empty).view
    brief = brief_of(view, empty, date=DAY)
    told = "\n".join(one.words for one in statements(brief))
    for phrase in ("no_plan", "no_links", "no_target"):
        assert say(f"brief.{phrase}", language) in told
    # Nothing is lacking where nothing is asked for, and nothing is complete either.
    assert say("brief.answer_no_gap", language) not in told
    assert all(table.rows for table in tables(brief))
