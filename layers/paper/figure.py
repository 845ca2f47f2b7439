"""Write drawings to the pages of a file, and let go of them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.figure import Figure


def let_go(figure: Figure) -> None:
    """Free a drawing and its pixels at once, not when garbage is next looked for.

    A figure and its canvas hold each other, and the canvas of a printed page 40 MB of pixels.
    """
    figure.clear()
    FigureCanvasBase(figure)


def bound_pdf(figures: Sequence[Figure], title: str) -> bytes:
    """Return drawings as the pages of one PDF, and let go of them."""
    # What it needs of fonts is large, and no picture needs it.
    from matplotlib.backends.backend_pdf import PdfPages

    metadata: dict[str, Any] = {
        "Title": title,
        "CreationDate": None,
        "Producer": None,
        "Creator": None,
    }
    buffer = io.BytesIO()
    with PdfPages(buffer, metadata=metadata) as pages:
        for figure in figures:
            pages.savefig(figure)
            let_go(figure)
    return buffer.getvalue()
