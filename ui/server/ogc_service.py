"""Serve OGC API - Features under ``/ogc``, read-only, beside the pages in the same process."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from data.errors import AtlasError
from data.loader import default_province_id, province_ids
from data.text import Language, say
from data.version import VERSION
from layers.ogc import documents, ogc_pages
from layers.ogc.collections import Collection, collections_of
from layers.ogc.feature_query import BadRequestError, matching, read_query
from layers.ogc.openapi import openapi
from ui.access.sign_in import sign_in_is_on
from ui.state.library import province

PREFIX = "/ogc"
_FORMATS = ("json", "html")

_Answer = Callable[[Request], Response]


def ogc_routes() -> list[BaseRoute]:
    """Return the routes of the interface."""
    paths: dict[str, _Answer] = {
        "": _landing,
        "/": _landing,
        "/conformance": _conformance,
        "/api": _api,
        "/collections": _collections,
        "/collections/{collection}": _collection,
        "/collections/{collection}/items": _items,
        "/collections/{collection}/items/{feature}": _item,
    }
    return [Route(f"{PREFIX}{path}", _guarded(answer)) for path, answer in paths.items()]


class _NotThereError(AtlasError):
    """A collection or a feature that is not there."""


def _guarded(answer: _Answer) -> Callable[[Request], Awaitable[Response]]:
    """Answer in a thread of its own, faults as the standard's exceptions, open to any page."""

    async def respond(request: Request) -> Response:
        try:
            response = await run_in_threadpool(answer, request)
        except BadRequestError as error:
            response = _exception(400, "InvalidParameterValue", error)
        except _NotThereError as error:
            response = _exception(404, "NotFound", error)
        except AtlasError as error:
            response = _exception(500, "NoApplicableCode", error)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Vary"] = "Accept"
        return response

    return respond


def _exception(status: int, code: str, error: AtlasError) -> JSONResponse:
    return JSONResponse({"code": code, "description": str(error)}, status_code=status)


def _base(request: Request) -> str:
    scheme = request.headers.get("x-forwarded-proto", request.url.scheme)
    scheme = scheme if scheme in ("http", "https") else "http"
    return f"{scheme}://{request.url.netloc}{PREFIX}"


def _language(request: Request) -> Language:
    return "zh" if request.query_params.get("lang") == "zh" else "en"


def _format(request: Request) -> str:
    """Return the format asked for by ``f``, or else by the Accept header; JSON by default."""
    asked = request.query_params.get("f")
    if asked is not None:
        if asked not in _FORMATS:
            raise BadRequestError(f"f: choose from {', '.join(_FORMATS)}")
        return asked
    wanted = {"html": 0.0, "json": 0.0}
    for part in request.headers.get("accept", "").split(","):
        media_type, *settings = (word.strip() for word in part.split(";"))
        name = "html" if media_type == "text/html" else "json" if "json" in media_type else ""
        if name:
            wanted[name] = max(wanted[name], _quality(settings))
    return "html" if wanted["html"] > wanted["json"] else "json"


def _quality(settings: list[str]) -> float:
    """Return how much a media type is wanted (RFC 9110): 1 where nothing, or nonsense, is said."""
    said = next((one[2:] for one in settings if one.startswith("q=")), "1")
    return float(said) if re.fullmatch(r"[01](\.\d{0,3})?", said, flags=re.ASCII) else 1.0


def _plain_parameters(request: Request) -> None:
    unknown = [key for key in request.query_params if key not in ("f", "lang")]
    if unknown:
        raise BadRequestError(f"{unknown[0][:60]} is not a parameter here")
    if request.query_params.get("lang", "en") not in ("zh", "en"):
        raise BadRequestError("lang: choose from zh, en")


def _every(language: Language) -> tuple[Collection, ...]:
    """Return all collections, those of the default province first."""
    first = default_province_id()
    names = sorted(province_ids(), key=lambda name: (name != first, name))
    return tuple(one for name in names for one in collections_of(province(name), language))


