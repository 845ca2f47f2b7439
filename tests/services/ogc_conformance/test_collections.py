"""OGC 17-069r4, Core: the collections and each of them."""

from __future__ import annotations

import shapely

from .service import GEOJSON, HTML, JSON, assert_links, every_feature, may_lack_a_place


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
            if feature["geometry"] is None:
                assert may_lack_a_place(feature)
                continue
            shape = shapely.geometry.shape(feature["geometry"])
            assert shape.is_valid, f"{one['id']} {feature['id']}"
            assert extent.contains(shape), f"{one['id']} {feature['id']}"
