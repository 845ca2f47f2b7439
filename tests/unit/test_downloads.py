"""A file that is made on demand, for a session that may end meanwhile."""

from __future__ import annotations

from ui.kept import downloads
from ui.kept.session_shelf import SessionShelf


def test_nothing_is_kept_of_a_file_whose_session_has_ended(monkeypatch):
    shelf = SessionShelf("one")
    monkeypatch.setattr(downloads, "session_shelf", lambda: shelf)
    made = downloads._lasting(lambda: b"synthetic", "text/plain", "file.txt")
    assert made() == b"synthetic"
    shelf.close()
    assert made() == b""
