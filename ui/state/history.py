"""Remember the views that came before, so that a step can be undone and done again.

Moves of the map and the language are no steps: a step takes the place that the map had.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from layers.specification.view import View

MOST_STEPS = 60


@dataclass(frozen=True)
class History:
    """Views before the one that is shown (oldest first), and after it (next first)."""

    past: tuple[View, ...] = ()
    future: tuple[View, ...] = ()

    def step(self, before: View, after: View) -> History:
        """Return the history once ``after`` has taken the place of ``before``."""
        if not is_step(before, after):
            return self
        return History((*self.past, before)[-MOST_STEPS:])

    def undo(self, shown: View) -> tuple[History, View]:
        """Return the history and the view one step back; the same ones where there is none."""
        if not self.past:
            return self, shown
        back = replace(self.past[-1], language=shown.language)
        return History(self.past[:-1], (shown, *self.future)), back

    def redo(self, shown: View) -> tuple[History, View]:
        """Return the history and the view one step forward; the same ones at the end."""
        if not self.future:
            return self, shown
        forward = replace(self.future[0], language=shown.language)
        return History((*self.past, shown), self.future[1:]), forward


def is_step(before: View, after: View) -> bool:
    """Tell whether two views differ in more than place and language."""
    like_before = replace(after, center=before.center, zoom=before.zoom, language=before.language)
    return like_before != before
