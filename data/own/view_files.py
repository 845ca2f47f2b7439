"""Write saved views to a file that a person carries away, and read such a file again.

What is read was made by somebody else: it is bounded, and checked entry by entry. Entries that
are not understood are told with their place; the others are whole.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError

from data.errors import Fault
from data.model import Identifier, Record
from data.own.datasets import LONGEST_NAME, DatasetError, clean_name
from data.uploads.limits import visible

FILE_FORMAT = "cluster-atlas-views"
FILE_VERSION = 1
LARGEST_FILE = 8 << 20
MOST_ENTRIES = 500
LONGEST_QUERY = 4096
LONGEST_FILE_NAME = 255
MOST_OWN_DATA = 50
MOST_FIELDS = 20
_FIRST, _LAST = "2000", "2100"


def _name(text: str) -> str:
    try:
        return clean_name(text)
    except DatasetError:
        raise ValueError(f"expected a name of 1 to {LONGEST_NAME} letters") from None


def _query(text: str) -> str:
    if not (text.isascii() and text.isprintable() and " " not in text):
        raise ValueError("expected a query string as an address has it")
    return text


def _file_name(text: str) -> str:
    return visible(text).strip()[:LONGEST_FILE_NAME] or "?"


def _time(text: str) -> str:
    """Return a time in UTC; raises ``ValueError`` for another text."""
    told = dt.datetime.fromisoformat(text)
    try:
        time = told.astimezone(dt.UTC)
    except OverflowError:
        time = dt.datetime.min.replace(tzinfo=dt.UTC)
    if told.tzinfo is None or not _FIRST <= f"{time.year:04}" < _LAST:
        raise ValueError(f"expected a time with its zone between {_FIRST} and {_LAST}")
    return time.isoformat(timespec="seconds")


Time = Annotated[str, Field(max_length=40), AfterValidator(_time)]


class KeptView(Record):
    """A view under a name: the query string of its address, and the page that it was saved on.

    ``own_data`` are the names of own files that were part of it; the address does not hold them.
    """

    name: Annotated[str, Field(max_length=1000), AfterValidator(_name)]
    province: Identifier
    page: Identifier
    query: Annotated[str, Field(max_length=LONGEST_QUERY), AfterValidator(_query)]
    own_data: Annotated[
        tuple[Annotated[str, AfterValidator(_file_name)], ...], Field(max_length=MOST_OWN_DATA)
    ] = ()
    saved: Time | None = None
    changed: Time | None = None

    def at(self, saved: str, changed: str) -> KeptView:
        """Return the view with the times at which it was saved and changed."""
        return self.model_copy(update={"saved": saved, "changed": changed})


def views_file(views: Iterable[KeptView]) -> bytes:
    """Return a file that holds ``views``, to be read by ``read_views``."""
    entries = [one.model_dump(exclude_none=True) for one in views]
    content = {"format": FILE_FORMAT, "schema_version": FILE_VERSION, "views": entries}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def read_views(content: bytes, file: str) -> tuple[tuple[KeptView, ...], tuple[Fault, ...]]:
    """Return the views of a file, and what of it is not understood, place by place."""
    entries, problem = _entries(content)
    if problem:
        return (), (Fault(file, "", "", problem),)
    views: list[KeptView] = []
    faults: list[Fault] = []
    for place, entry in enumerate(entries, start=1):
        if isinstance(entry, dict) and len(entry) > MOST_FIELDS:
            problem = f"expected {MOST_FIELDS} fields at most, found {len(entry)}"
            faults.append(Fault(file, f"views[{place}]", "", problem))
            continue
        try:
            views.append(KeptView.model_validate(entry))
        except ValidationError as error:
            faults += [
                Fault(file, f"views[{place}]", _field(one["loc"]), one["msg"])
                for one in error.errors(include_input=False, include_url=False)
            ]
    return tuple(views), tuple(faults)


def _field(location: tuple[int | str, ...]) -> str:
    return visible(".".join(map(str, location)))[:LONGEST_FILE_NAME]


def _entries(content: bytes) -> tuple[list[Any], str]:
    """Return the entries of a file, or what is wrong with the whole of it."""
    if len(content) > LARGEST_FILE:
        return [], f"larger than {LARGEST_FILE >> 20} MB"
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return [], f"not readable as JSON in UTF-8: {visible(str(error))}"
    if not isinstance(found, dict) or found.get("format") != FILE_FORMAT:
        return [], f"no file of saved views: expected format {FILE_FORMAT}"
    version, entries = found.get("schema_version"), found.get("views")
    if version != FILE_VERSION:
        return [], f"schema_version {_short(version)}: this release reads {FILE_VERSION}"
    if not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
        return [], f"views: expected a list of {MOST_ENTRIES} at most"
    return entries, ""


def _short(value: object) -> str:
    """Return a number as it is; of what else stands there, what kind of thing it is."""
    return str(value)[:40] if isinstance(value, (int, float)) else type(value).__name__
