"""Draw what lies within straight-line distances of the hubs."""

from __future__ import annotations

from layers.catalogue._catchments import drawn_catchments
from layers.specification.derived import hub_catchments
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.words.plan_words import hub_name


def _draw(scene: Scene) -> Drawn:
    return drawn_catchments(
        scene,
        hub_catchments(scene.province),
        within="catchments.within",
        note="catchments.note",
        sources=(scene.province.settings.boundary_source,),
    )


def _title(scene: Scene) -> str:
    return scene.say("layer.catchments", hub=hub_name(scene.province, scene.language))


LAYER = CatalogueLayer(
    id="catchments",
    title=_title,
    order=72,
    geometry="catchments",
    draw=_draw,
    legend_group="legend.analysis",
    switchable=True,
    default=False,
)
