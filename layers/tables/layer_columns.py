"""Say what the layers of a map state of their features, as columns for files."""

from __future__ import annotations

import pandas as pd

from data.loader import Province
from layers.specification.map_spec import FeatureId, GeometryId, MapLayer, MapSpec


def stating_layers(spec: MapSpec, geometry: GeometryId | None = None) -> tuple[MapLayer, ...]:
    """Return the layers of ``spec`` that state something (on one geometry), lowest first."""
    return tuple(
        layer
        for layer in spec.layers
        if not layer.decorative and geometry in (None, layer.geometry)
    )


def class_labels(layer: MapLayer) -> pd.Series:
    """Return how the layer draws each of its features, in the legend's words, by feature id."""
    labels: dict[FeatureId, list[str]] = {}
    for found in layer.classes:
        for feature in found.features:
            labels.setdefault(feature, []).append(found.label)
    words = {feature: "; ".join(dict.fromkeys(said)) for feature, said in labels.items()}
    return pd.Series(words, dtype=object)


def layer_columns(layer: MapLayer, spec: MapSpec, province: Province) -> pd.DataFrame:
    """Return the columns that a layer adds to the table of its geometry, by feature id.

    ``class_<layer>`` (``class_labels``), ``value_<layer>`` where the layer tells values, and
    the columns that the layer itself names.
    """
    name = layer.id.replace("-", "_")
    columns = {f"class_{name}": class_labels(layer)}
    if layer.values:
        columns[f"value_{name}"] = pd.Series(dict(layer.values), dtype=object)
    words = pd.DataFrame(columns)
    return (
        words if layer.columns is None else words.join(layer.columns(spec, province), how="outer")
    )
