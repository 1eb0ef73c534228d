"""`--self-check`, `--version` and `licences` from source; `make test-packaging` tries those of the bundle."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from cashier_app import __version__
from cashier_app.__main__ import main


def test_what_is_installed_here_is_whole() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ui", "--self-check"],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == f"cashier-app {__version__}"
    assert {"ok   frame", "ok   plugins", "ok   database"} <= {line.partition(":")[0] for line in lines}


def test_both_programs_say_the_version_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    from ui.__main__ import main as window

    with pytest.raises(SystemExit):
        main(["--version"])
    assert window(["--version"]) == 0
    assert capsys.readouterr().out == 2 * f"cashier-app {__version__}\n"


def test_licences_of_what_is_installed_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["licences"]) == 0
    assert "segno 1." in capsys.readouterr().out


def test_texts_of_an_unknown_part_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["licences", "no such part"]) == 2
    assert capsys.readouterr().err.startswith("No texts of")
