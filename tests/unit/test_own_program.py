from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cashier_app import own_program


def test_from_source_modules_are_run_by_this_interpreter() -> None:
    assert own_program.command_line() == (sys.executable, "-m", "cashier_app")
    assert own_program.key_store_helper()[:2] == (sys.executable, "-m")


@pytest.mark.parametrize(
    ("this", "other"), [("cashier-app", "cashier-cli"), ("cashier-app.exe", "cashier-cli.exe")]
)
def test_a_bundle_runs_the_command_line_beside_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, this: str, other: str
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / this))
    assert own_program.command_line() == (str(tmp_path / other),)
    assert own_program.key_store_helper() == (str(tmp_path / other), own_program.KEY_STORE_SWITCH)
