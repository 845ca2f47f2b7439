"""OGC 17-069r4, Core: features, their pages, and what limits them by number, place and time."""

from __future__ import annotations

import re

import pytest
import shapely

from .service import BOX, GEOJSON, HTML, JSON, assert_links, every_feature, meets

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


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
        assert page["numberReturned"] > 0 or address in service.empty


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
        returned = service.json(address, limit=10_000_000)["numberReturned"]
        assert returned > 0 or address in service.empty
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
