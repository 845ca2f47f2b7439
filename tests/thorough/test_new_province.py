"""A new province is a folder: made by one command for each of the mainland, and it works."""

from __future__ import annotations

import io
import json
import shutil
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import jsonschema
import pytest
from PIL import Image

from data.authoring.boundaries import read_province_names
from data.authoring.json_schema import SCHEMAS_FOLDER, schema_files
from data.authoring.new_province import gauss_kruger_zone, new_province, romanised, without_ending
from data.errors import DataError
from data.loader import PROVINCES_FOLDER, Province, default_province_id, load_folder
from layers.address.query import parse_query, write_query
from layers.command.cli import main
from layers.compose import compose
from layers.exports import all_exporters
from layers.paper.sheet import PaperOptions
from layers.specification.map_spec import MapSpec, used_geometries
from layers.specification.view import View
from layers.web.folium_map import web_payload
from layers.web.offline_page import offline_page
from layers.web.wire_geometry import feature_ids, wire_geometry
from tests.places import PLACES

ONE_OF_EACH_KIND = (150000, 310000, 460000, 510000)
"""The widest, one that is a city, one of islands, the one with the most counties."""
MAINLAND = tuple(
    1000 * number
    for number in (
        *(110, 120, 130, 140, 150, 210, 220, 230, 310, 320, 330, 340, 350, 360, 370, 410),
        *(420, 430, 440, 450, 460, 500, 510, 520, 530, 540, 610, 620, 630, 640, 650),
    )
)


def payload(spec: MapSpec, province: Province) -> dict[str, object]:
    names = used_geometries(spec)
    return web_payload(
        spec,
        {name: wire_geometry(province, name).file_name for name in names},
        {name: feature_ids(province, name) for name in names},
    )


def test_there_are_31_provinces_of_the_mainland():
    assert sorted(adcode for adcode in read_province_names() if adcode < 700000) == [*MAINLAND]
    assert len(MAINLAND) == 31


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Province]:
    """Return what makes and loads a province, once for all tests of this file."""

    @cache
    def province_of(adcode: int) -> Province:
        return load_folder(new_province(adcode, tmp_path_factory.mktemp(str(adcode))))

    return province_of


@pytest.mark.parametrize("adcode", MAINLAND)
def test_every_province_loads_and_draws(adcode, made):
    province = made(adcode)
    assert len(set(province.city_slugs.values())) == len(province.cities)
    assert all(province.city_slugs.values())
    assert not province.neighbours.empty
    spec = compose(View(province.id, overlays=("counties",), theme="sites"), province)
    drawn = payload(spec, province)
    assert {layer["id"] for layer in drawn["layers"]} >= {"land", "counties", "city-names"}
    page = offline_page(spec, province)
    for name in province.cities["name_zh"]:
        assert name in page or json.dumps(name)[1:-1] in page


@pytest.mark.parametrize("adcode", ONE_OF_EACH_KIND)
def test_one_of_each_kind_prints(adcode, made):
    province = made(adcode)
    spec = compose(View(province.id, overlays=("counties",), theme="sites"), province)
    picture = all_exporters()["png"].write(spec, province, PaperOptions(size="square"))
    colors = Image.open(io.BytesIO(picture)).convert("RGB").resize((80, 80)).getcolors(6400)
    assert colors is not None
    assert len(colors) > 20


def test_nothing_known_is_missing_and_not_zero(tmp_path):
    province = load_folder(new_province(640000, tmp_path))
    spec = compose(View(province.id, theme="sites", language="en"), province)
    words = [entry.label for group in spec.legend for entry in group.entries]
    assert "No value with a source, or not defined" in words


SYNTHETIC_PLAN = """
schema = 1
[document]
title = { zh = "合成规划", en = "Synthetic plan" }
issuer = { zh = "合成", en = "Synthetic" }
publisher = { zh = "合成", en = "Synthetic" }
published = 2026-01-31
sources = ["synthetic"]
[[sectors]]
id = "battery"
name = { zh = "电池", en = "Battery" }
sources = ["synthetic"]
[[sectors.segments]]
id = "cathode"
name = { zh = "正极", en = "Cathode" }
[[roles]]
id = "assembly"
name = { zh = "整车", en = "Assembly" }
aim = { zh = "合成目标", en = "Synthetic aim" }
cities = [330100, 330200]
sectors = ["battery"]
open_list = false
sources = ["synthetic"]
[[sources]]
id = "synthetic"
title = { zh = "合成来源", en = "Synthetic source" }
publisher = "synthetic"
address = "synthetic"
grade = "secondary"
"""


