"""Keep what is computed of a province with the province itself, so that both go together.

A session's own data stands in a province of its own (``clusters.own_province``): what was
computed of it must not outlive the session, in no cache of the whole process.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial, wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

_Rest = ParamSpec("_Rest")
_Result = TypeVar("_Result")

ProvinceCache = dict[Callable[..., Any], Callable[..., Any]]
"""The results of one province, by the function that computes them."""


class HasCache(Protocol):
    """What results can be kept with: a province."""

    @property
    def cache(self) -> ProvinceCache:
        """The results so far."""


_Province = TypeVar("_Province", bound=HasCache)


def cached_on_province(
    most: int,
) -> Callable[
    [Callable[Concatenate[_Province, _Rest], _Result]],
    Callable[Concatenate[_Province, _Rest], _Result],
]:
    """Keep the last ``most`` results of a function for each province that it is given first."""

    def decorate(
        compute: Callable[Concatenate[_Province, _Rest], _Result],
    ) -> Callable[Concatenate[_Province, _Rest], _Result]:
        @wraps(compute)
        def cached(province: _Province, /, *rest: _Rest.args, **named: _Rest.kwargs) -> _Result:
            kept = province.cache.get(compute)
            if kept is None:
                fresh = lru_cache(most)(partial(compute, province))
                kept = province.cache.setdefault(compute, fresh)
            found: _Result = kept(*rest, **named)
            return found

        return cached

    return decorate
