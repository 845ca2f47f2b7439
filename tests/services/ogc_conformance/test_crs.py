"""OGC 18-058r1: coordinate reference systems by reference."""

from __future__ import annotations

import pytest
import shapely
from pyproj import CRS, Transformer

from .service import BOX, CRS84, Json

EPSG_4326 = "http://www.opengis.net/def/crs/EPSG/0/4326"


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