def test_a_plan_that_is_filled_in_is_drawn_filtered_and_named(tmp_path):
    folder = new_province(330000, tmp_path)
    (folder / "plan.toml").write_text(SYNTHETIC_PLAN, encoding="utf-8")
    province = load_folder(folder)
    view = parse_query("sector=battery&city=hangzhou&lang=en", province).view
    spec = compose(view, province)
    assert len(spec.dimmed) == len(province.cities) - 1
    assert any(source.id == "synthetic" for source in spec.sources)
    assert "Assembly" in json.dumps(payload(spec, province))
    assert "city=hangzhou" in write_query(view, province)


def test_a_fact_without_a_known_source_is_refused(tmp_path):
    folder = new_province(640000, tmp_path)
    broken = SYNTHETIC_PLAN.replace(
        'sources = ["synthetic"]\n[[sectors.s', 'sources = ["no"]\n[[sectors.s'
    )
    (folder / "plan.toml").write_text(broken, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_folder(folder)
    assert any("sectors (battery)" in str(fault) for fault in caught.value.faults)


def test_the_empty_plan_and_its_filled_form_follow_the_schema(tmp_path):
    schema = json.loads((SCHEMAS_FOLDER / "plan.schema.json").read_text(encoding="utf-8"))
    skeleton = new_province(640000, tmp_path) / "plan.toml"
    own = PROVINCES_FOLDER / default_province_id() / "plan.toml"
    for text in (skeleton.read_text(encoding="utf-8"), own.read_text(encoding="utf-8")):
        content = json.loads(json.dumps(tomllib.loads(text), default=str))
        jsonschema.validate(content, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"schema": 1, "colour": "red"}, schema)


def test_the_skeleton_of_the_plan_is_whole_once_its_comments_are_taken_away(tmp_path):
    text = (new_province(330000, tmp_path) / "plan.toml").read_text(encoding="utf-8")
    lines = [line.removeprefix("# ") for line in text.splitlines()]
    blocks = [line for line in lines if line.startswith(("[", "schema")) or " = " in line]
    body = "\n".join(line for line in blocks if not line.startswith(("A text", "Every", "The ids")))
    filled = body.replace('""', '"x"').replace('"the-plan"]', '"the-plan"]')
    schema = json.loads((SCHEMAS_FOLDER / "plan.schema.json").read_text(encoding="utf-8"))
    content = json.loads(json.dumps(tomllib.loads(filled), default=str))
    jsonschema.validate(content, schema)
    assert {"document", "sectors", "roles", "targets", "instruments", "sources"} <= set(content)


def test_the_schemas_are_those_of_the_models():
    for path, text in schema_files().items():
        assert path.read_text(encoding="utf-8") == text, "run python -m data.authoring.json_schema"


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("杭州市", "Hangzhou"),
        (PLACES.of_one_character.zh, PLACES.of_one_character.en),
        (PLACES.namesake_hub.zh, PLACES.namesake_hub.en),
        ("白沙黎族自治县", "Baisha"),
        ("保亭黎族苗族自治县", "Baoting"),
        ("神农架林区", "Shennongjia"),
    ],
)
def test_names_in_pinyin(name, english):
    assert romanised(name) == english


def test_a_name_that_is_all_ending_stays():
    assert without_ending("矿区") == "矿区"
    assert len(without_ending("鄂伦春自治旗")) >= 2


@pytest.mark.parametrize(
    ("longitude", "zone"),
    [(120.4, "EPSG:4549"), (75, "EPSG:4534"), (60, "EPSG:4534"), (140, "EPSG:4554")],
)
def test_the_zone_nearest_to_a_longitude(longitude, zone):
    assert gauss_kruger_zone(longitude) == zone


def test_the_command_makes_a_folder_once(tmp_path, capsys):
    arguments = ["new-province", "--adcode", "640000", "--out", str(tmp_path)]
    assert main(arguments) == 0
    made = Path(capsys.readouterr().out.strip())
    assert sorted(path.name for path in made.iterdir()) == [
        "cities.geojson",
        "companies.csv",
        "counties.geojson",
        "figures.csv",
        "names.csv",
        "neighbours.geojson",
        "plan.toml",
        "plausibility.csv",
        "province.toml",
        "sites.csv",
        "sources.csv",
    ]
    assert main(arguments) == 1
    assert "is there already" in capsys.readouterr().err
    assert main(["new-province", "--adcode", "1", "--out", str(tmp_path)]) == 1
    shutil.rmtree(made)
