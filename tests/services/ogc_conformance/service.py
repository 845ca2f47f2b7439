"""A client of OGC API - Features that knows nothing but the address of the landing page."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import httpx
import shapely
from openapi_schema_validator import OAS30Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

GEOJSON, HTML, JSON = "application/geo+json", "text/html", "application/json"
OPENAPI = "application/vnd.oai.openapi+json"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
BOX = (119.0, 31.0, 120.5, 32.5)
Json = dict[str, Any]


class Service:
    """A client that knows nothing but the address of the landing page."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.client = httpx.Client(timeout=300, follow_redirects=True)

    def get(self, address: str, accept: str = "", **query: object) -> httpx.Response:
        headers = {"Accept": accept} if accept else {}
        target = httpx.URL(address if "://" in address else self.root + address)
        return self.client.get(target.copy_merge_params(query), headers=headers)

    def json(self, address: str, **query: object) -> Json:
        answer = self.get(address, **query)
        assert answer.status_code == 200, f"{answer.url}: {answer.text[:300]}"
        return answer.json()

    def linked(self, document: Json, relation: str, media_type: str) -> str:
        """Return where a document leads to, as the standard says that clients find their way."""
        found = [
            one["href"]
            for one in document["links"]
            if one["rel"] == relation and one["type"].startswith(media_type)
        ]
        assert found, f"no link {relation} of type {media_type}"
        return str(found[0])

    def refuses(self, address: str, **query: object) -> bool:
        answer = self.get(address, **query)
        return answer.status_code == 400 and bool(answer.json()["code"])

    @cached_property
    def landing(self) -> Json:
        return self.json("/")

    @cached_property
    def api(self) -> Json:
        return self.json(self.linked(self.landing, "service-desc", OPENAPI))

    @cached_property
    def collections(self) -> list[Json]:
        return list(self.json(self.linked(self.landing, "data", JSON))["collections"])

    def items_of(self, collection: Json) -> str:
        return self.linked(collection, "items", GEOJSON)

    @property
    def items(self) -> list[str]:
        return [self.items_of(one) for one in self.collections]

    @cached_property
    def empty(self) -> list[str]:
        """The items of groups of sites: there are none where few sites have a place."""
        return [self.items_of(one) for one in self.collections if one["id"] == "groups"]

    @cached_property
    def dated(self) -> str:
        """The items of a collection whose features have a time."""
        return next(self.items_of(one) for one in self.collections if "temporal" in one["extent"])

    @cached_property
    def areas(self) -> str:
        return next(self.items_of(one) for one in self.collections if one["id"] == "counties")

    def parameter(self, path: str, name: str) -> Json:
        found = self.api["paths"][path]["get"]["parameters"]
        return next(one for one in found if one["name"] == name)

    def follows(self, name: str, document: Json) -> None:
        """Check a document against a schema of the API definition itself."""
        registry = Registry().with_resource(
            "urn:api", Resource(contents=self.api, specification=DRAFT4)
        )
        schema = {"$ref": f"urn:api#/components/schemas/{name}"}
        OAS30Validator(schema, registry=registry).validate(document)


def assert_links(document: Json, *wanted: tuple[str, str]) -> None:
    """Every link has relation, type and an absolute address; the wanted ones are there."""
    for one in document["links"]:
        assert one["rel"]
        assert one["type"]
        assert httpx.URL(one["href"]).is_absolute_url
    found = {(one["rel"], one["type"].partition(";")[0]) for one in document["links"]}
    assert found >= set(wanted)


def every_feature(service: Service, address: str, **query: object) -> list[Json]:
    """Follow ``next`` to the last page; the count and the ids must come out even."""
    found: list[Json] = []
    page = service.json(address, **query)
    matched = page["numberMatched"]
    while True:
        assert page["numberMatched"] == matched
        found += page["features"]
        forward = [one["href"] for one in page["links"] if one["rel"] == "next"]
        if not forward:
            break
        assert page["features"]
        page = service.json(forward[0])
    assert len(found) == matched
    assert len({one["id"] for one in found}) == matched
    return found


def meets(feature: Json, area: shapely.Geometry) -> bool:
    """Tell whether a feature is in an area: one that is not located is in none."""
    if feature["geometry"] is None:
        return False
    return bool(shapely.geometry.shape(feature["geometry"]).intersects(area))


def may_lack_a_place(feature: dict[str, Any]) -> bool:
    """Whether a feature is one that can be without a place: a site, a company."""
    properties = feature["properties"]
    return properties.get("precision") in ("county", "city") or "listed_code" in properties
