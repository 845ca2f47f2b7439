"""Make the counts of a person's own points figures of a province, so that they are measures."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import pandas as pd

from data.loader import Province
from data.model import Indicator, Source, Text
from data.own.own_source import own_source
from data.register.store import Register
from data.text import Language, say


@dataclass(frozen=True, eq=False)
class OwnPoints:
    """A register of points that a person brought along, and the file and day it is from."""

    file: str
    date: dt.date
    register: Register

    @property
    def source(self) -> Source:
        """The source entry that stands for the file."""
        return own_source(self.file, self.date)

    def title(self, language: Language) -> str:
        """Return the file's name and day."""
        return say("own.titled", language, file=self.source.publisher, date=self.source.date)

    def mark(self, language: Language) -> str:
        """Return that these are own data, the file's name and day."""
        return say("own.mark", language, file=self.source.publisher, date=self.source.date)


def with_own_counts(province: Province, counts: pd.Series, own: OwnPoints) -> Province:
    """Return ``province`` with an indicator of how many points of ``own`` each city has.

    ``counts`` is indexed by the adcodes of cities. The province's own value is their sum.
    """
    source, date = own.source, own.date
    name = source.publisher
    indicator = Indicator(
        id=source.id,
        name=Text(zh=say("own.count", "zh", file=name), en=say("own.count", "en", file=name)),
        unit=Text(zh=say("own.count_unit", "zh"), en=say("own.count_unit", "en")),
        additive=True,
    )
    areas = {int(adcode): float(value) for adcode, value in counts.items()}
    areas[province.settings.adcode] = float(counts.sum())
    figures = pd.DataFrame(
        [
            {
                "adcode": adcode,
                "indicator": indicator.id,
                "year": date.year,
                "value": value,
                "qualifier": "derived",
                "source": source.id,
                "note_zh": None,
                "note_en": None,
            }
            for adcode, value in areas.items()
        ],
        columns=list(province.figures.columns),
    )
    every = pd.concat([province.figures.astype(object), figures.astype(object)], ignore_index=True)
    if len(province.figures):
        every = every.astype(province.figures.dtypes.to_dict())
    return replace(
        province,
        figures=every,
        indicators={**province.indicators, indicator.id: indicator},
        evidence_sources=(*province.evidence_sources, source),
    )
