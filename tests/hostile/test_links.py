"""Links of strangers: a query never raises, its work is bounded, and no address breaks a route."""

from __future__ import annotations

import asyncio
import re
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, unquote_to_bytes, urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Mount, Route, WebSocketRoute

from data.loader import default_province_id, load_province
from layers.address.query import MAX_IGNORED, QUERY_KEYS, parse_query, query_items, write_query
from layers.catalogue import overlay_ids
from tests.hostile.corpus import CORPUS
from ui.server.assets import PREFIX
from ui.server.routes import routes

PROVINCE = load_province(default_province_id())
WEST, SOUTH, EAST, NORTH = PROVINCE.settings.window
KNOWN = (
    *overlay_ids(PROVINCE),
    *(sector.id for sector in PROVINCE.plan.sectors),
    *(role.id for role in PROVINCE.plan.roles),
    *PROVINCE.city_slugs.values(),
    *map(str, PROVINCE.city_slugs),
    *PROVINCE.sites.index[:5],
    "2015-2024",
    "sites:3",
    "score",
    "zh",
    "osm",
    "none",
)
number = st.floats(-200, 200) | st.floats() | st.integers() | st.floats(SOUTH, EAST)
value = st.one_of(
    st.sampled_from(KNOWN),
    st.sampled_from(CORPUS),
    st.text(max_size=30),
    number.map(str),
    st.tuples(st.floats(SOUTH, NORTH), st.floats(WEST, EAST)).map(lambda at: f"{at[0]},{at[1]}"),
    st.floats(5, 18).map(str),
    st.lists(st.sampled_from(KNOWN), max_size=6).map(",".join),
    st.sampled_from(["\u0663", "1_0", "１０", "0x10", "1e400", "-0.0", "NaN", "٢٠١٥-٢٠٢٤", "\x00"]),
)
pairs = st.lists(st.tuples(st.sampled_from(QUERY_KEYS) | st.text(max_size=9), value), max_size=12)


def canonical(query):
    """Parse, write and parse again: the second time nothing changes and nothing is ignored."""
    parsed = parse_query(query, PROVINCE)
    written = write_query(parsed.view, PROVINCE)
    again = parse_query(written, PROVINCE)
    assert again.view == parsed.view
    assert again.ignored == ()
    assert write_query(again.view, PROVINCE) == written
    assert len(parsed.ignored) <= MAX_IGNORED
    return parsed


@settings(max_examples=100, deadline=None)
@given(pairs)
@example([("zoom", "17.99999999")])
@example([("center", f"{SOUTH + 1e-9},{EAST - 1e-9}"), ("zoom", "5.0000001")])
@example([("center", f"{SOUTH},{EAST}"), ("zoom", "1_0")])
def test_any_link_is_understood_or_said_to_be_ignored(found):
    canonical(urlencode(found, errors="replace"))
    mapping = {}
    for key, text in found:
        mapping.setdefault(key, []).append(text)
    canonical(mapping)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=120).map(quote) | st.text(max_size=200))
def test_any_text_after_the_question_mark(query):
    canonical(query)


@pytest.mark.parametrize(
    "query",
    [
        "&".join(f"k{at}=v" for at in range(600)),
        "sector=" + "," * 4000,
        "sector=" + "battery," * 500,
        {f"k{at}": ["v"] for at in range(100_000)},
        {"sector": ["battery"] * 100_000},
        {"sector": ["x" * 4000] * 2_000},
        {"city": [",".join(f"x{at}" for at in range(900))]},
        {"k" * 1_000_000: ["v" * 1_000_000]},
    ],
    ids=range(8),
)
def test_work_on_a_query_is_bounded(query):
    before = time.process_time()
    parsed = canonical(query)
    # Not a measurement: quadratic work on these would take minutes.
    assert time.process_time() - before < 10
    assert all(len(part.key) <= 61 and len(part.value) <= 61 for part in parsed.ignored)


