"""What a program says where it has no terminal."""

from __future__ import annotations

import ctypes
import io
import sys
from types import SimpleNamespace

import pytest

from cashier_app.standard_streams import prepare, tell


def piped(monkeypatch: pytest.MonkeyPatch, platform: str) -> io.BytesIO:
    held = io.BytesIO()
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(held, encoding="cp1252"))
    return held


def test_on_windows_a_pipe_takes_every_name(monkeypatch: pytest.MonkeyPatch) -> None:
    held = piped(monkeypatch, "win32")
    prepare()
    sys.stdout.write("ليلى")
    sys.stdout.flush()
    assert held.getvalue().decode("utf-8") == "ليلى"


def test_elsewhere_a_pipe_is_left_as_the_system_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    piped(monkeypatch, "linux")
    prepare()
    with pytest.raises(UnicodeEncodeError):
        sys.stdout.write("ليلى")


def test_a_program_without_streams_is_prepared_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    prepare()


def test_a_sentence_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    tell("There is no display here.")
    assert capsys.readouterr().err == "There is no display here.\n"


def test_without_standard_error_windows_shows_a_box(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[object, ...]] = []

    def show(*given: object) -> None:
        shown.append(given)

    system = SimpleNamespace(user32=SimpleNamespace(MessageBoxW=show))
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(ctypes, "windll", system, raising=False)
    tell("The till is already open on this computer.")
    assert shown == [(None, "The till is already open on this computer.", "cashier-app", 0x10)]
