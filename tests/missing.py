"""Say what this machine lacks, so that the end of the run can list what was not tested here."""

from __future__ import annotations

import os
from importlib import import_module
from types import ModuleType
from typing import NoReturn

import pytest

NOT_TESTED = "not tested here: "


def lacks(what: str, remedy: str, *, always_needed: bool = False) -> NoReturn:
    """Skip a test for want of a program; fail it where it is needed and ``CI`` is set."""
    message = f"{what} ({remedy})"
    if always_needed and os.environ.get("CI"):
        pytest.fail(f"{message}; CI does not go without")
    pytest.skip(NOT_TESTED + message)


def package(name: str) -> ModuleType:
    """Return a package that only tests need; without it the test is skipped, or fails on CI."""
    try:
        return import_module(name)
    except ImportError:
        lacks(f"the package {name}", "requirements/dev.txt has it", always_needed=True)
