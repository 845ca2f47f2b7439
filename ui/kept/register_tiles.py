"""Serve registers of many points as map tiles, each under an address that cannot be guessed.

A register is put on a shelf and gets a token; a filter and a style get a digest. Both stand in
the address of a tile. Nothing is opened by what an address says: it only finds what a page of
this server has put there. A register leaves the shelf when its session ends.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections import OrderedDict
from dataclasses import asdict, dataclass, field
from threading import Lock

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from clusters.registers.register_filter import Chosen, RegisterFilter, choose
from data.register.store import Register
from layers.points.point_classes import DensityLegend, density_breaks, legend_at
from layers.points.point_tiles import MAX_TILE_ZOOM, TileSize, tile
from layers.specification.point_style import PointStyle
from ui.access.session_cookie import may_fetch
from ui.kept.session_shelf import UNSHARED

TILES_PREFIX = "/atlas/tiles"
MOST_REGISTERS = 64
MOST_BYTES = 6_000_000_000
MOST_VIEWS_OF_A_REGISTER = 200
MOST_CHOSEN = 24

_TOKEN_BYTES = 16
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
_DIGEST = re.compile(r"[0-9a-f]{16}")
_NUMBER = re.compile(r"[0-9]{1,7}")
_NAME = re.compile(r"([0-9]{1,7})(@2x)?\.png")
_HEADERS = UNSHARED | {"X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, eq=False)
class TileView:
    """Chosen points of a register, drawn in a style, and where their tiles are served."""

    register: Register
    chosen: Chosen
    style: PointStyle
    address: str
    _breaks: dict[int, tuple[int, ...]] = field(default_factory=dict, repr=False)

    def breaks(self, zoom: int) -> tuple[int, ...]:
        """Return the smallest counts of the classes of density at a zoom."""
        if zoom not in self._breaks:
            self._breaks[zoom] = density_breaks(self.register, self.chosen, zoom, self.style)
        return self._breaks[zoom]

    def legend(self, zoom: int) -> DensityLegend | None:
        """Return the legend of density at a zoom; ``None`` where single points are drawn."""
        return legend_at(self.register, self.chosen, zoom, self.style)

    def picture(self, zoom: int, x: int, y: int, size: TileSize) -> bytes:
        """Return a tile as PNG; raises what ``layers.points.point_tiles.tile`` raises."""
        breaks = self.breaks(zoom) if 0 <= zoom <= MAX_TILE_ZOOM else ()
        return tile(self.register, self.chosen, zoom, x, y, self.style, breaks=breaks, size=size)


@dataclass(eq=False)
class _Place:
    """A register on the shelf and what is asked of it, the latest last."""

    register: Register
    session: str
    asked: OrderedDict[str, tuple[RegisterFilter, PointStyle]] = field(default_factory=OrderedDict)


class TileShelf:
    """Registers that are served, by token; those not used for longest give way.

    At most ``most_registers`` with ``most_bytes`` bytes in all stay (the latest always
    does). A page keeps its register and its token, and calls ``put`` in every run: what had
    to give way is then there again, at the same address.
    """

    def __init__(self, most_registers: int = MOST_REGISTERS, most_bytes: int = MOST_BYTES) -> None:
        self._most_registers = most_registers
        self._most_bytes = most_bytes
        self._places: OrderedDict[str, _Place] = OrderedDict()
        self._views: OrderedDict[tuple[str, str], TileView] = OrderedDict()
        self._lock = Lock()

    def put(self, register: Register, token: str | None = None, *, session: str = "") -> str:
        """Put a register on the shelf and return its token; a token given before is kept.

        ``session`` is the one whose browser alone may have tiles of it.
        """
        token = token or secrets.token_urlsafe(_TOKEN_BYTES)
        with self._lock:
            held = self._places.get(token)
            if held is None or held.register is not register:
                self._forget(token)
                self._places[token] = _Place(register, session)
            self._places.move_to_end(token)
            self._make_room()
        return token

    def drop(self, token: str) -> None:
        """Take a register from the shelf; nothing happens where it is not there."""
        with self._lock:
            self._forget(token)

    def view(self, token: str, wanted: RegisterFilter, style: PointStyle) -> TileView:
        """Return the view of what is wanted, and serve its tiles from now on.

        Raises ``KeyError`` for a token that is not on the shelf, ``UnknownChoiceError`` for
        a choice that the register cannot fulfil.
        """
        with self._lock:
            place = self._places[token]
        digest = _digest(wanted, style)
        view = self._view(token, digest, place.register, wanted, style)
        with self._lock:
            place.asked[digest] = (wanted, style)
            place.asked.move_to_end(digest)
            while len(place.asked) > MOST_VIEWS_OF_A_REGISTER:
                place.asked.popitem(last=False)
        return view

    def session_of(self, token: str) -> str:
        """Return the session that a token was given to; nothing where it is not there."""
        with self._lock:
            place = self._places.get(token)
            return place.session if place else ""

    def find(self, token: str, digest: str) -> TileView | None:
        """Return the view at an address, or ``None``."""
        with self._lock:
            place = self._places.get(token)
            asked = place.asked.get(digest) if place else None
            if place is None or asked is None:
                return None
            self._places.move_to_end(token)
        return self._view(token, digest, place.register, *asked)

    def _view(
        self, token: str, digest: str, register: Register, wanted: RegisterFilter, style: PointStyle
    ) -> TileView:
        key = (token, digest)
        with self._lock:
            held = self._views.get(key)
            if held is not None and held.register is register:
                self._views.move_to_end(key)
                return held
        if style.color_by is not None:
            register.category(style.color_by)
        address = f"{TILES_PREFIX}/{token}/{digest}/{{z}}/{{x}}/{{y}}{{r}}.png"
        view = TileView(register, choose(register, wanted), style, address)
        with self._lock:
            place = self._places.get(token)
            # The register may have left meanwhile.
            if place is None or place.register is not register:
                return view
            self._views[key] = view
            while len(self._views) > MOST_CHOSEN:
                self._views.popitem(last=False)
        return view

    def _forget(self, token: str) -> None:
        self._places.pop(token, None)
        for key in [key for key in self._views if key[0] == token]:
            del self._views[key]

    def _make_room(self) -> None:
        while len(self._places) > 1 and (
            len(self._places) > self._most_registers or self._bytes() > self._most_bytes
        ):
            self._forget(next(iter(self._places)))

    def _bytes(self) -> int:
        registers = {id(place.register): place.register for place in self._places.values()}
        return sum(register.nbytes for register in registers.values())


def _digest(wanted: RegisterFilter, style: PointStyle) -> str:
    text = wanted.digest + json.dumps(asdict(style), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


shelf = TileShelf()
"""The registers that this server serves."""


def _bad(problem: str) -> Response:
    return PlainTextResponse(problem, status_code=400)


def _tile(request: Request) -> Response:
    """Answer with a tile. Not async: drawing is done beside the server's own thread."""
    asked: dict[str, str] = request.path_params
    name = _NAME.fullmatch(asked["name"])
    if not (_NUMBER.fullmatch(asked["z"]) and _NUMBER.fullmatch(asked["x"]) and name):
        return _bad("expected /{z}/{x}/{y}.png with whole numbers")
    zoom, x, y = int(asked["z"]), int(asked["x"]), int(name[1])
    if zoom > MAX_TILE_ZOOM or x >= 2**zoom or y >= 2**zoom:
        return _bad(f"no such tile: zoom is 0 to {MAX_TILE_ZOOM}, x and y below 2**zoom")
    token, digest = asked["token"], asked["digest"]
    known = _TOKEN.fullmatch(token) and _DIGEST.fullmatch(digest)
    may = known and may_fetch(shelf.session_of(token), request.cookies)
    view = shelf.find(token, digest) if may else None
    if view is None:
        return PlainTextResponse("not found", status_code=404, headers=UNSHARED)
    size: TileSize = 512 if name[2] else 256
    return Response(view.picture(zoom, x, y, size), media_type="image/png", headers=_HEADERS)


def tile_routes() -> list[BaseRoute]:
    """Return the route that tiles are fetched from."""
    return [Route(f"{TILES_PREFIX}/{{token}}/{{digest}}/{{z}}/{{x}}/{{name}}", _tile)]