def _named(request: Request) -> Collection:
    wanted = request.path_params["collection"]
    for one in _every(_language(request)):
        if one.id == wanted:
            return one
    raise _NotThereError(f"there is no collection {wanted[:60]!r}")


def _document(
    request: Request,
    content: dict[str, Any],
    title: str,
    body: Callable[[dict[str, Any]], list[str]],
    media_type: str = "application/json",
) -> Response:
    """Answer with a document, or with a page that ``body`` makes of it."""
    language = _language(request)
    if "lang" in request.query_params:
        content = documents.in_language(content, _base(request), language)
    if _format(request) == "html":
        links = content.get("links", [])
        other = urlencode({**request.query_params, "lang": "en" if language == "zh" else "zh"})
        return HTMLResponse(ogc_pages.page(title, body(content), links, language, f"?{other}"))
    return JSONResponse(content, media_type=media_type)


def _landing(request: Request) -> Response:
    _plain_parameters(request)
    language = _language(request)
    title, note = say("app.name", language), say("ogc.note", language)
    content = documents.landing(_base(request), title, note)
    return _document(request, content, title, lambda _: [ogc_pages.paragraph(note)])


def _conformance(request: Request) -> Response:
    _plain_parameters(request)
    content = {"conformsTo": list(documents.CONFORMANCE)}
    title = say("ogc.link_conformance", _language(request))
    return _document(
        request, content, title, lambda found: [ogc_pages.address_list(found["conformsTo"])]
    )


def _api(request: Request) -> Response:
    _plain_parameters(request)
    language = _language(request)
    title = say("app.name", language)
    content = openapi(_base(request), title, _every(language), VERSION, guarded=sign_in_is_on())
    return _document(
        request,
        content,
        say("ogc.link_service_doc", language),
        lambda found: [ogc_pages.request_table(found, language)],
        documents.OPENAPI_TYPE,
    )


def _collections(request: Request) -> Response:
    _plain_parameters(request)
    language = _language(request)
    content = documents.collections_document(_base(request), _every(language))
    return _document(
        request,
        content,
        say("ogc.collections", language),
        lambda found: [ogc_pages.collection_list(found["collections"])],
    )


def _collection(request: Request) -> Response:
    _plain_parameters(request)
    one = _named(request)
    content = documents.collection_document(_base(request), one)
    return _document(request, content, one.title, lambda _: [ogc_pages.paragraph(one.description)])


def _items(request: Request) -> Response:
    one = _named(request)
    query = read_query(request.query_params.multi_items(), one.province, one.columns)
    found = matching(one.features(query.view), query)
    asked = dict(request.query_params)
    content = documents.page_of(_base(request), one, found, query, asked)
    return _features(request, content, one, query.crs)


def _item(request: Request) -> Response:
    one = _named(request)
    pairs = [(key, value) for key, value in request.query_params.multi_items()]
    extra = [key for key, _ in pairs if key not in ("f", "lang", "crs")]
    if extra:
        raise BadRequestError(f"{extra[0][:60]} is not a parameter here")
    query = read_query(pairs, one.province, [])
    table = one.features(query.view)
    wanted = request.path_params["feature"]
    row = table[[str(name) == wanted for name in table.index]]
    if row.empty:
        raise _NotThereError(f"there is no feature {wanted[:60]!r}")
    content = documents.feature_of(_base(request), one, row, query.crs)
    return _features(request, content, one, query.crs)


def _features(request: Request, content: dict[str, Any], one: Collection, crs: str) -> Response:
    """Answer with one feature or a page of them, and the CRS that their geometry is in."""
    language = _language(request)

    def body(found: dict[str, Any]) -> list[str]:
        rows = found.get("features", [found])
        count = f"{len(rows)} / {found.get('numberMatched', 1)}"
        return [ogc_pages.paragraph(count), ogc_pages.features_table(rows, language)]

    response = _document(request, content, one.title, body, "application/geo+json")
    response.headers["Content-Crs"] = f"<{crs}>"
    return response
