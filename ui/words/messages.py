"""Turn errors into sentences that say what to do, in one place."""

from __future__ import annotations

from collections.abc import Iterable

from data.errors import AtlasError, CrsError, DataError, UnknownChoiceError
from data.tables.postgis_source import DatabaseError
from data.tables.source import MissingPackageError
from data.text import Language, say
from layers.address.query import Ignored

OWN_DATA = "own-data"
"""The key of own data that a saved view had and that is not loaded: no address has it."""

_MANY_CHOICES = 40


def sentences(error: AtlasError, language: Language) -> list[str]:
    """Return what to tell a person about ``error``, a heading first."""
    if isinstance(error, DataError):
        return [say("error.data_title", language), *(str(fault) for fault in error.faults)]
    if isinstance(error, UnknownChoiceError):
        choices = ", ".join(error.choices)
        return [say("error.province", language, value=error.value, choices=choices)]
    if isinstance(error, (CrsError, DatabaseError, MissingPackageError)):
        return [say("error.source", language), str(error)]
    return [say("error.unexpected", language)]


def ignored_sentences(ignored: Iterable[Ignored], language: Language) -> list[str]:
    """Return one line for each part of an address that was not understood."""
    return [_ignored_sentence(part, language) for part in ignored]


def _ignored_sentence(part: Ignored, language: Language) -> str:
    if part.key == OWN_DATA:
        return say("views.lacks_own", language, file=part.value)
    return say(
        "error.ignored_choices" if 0 < len(part.choices) <= _MANY_CHOICES else "error.ignored",
        language,
        key=part.key,
        value=part.value,
        choices=", ".join(part.choices),
    )
