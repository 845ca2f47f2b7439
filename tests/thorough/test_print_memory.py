"""A printed map leaves no pixels behind for the search for garbage."""

from __future__ import annotations

import gc
import weakref

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from layers.paper.figure import let_go


def test_a_drawing_and_its_pixels_go_at_once():
    figure = Figure(figsize=(2, 2))
    canvas = FigureCanvasAgg(figure)
    figure.add_subplot().plot([1, 2])
    canvas.draw()
    pixels = weakref.ref(canvas.get_renderer())
    gc.disable()
    try:
        del canvas
        let_go(figure)
        assert pixels() is None
    finally:
        gc.enable()
