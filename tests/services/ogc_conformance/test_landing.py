"""OGC 17-069r4, Core and OpenAPI 3.0: landing page, API definition, conformance, refusals."""

from __future__ import annotations

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from .service import HTML, JSON, OPENAPI, assert_links

CONF = "http://www.opengis.net/spec/ogcapi-features"
CLASSES = [f"{CONF}-1/1.0/conf/{name}" for name in ("core", "geojson", "html", "oas30")]


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
