"""Whoever is asked to look at a folder or a file is told which."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cashier_app import staff_opening
from cashier_app.errors import KnownError
from cashier_app.security.pepper import PepperKeeper
from cashier_app.security.sealed_file import SealedFile
from cashier_app.storage import rescue
from cashier_app.storage.database import Database
from cashier_app.storage.installation import Installation
from cashier_app.storage.opening import open_journal

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def _refuse(*_: object, **__: object) -> None:
    raise PermissionError(13, "Permission denied")


def _key(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("cashier_app.storage.installation.os.open", _refuse)
    Installation(folder).key()


def _rescued(folder: Path, patch: pytest.MonkeyPatch) -> None:
    (folder / rescue.READY_FILE).write_bytes(b"")
    patch.setattr(Path, "rename", _refuse)
    rescue.finish(folder / "till.sqlite", "now")


def _database(folder: Path, _: pytest.MonkeyPatch) -> None:
    Database(folder / "missing" / "till.sqlite")


def _staff(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Path, "mkdir", _refuse)
    with staff_opening.staff_journal(folder, "1"):
        pass


def _foreign(folder: Path, _: pytest.MonkeyPatch) -> None:
    (folder / "till.sqlite").write_bytes(b"no database at all " * 200)
    open_journal(folder / "till.sqlite", "1", NOW)


def _pepper(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("cashier_app.security.pepper.os.open", _refuse)
    PepperKeeper(None, folder).read_or_make()


def _secrets(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Path, "mkdir", _refuse)
    with SealedFile(folder).alone():
        pass


@pytest.mark.parametrize("fail", [_key, _rescued, _database, _staff, _foreign, _pepper, _secrets])
def test_the_place_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fail: Callable[[Path, pytest.MonkeyPatch], None]
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    with pytest.raises(KnownError) as said:
        fail(folder, monkeypatch)
    monkeypatch.undo()
    assert str(folder) in said.value.sentence
