"""OGC 17-069r4, GeoJSON and HTML: how the format is agreed upon, and that each is valid."""

from __future__ import annotations

import html5lib
import pytest
import shapely

from .service import GEOJSON, HTML, JSON, may_lack_a_place

TYPES = ("Point", "MultiPoint", "MultiLineString", "Polygon", "MultiPolygon")


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
            if geometry is None:
                # RFC 7946, 3.2: a feature that is not located.
                assert may_lack_a_place(feature)
                continue
            assert geometry["type"] in TYPES
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
