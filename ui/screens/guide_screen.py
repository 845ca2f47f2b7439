"""Show the handbook: how the atlas is used, how measures are taken, what the files hold."""

from __future__ import annotations

from ui.components.handbook_view import show_text
from ui.state.session import current


def show() -> None:
    """Show the guide."""
    show_text(current(), "guide")


def show_methods() -> None:
    """Show the method notes of each measure."""
    show_text(current(), "measures")


def show_dictionary() -> None:
    """Show every column of the files of a province."""
    show_text(current(), "files")
