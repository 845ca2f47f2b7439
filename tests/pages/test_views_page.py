"""The page of saved views in each of its states, and what becomes of a view that is opened."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from data.own.datasets import FOLDER_VARIABLE
from data.own.saved_views import MOST_VIEWS, ViewStore
from data.own.view_files import KeptView, views_file
from data.text import LANGUAGES, say
from tests.pages.test_pages import VIEW, open_app, open_screen, words
from ui.access.sign_in import Person
from ui.components.markdown_text import escape
from ui.state import saved_view
from ui.words.messages import OWN_DATA

HOSTILE = "<script>alert(1)</script> **b** [x](//a.invalid) {say}"
IGNORED = "atlas.ignored"


@pytest.fixture(autouse=True)
def store(monkeypatch, tmp_path) -> ViewStore:
    """The views of this machine's user; ``AppTest`` has no connection that comes from somewhere."""
    monkeypatch.setattr("ui.access.owner.asked_from_this_machine", lambda *_: True)
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    return ViewStore(tmp_path)


@pytest.fixture
def went(monkeypatch) -> list[str]:
    """The pages that were gone to: a screen by itself knows no others."""
    pages: list[str] = []
    monkeypatch.setattr(saved_view, "go", pages.append)
    return pages


@pytest.fixture
def kept(province):
    def made(name: str = "Mine", **changes: object) -> KeptView:
        fields = {"province": province.id, "page": "map", "query": "sector=battery&lang=en"}
        return KeptView.model_validate({"name": name, **fields, **changes})

    return made


@pytest.fixture
def reached_by_others():
    before = config.get_option("server.address")
    config.set_option("server.address", "0.0.0.0")  # noqa: S104
    yield
    config.set_option("server.address", before)


