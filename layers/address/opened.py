"""Open the view that a query string describes, and refuse a query that is not understood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import parse_qs

from data.errors import AtlasError
from data.loader import Province, default_province_id, load_province
from layers.address.query import Ignored, parse_query
from layers.specification.view import View


class QueryError(AtlasError):
    """A query with parts that are not understood."""

    def __init__(self, ignored: Sequence[Ignored]) -> None:
        super().__init__("; ".join(_sentence(part) for part in ignored))


def _sentence(part: Ignored) -> str:
    choices = f"; choose from {', '.join(part.choices)}" if part.choices else ""
    return f"not understood: {part.key}={part.value}{choices}"


def open_view(
    query: str, more: Callable[[Province], Province] | None = None
) -> tuple[View, Province]:
    """Return the view that ``query`` describes, and its province, to which ``more`` may add.

    Raises ``QueryError`` when a part of the query is not understood, ``UnknownChoiceError``
    for a province that is not there, ``DataError`` for broken data.
    """
    named = parse_qs(query.removeprefix("?")).get("province")
    province = load_province(named[0] if named else default_province_id())
    province = more(province) if more else province
    parsed = parse_query(query, province)
    if parsed.ignored:
        raise QueryError(parsed.ignored)
    return parsed.view, province
