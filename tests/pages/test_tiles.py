"""Tiles are served to whoever knows their address, and to nobody else."""

from __future__ import annotations

import io
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from clusters.registers.register_filter import RegisterFilter, choose
from data.errors import UnknownChoiceError
from data.register.build import register_from_table
from layers.points.point_tiles import tile
from layers.specification.point_style import PointStyle
from tests.synthetic import COLUMNS, synthetic_table
from tests.tile_server import served
from ui.kept.register_tiles import MOST_CHOSEN, MOST_VIEWS_OF_A_REGISTER, TileShelf, shelf

STYLE = PointStyle(color_by="sector")
BATTERY = RegisterFilter(values=(("sector", ("battery",)),))


@pytest.fixture(scope="module")
def register(province):
    return register_from_table(synthetic_table(province, 8000), COLUMNS, province.counties)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def token(register) -> Iterator[str]:
    token = shelf.put(register)
    yield token
    shelf.drop(token)


def get(address: str) -> tuple[int, bytes, dict[str, str]]:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return answer.status, answer.read(), headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(), {}


def filled(address: str, zoom: int, x: int, y: int, retina: str = "") -> str:
    return address.format(z=zoom, x=x, y=y, r=retina)


def tile_of(register, zoom: int) -> tuple[int, int]:
    middle = len(register) // 2
    return int(register.column[middle]) >> (32 - zoom), int(register.row[middle]) >> (32 - zoom)


@pytest.mark.parametrize(("retina", "size"), [("", 256), ("@2x", 512)])
def test_a_tile_is_served_and_kept_by_nobody(server, register, token, retina, size):
    view = shelf.view(token, BATTERY, STYLE)
    x, y = tile_of(register, 9)
    status, content, headers = get(server + filled(view.address, 9, x, y, retina))
    assert status == 200
    assert headers["content-type"] == "image/png"
    assert headers["cache-control"] == "private, no-store"
    assert content == tile(register, choose(register, BATTERY), 9, x, y, STYLE, size=size)
    assert Image.open(io.BytesIO(content)).size == (size, size)


def test_addresses_follow_filter_and_style(register, token):
    one = shelf.view(token, BATTERY, STYLE)
    assert shelf.view(token, BATTERY, STYLE) is one
    assert shelf.view(token, RegisterFilter(), STYLE).address != one.address
    assert shelf.view(token, BATTERY, PointStyle()).address != one.address
    other = shelf.put(register)
    assert shelf.view(other, BATTERY, STYLE).address != one.address
    shelf.drop(other)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("{token}/{digest}/9/400.png", 404),
        ("{token}/{digest}/9/a/200.png", 400),
        ("{token}/{digest}/9/400/-1.png", 400),
        ("{token}/{digest}/9/512/200.png", 400),
        ("{token}/{digest}/9/400/512.png", 400),
        ("{token}/{digest}/99/400/200.png", 400),
        ("{token}/{digest}/9/400/200.jpg", 400),
        ("{token}/{digest}/9/400/200@3x.png", 400),
        ("{token}/{digest}/9/400/200.png.png", 400),
        ("{token}/{digest}/9/" + "9" * 6000 + "/200.png", 400),
        ("{token}/{digest}/9/%EF%BC%91/200.png", 400),
        ("{token}/{digest}/9/400/200%0A.png", 400),
        ("{token}/0123456789abcdef/9/400/200.png", 404),
        ("{token}/..%2f..%2fetc/9/400/200.png", 404),
        ("AAAAAAAAAAAAAAAAAAAAAA/{digest}/9/400/200.png", 404),
        ("../../app.py", 404),
        ("%00/{digest}/9/400/200.png", 404),
        ("{token}/{digest}%0A/9/400/200.png", 404),
    ],
)
def test_wrong_addresses_are_refused(server, token, path, status):
    digest = shelf.view(token, BATTERY, STYLE).address.split("/")[4]
    found = get(f"{server}/atlas/tiles/{path.format(token=token, digest=digest)}")
    assert found[0] == status
    assert b"Traceback" not in found[1]


def test_a_dropped_register_is_gone(server, register):
    token = shelf.put(register)
    address = shelf.view(token, BATTERY, STYLE).address
    shelf.drop(token)
    assert get(server + filled(address, 9, *tile_of(register, 9)))[0] == 404
    with pytest.raises(KeyError):
        shelf.view(token, BATTERY, STYLE)


