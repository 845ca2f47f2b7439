"""Write the OpenAPI 3.0 document of the interface: every request, and what answers it."""

from __future__ import annotations

from collections.abc import Sequence

from data.text import LANGUAGES
from layers.address.query import DECIDED_BY, capacity_pattern, facet_choices
from layers.ogc.collections import Collection
from layers.ogc.documents import Json
from layers.ogc.feature_query import (
    DATETIME_PATTERN,
    DEFAULT_LIMIT,
    LONGEST_VALUE,
    MOST_COORDINATE,
    MOST_FEATURES,
    SHARED_KEYS,
    VIEW_KEYS,
    crs_choices,
)

_STRING: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}
_YEARS = r"^(19\d\d|20\d\d|2100)-(19\d\d|20\d\d|2100)$"


def openapi(
    base: str, title: str, collections: Sequence[Collection], version: str, *, guarded: bool = False
) -> Json:
    """Return the OpenAPI 3.0 document of everything that can be asked.

    Where the interface is ``guarded``, it says that a bearer token is asked for.
    """
    paths: Json = {
        "/": _get("The landing page", "landing"),
        "/conformance": _get("What the interface conforms to", "conformance"),
        "/api": _get("This document", "api"),
        "/collections": _get("All collections", "collections"),
    }
    for one in collections:
        paths |= _collection_paths(one)
    document: Json = {
        "openapi": "3.0.3",
        "info": {"title": title, "version": version},
        "servers": [{"url": base}],
        "paths": paths,
        "components": {"schemas": _schemas()},
    }
    if guarded:
        document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        document["security"] = [{"token": []}]
    return document


def _collection_paths(one: Collection) -> Json:
    path = f"/collections/{one.id}"
    crs = _parameter("crs", {"type": "string", "enum": list(crs_choices(one.province))})
    identifier = _parameter("featureId", _STRING) | {
        "in": "path",
        "required": True,
        "style": "simple",
    }
    geojson = "application/geo+json"
    return {
        path: _get(one.title, "collection"),
        f"{path}/items": _get(
            one.description, "features", crs, *_item_parameters(one), media_type=geojson
        ),
        f"{path}/items/{{featureId}}": _get(
            one.title, "feature", crs, identifier, media_type=geojson
        ),
    }


def _get(
    summary: str, schema: str, *parameters: Json, media_type: str = "application/json"
) -> Json:
    """Return a path that can be read, as JSON of a schema or as a page."""
    if schema == "api":
        media_type = "application/vnd.oai.openapi+json;version=3.0"
    answer = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    problem = {"application/json": {"schema": {"$ref": "#/components/schemas/exception"}}}
    return {
        "get": {
            "summary": summary,
            "parameters": [
                _parameter("f", {"type": "string", "enum": ["json", "html"]}),
                _parameter("lang", {"type": "string", "enum": list(LANGUAGES)}),
                *parameters,
            ],
            "responses": {
                "200": {
                    "description": "What was asked for",
                    "content": {media_type: answer, "text/html": {"schema": _STRING}},
                },
                "400": {"description": "A parameter is not understood", "content": problem},
                "401": {"description": "Sign in first, where the atlas asks for it"},
                "404": {"description": "There is no such thing", "content": problem},
            },
        }
    }


def _item_parameters(one: Collection) -> list[Json]:
    number = {"type": "number", "minimum": -MOST_COORDINATE, "maximum": MOST_COORDINATE}
    corners = [{"minItems": length, "maxItems": length} for length in (4, 6)]
    box = {"type": "array", "items": number, "minItems": 4, "maxItems": 6, "oneOf": corners}
    count = {"type": "integer", "minimum": 1, "default": DEFAULT_LIMIT}
    crs = {"type": "string", "enum": list(crs_choices(one.province))}
    columns = [name for name in one.columns if name not in VIEW_KEYS]
    return [
        _parameter("limit", count) | {"description": f"At most {MOST_FEATURES} are answered"},
        _parameter("offset", _COUNT | {"default": 0}),
        _parameter("bbox", box),
        _parameter("bbox-crs", crs),
        _parameter("datetime", {"type": "string", "pattern": DATETIME_PATTERN}),
        *_view_parameters(one),
        *(_property(name, one) for name in columns),
    ]


