"""Give columns clean names, each once."""

from __future__ import annotations

from collections.abc import Sequence

from data.uploads.limits import Note, note, visible

Cell = str | float | int | None


def single_names(names: Sequence[Cell]) -> tuple[list[str], list[Note]]:
    """Return clean names, each once, and notes of those that stood twice."""
    single: list[str] = []
    notes = []
    for position, name in enumerate(names):
        text = visible("" if name is None else str(name))
        wanted = " ".join(text.split())[:100] or f"column {position + 1}"
        free, number = wanted, 1
        while free in single:
            number += 1
            free = f"{wanted} ({number})"
        if number > 1:
            notes.append(note("double_column", column=wanted))
        single.append(free)
    return single, notes
