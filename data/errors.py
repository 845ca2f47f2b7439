"""Name what can be wrong with the data, in a form that a person can act on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong in one place of one file.

    ``record`` names the row, feature or table (``"adcode 320100"``, ``"roles[2]"``);
    ``field`` the column or key in it. Both are empty when the whole file is meant.
    """

    file: str
    record: str
    field: str
    problem: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.record, self.field) if part)
        return f"{self.file}: {place}: {self.problem}" if place else f"{self.file}: {self.problem}"


class AtlasError(Exception):
    """Base of every error that the atlas raises on purpose."""


class DataError(AtlasError):
    """Data files that cannot be used; carries every fault found, not only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(faults))
        count = len(self.faults)
        heading = f"{count} fault{'s' if count != 1 else ''} in the data"
        super().__init__("\n".join([heading, *(f"  {fault}" for fault in self.faults)]))


class UnknownChoiceError(AtlasError):
    """A name that is not in a closed list; the message gives the list."""

    def __init__(self, argument: str, value: str, choices: Iterable[str]) -> None:
        self.argument = argument
        self.value = value
        self.choices: tuple[str, ...] = tuple(choices)
        super().__init__(
            f"`{argument}`: unknown value {value!r}; choose from {', '.join(self.choices)}"
        )


class CrsError(AtlasError):
    """A table in another coordinate reference system than the one needed; names both."""

    def __init__(self, argument: str, expected: str, found: str | None) -> None:
        super().__init__(
            f"`{argument}` must be in {expected}, but is in {found or 'no stated CRS'}"
        )
