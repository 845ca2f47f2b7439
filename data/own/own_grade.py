"""Tell what of a province is a person's own: the grade ``own`` marks its sources."""

from __future__ import annotations

from data.loader import Province
from data.model import Source

OWN_GRADE = "own"


def own_sources(province: Province) -> tuple[Source, ...]:
    """Return the sources of ``province`` that are a person's own."""
    return tuple(one for one in province.evidence_sources if one.grade == OWN_GRADE)


def own_site_ids(province: Province) -> tuple[str, ...]:
    """Return the ids of the sites that come from a person's own files."""
    names = {source.id for source in own_sources(province)}
    if not names:
        return ()
    return tuple(str(name) for name in province.sites.index[province.sites["sources"].isin(names)])
