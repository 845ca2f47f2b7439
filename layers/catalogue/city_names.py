"""Write the cities' names."""

from __future__ import annotations

from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import city_label


def _draw(scene: Scene) -> Drawn:
    label = scene.say("layer.city_names")
    symbol = city_label(scene.name_field)
    return Drawn(classes=scene.classes(label, symbol, scene.province.cities.index))


LAYER = CatalogueLayer(
    id="city-names",
    title="layer.city_names",
    order=90,
    geometry="cities",
    draw=_draw,
    decorative=True,
)
