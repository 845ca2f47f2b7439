"""A file takes another one's place, also where somebody has that one open for a moment."""

from __future__ import annotations

from pathlib import Path

import pytest

from data import in_place
from data.in_place import keep_names, put_in_place
from data.own.datasets import DatasetStore
from tests.unit.test_datasets import described


def refusing(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Have files refuse to be replaced as they do on Windows while somebody has them open."""
    refusals = iter(range(times))
    replace = Path.replace

    def refuse(part: Path, target: Path) -> Path:
        if next(refusals, None) is not None:
            raise PermissionError(13, "in use", str(part))
        return replace(part, target)

    monkeypatch.setattr(Path, "replace", refuse)


@pytest.fixture
def windows(monkeypatch):
    monkeypatch.setattr(in_place, "_ON_WINDOWS", True)
    monkeypatch.setattr(in_place, "_PAUSE_S", 0.0)


def test_who_looks_at_a_file_is_waited_for(windows, monkeypatch, tmp_path):
    (tmp_path / "part").write_text("new")
    refusing(monkeypatch, 3)
    put_in_place(tmp_path / "part", tmp_path / "target")
    assert (tmp_path / "target").read_text() == "new"


def test_who_keeps_it_open_is_not_waited_for_without_end(windows, monkeypatch, tmp_path):
    (tmp_path / "part").write_text("new")
    (tmp_path / "target").write_text("former")
    monkeypatch.setattr(in_place, "_PATIENCE_S", 0.0)
    refusing(monkeypatch, 10**6)
    with pytest.raises(PermissionError):
        put_in_place(tmp_path / "part", tmp_path / "target")
    assert (tmp_path / "target").read_text() == "former"


def test_elsewhere_a_refusal_is_told_at_once(monkeypatch, tmp_path):
    (tmp_path / "part").write_text("new")
    refusing(monkeypatch, 1)
    with pytest.raises(PermissionError):
        put_in_place(tmp_path / "part", tmp_path / "target")


def test_no_folder_is_opened_on_windows(windows, tmp_path):
    keep_names(tmp_path / "none")


def test_a_dataset_is_saved_where_its_data_is_open(windows, monkeypatch, tmp_path):
    """The same data again, and former data, which a session reads meanwhile: neither can go."""
    store = DatasetStore(tmp_path)
    for content in (b"former", b"new"):
        store.save(described("kept"), ".parquet", lambda path, text=content: path.write_bytes(text))
    replace, unlink = Path.replace, Path.unlink
    monkeypatch.setattr(in_place, "_PATIENCE_S", 0.0)

    def in_use(path: Path) -> bool:
        return path.suffix == ".parquet" and path.exists()

    def refuse(part: Path, target: Path) -> Path:
        if in_use(target):
            raise PermissionError(13, "in use", str(target))
        return replace(part, target)

    def keep(path: Path, *, missing_ok: bool = False) -> None:
        if in_use(path):
            raise PermissionError(13, "in use", str(path))
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr(Path, "unlink", keep)
    for content in (b"new", b"newer"):
        store.save(described("kept"), ".parquet", lambda path, text=content: path.write_bytes(text))
        assert Path(store.location(store.find("kept"))).read_bytes() == content
    monkeypatch.undo()
    store.save(described("other"), ".parquet", lambda path: path.write_bytes(b"other"))
    assert len(list(store.folder.glob("*.parquet"))) == 2