def views_page(**query: str) -> AppTest:
    return open_screen("views", **{"lang": "en", **query})


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def keys(app: AppTest) -> set[str]:
    return {str(one.key) for one in (*app.button, *app.get("download_button"))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_page_says_how_to_save(language, store):
    app = views_page(lang=language)
    assert [one.value for one in app.info] == [say("views.none", language)]
    assert say("views.home", language, file=escape(str(store.path))) in words(app)
    assert not store.path.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_view_that_is_open_is_saved_under_a_proposed_name(language, store, province):
    app = views_page(lang=language, sector="battery", center="32.5000,119.5000", zoom="8")
    press(app, "views.save.list")
    (saved,) = store.every()
    sector = next(one for one in province.plan.sectors if one.id == "battery")
    assert saved.name == sector.name.say(language)
    assert saved.content.query == f"sector=battery&center=32.5000,119.5000&zoom=8&lang={language}"
    assert f"views.open.{saved.id}" in keys(app)
    assert app.success[0].value == say("views.saved", language, name=escape(saved.name))


def test_the_map_offers_to_save():
    app = open_app(lang="en")
    assert say("views.save", "en") in {one.proto.popover.label for one in app.get("popover")}


@pytest.mark.parametrize("name", [HOSTILE, "x" * 60])
def test_a_name_is_shown_letter_by_letter(store, kept, name):
    store.save(kept(name))
    app = views_page()
    assert any(one.value.startswith(f"**{escape(name)}**") for one in app.markdown)


def test_a_view_is_opened_on_its_page(store, kept, went, province):
    saved = store.save(kept(page="ranking", query="sector=battery&theme=diversity&lang=en"))
    app = press(views_page(lang="zh"), f"views.open.{saved.id}")
    assert went == ["ranking"]
    view = app.session_state[VIEW]
    assert (view.theme, view.language) == ("diversity", "en")
    assert view.selection.sectors == {"battery"}
    assert app.session_state[IGNORED] == ()


def test_what_is_gone_of_a_view_is_told(store, kept, went):
    query = "city=atlantis&theme=nothing&sector=battery&lang=en"
    saved = store.save(kept(page="none-such", query=query, own_data=["list.csv"]))
    app = press(views_page(), f"views.open.{saved.id}")
    assert went == ["map"]
    assert app.session_state[VIEW].selection.sectors == {"battery"}
    told = {(one.key, one.value) for one in app.session_state[IGNORED]}
    assert told == {("city", "atlantis"), ("theme", "nothing"), (OWN_DATA, "list.csv")}


def test_the_page_that_is_opened_says_what_is_gone(store, kept, monkeypatch):
    app = open_app(lang="en")
    app.session_state[IGNORED] = (saved_view.Ignored(OWN_DATA, "list.csv"),)
    app.run()
    told = say("views.lacks_own", "en", file="list.csv")
    assert told in [one.value for one in app.code]
    # Once the file is there, no more.
    loaded = SimpleNamespace(data=SimpleNamespace(file="list.csv"))
    monkeypatch.setattr("ui.components.map.notices.own_data", lambda _: (loaded,))
    assert told not in [one.value for one in app.run().code]


def test_a_view_of_a_province_that_is_gone_is_told(store, kept, went):
    saved = store.save(kept(province="atlantis"))
    app = views_page()
    assert say("views.no_province", "en", province="atlantis") in words(app)
    press(app, f"views.open.{saved.id}")
    assert ("province", "atlantis") in {(one.key, one.value) for one in app.session_state[IGNORED]}


def test_what_is_deleted_is_brought_back(store, kept):
    saved = store.save(kept())
    app = press(views_page(), f"views.delete.{saved.id}")
    assert store.every() == ()
    assert say("views.deleted", "en", name="Mine") in words(app)
    press(app, "views.undo")
    assert [one.name for one in store.every()] == ["Mine"]
    assert "views.undo" not in keys(app)


def opened(view_id: str, **query: str) -> AppTest:
    """The page with what is done to a view less often."""
    app = AppTest.from_string("from ui.screens.views_screen import show\nshow()")
    app.session_state[f"views.other.{view_id}"] = True
    for key, value in {"lang": "en", **query}.items():
        app.query_params[key] = value
    return app.run()


def test_a_view_is_renamed(store, kept):
    saved = store.save(kept())
    app = opened(saved.id)
    (field,) = [one for one in app.text_input if one.key.startswith("views.rename.")]
    field.set_value("Other").run()
    press(app, f"views.rename.{saved.id}.Mine")
    assert [one.name for one in store.every()] == ["Other"]


def test_a_view_is_copied_and_has_a_link(store, kept):
    saved = store.save(kept(page="ranking"))
    app = opened(saved.id)
    assert any(one.value.endswith("/ranking?sector=battery&lang=en") for one in app.code)
    press(app, f"views.duplicate.{saved.id}")
    assert {one.name for one in store.every()} == {"Mine", "Mine (2)"}


def test_a_view_is_replaced_by_the_one_that_is_open_and_back(store, kept):
    saved = store.save(kept(page="ranking", own_data=["list.csv"]))
    app = press(opened(saved.id, sector="hydrogen"), f"views.replace.{saved.id}")
    found = store.find(saved.id).content
    assert (found.name, found.page, found.own_data) == ("Mine", "map", ())
    assert found.query == "sector=hydrogen&lang=en"
    press(app, "views.undo")
    found = store.find(saved.id).content
    assert (found.page, found.query) == ("ranking", "sector=battery&lang=en")
    assert found.own_data == ("list.csv",)


@pytest.mark.parametrize(
    ("url", "start"),
    [
        ("http://host/", "http://host"),
        ("http://host/views?lang=en", "http://host"),
        ("http://host:81/office/views", "http://host:81/office"),
        ("http://host/office/", "http://host/office"),
        ("http://host", "http://host"),
    ],
)
def test_a_link_is_the_ordinary_address(kept, monkeypatch, url, start):
    monkeypatch.setattr("ui.state.saved_view.st.context", SimpleNamespace(url=url))
    assert saved_view.kept_address(kept()) == f"{start}/?sector=battery&lang=en"
    address = saved_view.kept_address(kept(page="compare"))
    assert address == f"{start}/compare?sector=battery&lang=en"


def test_what_went_meanwhile_is_told(store, kept):
    saved = store.save(kept())
    app = views_page()
    store.delete(saved.id)
    press(app, f"views.delete.{saved.id}")
    assert [one.value for one in app.error] == [say("views.error_missing", "en")]


def test_many_views_are_searched_and_shown_in_turns(store, kept):
    store.save_all(kept(f"View {number:02}") for number in range(30))
    app = views_page()
    assert len([one for one in keys(app) if one.startswith("views.open.")]) == 20
    press(app, "views.more")
    assert len([one for one in keys(app) if one.startswith("views.open.")]) == 30
    app.text_input(key="views.find").set_value("view 07").run()
    assert len([one for one in keys(app) if one.startswith("views.open.")]) == 1
    app.text_input(key="views.find").set_value("none").run()
    assert say("views.none_found", "en") in words(app)


def test_one_too_many_is_told(store, kept):
    store.save_all(kept(str(number)) for number in range(MOST_VIEWS))
    app = press(views_page(), "views.save.list")
    (error,) = app.error
    assert str(MOST_VIEWS) in error.value


def test_a_file_is_brought_and_what_it_lacks_is_told(store, kept):
    content = views_file([kept("A"), kept("B")]).replace(b'"page": "map"', b'"page": 7', 1)
    app = views_page()
    app.file_uploader[0].set_value(("views.json", content, "application/json")).run()
    assert app.warning[0].value == say("views.faults", "en", count=1)
    assert any("views[1], page" in one.value for one in app.code)
    press(app, "views.add")
    assert [one.name for one in store.every()] == ["B"]
    assert app.success[0].value == say("views.brought", "en", count=1)
    assert "views.add" not in keys(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_damaged_file_breaks_no_page(store, kept, language):
    store.save(kept())
    store.path.write_bytes(b"damaged " * 1000)
    app = views_page(lang=language)
    (error,) = app.error
    assert error.value.startswith(say("views.error_damaged", language).partition("{")[0])
    assert store.path.read_bytes() == b"damaged " * 1000
    press(app, "views.save.list")
    assert len(app.error) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_server_for_others_saves_nothing_and_says_why(
    reached_by_others, store, kept, went, language
):
    saved = store.save(kept("Given"))
    app = views_page(lang=language)
    assert say("views.strangers", language) in words(app)
    assert {one for one in keys(app) if one.startswith("views.")} == {
        *(f"views.open.{saved.id}", "views.take", "views.take-now")
    }
    app.file_uploader[0].set_value(("v.json", views_file([kept("Brought")]), "")).run()
    press(app, "views.open-file.0")
    assert went == ["map"]
    assert [one.name for one in store.every()] == ["Given"]


def test_with_sign_in_each_has_their_own_and_what_others_share(
    store, kept, monkeypatch, went, tmp_path: Path
):
    her = ViewStore(tmp_path, "her", "Her *name*")
    shared, _ = her.save(kept("Hers")), her.save(kept("Not shared"))
    her.share(shared.id, shared=True)
    mine = ViewStore(tmp_path, "me", "Me").save(kept("Mine"))
    monkeypatch.setattr("ui.access.owner.sign_in_is_on", lambda: True)
    monkeypatch.setattr("ui.access.owner.person", lambda: Person("me", "Me", "editor"))
    app = views_page()
    assert say("views.private", "en", owner="Me") in words(app)
    told = escape(say("views.shared_by", "en", owner="Her *name*"))
    assert any(told in one.value for one in app.markdown)
    found = {one for one in keys(app) if one.startswith(("views.open.", "views.delete."))}
    assert found == {
        *(f"views.open.{shared.id}", f"views.open.{mine.id}", f"views.delete.{mine.id}")
    }


def test_a_viewer_opens_and_changes_nothing(store, kept, monkeypatch, tmp_path: Path):
    her = ViewStore(tmp_path, "her", "Her")
    her.share(her.save(kept("Hers")).id, shared=True)
    viewer = Person("me", "Me", "viewer")
    for place in ("ui.access.owner", "ui.access.sign_in"):
        monkeypatch.setattr(f"{place}.person", lambda: viewer)
        monkeypatch.setattr(f"{place}.sign_in_is_on", lambda: True)
    app = views_page()
    assert [one.value for one in app.info] == [say("views.only_editors", "en")]
    assert len(app.get("file_uploader")) == 0
    assert {one.split(".")[1] for one in keys(app) if one.startswith("views.")} == {
        *("open", "take-now")
    }
