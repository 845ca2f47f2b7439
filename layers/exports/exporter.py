"""Say what an export format is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from data.loader import Province
from layers.paper.sheet import PaperOptions
from layers.specification.map_spec import MapSpec

ExportKind = Literal["map", "data"]


@dataclass(frozen=True)
class Exporter:
    """A file format. ``write`` turns a specification into the bytes of one file.

    ``kind`` is ``"map"`` for pictures of the view, ``"data"`` for its tables; the options
    concern those that are put on paper.
    """

    id: str
    extension: str
    media_type: str
    kind: ExportKind
    write: Callable[[MapSpec, Province, PaperOptions], bytes]
