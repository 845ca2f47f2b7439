"""Write the documents of OGC API - Features: what there is, what it conforms to, how to ask."""

from __future__ import annotations

from urllib.parse import urlencode

import geopandas as gpd
import shapely
from shapely.geometry import mapping

from data.loader import Province
from data.text import Language, say
from layers.feature_query import (
    CRS84,
    DEFAULT_LIMIT,
    MAX_LIMIT,
    FeatureQuery,
    crs_names,
    in_crs,
)
from layers.features import FILTER_KEYS, Collection, features, layer_sources, properties

Document = dict[str, object]
GEOJSON = "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
CONFORMANCE = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-{part}"
    for part in (
        "1/1.0/conf/core",
        "1/1.0/conf/oas30",
        "1/1.0/conf/html",
        "1/1.0/conf/geojson",
        "2/1.0/conf/crs",
    )
)


def link(href: str, rel: str, media: str, title: str = "") -> dict[str, str]:
    """Return a link as the standard writes it."""
    found = {"href": href, "rel": rel, "type": media}
    return found | ({"title": title} if title else {})


def landing(base: str, language: Language) -> Document:
    """Return the page that everything is found from. ``base`` is the address of the service."""
    return {
        "title": say("ogc.title", language),
        "description": say("app.name", language),
        "links": [
            link(f"{base}/?f=json", "self", "application/json"),
            link(f"{base}/?f=html", "alternate", "text/html"),
            link(f"{base}/api", "service-desc", OPENAPI, say("ogc.api", language)),
            link(f"{base}/api?f=html", "service-doc", "text/html", say("ogc.api", language)),
            link(
                f"{base}/conformance",
                "conformance",
                "application/json",
                say("ogc.conformance", language),
            ),
            link(
                f"{base}/collections", "data", "application/json", say("ogc.collections", language)
            ),
        ],
    }


def collection_document(
    base: str, collection: Collection, province: Province, language: Language
) -> Document:
    """Return the description of a collection: its extent, CRS, sources and links."""
    table = features(province, collection.layer)
    address = f"{base}/collections/{collection.id}"
    extent: dict[str, object] = {}
    if len(table):
        box = [round(float(value), 6) for value in table.total_bounds]
        extent["spatial"] = {"bbox": [box], "crs": CRS84}
    if collection.has_years and table["year"].notna().any():
        years = f"{int(table['year'].min())}-01-01T00:00:00Z", f"{int(table['year'].max())}-12-31"
        extent["temporal"] = {"interval": [[years[0], f"{years[1]}T23:59:59Z"]]}
    sources = layer_sources(province, collection.layer) if len(table) else ()
    return {
        "id": collection.id,
        "title": collection.title,
        "description": province.settings.boundary_note.say(language),
        "attribution": "; ".join(f"{one.publisher} {one.year}".strip() for one in sources[:20]),
        "extent": extent,
        "itemType": "feature",
        "crs": list(crs_names(province)),
        "storageCrs": CRS84,
        "links": [
            link(address, "self", "application/json", collection.title),
            link(f"{address}/items", "items", GEOJSON, collection.title),
            link(f"{address}/items?f=html", "items", "text/html", collection.title),
        ],
    }


def page_of_features(
    address: str, table: gpd.GeoDataFrame, query: FeatureQuery, province: Province, moment: str
) -> Document:
    """Return one page of the matching features ``table`` as GeoJSON, with a link to the next."""
    part = table.iloc[query.offset : query.offset + query.limit]
    others = {key: value for key, value in query.asked if key not in ("f", "offset", "limit")}
    links = [
        link(_with(address, {**dict(query.asked), "f": "json"}), "self", GEOJSON),
        link(_with(address, {**dict(query.asked), "f": "html"}), "alternate", "text/html"),
    ]
    following = query.offset + query.limit
    if following < len(table):
        more = {**others, "limit": str(query.limit), "offset": str(following)}
        links.append(link(_with(address, more), "next", GEOJSON))
    return {
        "type": "FeatureCollection",
        "timeStamp": moment,
        "numberMatched": len(table),
        "numberReturned": len(part),
        "features": as_features(part, crs_names(province)[query.crs]),
        "links": links,
    }


