"""Serve OGC API - Features under ``/ogc``, read-only, beside the pages in the same process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from data.errors import AtlasError
from data.loader import default_province_id, province_ids
from data.text import Language, say
from layers.ogc import documents, html
from layers.ogc.collections import Collection, collections_of
from layers.ogc.openapi import openapi
from layers.ogc.query import CRS84, BadRequestError, matching, read_query
from layers.view import View
from ui.library import province

PREFIX = "/ogc"
VERSION = "0.1.0"
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
    accepted = [
        part.partition(";")[0].strip() for part in request.headers.get("accept", "").split(",")
    ]
    wanted = [part for part in accepted if part == "text/html" or "json" in part]
    return "html" if wanted[:1] == ["text/html"] else "json"


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


def _document(request: Request, content: dict[str, Any], title: str, body: list[str]) -> Response:
    if _format(request) == "html":
        links = content.get("links", [])
        return HTMLResponse(html.page(title, body, links, _language(request)))
    return JSONResponse(content)


def _landing(request: Request) -> Response:
    _plain_parameters(request)
    language = _language(request)
    title, note = say("app.name", language), say("ogc.note", language)
    content = documents.landing(_base(request), title, note)
    return _document(request, content, title, [html.paragraph(note)])


def _conformance(request: Request) -> Response:
    _plain_parameters(request)
    content = {"conformsTo": list(documents.CONFORMANCE)}
    body = [html.paragraph(name) for name in documents.CONFORMANCE]
    return _document(request, content, "Conformance", body)


def _api(request: Request) -> Response:
    _plain_parameters(request)
    language = _language(request)
    title = say("app.name", language)
    content = openapi(_base(request), title, _every(language), VERSION)
    if _format(request) == "html":
        body = [html.paragraph(path) for path in content["paths"]]
        return HTMLResponse(html.page("OpenAPI 3.0", body, [], language))
    return JSONResponse(content, media_type=documents.OPENAPI_TYPE)


def _collections(request: Request) -> Response:
    _plain_parameters(request)
    language = _language(request)
    content = documents.collections_document(_base(request), _every(language))
    body = [html.collection_list(content["collections"])]
    return _document(request, content, say("ogc.collections", language), body)


def _collection(request: Request) -> Response:
    _plain_parameters(request)
    one = _named(request)
    content = documents.collection_document(_base(request), one)
    return _document(request, content, one.title, [html.paragraph(one.description)])


def _items(request: Request) -> Response:
    one = _named(request)
    whole = one.features(View(one.province.id))
    columns = [str(name) for name in whole.columns if name != "geometry"]
    query = read_query(request.query_params.multi_items(), one.province, columns)
    found = matching(one.features(query.view), query)
    asked = dict(request.query_params)
    content = documents.page_of(_base(request), one, found, query, asked)
    if _format(request) == "html":
        body = [
            html.paragraph(f"{content['numberReturned']} / {content['numberMatched']}"),
            html.features_table(content["features"], _language(request)),
        ]
        return HTMLResponse(html.page(one.title, body, content["links"], _language(request)))
    return _geojson(content, query.crs)


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
    if _format(request) == "html":
        body = [html.features_table([content], _language(request))]
        return HTMLResponse(html.page(one.title, body, content["links"], _language(request)))
    return _geojson(content, query.crs)


def _geojson(content: dict[str, Any], crs: str) -> Response:
    headers = {"Content-Crs": f"<{crs or CRS84}>"}
    return JSONResponse(content, media_type="application/geo+json", headers=headers)
