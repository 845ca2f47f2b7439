"""Serve the layers to other tools: OGC API - Features, read-only, under ``/ogc``."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from data.errors import AtlasError
from data.loader import Province, province_ids
from data.text import LANGUAGES, Language, say
from layers import feature_documents as documents
from layers.feature_query import CRS84, RequestError, crs_names, matching, read_query, single_values
from layers.features import Collection, collections, features
from ui import library

OGC_PREFIX = "/ogc"
_Answer = Callable[[Request], Response]


def _base(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}{OGC_PREFIX}"


def _language(request: Request) -> Language:
    asked = request.query_params.get("lang")
    return next((one for one in LANGUAGES if one == asked), "zh")


def _offered(language: Language) -> list[tuple[Collection, Province]]:
    return [
        (collection, province)
        for province in map(library.province, province_ids())
        for collection in collections(province, language)
    ]


def _find(request: Request) -> tuple[Collection, Province]:
    wanted = request.path_params["collection"]
    for collection, province in _offered(_language(request)):
        if collection.id == wanted:
            return collection, province
    raise LookupError("no such collection")


def _wants_html(request: Request) -> bool:
    asked = request.query_params.get("f")
    if asked not in (None, "json", "html"):
        raise RequestError("f", "json or html")
    return asked == "html" or (asked is None and "text/html" in request.headers.get("accept", ""))


def _require(request: Request, *more: str) -> dict[str, str]:
    """Return the parameters of a request that may have ``f`` and ``lang`` and ``more``."""
    values = single_values(request.query_params.multi_items())
    for key in values:
        if key not in ("f", "lang", *more):
            raise RequestError(key[:60], f"one of {', '.join(('f', 'lang', *more))}")
    return values


def _guarded(answer: _Answer) -> _Answer:
    """Turn what is wrong with a request into an answer that says so."""

    def guarded(request: Request) -> Response:
        try:
            return answer(request)
        except RequestError as error:
            return _problem(400, "InvalidParameterValue", str(error))
        except LookupError as error:
            return _problem(404, "NotFound", str(error.args[0]))
        except AtlasError:
            return _problem(503, "NotAvailable", "the data cannot be read at the moment")

    return guarded


def _problem(status: int, code: str, text: str) -> Response:
    return JSONResponse({"code": code, "description": text}, status_code=status)


def _reply(
    request: Request, document: documents.Document, media: str = "application/json"
) -> Response:
    if _wants_html(request):
        return Response(_page(document, _language(request)), media_type="text/html")
    return _json(document, media)


def _json(document: documents.Document, media: str) -> Response:
    return Response(json.dumps(document, ensure_ascii=False, allow_nan=False), media_type=media)


def _page(document: documents.Document, language: Language) -> str:
    """Return a document as a plain page without scripts; every value is escaped."""
    title = html.escape(str(document.get("title", say("ogc.title", language))))
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
        f"<h1>{title}</h1>{_as_html(document)}</html>"
    )


def _as_html(value: object) -> str:
    if isinstance(value, dict) and {"href", "rel"} <= value.keys():
        text = html.escape(value.get("title") or value["rel"])
        return f'<a href="{html.escape(value["href"])}">{text}</a>'
    if isinstance(value, dict):
        rows = (
            f"<dt>{html.escape(str(key))}</dt><dd>{_as_html(item)}</dd>"
            for key, item in value.items()
            if key != "geometry"
        )
        return f"<dl>{''.join(rows)}</dl>"
    if isinstance(value, list | tuple):
        return f"<ul>{''.join(f'<li>{_as_html(item)}</li>' for item in value)}</ul>"
    return html.escape("" if value is None else str(value))


@_guarded
def _landing(request: Request) -> Response:
    _require(request)
    return _reply(request, documents.landing(_base(request), _language(request)))


@_guarded
def _conformance(request: Request) -> Response:
    _require(request)
    return _reply(request, {"conformsTo": list(documents.CONFORMANCE)})


@_guarded
def _api(request: Request) -> Response:
    _require(request)
    language = _language(request)
    document = documents.openapi(_base(request), _offered(language), language)
    return _reply(request, document, documents.OPENAPI)


@_guarded
def _collections(request: Request) -> Response:
    _require(request)
    base, language = _base(request), _language(request)
    every = _offered(language)
    listed = [documents.collection_document(base, *one, language) for one in every]
    names = dict.fromkeys(name for _, province in every for name in crs_names(province))
    links = [documents.link(f"{base}/collections", "self", "application/json")]
    return _reply(request, {"links": links, "crs": list(names), "collections": listed})


@_guarded
def _collection(request: Request) -> Response:
    _require(request)
    found = documents.collection_document(_base(request), *_find(request), _language(request))
    return _reply(request, found)


@_guarded
def _items(request: Request) -> Response:
    collection, province = _find(request)
    columns = [name for name in features(province, collection.layer).columns if name != "geometry"]
    query = read_query(request.query_params.multi_items(), province, columns)
    table = matching(features(province, collection.layer, query.view), query)
    address = f"{_base(request)}/collections/{collection.id}/items"
    moment = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    document = documents.page_of_features(address, table, query, province, moment)
    return _in(query.crs, _reply(request, document, documents.GEOJSON))


@_guarded
def _item(request: Request) -> Response:
    collection, province = _find(request)
    crs = _require(request, "crs").get("crs", CRS84)
    if crs not in crs_names(province):
        raise RequestError("crs", f"one of {', '.join(crs_names(province))}")
    table = features(province, collection.layer)
    name = request.path_params["feature"]
    if name not in table.index:
        raise LookupError("no such feature")
    document = documents.as_features(table.loc[[name]], crs_names(province)[crs])[0]
    whole = f"{_base(request)}/collections/{collection.id}"
    document["links"] = [
        documents.link(f"{whole}/items/{name}", "self", documents.GEOJSON),
        documents.link(whole, "collection", "application/json", collection.title),
    ]
    return _in(crs, _reply(request, document, documents.GEOJSON))


def _in(crs: str, response: Response) -> Response:
    response.headers["Content-Crs"] = f"<{crs}>"
    return response


def ogc_routes() -> list[BaseRoute]:
    """Return the routes of the service. Nothing is read before the first request."""
    collection = f"{OGC_PREFIX}/collections/{{collection}}"
    return [
        Route(OGC_PREFIX, _landing),
        Route(f"{OGC_PREFIX}/", _landing),
        Route(f"{OGC_PREFIX}/api", _api),
        Route(f"{OGC_PREFIX}/conformance", _conformance),
        Route(f"{OGC_PREFIX}/collections", _collections),
        Route(collection, _collection),
        Route(f"{collection}/items", _items),
        Route(f"{collection}/items/{{feature}}", _item),
    ]
