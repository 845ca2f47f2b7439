"""A plan of another industry is drawn, measured and exported without a line of code.

The plan and its sites (``shipbuilding``) are synthetic: no province has decided it.
"""

from __future__ import annotations

import io
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyogrio
import pytest

from clusters.measures import measures_of, take
from clusters.selection import Selection
from data import loader
from data.authoring.check import folder_faults
from data.authoring.new_province import new_province
from data.errors import DataError
from data.loader import Province, load_folder
from data.model import RoleSign
from data.site_places import write_sites
from data.uploads.sites.vocabulary import unit_of, unit_words
from layers.address.query import parse_query, write_query
from layers.catalogue import all_layers, default_overlays, overlay_ids
from layers.command import check_command, cli
from layers.compose import compose
from layers.exports import all_exporters
from layers.paper.sheet import PaperOptions
from layers.specification.map_spec import Area, Band, Glyph, Hatch, MapSpec, used_geometries
from layers.specification.plan_signs import dark_colors, role_symbols, sector_markers
from layers.specification.tones import READABLE, contrast
from layers.web.folium_map import web_payload
from layers.web.map_resources import map_resources_content
from layers.web.wire_geometry import feature_ids, wire_geometry
from layers.words.measure_words import measure_title, measure_value
from layers.words.ranking_words import ranking_words
from ui.state import library

