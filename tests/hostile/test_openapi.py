"""Requests made from the OpenAPI document itself: none is answered otherwise than it promises."""

from __future__ import annotations

import schemathesis
from hypothesis import HealthCheck, assume, settings
from starlette.applications import Starlette

from layers.ogc.query import CRS84
from tests.conftest import WIDER
from ui.ogc import ogc_routes

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
    """Whether corners and years are in their order, which no schema can ask for.

    What lies outside the domain of a metric CRS is refused too.
    """
    first, _, last = str(query.get("years", "")).partition("-")
    if first.isdigit() and last.isdigit() and first > last:
        return False
    box = query.get("bbox", "")
    corners = box if isinstance(box, list) else str(box).split(",")
    try:
        numbers = [float(one) for one in corners]
    except ValueError:
        return True
    half = len(numbers) // 2
    ordered = all(numbers[place] <= numbers[place + half] for place in range(min(2, half)))
    return ordered and query.get("bbox-crs", CRS84) == CRS84
