"""Gaps of a road graph that are closed, and those that are left."""

from __future__ import annotations

import numpy as np
import pytest

from data.authoring.ground_by_hand import RoadLink
from data.authoring.ground_road_gaps import DETOUR_KM, GAP_KM, close_gaps
from data.errors import DataError
from data.road_graph import RoadGraph

METRIC = "EPSG:32650"
KM = 0.0107
"""About one kilometre of longitude at latitude 33, in degrees."""


def road(*km_east: float, north_km: float = 0.0) -> np.ndarray:
    east = 117 + KM * np.array(km_east)
    return np.column_stack([east, np.full(len(east), 33 + north_km * 0.009)])


def graph_of(*roads: np.ndarray, joined: tuple[tuple[int, int, float], ...] = ()) -> RoadGraph:
    """Roads of two junctions each, as long as they are straight, and further edges."""
    places = np.round(np.concatenate(roads), 3)
    start = np.arange(0, len(places), 2)
    km = np.array([np.hypot(*((one[1] - one[0]) * [93.4, 110.9])) for one in roads])
    more = np.array(joined).reshape(-1, 3)
    return RoadGraph(
        places,
        np.concatenate([start, more[:, 0].astype(int)]),
        np.concatenate([start + 1, more[:, 1].astype(int)]),
        np.concatenate([km, more[:, 2]]),
    )


def closed(graph: RoadGraph, *links: RoadLink) -> list[tuple[int, int, float]]:
    mended, count = close_gaps(graph, links, METRIC)
    known = len(graph.km)
    assert len(mended.km) == known + count
    assert (mended.km[:known] == graph.km).all()
    added = zip(mended.start[known:], mended.end[known:], mended.km[known:], strict=True)
    return [(int(a), int(b), float(km)) for a, b, km in added]


def test_a_road_that_goes_on_after_a_gap_is_joined():
    ((start, end, km),) = closed(graph_of(road(0, 5), road(6, 12)))
    assert {start, end} == {1, 2}
    assert km == pytest.approx(1.0, abs=0.1)


def test_of_two_carriageways_one_is_joined():
    """Each has a gap, and ways between them on either side: one link makes the other needless."""
    ways = (road(0, 2), road(3, 5), road(0, 2, north_km=0.5), road(3, 5, north_km=0.5))
    joined = ((0, 4, 0.5), (3, 7, 0.5))
    assert len(closed(graph_of(*ways, joined=joined))) == 1


@pytest.mark.parametrize(
    "other",
    [
        road(5 + GAP_KM + 0.5, 15),
        road(6, 6.1, north_km=0.9),
    ],
    ids=["too far", "beside it"],
)
def test_what_does_not_go_on_is_left(other):
    assert closed(graph_of(road(0, 5), other)) == []


def test_a_gap_with_a_short_way_round_is_left():
    round_about = ((0, 3, 2.0),)
    assert closed(graph_of(road(0, 5), road(6, 12), joined=round_about)) == []
    longer = ((0, 3, DETOUR_KM + 1),)
    assert len(closed(graph_of(road(0, 5), road(6, 12), joined=longer))) == 1


def test_a_link_by_hand_crosses_any_gap():
    graph = graph_of(road(0, 5), road(20, 25))
    (one, other) = (tuple(graph.places[row]) for row in (1, 2))
    link = RoadLink(
        from_lon=one[0], from_lat=one[1], to_lon=other[0], to_lat=other[1], reason="a bridge"
    )
    ((start, end, km),) = closed(graph, link)
    assert (start, end) == (1, 2)
    assert km == pytest.approx(15, rel=0.02)


def test_a_link_by_hand_to_nowhere_is_a_fault():
    link = RoadLink(from_lon=117, from_lat=33, to_lon=1, to_lat=2, reason="wrong")
    with pytest.raises(DataError, match=r"road_links\.csv.*row 2.*no junction at 1.0, 2.0"):
        closed(graph_of(road(0, 5), road(6, 12)), link)