def test_no_value_is_written_that_was_not_in_a_closed_list():
    for text in CORPUS:
        parsed = parse_query({key: [text] for key in QUERY_KEYS}, PROVINCE)
        written = write_query(parsed.view, PROVINCE)
        assert re.fullmatch(r"[A-Za-z0-9=&,.:%_-]*", written)
        assert query_items(parsed.view, PROVINCE).keys() <= set(QUERY_KEYS)


APP = Starlette(routes=routes())


def ask(raw: bytes, *, query: bytes = b"", method: str = "GET", headers=()) -> int:
    """Ask our own routes for a path, as the bytes that came over the wire."""
    status: list[int] = []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote_to_bytes(raw).decode("utf-8", "replace"),
        "raw_path": raw,
        "query_string": query,
        "root_path": "",
        "headers": [(b"host", b"atlas"), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }

    asked: list[bool] = []

    async def receive():
        if asked:  # as a client that waits: it sends no more, and stays
            await asyncio.Event().wait()
        asked.append(True)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        if message["type"] == "http.response.start":
            status.append(message["status"])

    # In a thread of its own: a browser of another test keeps a loop in this one.
    with ThreadPoolExecutor(1) as alone:
        alone.submit(lambda: asyncio.run(APP(scope, receive, send))).result()
    return status[0]


def prefixes():
    """The fixed beginning of each of our routes: new ones are fuzzed by themselves."""
    found = {PREFIX}
    for route in routes():
        assert isinstance(route, (Route, Mount, WebSocketRoute))
        found.add(re.split(r"\{", route.path)[0].rstrip("/"))
    return sorted(found)


TRICKS = (
    "..%2f..%2fetc%2fpasswd",
    "../../../../etc/passwd",
    "..%5c..%5cwindows%5cwin.ini",
    "%2e%2e/%2e%2e/%2e%2e/app.py",
    "....//....//app.py",
    "%00",
    "a%00.js",
    "%ff%fe",
    "%",
    "%%32%65",
    "9" * 400,
    "-1/-1/-1.png",
    "1e9/1/1.png",
    "x" * 8000,
    "atlas..js",
    "atlas.0000000000000000.js",
    ".",
    "//",
    "%0d%0aSet-Cookie:a=b",
    "\u0661/\u0661/\u0661.png",
    "C:%5c",
    "/etc/passwd",
    "~root",
    "con",
)


@pytest.mark.parametrize("prefix", prefixes())
def test_no_address_breaks_a_route(prefix):
    for trick in TRICKS:
        for path in (f"{prefix}/{trick}", f"{prefix}/a/b/1/1/{trick}", f"{prefix}{trick}"):
            status = ask(quote(path, safe="/%:~").encode())
            assert 300 <= status < 500, (path, status)


segment = st.one_of(
    st.sampled_from(TRICKS),
    st.text(max_size=20),
    st.integers().map(str),
    st.sampled_from(["0", "1", "17", "18", "a" * 22, "0" * 16, "1.png", "1@2x.png"]),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(prefixes()),
    st.lists(segment, max_size=6),
    st.text(max_size=40),
    st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"]),
)
def test_any_path_is_answered(prefix, parts, query, method):
    path = "/".join([prefix, *(quote(part, safe="%", errors="replace") for part in parts)])
    status = ask(path.encode(), query=quote(query, errors="replace").encode(), method=method)
    assert status < 500


@pytest.mark.parametrize(
    "header",
    [
        (b"range", b"bytes=0-99999999999999999999"),
        (b"range", b"bytes=-1,-2,-3" + b",-4" * 5000),
        (b"range", b"bytes=\xff"),
        (b"if-modified-since", b"not a date"),
        (b"if-none-match", b'"' * 5000),
        (b"accept-encoding", b"\xff"),
    ],
)
def test_odd_headers(header):
    for path in (f"{PREFIX}/leaflet/leaflet.js", f"{PREFIX}/leaflet/leaflet.css"):
        assert ask(path.encode(), headers=[header]) < 500
