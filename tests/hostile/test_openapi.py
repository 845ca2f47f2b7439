"""Requests made from the OpenAPI document itself: none is answered otherwise than it promises."""

from __future__ import annotations

from datetime import date

import schemathesis
from hypothesis import HealthCheck, assume, settings
from starlette.applications import Starlette

from clusters.area_of_interest import AreaError, read_area
from clusters.facets import MOST_CAPACITY
from data.loader import default_province_id, load_province
from layers.ogc.feature_query import CRS84
from tests.conftest import WIDER
from ui.server.ogc_service import ogc_routes

WINDOW = load_province(default_province_id()).settings.window
service = schemathesis.openapi.from_asgi("/ogc/api", Starlette(routes=ogc_routes()))


@service.parametrize()
@settings(
    max_examples=12 * max(1, WIDER),
    deadline=None,
    derandomize=not WIDER,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_every_answer_is_as_the_document_says(case):
    assume(in_order(case.query or {}))
    case.call_and_validate()


def in_order(query: dict) -> bool:
    """Whether corners, years, capacities and dates are in their order, which no schema can ask for.

    What lies outside the domain of a metric CRS is refused too, and so is the 30th of February, and
    an area outside the map or whose sides cross.
    """
    if not is_area(query.get("area")):
        return False
    first, _, last = str(query.get("years", "")).partition("-")
    if first.isdigit() and last.isdigit() and first > last:
        return False
    least, _, most = str(query.get("capacity", "")).partition(":")[2].partition("-")
    ends = [float(one) for one in (least, most) if is_number(one)]
    if ends != sorted(ends) or (ends and ends[-1] > MOST_CAPACITY):
        return False
    moments = [one[:10] for one in str(query.get("datetime", "")).split("/") if one[:1].isdigit()]
    if moments != sorted(moments) or not all(map(is_a_day, moments)):
        return False
    box = query.get("bbox", "")
    corners = box if isinstance(box, list) else str(box).split(",")
    try:
        numbers = [float(one) for one in corners]
    except ValueError:
        return True
    half = len(numbers) // 2
    # Only south and north: a box whose west is the greater one crosses the antimeridian.
    ordered = half < 2 or numbers[1] <= numbers[1 + half]
    return ordered and query.get("bbox-crs", CRS84) == CRS84


def is_area(text: object) -> bool:
    try:
        return text is None or bool(read_area(str(text), WINDOW))
    except AreaError:
        return False


def is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


def is_a_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(f"{text}-01-01"[:10]))
    except ValueError:
        return False
