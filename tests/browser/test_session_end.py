"""A session is gone when its page is closed: nothing that it could fetch is there any more."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response, expect

from data.loader import Province, default_province_id
from data.own.own_source import MOST_SITES
from tests.chromium import settle
from tests.waiting import until
from ui.access.session_cookie import COOKIE
from ui.kept.register_tiles import TILES_PREFIX
from ui.kept.session_shelf import PREFIX

from . import data_files
from .atlas_page import AtlasPage
from .data_page import DataPage

MEDIA = "/media/"
HOME = default_province_id()
"""The first word of the name of what a browser needs beside the map, too."""


def status(address: str, cookie: str = "") -> int:
    request = urllib.request.Request(address)
    if cookie:
        request.add_header("Cookie", f"{COOKIE}={cookie}")
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


class Fetched:
    """The addresses of what a page was given for itself alone."""

    def __init__(self, page: Page) -> None:
        self.addresses: list[str] = []
        page.on("response", self._note)

    def _note(self, response: Response) -> None:
        path = urlsplit(response.url).path
        if response.status == 200 and path.startswith((PREFIX, TILES_PREFIX, MEDIA)):
            assert response.headers["cache-control"] == "private, no-store"
            self.addresses.append(response.url)

    def own(self) -> list[str]:
        """The addresses that Streamlit does not serve: it asks nobody who he is."""
        return [one for one in self.addresses if not urlsplit(one).path.startswith(MEDIA)]

    def kinds(self) -> set[str]:
        """The first words of their names: ``sites`` of ``sites.0123.json``; ``tiles``."""
        paths = [urlsplit(one).path for one in self.addresses]
        names = {re.split("[.-]", one.rpartition("/")[2])[0] for one in paths if PREFIX in one}
        return names | {"tiles" for one in paths if one.startswith(TILES_PREFIX)}


def bring(data: DataPage, path: Path, kind: str | None) -> None:
    data.open().upload(path)
    expect(data.pictures()).to_have_count(3)
    data.choose_datum("wgs84")
    if kind:
        data.choose_kind(kind)
    data.accept()
    data.to_map()


def of_sites(province: Province, folder: Path) -> tuple[Path, str | None]:
    return data_files.write_csv(data_files.synthetic_list(province), folder), "supplier"


def of_points(province: Province, folder: Path) -> tuple[Path, str | None]:
    return data_files.write_register(province, folder, MOST_SITES + 1000), None


@pytest.mark.parametrize(
    ("write", "kinds"),
    [(of_sites, {"sites", HOME}), (of_points, {"tiles", HOME})],
    ids=["sites", "points"],
)
def test_nothing_of_a_closed_page_is_served(browser, server, province, tmp_path, write, kinds):
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    fetched = Fetched(page)
    bring(DataPage(page, server), *write(province, tmp_path))
    with page.expect_download() as download:
        page.get_by_role("button", name="Snapshot").click()
        page.get_by_role("button", name="Download", exact=True).click()
    fetched.addresses.append(download.value.url)
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    kinds = {*kinds, "print"}
    until(lambda: kinds <= fetched.kinds(), lambda: page.wait_for_function("true"))
    settle(page)
    cookie = next(one["value"] for one in context.cookies() if one["name"] == COOKIE)
    # Its own browser alone has them.
    assert {status(one, cookie) for one in fetched.own()} == {200}
    assert {status(one) for one in fetched.own()} == {404}
    assert {status(one, "another") for one in fetched.own()} == {404}
    page.close()
    for one in fetched.addresses:
        until(lambda one=one: status(one, cookie) == 404)
    context.close()


def test_what_all_share_stays(page: Page, server: str):
    """Geometry of the province's own files is no session's: it may be kept for ever."""
    shared: list[str] = []
    page.on("request", lambda one: shared.append(one.url) if "/atlas/geometry/" in one.url else 0)
    AtlasPage(page, server).open("lang=en")
    page.goto("about:blank")
    assert shared
    assert {status(one) for one in shared} == {200}
