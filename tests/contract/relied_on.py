"""Tell what has moved in Streamlit, and what the atlas has lost by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import streamlit as st


@contextmanager
def relied_on(what: str, hangs: str) -> Iterator[None]:
    """Tell, where the block fails, what has moved in Streamlit and what the atlas has lost."""
    try:
        yield
    except (Exception, pytest.fail.Exception) as error:
        told = f"Streamlit {st.__version__} is another inside: {what}. On it hangs: {hangs}."
        raise AssertionError(f"{told} Mend it in ui/streamlit_inside.py") from error
