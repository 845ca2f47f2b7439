"""Read files that people bring along."""

from data.intake.limits import Limits, Note, RefusedError
from data.intake.safely import read_safely
from data.intake.table import RawTable

__all__ = ["Limits", "Note", "RawTable", "RefusedError", "read_safely"]
