"""The abstract test suites of OGC API - Features, rule by rule, against the real server over HTTP.

OGC 17-069r4, annex A (Core, GeoJSON, HTML, OpenAPI 3.0) and OGC 18-058r1, annex A (CRS by
reference); each test names the rules that it holds. ``ATLAS_OGC=https://NAME/ogc`` checks an
installation that runs already instead of a server of the tests' own.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import html5lib
import httpx
import pytest
import shapely
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import OpenAPIV30SpecValidator
from pyproj import CRS, Transformer
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

CONF = "http://www.opengis.net/spec/ogcapi-features"
CLASSES = [f"{CONF}-1/1.0/conf/{name}" for name in ("core", "geojson", "html", "oas30")]
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG_4326 = "http://www.opengis.net/def/crs/EPSG/0/4326"
GEOJSON, HTML, JSON = "application/geo+json", "text/html", "application/json"
OPENAPI = "application/vnd.oai.openapi+json"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
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


@pytest.fixture(scope="module")
def service(request: pytest.FixtureRequest) -> Iterator[Service]:
    running = os.environ.get("ATLAS_OGC")
    found = Service(running or f"{request.getfixturevalue('server')}/ogc")
    yield found
    found.client.close()


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


# ------------------------------------------------------------------ Core: landing, API, conformance


def test_http(service):
    """/ats/core/http: HTTP 1.1, and HEAD where there is GET."""
    answer = service.get("/")
    assert answer.http_version == "HTTP/1.1"
    head = service.client.head(service.root)
    assert (head.status_code, head.text) == (200, "")


def test_landing_page(service):
    """/ats/core/root-op, root-success."""
    assert_links(
        service.landing,
        ("self", JSON),
        ("alternate", HTML),
        ("service-desc", OPENAPI),
        ("service-doc", HTML),
        ("conformance", JSON),
        ("data", JSON),
    )
    for one in service.landing["links"]:
        answer = service.get(one["href"])
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(one["type"].partition(";")[0])


def test_api_definition(service):
    """/ats/core/api-definition-op, -success; /ats/oas30/oas-definition-1, -2."""
    answer = service.get(service.linked(service.landing, "service-desc", OPENAPI))
    assert answer.headers["content-type"] == f"{OPENAPI};version=3.0"
    assert answer.json()["openapi"].startswith("3.0.")
    assert list(OpenAPIV30SpecValidator(answer.json()).iter_errors()) == []
    people = service.get(service.linked(service.landing, "service-doc", HTML))
    assert all(path.partition("{")[0] in people.text for path in answer.json()["paths"])


def test_conformance(service):
    """/ats/core/conformance-op, -success: Core and what else is claimed."""
    address = service.linked(service.landing, "conformance", JSON)
    claimed = service.json(address)
    service.follows("conformance", claimed)
    assert set(claimed["conformsTo"]) == {*CLASSES, f"{CONF}-2/1.0/conf/crs"}


def test_every_path_of_the_definition_answers(service):
    """/ats/oas30/oas-impl: each path as the definition says, with a schema of the definition."""
    for path, what in service.api["paths"].items():
        if "{" in path:
            continue
        answer = service.get(path)
        told = what["get"]["responses"][str(answer.status_code)]["content"]
        media_type = answer.headers["content-type"]
        schema = next(told[one] for one in told if media_type.startswith(one))["schema"]
        service.follows(schema["$ref"].rpartition("/")[2], answer.json())


@pytest.mark.parametrize("query", ["nosuchparameter=1", "f=klingon", "lang=tlh"])
def test_unknown_and_invalid_parameters(service, query):
    """/req/core/query-param-unknown, query-param-invalid; /ats/oas30/exceptions-http."""
    name, value = query.split("=")
    one = service.collections[0]
    addresses = ["/", "/api", "/conformance", "/collections"]
    addresses += [service.linked(one, "self", JSON), service.items_of(one)]
    addresses += [service.json(service.items_of(one), limit=1)["features"][0]["id"]]
    addresses[-1] = f"{service.items_of(one)}/{addresses[-1]}"
    for address in addresses:
        plain = address.partition("?")[0]
        answer = service.get(plain, **{name: value})
        assert answer.status_code == 400, answer.url
        assert answer.headers["content-type"] == JSON
        service.follows("exception", answer.json())


@pytest.mark.parametrize(
    "path", ["/collections/nosuch", "/collections/nosuch/items", "/collections/{id}/items/nosuch"]
)
def test_what_is_not_there(service, path):
    """/req/core/http: 404 for a resource that is not there."""
    answer = service.get(path.replace("{id}", service.collections[0]["id"]))
    assert answer.status_code == 404
    service.follows("exception", answer.json())


# ------------------------------------------------------------------ Core: collections


def test_collections(service):
    """/ats/core/fc-md-op, -success, -links, -items, -items-links, -extent."""
    document = service.json(service.linked(service.landing, "data", JSON))
    service.follows("collections", document)
    assert_links(document, ("self", JSON), ("alternate", HTML))
    ids = [one["id"] for one in document["collections"]]
    assert len(ids) == len(set(ids)) > 5
    for one in document["collections"]:
        service.follows("collection", one)
        assert one["title"]
        assert one["description"]
        assert_links(one, ("items", GEOJSON), ("items", HTML))
        assert f"/collections/{one['id']}/items" in service.api["paths"]
        (box,) = one["extent"]["spatial"]["bbox"]
        assert -180 <= box[0] < box[2] <= 180
        assert -90 <= box[1] < box[3] <= 90


def test_each_collection(service):
    """/ats/core/sfc-md-op, -success: the same as in the list."""
    for one in service.collections:
        assert service.json(service.linked(one, "self", JSON)) == one


def test_every_feature_is_inside_its_extent(service):
    """/ats/core/fc-md-extent: the extent covers every feature; /ats/core/crs84."""
    for one in service.collections:
        west, south, east, north = one["extent"]["spatial"]["bbox"][0]
        extent = shapely.box(west, south, east, north).buffer(1e-4)
        for feature in every_feature(service, service.items_of(one), limit=1000):
            shape = shapely.geometry.shape(feature["geometry"])
            assert shape.is_valid, f"{one['id']} {feature['id']}"
            assert extent.contains(shape), f"{one['id']} {feature['id']}"


# ------------------------------------------------------------------ Core: features


def test_features(service):
    """/ats/core/fc-op, fc-response, fc-links, fc-timeStamp, fc-numberMatched, -numberReturned."""
    for address in service.items:
        answer = service.get(address)
        assert answer.headers["content-type"].partition(";")[0] == GEOJSON
        page = answer.json()
        service.follows("features", page)
        assert_links(page, ("self", GEOJSON), ("alternate", HTML))
        assert MOMENT.fullmatch(page["timeStamp"])
        assert page["numberReturned"] == len(page["features"]) <= page["numberMatched"]
        assert page["numberReturned"] > 0


def test_limit_and_bbox_and_datetime_are_defined(service):
    """/ats/core/fc-limit-definition, fc-bbox-definition, fc-time-definition."""
    for one in service.collections:
        path = f"/collections/{one['id']}/items"
        limit, box, time = (service.parameter(path, name) for name in ("limit", "bbox", "datetime"))
        for found in (limit, box, time):
            assert (found["in"], found["required"]) == ("query", False)
        for found in (limit, box):
            assert (found["style"], found["explode"]) == ("form", False)
        schema = limit["schema"]
        assert (schema["type"], schema["minimum"]) == ("integer", 1)
        assert schema["minimum"] <= schema["default"]
        schema = box["schema"]
        assert (schema["type"], schema["items"]["type"]) == ("array", "number")
        assert {(4, 4), (6, 6)} == {(it["minItems"], it["maxItems"]) for it in schema["oneOf"]}
        assert time["schema"]["type"] == "string"


def test_limit(service):
    """/ats/core/fc-limit-response: no more than asked; too much is cut and not refused."""
    for address in service.items:
        for limit in (1, 3):
            assert len(service.json(address, limit=limit)["features"]) <= limit
        assert service.json(address, limit=10_000_000)["numberReturned"] > 0
        for wrong in ("0", "-1", "1.5", "many", ""):
            assert service.refuses(address, limit=wrong)


def test_paging(service):
    """/rec/core/fc-next-1 to -3: every feature once; filters stay from page to page."""
    for address in service.items:
        whole = every_feature(service, address, limit=1000)
        paged = every_feature(service, address, limit=max(1, len(whole) // 3))
        assert [one["id"] for one in paged] == [one["id"] for one in whole]
    west, south, east, north = BOX
    box = f"{west},{south},{east},{north}"
    paged = every_feature(service, service.areas, limit=7, bbox=box, kind="district")
    assert {one["properties"]["kind"] for one in paged} == {"district"}
    assert all(meets(one, shapely.box(*BOX)) for one in paged)
    second = service.json(service.areas, limit=10, offset=10)
    back = service.linked(second, "prev", GEOJSON)
    assert [one["id"] for one in service.json(back)["features"]] == [
        one["id"] for one in service.json(service.areas, limit=10)["features"]
    ]


def meets(feature: Json, area: shapely.Geometry) -> bool:
    return bool(shapely.geometry.shape(feature["geometry"]).intersects(area))


@pytest.mark.parametrize(
    "box",
    [
        "119.0,31.0,120.5,32.5",
        "119.0,31.0,-100,120.5,32.5,9000",
        "119.0,31.0,119.0,31.0",
        "-180,-90,180,90",
        "120.0,-90,-170.0,90",
        "-170.0,-90,119.0,90",
        "170.0,-90,-170.0,90",
    ],
)
def test_bbox(service, box):
    """/ats/core/fc-bbox-response: what meets the box and nothing else; six numbers; across 180°."""
    numbers = [float(one) for one in box.split(",")]
    west, south, east, north = numbers if len(numbers) == 4 else (*numbers[:2], *numbers[3:5])
    halves = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    area = shapely.union_all([shapely.box(left, south, right, north) for left, right in halves])
    for address in service.items:
        whole = every_feature(service, address, limit=1000)
        found = every_feature(service, address, limit=1000, bbox=box)
        expected = {one["id"] for one in whole if meets(one, area)}
        assert {one["id"] for one in found} == expected


@pytest.mark.parametrize(
    "box", ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "119,33,120,32", "1,2,nan,4", "1,2,inf,4"]
)
def test_bbox_that_is_none(service, box):
    """/ats/core/query-param-invalid for ``bbox``: south above north, and no numbers."""
    assert service.refuses(service.areas, bbox=box)


TIMES = {
    "2020": (2020, 2020),
    "2020-06-01": (2020, 2020),
    "2020-06-01T12:00:00Z": (2020, 2020),
    "2020-06-01t12:00:00.5+08:00": (2020, 2020),
    "2019-01-01/2021-12-31": (2019, 2021),
    "2019-01-01T00:00:00Z/2021-12-31T23:59:59Z": (2019, 2021),
    "../2019-12-31": (None, 2019),
    "/2019-12-31": (None, 2019),
    "2022-01-01/..": (2022, None),
    "2022-01-01/": (2022, None),
}


@pytest.mark.parametrize("moment", TIMES)
def test_datetime(service, moment):
    """/ats/core/fc-time-response: features of the time, and those that have none."""
    first, last = TIMES[moment]
    whole = every_feature(service, service.dated, limit=1000)
    years = {one["id"]: one["properties"]["year"] for one in whole}
    expected = {
        name
        for name, year in years.items()
        if year is None or ((first or 0) <= year <= (last or 9999))
    }
    assert 0 < len(expected) < len(whole)
    found = every_feature(service, service.dated, limit=1000, datetime=moment)
    assert {one["id"] for one in found} == expected
    timeless = service.json(service.areas, limit=1000, datetime=moment)
    assert timeless["numberMatched"] == service.json(service.areas)["numberMatched"]


@pytest.mark.parametrize(
    "moment",
    [
        "yesterday",
        "2020-13-01",
        "2020-00-01",
        "2021-02-29",
        "2020-01-01T25:00:00Z",
        "2020-01-01T00:00:00",
        "2022-01-01/2020-01-01",
        "2019/2020/2021",
        "../..",
        "/",
        "",
    ],
)
def test_datetime_that_is_none(service, moment):
    """/ats/core/query-param-invalid for ``datetime``: RFC 3339, one end open at most."""
    assert service.refuses(service.dated, datetime=moment)


def test_each_feature(service):
    """/ats/core/f-op, f-success, f-links: the same feature as in the list, and where it is from."""
    for one in service.collections:
        for feature in service.json(service.items_of(one), limit=2)["features"]:
            plain = service.items_of(one).partition("?")[0]
            answer = service.get(f"{plain}/{feature['id']}")
            assert answer.headers["content-type"].partition(";")[0] == GEOJSON
            single = answer.json()
            service.follows("feature", single)
            assert_links(single, ("self", JSON), ("alternate", HTML), ("collection", JSON))
            assert {key: single[key] for key in feature} == feature


# ------------------------------------------------------------------ encodings


@pytest.mark.parametrize(
    ("accept", "query", "media_type"),
    [
        ("", {}, GEOJSON),
        ("*/*", {}, GEOJSON),
        (GEOJSON, {}, GEOJSON),
        (JSON, {}, GEOJSON),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", {}, HTML),
        (f"{HTML};q=0.2, {GEOJSON};q=0.9", {}, GEOJSON),
        (f"{GEOJSON};q=0.2, {HTML}", {}, HTML),
        (HTML, {"f": "json"}, GEOJSON),
        (GEOJSON, {"f": "html"}, HTML),
    ],
)
def test_the_format_is_agreed_upon(service, accept, query, media_type):
    """/req/core/http with RFC 9110: by Accept and its weights; ``f`` goes before."""
    answer = service.get(service.areas.partition("?")[0], accept, **query)
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert "Accept" in answer.headers["vary"]


def test_geojson(service):
    """/ats/geojson/definition, content: RFC 7946 for each of the types of geometry here."""
    for address in service.items:
        for feature in service.json(address, limit=1000)["features"]:
            assert feature["type"] == "Feature"
            assert isinstance(feature["id"], (str, int))
            geometry = feature["geometry"]
            assert geometry["type"] in ("Point", "LineString", "Polygon", "MultiPolygon")
            polygons = {
                "Polygon": [geometry["coordinates"]],
                "MultiPolygon": geometry["coordinates"],
            }
            for polygon in polygons.get(geometry["type"], []):
                for place, ring in enumerate(polygon):
                    assert len(ring) >= 4
                    assert ring[0] == ring[-1]
                    assert shapely.LinearRing(ring).is_ccw == (place == 0)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_html(service, language):
    """/ats/html/definition, content: valid HTML, its values and links, either language."""
    pages = [("/", service.landing), ("/conformance", None), ("/api", None), ("/collections", None)]
    for one in service.collections:
        pages.append((service.linked(one, "self", JSON), None))
        pages.append((service.items_of(one), service.json(service.items_of(one), limit=3)))
    for address, document in pages:
        answer = service.get(address.partition("?")[0], f="html", lang=language)
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(answer.text)
        assert page.get("lang") == language
        assert page.findtext(".//h1")
        targets = [one.get("href") for one in page.iter("a")]
        own = [one for one in targets if one.startswith(service.root)]
        assert all(f"lang={language}" in one for one in own)
        for feature in (document or {}).get("features", []):
            texts = {cell.text for cell in page.iter("td")}
            assert str(feature["id"]) in texts
            assert feature["properties"]["source"] in texts


# ------------------------------------------------------------------ Part 2: CRS by reference


def test_crs_are_listed(service):
    """/ats/crs/fc-md-crs-list, -storageCrs, -crs-uri: CRS84 first, each with a definition."""
    document = service.json("/collections")
    for one in document["collections"]:
        assert one["crs"][0] == CRS84
        assert one["storageCrs"] in one["crs"]
        assert set(one["crs"]) <= set(document["crs"])
        for address in one["crs"]:
            assert crs_of(address).name
        items = f"/collections/{one['id']}/items"
        for path, name in ((items, "crs"), (items, "bbox-crs"), (f"{items}/{{featureId}}", "crs")):
            found = service.parameter(path, name)
            assert (found["in"], found["required"]) == ("query", False)
            assert (found["style"], found["explode"]) == ("form", False)
            assert found["schema"]["enum"] == one["crs"]


def crs_of(address: str) -> CRS:
    authority, _, code = address.rpartition("/crs/")[2].split("/")
    return CRS.from_authority(authority, code)


def corners(feature: Json) -> list[list[float]]:
    found = feature["geometry"]["coordinates"]
    while isinstance(found[0][0], list):
        found = found[0]
    return list(found)


def test_crs(service):
    """/ats/crs/fc-crs-action, -default-value, -content-crs; the same for a single feature."""
    plain = service.get(service.areas, limit=3)
    assert plain.headers["content-crs"] == f"<{CRS84}>"
    feature = plain.json()["features"][0]
    single = f"{service.areas.partition('?')[0]}/{feature['id']}"
    assert service.get(single).headers["content-crs"] == f"<{CRS84}>"
    collection = next(one for one in service.collections if one["id"] == "counties")
    for address in collection["crs"]:
        # Axes as the authority has them: pyproj moves the points on its own.
        move = Transformer.from_crs("OGC:CRS84", crs_of(address))
        metres = crs_of(address).axis_info[0].unit_name == "metre"
        for target in (service.areas, single):
            answer = service.get(target, crs=address)
            assert answer.headers["content-crs"] == f"<{address}>"
            found = answer.json()
            moved = found["features"][0] if "features" in found else found
            assert len(corners(moved)) == len(corners(feature))
            for old, new in zip(corners(feature), corners(moved), strict=True):
                assert new == pytest.approx(list(move.transform(*old)), abs=1 if metres else 2e-6)


def test_crs_that_is_none(service):
    """/ats/crs/fc-crs-valid-value, bbox-crs-valid-value: 400 for what is not listed."""
    for address in ("", "EPSG:4326", "nosuch", f"{EPSG_4326}9", "http://www.opengis.net/def/crs"):
        assert service.refuses(service.areas, crs=address)
        assert service.refuses(service.areas, bbox=",".join(map(str, BOX)), **{"bbox-crs": address})


def test_bbox_crs(service):
    """/ats/crs/fc-bbox-crs-action, -default-value: the box in its own CRS and order of axes."""
    west, south, east, north = BOX
    plain = service.json(service.areas, bbox=f"{west},{south},{east},{north}", limit=1000)
    expected = {one["id"] for one in plain["features"]}
    turned = f"{south},{west},{north},{east}"
    found = service.json(service.areas, bbox=turned, limit=1000, **{"bbox-crs": EPSG_4326})
    assert {one["id"] for one in found["features"]} == expected
    assert 0 < len(expected) < plain["numberMatched"] + 1
    collection = next(one for one in service.collections if one["id"] == "counties")
    metric = next(one for one in collection["crs"] if one not in (CRS84, EPSG_4326))
    inside = shapely.geometry.shape(plain["features"][0]["geometry"]).representative_point()
    first, second = Transformer.from_crs("OGC:CRS84", crs_of(metric)).transform(inside.x, inside.y)
    small = f"{first - 1},{second - 1},{first + 1},{second + 1}"
    found = service.json(service.areas, bbox=small, **{"bbox-crs": metric})
    assert [one["id"] for one in found["features"]] == [plain["features"][0]["id"]]
