"""The cartography: what is drawn and how, and one renderer for each place it is drawn in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from layers.atlas import open_atlas

__all__ = ["open_atlas"]


def __getattr__(name: str) -> Any:
    """Import ``open_atlas`` when it is asked for: the pages do not need all that it needs."""
    if name == "open_atlas":
        from layers.atlas import open_atlas

        return open_atlas
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
