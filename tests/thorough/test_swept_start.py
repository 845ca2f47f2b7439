"""A server sweeps when it starts what another one has left that was killed."""

from __future__ import annotations

import os
import time

from data.work_folder import OLD_S
from tests.serving import RESULTS, serving
from tests.waiting import until


def test_a_server_sweeps_when_it_starts(tmp_path):
    old, young = tmp_path / "atlas-intake-abcdefgh", tmp_path / "atlas-print-abcdefgh"
    for folder in (old, young):
        folder.mkdir()
        (folder / "upload.csv").write_text("x", encoding="utf-8")
    before = time.time() - OLD_S - 60
    for path in (old / "upload.csv", old):
        os.utime(path, (before, before))
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with serving(RESULTS / "swept-server.log", environment=environment):
        until(lambda: not old.exists())
        assert (young / "upload.csv").exists()
