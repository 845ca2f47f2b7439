"""Sign-in with a real OpenID provider on this machine: who sees, fetches, uploads, shares."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from data.text import LANGUAGES, say
from tests.chromium import settle
from tests.places import PLACES
from tests.serving import ROOT, free_port, serving, wait_until_healthy

from . import data_files
from .axe import faults
from .data_page import DataPage

EDITOR, VIEWER = "wei", "lin"
TOKEN = "synthetic token of a desktop"  # noqa: S105
SECRETS = {"cookie_secret": "synthetic cookie secret", "client_secret": "synthetic client secret"}
GUARDED = (
    *("/ogc", "/ogc/collections/sites/items", "/atlas/geometry/x", "/atlas/resources/x"),
    *("/media/x.png", "/_stcore/metrics"),
)
UPLOADS = "/_stcore/upload_file/session/file"


@dataclass(frozen=True)
class Office:
    """A server that asks people to sign in, and what it has written to its log."""

    address: str
    log: Path

    def status(self, path: str, page: Page | None = None, **headers: str) -> int:
        if page is not None:
            return page.request.get(self.address + path, headers=headers).status
        request = urllib.request.Request(self.address + path, headers=headers)
        status, found = answered(request)
        if status == 401:
            assert found["WWW-Authenticate"].startswith("Bearer")
            assert found["X-Content-Type-Options"] == "nosniff"
        return status


def answered(request: urllib.request.Request) -> tuple[int, Message]:
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers


def add_user(provider: str, name: str) -> None:
    claims = json.dumps({"email": f"{name}@example.org", "name": name.title()}).encode()
    kind = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{provider}/users/{name}", claims, kind, method="PUT")
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 204


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """An OpenID provider in a process of its own, which knows two people."""
    port = free_port()
    address = f"http://localhost:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_healthy(address, process, "/.well-known/openid-configuration")
        for name in (EDITOR, VIEWER):
            add_user(address, name)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="module")
def office(provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder, port = tmp_path_factory.mktemp("office"), free_port()
    address = f"http://localhost:{port}"
    (folder / "secrets.toml").write_text(
        f'[auth]\nredirect_uri = "{address}/oauth2callback"\nclient_id = "atlas"\n'
        + "".join(f'{key} = "{value}"\n' for key, value in SECRETS.items())
        + f'server_metadata_url = "{provider}/.well-known/openid-configuration"\n'
        f'[access]\neditors = ["{EDITOR}@example.org"]\n'
        f'[access.tokens]\ndesktop = "{hashlib.sha256(TOKEN.encode()).hexdigest()}"\n'
    )
    environment = {**os.environ, "ATLAS_DATASETS": str(folder / "datasets")}
    options = ("--secrets.files", str(folder / "secrets.toml"))
    with serving(folder / "log", *options, environment=environment, port=port):
        yield Office(address, folder / "log")


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    yield context.new_page()
    context.close()


def account(page: Page, name: str) -> Locator:
    """The button of who is signed in: a name may be part of a word of another button."""
    return page.get_by_role("button", name=re.compile(rf"\b{name.title()}\b"))


def sign_in(office: Office, page: Page, name: str, path: str = "/data?lang=en") -> None:
    page.goto(office.address + path)
    page.get_by_role("button", name=say("access.sign_in", "en")).click()
    page.locator("input[name=sub]").fill(name)
    page.get_by_role("button", name="Authorize").first.click()
    page.wait_for_url(f"{office.address}{path}")
    account(page, name).wait_for()


@pytest.mark.parametrize("path", GUARDED)
def test_who_has_not_signed_in_fetches_nothing(office, path):
    assert office.status(path) == 401
    assert office.status(path, Authorization="Bearer wrong") == 401
    assert office.status(path, Authorization=f"Basic {TOKEN}") == 401
    assert office.status(path, Cookie="_streamlit_user=x.y.z") == 401


def test_who_has_not_signed_in_sees_nothing(office, visitor):
    visitor.goto(f"{office.address}/ranking?lang=en")
    visitor.get_by_role("button", name=say("access.sign_in", "en")).wait_for()
    assert visitor.locator("iframe").count() == 0
    assert visitor.get_by_text(PLACES.capital.en).count() == 0


def test_a_desktop_fetches_with_its_token(office):
    assert office.status("/ogc/collections/cities/items", Authorization=f"Bearer {TOKEN}") == 200
    request = urllib.request.Request(
        f"{office.address}/ogc/api", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    with urllib.request.urlopen(request) as answer:
        document = json.load(answer)
    (asked,) = document["security"]
    assert [document["components"]["securitySchemes"][name]["scheme"] for name in asked] == [
        "bearer"
    ]


def test_the_sign_in_page_speaks_both_languages(office, visitor):
    visitor.goto(f"{office.address}/?lang=en")
    visitor.get_by_role("button", name="中文").click()
    expect(visitor.get_by_role("button", name=say("access.sign_in", "zh"))).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sign_in_page_shuts_nobody_out(office, visitor, language, scheme):
    visitor.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    fonts: dict[str, int] = {}
    visitor.on(
        "response", lambda one: fonts.update({one.url: one.status} if ".woff2" in one.url else {})
    )
    visitor.goto(f"{office.address}/?lang={language}")
    way_in = visitor.get_by_role("button", name=say("access.sign_in", language))
    way_in.wait_for()
    settle(visitor)
    visitor.evaluate("document.fonts.ready.then(() => true)")
    assert faults(visitor) == []
    assert set(fonts.values()) == {200}
    expect(visitor.locator("html")).to_have_attribute("lang", re.compile(f"^{language}"))
    way_in.focus()
    visitor.keyboard.press("Tab")
    other = next(one for one in LANGUAGES if one != language)
    expect(visitor.get_by_role("button", name=say(f"language.{other}", other))).to_be_focused()


def test_signing_in_leads_to_the_address_asked_for_and_out_again(office, visitor):
    sign_in(office, visitor, VIEWER, "/ranking?sector=battery&lang=en")
    expect(visitor.get_by_role("heading", name="Ranking")).to_be_visible()
    answer = visitor.request.get(f"{office.address}/ogc/collections/cities/items")
    assert answer.status == 200
    assert "private" in answer.headers["cache-control"]
    assert "access-control-allow-origin" not in answer.headers
    account(visitor, VIEWER).click()
    visitor.get_by_role("button", name=say("access.sign_out", "en")).click()
    # The provider asks once more, and leads back.
    visitor.get_by_role("button", name="End session").click()
    visitor.get_by_role("button", name=say("access.sign_in", "en")).wait_for()
    assert office.status("/ogc", visitor) == 401


def test_a_cookie_that_was_changed_signs_nobody_in(office, visitor):
    sign_in(office, visitor, VIEWER)
    cookie = next(one for one in visitor.context.cookies() if one["name"] == "_streamlit_user")
    body, rest = cookie["value"].split(".", 1)
    forged = base64.urlsafe_b64encode(json.dumps({"sub": EDITOR, "is_logged_in": True}).encode())
    for value in (f"{forged.decode()}.{rest}", f"{body}.{rest[:-3]}AAA"):
        visitor.context.add_cookies([{**cookie, "value": value}])
        assert office.status("/ogc", visitor) == 401
        visitor.goto(f"{office.address}/data?lang=en")
        visitor.get_by_role("button", name=say("access.sign_in", "en")).wait_for()


def test_editors_save_and_share_viewers_read_what_is_shared(
    office, visitor, browser, province, tmp_path
):
    sign_in(office, visitor, EDITOR)
    editor = DataPage(visitor, office.address)
    editor.upload(data_files.write_csv(data_files.synthetic_list(province), tmp_path))
    editor.choose_datum("wgs84")
    # The choice has the pictures drawn anew, and those of before are gone then.
    editor.settle()
    picture = editor.pictures().first.get_attribute("src") or ""
    assert picture.startswith(f"{office.address}/media/")
    picture = picture.removeprefix(office.address)
    assert office.status(picture, visitor) == 200
    assert office.status(picture) == 401
    editor.choose_kind("supplier")
    editor.accept()
    editor.settle()
    visitor.get_by_role("button", name=editor.say("dataset.save"), exact=True).click()
    visitor.get_by_role("textbox", name=editor.say("dataset.name")).fill("Plan of suppliers")
    visitor.get_by_role("button", name=editor.say("dataset.save_now")).click()
    expect(
        visitor.get_by_text(editor.say("dataset.saved", name="Plan of suppliers"))
    ).to_be_visible()

    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    other = context.new_page()
    sign_in(office, other, VIEWER)
    expect(other.get_by_text(editor.say("access.only_editors"))).to_be_visible()
    assert other.locator("input[type=file]").count() == 0
    expect(other.get_by_text(editor.say("dataset.none"))).to_be_visible()

    visitor.reload()
    share = visitor.get_by_role("button", name=editor.say("dataset.share_now"), exact=True)
    share.wait_for()
    editor.settle()
    share.click()
    expect(visitor.get_by_role("button", name=editor.say("dataset.unshare"))).to_be_visible()
    other.reload()
    shared = other.get_by_text(editor.say("dataset.shared_by", owner=EDITOR.title()))
    expect(shared).to_be_visible()
    assert other.get_by_role("button", name=editor.say("dataset.delete"), exact=True).count() == 0
    settle(other)
    other.get_by_role("button", name=editor.say("dataset.load"), exact=True).click()
    expect(other.locator("[class*='st-key-own-own']")).to_contain_text("95 sites")

    editor.settle()
    visitor.get_by_role("button", name=editor.say("dataset.unshare")).click()
    expect(share).to_be_visible()
    other.reload()
    expect(other.get_by_text(editor.say("dataset.none"))).to_be_visible()
    context.close()


def test_only_editors_bring_files_whatever_the_page_shows(office, visitor):
    """Streamlit takes files of every session: what a page leaves out can be sent all the same."""

    def brings(method: str) -> int:
        return visitor.request.fetch(office.address + UPLOADS, method=method, data=b"x").status

    assert {brings("PUT"), brings("DELETE")} == {401}
    request = urllib.request.Request(office.address + UPLOADS, b"x", method="PUT")
    request.add_header("Authorization", f"Bearer {TOKEN}")
    assert answered(request)[0] == 401
    sign_in(office, visitor, VIEWER)
    assert {brings("PUT"), brings("DELETE")} == {401}
    visitor.context.clear_cookies()
    sign_in(office, visitor, EDITOR)
    assert 401 not in {brings("PUT"), brings("DELETE")}


def test_a_file_of_secrets_that_breaks_changes_nothing(office, visitor):
    """As it is for the moment in which an editor saves it; the server goes by what it has read."""
    secrets = office.log.parent / "secrets.toml"
    whole = secrets.read_text(encoding="utf-8")
    secrets.write_text(whole.replace("[auth]", "[auth"), encoding="utf-8")
    try:
        sign_in(office, visitor, VIEWER)
        assert visitor.locator("input[type=file]").count() == 0
        assert office.status("/ogc", visitor) == 200
        assert office.status("/ogc") == 401
    finally:
        secrets.write_text(whole, encoding="utf-8")


def test_a_broken_file_of_secrets_stops_the_start(tmp_path):
    broken = tmp_path / "secrets.toml"
    broken.write_text('[auth\nclient_id = "atlas"\n', encoding="utf-8")
    options = ("--server.port", str(free_port()), "--server.address", "127.0.0.1")
    command = (sys.executable, "-m", "streamlit", "run", "app.py", *options)
    ended = subprocess.run(
        [*command, "--secrets.files", str(broken)], cwd=ROOT, capture_output=True, text=True
    )
    assert ended.returncode != 0
    assert f"{broken}: " in ended.stderr
    assert "line 1" in ended.stderr


def test_secrets_stand_in_no_log(office, visitor):
    office.status("/oauth2callback?state=nobody&code=x")
    office.status("/oauth2callback?error=server_error&error_description=y")
    office.status("/ogc", Authorization=f"Bearer {TOKEN}x")
    sign_in(office, visitor, EDITOR)
    cookie = next(one for one in visitor.context.cookies() if one["name"] == "_streamlit_user")
    visitor.goto(f"{office.address}/?province=none")
    text = office.log.read_text(errors="replace")
    for secret in (*SECRETS.values(), TOKEN, cookie["value"]):
        assert secret not in text
