"""The service that is held against the standard: a server of the tests' own, or one that runs."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from .service import Service


@pytest.fixture(scope="session")
def service(request: pytest.FixtureRequest) -> Iterator[Service]:
    running = os.environ.get("ATLAS_OGC")
    found = Service(running or f"{request.getfixturevalue('server')}/ogc")
    yield found
    found.client.close()
