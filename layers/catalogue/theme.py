"""Colour the cities by a measure, or by their score in the ranking: a choropleth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from clusters.measures import measure_named, take
from clusters.scores import city_ranking
from layers.specification.classification import ClassBreaks, natural_breaks, quotient_breaks
from layers.specification.map_spec import LegendEntry, SymbolClass
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import NO_VALUE, WEAK_VALUE, class_fills
from layers.specification.view import SCORE
from layers.words.measure_words import measure_name, measure_title, measure_value, sample_words


@dataclass(frozen=True, eq=False)
class _Coloured:
    """What colours the cities: values by adcode, their classes, and how they are written."""

    title: str
    note: str
    values: pd.Series
    weak: pd.Series
    breaks: ClassBreaks
    write: Callable[[float], str]
    texts: tuple[tuple[int, str], ...]
    sources: tuple[str, ...]


def _draw(scene: Scene) -> Drawn:
    theme = scene.view.theme
    if theme is None:
        return Drawn(classes=())
    coloured = _score(scene) if theme == SCORE else _measure(scene, theme)
    known = coloured.values.dropna()
    places = known.map(coloured.breaks.class_of)
    classes: list[SymbolClass] = []
    legend: list[LegendEntry] = []
    breaks = coloured.breaks
    fills = class_fills(len(breaks.upper), diverging=breaks.is_diverging)
    for place, (fill, low, high) in enumerate(zip(fills, breaks.lower, breaks.upper, strict=True)):
        words = [coloured.write(low), coloured.write(high)]
        label = " – ".join(dict.fromkeys(words))
        classes += scene.classes(label, fill, places.index[places == place])
        legend.append(LegendEntry(label, fill))
    for label, symbol, mask in (
        (scene.say("theme.weak"), WEAK_VALUE, coloured.weak),
        (scene.say("theme.missing"), NO_VALUE, coloured.values.isna()),
    ):
        if mask.any():
            classes += scene.classes(label, symbol, mask.index[mask])
            legend.append(LegendEntry(label, symbol))
    legend[-1] = LegendEntry(legend[-1].label, legend[-1].symbol, coloured.note)
    return Drawn(tuple(classes), tuple(legend), coloured.sources, coloured.texts, coloured.title)


def _measure(scene: Scene, measure_id: str) -> _Coloured:
    province, language = scene.province, scene.language
    taken = take(province, scene.view.selection, measure_id)
    measure, weak = taken.measure, taken.weak
    known = list(taken.values.dropna())
    texts = {
        int(adcode): measure_value(province, measure, value, language)
        for adcode, value in taken.values.items()
    }
    years = taken.years.dropna()
    sample = sample_words(province, measure, language)
    return _Coloured(
        title=measure_title(province, measure, language),
        note=f"{int(years.iloc[0])}; {sample}" if len(years) else sample,
        values=taken.values,
        weak=weak,
        breaks=quotient_breaks(known) if measure.unit == "quotient" else natural_breaks(known),
        write=lambda value: measure_value(province, measure, value, language, unit=False),
        texts=tuple(
            (adcode, scene.say("theme.weak_value", value=text) if weak.at[adcode] else text)
            for adcode, text in texts.items()
        ),
        sources=taken.sources,
    )


def _score(scene: Scene) -> _Coloured:
    ranking = city_ranking(scene.province, scene.view.selection, scene.view.weights)
    scored = ranking.table.dropna(subset="score")
    values = ranking.table["score"].reindex(scene.province.cities.index)
    names = [
        scene.say(
            "theme.weighted",
            name=measure_name(scene.province, one.measure, scene.language),
            weight=one.weight,
        )
        for one in ranking.criteria
    ]
    weak = pd.DataFrame([one.taken.weak for one in ranking.criteria]).any()
    return _Coloured(
        title=scene.say("theme.score"),
        note=scene.say("theme.score_of", criteria=scene.say("list.separator").join(names)),
        values=values,
        weak=weak & values.notna(),
        breaks=natural_breaks(list(values.dropna())),
        write=lambda value: f"{value:.0f}",
        texts=tuple(
            (
                int(row.Index),
                _score_words(scene, row.score, int(row.rank), bool(weak.at[row.Index])),
            )
            for row in scored.itertuples()
        ),
        sources=ranking.sources,
    )


def _score_words(scene: Scene, score: float, rank: int, weak: bool) -> str:
    words = scene.say("theme.score_value", score=f"{score:.0f}", rank=rank)
    return scene.say("theme.weak_value", value=words) if weak else words


def _title(scene: Scene) -> str:
    theme = scene.view.theme
    if theme is None or theme == SCORE:
        return scene.say("theme.score" if theme else "layer.theme")
    return measure_name(scene.province, measure_named(scene.province, theme), scene.language)


LAYER = CatalogueLayer(
    id="theme",
    title=_title,
    order=12,
    geometry="cities",
    draw=_draw,
    legend_group="legend.theme",
    in_tooltip=True,
)
