"""What is inside Streamlit, for the tests of it."""

from __future__ import annotations

import importlib
from types import ModuleType

import pytest

from tests.contract.relied_on import relied_on


@pytest.fixture(scope="session")
def inside() -> ModuleType:
    with relied_on("ui.streamlit_inside cannot be imported", "the atlas as a whole"):
        return importlib.import_module("ui.streamlit_inside")
