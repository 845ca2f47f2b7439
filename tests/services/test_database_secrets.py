"""Credentials of a database come from Streamlit's secrets, on the real server in a real browser."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from data.loader import default_province_id
from data.own.datasets import DatasetStore, file_stem
from tests.browser.data_page import DataPage
from tests.serving import serving

from .conftest import COUNT, PASSWORD, USER

CREDENTIALS = ("PGUSER", "PGPASSWORD", "PGPASSFILE", "PGSERVICE")


@pytest.fixture(params=[PASSWORD, "another"], ids=["right", "wrong"])
def office(request, tmp_path, database) -> Iterator[str]:
    """A server without credentials in its environment, with one dataset that needs them."""
    (tmp_path / "secrets.toml").write_text(
        f"PGUSER = {USER!r}\nPGPASSWORD = {request.param!r}\n", encoding="utf-8"
    )
    store = DatasetStore(tmp_path / "datasets")
    store.folder.mkdir(parents=True)
    (store.folder / f"{file_stem('Register')}.toml").write_text(
        'name = "Register"\nkind = "points"\nfile = "Register"\n'
        f'province = "{default_province_id()}"\n'
        f'date = "2026-10-01"\nsaved = "by hand"\nsource = {database.address()!r}\n',
        encoding="utf-8",
    )
    environment = {name: value for name, value in os.environ.items() if name not in CREDENTIALS}
    environment["ATLAS_DATASETS"] = str(tmp_path / "datasets")
    options = ("--secrets.files", str(tmp_path / "secrets.toml"))
    with serving(tmp_path / "server.log", *options, environment=environment) as address:
        yield address


def test_secrets_open_the_database(request, office, browser: Browser):
    context = browser.new_context(locale="en-GB")
    try:
        data = DataPage(context.new_page(), office).open()
        data.page.get_by_role("button", name=data.say("dataset.load"), exact=True).click()
        if "right" in request.node.name:
            item = data.page.locator("[class*='st-key-own-own']")
            expect(item).to_contain_text(f"{COUNT:,} points")
        else:
            expect(data.page.get_by_text("password authentication failed")).to_be_visible()
    finally:
        context.close()
