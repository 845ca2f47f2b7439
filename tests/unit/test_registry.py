"""What a package index tells, and what it does not: asked over HTTP, from an index of our own."""

from __future__ import annotations

import datetime as dt
import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.registry import WITNESS, Told, ask_index, pip_settings, three_years_before

ADVISORY = {"id": "SYNTHETIC-1", "fixed_in": ["1.5", "2.1"], "withdrawn": None}
DAY = dt.date(2026, 3, 1)


@dataclass
class Index:
    """An index with its pages, by address."""

    pages: dict[str, object]
    address: str

    def told(self, **versions: str) -> dict[str, Told]:
        return ask_index(versions, {"index-url": self.address})


def page(
    version: str, *advisories: dict[str, object], day: str = "2026-03-01"
) -> dict[str, object]:
    files = [{"upload_time_iso_8601": f"{one}T10:00:00.000000Z"} for one in ("2026-01-01", day)]
    return {"info": {"version": version}, "urls": files, "vulnerabilities": list(advisories)}


@pytest.fixture
def index():
    """Serve pages by address, as an index does beside ``/simple``."""
    name, version = WITNESS
    pages: dict[str, object] = {f"/pypi/{name}/json": page(version, ADVISORY)}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = pages.get(self.path)
            body = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(404 if found is None else 200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Index(pages, f"http://127.0.0.1:{server.server_port}/simple/")
    server.shutdown()
    server.server_close()


def test_the_newest_release_is_told_with_its_advisories_and_day(index):
    index.pages["/pypi/one/json"] = page("1.0", ADVISORY)
    index.pages["/pypi/two/json"] = page("2.0")
    assert index.told(one="1.0", two="2.0") == {
        "one": Told(("SYNTHETIC-1 (mended in 1.5, 2.1)",), DAY),
        "two": Told((), DAY),
    }


def test_an_older_release_is_asked_for_by_its_own_address(index):
    index.pages["/pypi/one/json"] = page("2.0")
    index.pages["/pypi/one/1.0/json"] = page("1.0", ADVISORY, day="2020-01-01")
    assert index.told(one="1.0") == {"one": Told(("SYNTHETIC-1 (mended in 1.5, 2.1)",), DAY)}


def test_of_an_older_release_nothing_is_known_where_only_the_newest_is_told(index):
    index.pages["/pypi/one/json"] = page("2.0", ADVISORY)
    assert index.told(one="1.0") == {"one": Told(None, DAY)}


def test_a_withdrawn_advisory_is_no_fault(index):
    index.pages["/pypi/one/json"] = page("1.0", ADVISORY | {"withdrawn": "2026-01-01T00:00:00Z"})
    assert index.told(one="1.0") == {"one": Told((), DAY)}


def test_an_index_that_tells_nothing_of_a_known_fault_knows_no_advisories(index):
    name, version = WITNESS
    index.pages[f"/pypi/{name}/json"] = page(version)
    index.pages["/pypi/one/json"] = page("1.0")
    assert index.told(one="1.0") == {"one": Told(None, DAY)}


@pytest.mark.parametrize("answer", [None, b"<html>", b"\xff"])
def test_what_is_no_answer_is_none(index, answer):
    index.pages["/pypi/one/json"] = answer
    assert index.told(one="1.0") == {"one": Told(None, None)}


def test_an_index_that_is_not_there_is_none():
    settings = {"index-url": "http://127.0.0.1:9/simple"}
    assert ask_index({"one": "1.0"}, settings) == {"one": Told(None, None)}


def test_settings_are_those_of_pip(monkeypatch, tmp_path):
    settings = tmp_path / "pip.conf"
    settings.write_text("[global]\nindex-url = https://global.example/simple\n", encoding="utf-8")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    assert pip_settings()["index-url"] == "https://global.example/simple"
    monkeypatch.setenv("PIP_INDEX_URL", "https://environment.example/simple")
    assert pip_settings()["index-url"] == "https://environment.example/simple"


def test_three_years():
    assert three_years_before(dt.date(2026, 11, 28)) == dt.date(2023, 11, 28)
    assert three_years_before(dt.date(2028, 2, 29)) == dt.date(2025, 2, 28)