def as_features(table: gpd.GeoDataFrame, crs: str) -> list[Document]:
    """Return rows as GeoJSON features, coordinates in ``crs`` in the order of its axes."""
    digits = 7 if crs in ("OGC:CRS84", "EPSG:4326") else 3
    shapes = shapely.transform(in_crs(table, crs), lambda xy: xy.round(digits))
    return [
        {
            "type": "Feature",
            "id": str(name),
            "geometry": mapping(shape),
            "properties": properties(row),
        }
        for (name, row), shape in zip(table.iterrows(), shapes, strict=True)
    ]


def _with(address: str, asked: dict[str, str]) -> str:
    return f"{address}?{urlencode(asked)}" if asked else address


def openapi(base: str, offered: list[tuple[Collection, Province]], language: Language) -> Document:
    """Return the description of the interface that programs read (OpenAPI 3.0)."""
    paths: dict[str, object] = {
        "/": _get("landing", [_FORMAT]),
        "/api": _get("description", [_FORMAT]),
        "/conformance": _get("conformance", [_FORMAT]),
        "/collections": _get("collections", [_FORMAT]),
    }
    for collection, province in offered:
        name = collection.id
        asked = [_FORMAT, *_LIMITS, *_crs_parameters(province), *_filters(collection, province)]
        paths[f"/collections/{name}"] = _get(f"{name}.collection", [_FORMAT])
        paths[f"/collections/{name}/items"] = _get(f"{name}.items", asked, GEOJSON)
        one = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}
        paths[f"/collections/{name}/items/{{featureId}}"] = _get(
            f"{name}.item", [one, _FORMAT, _crs_parameters(province)[0]], GEOJSON, missing=True
        )
    return {
        "openapi": "3.0.3",
        "info": {"title": say("ogc.title", language), "version": "1"},
        "servers": [{"url": base}],
        "paths": paths,
    }


def _query(name: str, schema: Document, *, listed: bool = False) -> Document:
    style: Document = {"style": "form", "explode": False} if listed else {}
    return {"name": name, "in": "query", "required": False, "schema": schema, **style}


_FORMAT = _query("f", {"type": "string", "enum": ["json", "html"]})
_LIMITS = [
    _query(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
    ),
    _query("offset", {"type": "integer", "minimum": 0, "maximum": 1_000_000, "default": 0}),
    _query(
        "bbox",
        {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
        listed=True,
    ),
    _query("datetime", {"type": "string"}),
]


def _crs_parameters(province: Province) -> list[Document]:
    schema: Document = {"type": "string", "format": "uri", "enum": list(crs_names(province))}
    return [_query("crs", schema), _query("bbox-crs", schema)]


def _filters(collection: Collection, province: Province) -> list[Document]:
    table = features(province, collection.layer)
    columns = [str(name) for name in table.columns if name not in ("geometry", *FILTER_KEYS)]
    return [_query(name, {"type": "string"}) for name in (*FILTER_KEYS, *columns)]


def _get(
    name: str, asked: list[Document], media: str = "application/json", *, missing: bool = False
) -> Document:
    content = {media: {"schema": {"type": "object"}}, "text/html": {"schema": {"type": "string"}}}
    wrong = {"application/json": {"schema": {"type": "object"}}}
    answers: Document = {
        "200": {"description": "the answer", "content": content},
        "400": {"description": "a parameter that cannot be understood", "content": wrong},
    }
    if missing:
        answers["404"] = {"description": "no such feature", "content": wrong}
    return {"get": {"operationId": name, "parameters": asked, "responses": answers}}
