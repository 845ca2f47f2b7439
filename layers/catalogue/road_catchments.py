"""Draw what lies within ways by road of the hubs."""

from __future__ import annotations

from clusters.distances.province_roads import ROAD_LAYERS
from layers.catalogue._catchments import drawn_catchments
from layers.specification.derived import hub_road_catchments
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.words.plan_words import hub_name


def _draw(scene: Scene) -> Drawn:
    return drawn_catchments(
        scene,
        hub_road_catchments(scene.province),
        within="catchments.road_within",
        note="catchments.road_note",
        sources=scene.province.ground.source_ids(*ROAD_LAYERS),
    )


def _title(scene: Scene) -> str:
    return scene.say("layer.road_catchments", hub=hub_name(scene.province, scene.language))


LAYER = CatalogueLayer(
    id="road-catchments",
    title=_title,
    order=71,
    geometry="road_catchments",
    draw=_draw,
    legend_group="legend.analysis",
    switchable=True,
    default=False,
)