def test_a_register_that_leaves_while_it_is_filtered_does_not_come_back(register, monkeypatch):
    token = shelf.put(register)

    def choose_while_it_leaves(*arguments):
        shelf.drop(token)
        return choose(*arguments)

    monkeypatch.setattr("ui.kept.register_tiles.choose", choose_while_it_leaves)
    shelf.view(token, BATTERY, STYLE)
    assert not [key for key in shelf._views if key[0] == token]


def test_tiles_of_a_session_go_to_its_browser_alone(server, register, monkeypatch):
    token = shelf.put(register, session="theirs")
    address = server + filled(shelf.view(token, BATTERY, STYLE).address, 9, *tile_of(register, 9))
    assert get(address)[0] == 200
    asked = []
    monkeypatch.setattr(
        "ui.kept.register_tiles.may_fetch", lambda session, _: bool(asked.append(session))
    )
    assert get(address)[0] == 404
    assert asked == ["theirs"]
    shelf.drop(token)


def test_many_tiles_at_once(server, register, token):
    view = shelf.view(token, RegisterFilter(), STYLE)
    x, y = tile_of(register, 9)
    addresses = [
        server + filled(view.address, 9, x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)
    ]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(get, addresses * 3))
    assert {status for status, _, _ in answers} == {200}
    assert [content for _, content, _ in answers[:9]] == [
        content for _, content, _ in answers[9:18]
    ]


def test_unknown_wishes_are_refused_before_they_are_served(token):
    with pytest.raises(UnknownChoiceError, match="`sector`: unknown value 'x'"):
        shelf.view(token, RegisterFilter(values=(("sector", ("x",)),)), STYLE)
    with pytest.raises(UnknownChoiceError, match="`category`: unknown value 'x'"):
        shelf.view(token, RegisterFilter(), PointStyle(color_by="x"))


def test_tokens_cannot_be_guessed(register):
    own = TileShelf()
    tokens = {own.put(register) for _ in range(20)}
    assert len(tokens) == 20
    assert {len(token) for token in tokens} == {22}


def test_the_shelf_is_bounded(province):
    small = [
        register_from_table(synthetic_table(province, 10, seed), COLUMNS, province.counties)
        for seed in range(4)
    ]
    own = TileShelf(most_registers=3)
    tokens = [own.put(register) for register in small[:3]]
    digests = [own.view(token, BATTERY, STYLE).address.split("/")[4] for token in tokens]
    assert own.find(tokens[0], digests[0]) is not None
    own.put(small[3])
    found = [own.find(*key) is not None for key in zip(tokens, digests, strict=True)]
    assert found == [True, False, True]
    assert own.put(small[1], tokens[1]) == tokens[1]
    address = own.view(tokens[1], BATTERY, STYLE).address
    assert address.split("/")[3:5] == [tokens[1], digests[1]]


def test_the_shelf_is_bounded_in_bytes(register, province):
    other = register_from_table(synthetic_table(province, 8000, 1), COLUMNS, province.counties)
    own = TileShelf(most_bytes=register.nbytes + 1000)
    first = own.put(register)
    # The same register under two tokens is held once.
    second = own.put(register)
    own.view(first, BATTERY, STYLE)
    own.put(other)
    for gone in (first, second):
        with pytest.raises(KeyError):
            own.view(gone, BATTERY, STYLE)


def test_views_are_bounded_and_come_back(register):
    own = TileShelf()
    token = own.put(register)
    filters = [
        RegisterFilter(ranges=(("year", 1990, 1990 + n),))
        for n in range(MOST_VIEWS_OF_A_REGISTER + 5)
    ]
    digests = [own.view(token, one, STYLE).address.split("/")[4] for one in filters]
    assert own.find(token, digests[0]) is None
    assert MOST_CHOSEN < 100
    again = own.find(token, digests[60])
    assert again is not None
    assert len(again.chosen) == len(choose(register, filters[60]))


def test_legends_come_with_density_only(register, token):
    density = shelf.view(token, RegisterFilter(), PointStyle(singles_below=10, singles_in_tile=10))
    legend = density.legend(7)
    assert legend is not None
    assert legend.breaks == density.breaks(7)
    assert density.legend(14) is None