def _property(name: str, one: Collection) -> Json:
    """Return a parameter of an exact value; one with a colon is a range of capacities."""
    schema: Json = {"type": "string", "maxLength": LONGEST_VALUE}
    if name == "capacity":
        schema["pattern"] = rf"^[^:]*$|{capacity_pattern(one.province)}"
    return _parameter(name, schema)


_DEGREES = r"\d{1,3}(\.\d{1,4})?"
_KM = r"\d{1,3}(\.\d)?"
_AREA = (
    rf"^((circle|road):{_DEGREES},{_DEGREES},{_KM}|box:{_DEGREES},{_DEGREES},{_DEGREES},{_DEGREES}"
    rf"|(polygon|corridor:{_KM}):{_DEGREES},{_DEGREES}(;{_DEGREES},{_DEGREES}){{1,199}})$"
)


def _view_parameters(one: Collection) -> list[Json]:
    """Return what filters features as it filters the map, but for names of own columns."""
    facets = facet_choices(one.province)
    keys = (*VIEW_KEYS, *(key for key in SHARED_KEYS if key not in one.columns))
    patterns = {"years": _YEARS, "capacity": capacity_pattern(one.province)}
    return [
        *(_several(key, facets[key]) for key in keys if facets.get(key)),
        *(
            _parameter(key, {"type": "string", "pattern": pattern})
            for key, pattern in patterns.items()
            if key in keys
        ),
        _parameter("area", {"type": "string", "pattern": _AREA}),
        _parameter("by", {"type": "string", "enum": list(DECIDED_BY)}),
    ]


def _several(name: str, choices: Sequence[str]) -> Json:
    """Return a parameter of one or several values, with commas between."""
    values = {"type": "string", "enum": list(choices)}
    schema = {"type": "array", "items": values, "minItems": 1}
    return _parameter(name, schema)


def _parameter(name: str, schema: Json) -> Json:
    plain = {"name": name, "in": "query", "required": False, "schema": schema}
    return {**plain, "style": "form", "explode": False}


def _object(required: Sequence[str], **properties: Json) -> Json:
    return {"type": "object", "required": list(required), "properties": properties}


def _list_of(schema: str) -> Json:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{schema}"}}


def _schemas() -> Json:
    texts = {"type": "array", "items": _STRING}
    links = _list_of("link")
    nullable_object = {"type": "object", "nullable": True}
    feature = _object(
        ("type", "id", "geometry", "properties"),
        type={"type": "string", "enum": ["Feature"]},
        id={"oneOf": [_STRING, {"type": "integer"}]},
        geometry=nullable_object,
        properties=nullable_object,
        links=links,
    )
    return {
        "link": _object(("href", "rel"), href=_STRING, rel=_STRING, type=_STRING, title=_STRING),
        "exception": _object(("code",), code=_STRING, description=_STRING),
        "landing": _object(("links",), title=_STRING, description=_STRING, links=links),
        "conformance": _object(("conformsTo",), conformsTo=texts),
        "api": {"type": "object"},
        "collections": _object(
            ("links", "collections"), links=links, collections=_list_of("collection")
        ),
        "collection": _object(
            ("id", "links"), id=_STRING, title=_STRING, description=_STRING, links=links, crs=texts
        ),
        "feature": feature,
        "features": _object(
            ("type", "features", "links", "numberMatched", "numberReturned", "timeStamp"),
            type={"type": "string", "enum": ["FeatureCollection"]},
            features=_list_of("feature"),
            links=links,
            numberMatched=_COUNT,
            numberReturned=_COUNT,
            timeStamp={"type": "string", "format": "date-time"},
        ),
    }
