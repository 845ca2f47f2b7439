"""Read files that people bring along."""

from data.intake.limits import Limits, Note, RefusedError
from data.intake.mapping import FIELDS, Field, Mapping, guess_mapping
from data.intake.safely import read_safely
from data.intake.table import RawTable

__all__ = [
    "FIELDS",
    "Field",
    "Limits",
    "Mapping",
    "Note",
    "RawTable",
    "RefusedError",
    "guess_mapping",
    "read_safely",
]