FILES = Path(__file__).parent / "shipbuilding"
ROLES = ("yard", "repair", "suppliers", "design", "scrapping")
OTHER_INDUSTRY = re.compile(
    r"vehicle|\bcars?\b|assembl|batter|hydrogen|GWh|整车|汽车|电池|氢", re.IGNORECASE
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = new_province(330000, tmp_path_factory.mktemp("provinces"))
    for name in ("plan.toml", "sites.csv"):
        shutil.copyfile(FILES / name, made / name)
    write_sites(made)
    return made


@pytest.fixture(scope="module")
def ships(folder) -> Province:
    assert folder_faults(folder) == []
    return load_folder(folder)


def spec_of(province: Province, query: str) -> MapSpec:
    parsed = parse_query(query, province)
    assert not parsed.ignored
    return compose(parsed.view, province)


def test_each_role_is_a_layer_that_differs_in_form_first(ships):
    symbols = {name: one.symbol for name, one in role_symbols(ships).items()}
    assert tuple(symbols) == ROLES
    assert [type(one) for one in symbols.values()] == [Hatch, Area, Band, Glyph, Hatch]
    assert len({json.dumps(vars(one)) for one in symbols.values()}) == len(ROLES)
    first, again = symbols["yard"], symbols["scrapping"]
    assert first.angle != again.angle
    assert first.color != again.color
    assert symbols["design"].text == "S"
    order = [name for name in overlay_ids(ships) if name in ROLES]
    assert order == ["repair", "yard", "scrapping", "suppliers", "design"]
    assert {*ROLES} <= {*default_overlays(ships)}


def test_an_address_names_the_layers_of_the_plan(ships):
    view = parse_query("overlay=yard,design,sites&role=yard&lang=en", ships).view
    assert view.overlays == ("yard", "design", "sites")
    assert "overlay=yard,design,sites" in write_query(view, ships)
    assert [one.key for one in parse_query("overlay=assembly", ships).ignored] == ["overlay"]


def test_sectors_without_a_sign_get_different_ones(ships):
    markers = sector_markers(ships)
    assert (markers["hulls"].shape, markers["hulls"].color) == ("hexagon", "#0B3D2E")
    assert len({one.shape for one in markers.values()}) == 3
    assert len({one.color for one in markers.values()}) == 3
    assert markers["engines"].icon is None
    dark = dark_colors(ships)
    assert contrast(dark["#0B3D2E"], dark["#FFFFFF"]) >= 3


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("query", ["", "&theme=hull-capacity&overlay=yard,repair,catchments,sites"])
def test_map_and_legend_speak_of_the_plan_and_of_nothing_else(ships, language, query):
    spec = spec_of(ships, f"lang={language}{query}")
    names = used_geometries(spec)
    payload = web_payload(
        spec,
        {name: wire_geometry(ships, name).file_name for name in names},
        {name: feature_ids(ships, name) for name in names},
    )
    said = json.dumps(
        [payload["layers"], payload["legend"], spec.title, spec.subtitle], ensure_ascii=False
    )
    plan = ships.plan
    assert plan.role("yard").name.say(language) in said
    assert plan.sector("rigging").name.say(language) in said
    assert plan.industry.say(language) in spec.title
    assert OTHER_INDUSTRY.search(said) is None
    entries = [entry for group in spec.legend for entry in group.entries]
    assert {f"overlay.{name}" for name in ("yard", "repair")} <= {one.toggle for one in entries}
    resources = json.dumps(map_resources_content(ships, language)["legend"], ensure_ascii=False)
    assert plan.role("yard").name.say(language) in resources
    titles = json.dumps([layer.title for layer in spec.layers], ensure_ascii=False)
    assert OTHER_INDUSTRY.search(titles) is None


def test_a_fill_leaves_its_place_to_a_theme(ships):
    spec = spec_of(ships, "theme=hull-capacity")
    drawn = {layer.id: layer.classes[0].symbol for layer in spec.layers if layer.id in ROLES}
    assert drawn["repair"].fill is None
    assert drawn["repair"].stroke is not None
    assert drawn["yard"] == role_symbols(ships)["yard"].symbol


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_plan_says_what_is_measured(ships, language):
    ids = [one.id for one in measures_of(ships)]
    assert ids[-2:] == ["hull-capacity", "hull-capacity-quotient"]
    titles = {one.id: measure_title(ships, one, language) for one in measures_of(ships)}
    assert ships.plan.role("yard").hub.say(language) in titles["hub-distance"]
    assert OTHER_INDUSTRY.search(" ".join(titles.values())) is None
    taken = take(ships, Selection(), "hull-capacity")
    assert taken.values.dropna().to_dict() == {330200: 300_000, 330900: 500_000}
    unit = ships.plan.units[0].name.say(language)
    assert measure_value(ships, taken.measure, 5e5, language) == f"500,000 {unit}"
    distances = take(ships, Selection(), "hub-distance").values
    assert distances.loc[[330200, 330900]].eq(0).all()
    assert distances.max() > 50


def test_the_ranking_ranks_by_the_measures_of_the_plan(ships):
    spec = spec_of(ships, "lang=en&theme=score&weights=hull-capacity:5,hub-distance:1")
    words = ranking_words(spec, ships)
    said = json.dumps(vars(words), ensure_ascii=False, default=str)
    assert "Synthetic hull capacity with a source" in said
    assert OTHER_INDUSTRY.search(said) is None
    usual = ranking_words(spec_of(ships, "lang=en&theme=score"), ships)
    assert OTHER_INDUSTRY.search(json.dumps(vars(usual), default=str)) is None


@pytest.mark.parametrize("name", sorted(all_exporters()))
def test_every_export_is_written(ships, name, tmp_path):
    spec = spec_of(ships, "lang=en&theme=hull-capacity&overlay=yard,repair,design,sites")
    content = all_exporters()[name].write(spec, ships, PaperOptions())
    if name == "csv":
        text = content.decode("utf-8-sig")
        assert "role_yard" in text.splitlines()[0]
        assert "Synthetic dock one" in text
    elif name == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        cells = [str(cell) for sheet in book for row in sheet.values for cell in row if cell]
        assert {"role_yard", "role_design", "DWT-a-year"} <= {*cells}
        assert not [one for one in cells if OTHER_INDUSTRY.search(one)]
    elif name == "gpkg":
        path = tmp_path / "ships.gpkg"
        path.write_bytes(content)
        assert "sites" in {str(layer) for layer, _ in pyogrio.list_layers(path)}
    else:
        assert len(content) > 5000


BROKEN = {
    "the id of another layer": ('id = "design"', 'id = "counties"', "another layer"),
    "the id of no layer": ('id = "design"', 'id = "none"', "stands for something else"),
    "the id of own points": ('id = "design"', 'id = "own-points"', "stands for something else"),
    "the id of another measure": (
        'id = "hull-capacity"',
        'id = "sites"',
        "sites is the id",
    ),
    "the id of the ranking": ('id = "hull-capacity"', 'id = "score"', "score is the id"),
    "no drawing": ('icon = "hub"', 'icon = "lighthouse"', "no 'lighthouse'; choose from aeroplane"),
    "two hubs": (
        'sectors = ["rigging"]',
        'sectors = ["rigging"]\nhub = { zh = "一", en = "one" }',
        "the hub is 'yard' already",
    ),
    "no such kind": ('id = "shipyard"', 'id = "dock"', "no 'shipyard'"),
    "no such unit": ('id = "DWT-a-year"', 'id = "TEU-a-year"', "no 'DWT-a-year'"),
    "two units of one id": (
        "[[kinds]]",
        '[[units]]\nid = "DWT-a-year"\nname = { zh = "一", en = "one" }\n[[kinds]]',
        "stands in units 2 times",
    ),
    "a colour in words": ('color = "#0B3D2E"', 'color = "green"', "sign.color"),
}


def broken_plan(folder: Path, old: str, new: str, to: Path) -> Path:
    """Return a copy of a province in which the plan says ``new`` for ``old``."""
    shutil.copytree(folder, to, dirs_exist_ok=True)
    text = (to / "plan.toml").read_text(encoding="utf-8")
    assert old in text
    (to / "plan.toml").write_text(text.replace(old, new), encoding="utf-8")
    return to


@pytest.mark.parametrize(("old", "new", "told"), BROKEN.values(), ids=BROKEN.keys())
def test_a_fault_of_the_plan_is_told(folder, tmp_path, old, new, told):
    broken_plan(folder, old, new, tmp_path)

    def read() -> None:
        province = load_folder(tmp_path)
        all_layers(province)
        measures_of(province)

    with pytest.raises(DataError, match=re.escape(told)):
        read()


@pytest.mark.parametrize("fault", ["the id of another layer", "the id of another measure"])
def test_a_plan_that_nothing_can_draw_is_checked_and_the_last_one_stays(
    folder, tmp_path, monkeypatch, capsys, fault
):
    old, new, told = BROKEN[fault]
    for module in (library, loader, check_command):
        monkeypatch.setattr(module, "PROVINCES_FOLDER", tmp_path)
    shutil.copytree(folder, tmp_path / folder.name)
    before = library.province(folder.name)
    broken_plan(folder, old, new, tmp_path / folder.name)
    assert library.province(folder.name) is before
    assert told in str(library.data_problem(folder.name))
    assert cli.main(["check", "--province", folder.name]) == cli.BAD_INPUT
    assert told in capsys.readouterr().err


def test_letters_are_legible_on_glyphs_that_no_plan_has_coloured(ships):
    plan = ships.plan
    more = [
        plan.role("design").model_copy(
            update={"id": f"design-{at}", "sign": RoleSign(form="glyph")}
        )
        for at in range(3)
    ]
    province = replace(ships, plan=plan.model_copy(update={"roles": (*plan.roles, *more)}))
    symbols = [one.symbol for one in role_symbols(province).values()]
    glyphs = [one for one in symbols if isinstance(one, Glyph)]
    assert len(glyphs) == 3
    for glyph in glyphs:
        assert contrast(glyph.color, glyph.ink) >= READABLE
        assert contrast(dark_colors(province)[glyph.color], glyph.ink) >= READABLE


def test_units_are_read_as_the_plan_writes_them(ships):
    unit = ships.plan.units[0].model_copy(update={"words": {"套": 2.0}})
    plan = ships.plan.model_copy(update={"units": (unit,)})
    assert unit_of("套", unit_words(ships.plan)) not in (None, (unit.id, 2.0))
    assert unit_of("套", unit_words(plan)) == (unit.id, 2.0)
