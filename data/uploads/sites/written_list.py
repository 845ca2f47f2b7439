"""Know the lists of sites that the atlas wrote by their headings, and what their columns hold."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from data.text import LANGUAGES, Language, say

WRITTEN_LAYER, WRITTEN_SITES = "layer", "sites"
"""The column that tells of what layer a row of a written view is, and what sites say there."""

_RAW = {
    "name_zh": "name_zh",
    "name_en": "name_en",
    "longitude": "longitude",
    "latitude": "latitude",
    "county_adcode": "adcode",
    "city_adcode": "city",
    "sector": "sector",
    "segments": "segment",
    "status": "status",
    "year": "year",
    "capacity": "capacity",
    "capacity_unit": "capacity_unit",
    "owner": "owner",
    "place": "address",
    "kind": "kind",
    "status_date": "status_date",
    "capacity_meaning": "capacity_meaning",
    "year_meaning": "year_meaning",
    "precision": "precision",
    "note_zh": "note_zh",
    "note_en": "note_en",
    "checked": "checked",
}
"""Column of ``SiteRow`` to field."""

_RAW_SIGNS = ("id", "city_adcode", "precision", "kind", "sector", "status_date", "sources")
_FEWEST_RAW_SIGNS = 5

_IN_WORDS = {
    "city": "city",
    "county": "county",
    "segments": "segment",
    "capacity": "capacity",
    "unit": "capacity_unit",
    "meaning": "capacity_meaning",
    "status": "status",
    "as_of": "status_date",
    "kind": "kind",
    "sector": "sector",
    "owner": "owner",
    "year": "year",
    "precision": "precision",
}
"""Column of a list in words, whose heading is the phrase ``site_list.<column>``, to field."""

_WORD_SIGNS = ("city", "meaning", "as_of", "kind", "sector", "precision")
_OWN_WORD_SIGNS = ("meaning", "as_of", "precision")
"""Those of ``_WORD_SIGNS`` that lists of others hardly have."""
_FEWEST_WORD_SIGNS, _FEWEST_OWN_WORD_SIGNS = 4, 2

_TO_READ = {
    "place": "address",
    "year_meaning": "year_meaning",
    "longitude": "longitude",
    "latitude": "latitude",
    "checked": "checked",
}
"""Column of a sheet for people, whose heading is the phrase ``column.<column>``, to field."""

_BESIDE = ("name_zh", "name_en", "longitude", "latitude", "address", "year_meaning")
_NOTED = ("note_zh", "note_en", "checked")
"""Fields that a list in words has under their own phrases, ``field.<field>``."""


def written_list_fields(columns: Iterable[str]) -> dict[str, str]:
    """Return the column of each field in a list that the atlas wrote; empty for any other file.

    Such a list has either the raw columns of ``SiteRow`` or the headings in words of one
    language; columns may have been added to it, or taken away, if most that mark it are left.
    """
    names = set(columns)
    if len(names & {*_RAW_SIGNS}) >= _FEWEST_RAW_SIGNS:
        return {field: name for name, field in _RAW.items() if name in names}
    for language in LANGUAGES:
        signs, own = (
            names & {say(f"site_list.{one}", language) for one in some}
            for some in (_WORD_SIGNS, _OWN_WORD_SIGNS)
        )
        if len(signs) >= _FEWEST_WORD_SIGNS and len(own) >= _FEWEST_OWN_WORD_SIGNS:
            headed = _headings(language).items()
            return {field: heading for heading, field in headed if heading in names}
    return {}


def is_written_view(columns: Iterable[str], layers: Iterable[object]) -> bool:
    """Whether rows are those of a view that the atlas wrote: of sites, beside other layers.

    ``layers`` are the values of the column ``WRITTEN_LAYER``.
    """
    return WRITTEN_SITES in set(layers) and {"name_zh", "name_en"} <= set(columns)


@cache
def _headings(language: Language) -> dict[str, str]:
    """Return heading to field of a list in words."""
    fields = (*_BESIDE, *_NOTED)
    return (
        {say(f"field.{field}", language): field for field in fields}
        | {say(f"column.{name}", language): field for name, field in _TO_READ.items()}
        | {say(f"site_list.{name}", language): field for name, field in _IN_WORDS.items()}
        | {
            say("column.note", language): f"note_{language}",
            say("site_list.name", language): f"name_{language}",
        }
    )
