"""A window that would not fit with its title bar opens over the whole screen; asked for, any size is kept."""

from __future__ import annotations

import argparse

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui import sample_views
from tests.ui.till_host import window_of
from ui import opening_size
from ui.opening_size import fills, show_window, size_to_open
from ui.theme.icons import program_icon


@pytest.mark.parametrize(
    ("room", "whole"),
    [
        ((1024, 600), True),
        ((1280, 800), True),
        ((1280, 847), True),
        ((1366, 768), True),
        ((1280, 848), False),
        ((1920, 1040), False),
    ],
)
def test_the_whole_screen_where_nothing_would_be_left(room: tuple[int, int], *, whole: bool) -> None:
    assert fills(QSize(*room)) is whole


@pytest.mark.parametrize(
    ("room", "size", "full_screen", "opens", "state"),
    [
        ((1024, 600), None, False, (1024, 600), Qt.WindowState.WindowMaximized),
        ((1920, 1040), None, False, (1280, 800), Qt.WindowState.WindowNoState),
        ((1024, 600), (800, 480), False, (800, 480), Qt.WindowState.WindowNoState),
        ((1920, 1040), None, True, (1280, 800), Qt.WindowState.WindowFullScreen),
    ],
)
def test_a_window_opens_as_asked_or_as_suits_the_screen(
    qtbot: QtBot,
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
    *,
    room: tuple[int, int],
    size: tuple[int, int] | None,
    full_screen: bool,
    opens: tuple[int, int],
    state: Qt.WindowState,
) -> None:
    monkeypatch.setattr(opening_size, "_room", lambda _: QSize(*room))
    window = QWidget()
    qtbot.addWidget(window)
    assert size_to_open(qapp, size) == QSize(*opens)
    show_window(qapp, window, argparse.Namespace(size=size, full_screen=full_screen))
    assert window.windowState() == state


def test_leaving_full_screen_leads_back_to_what_was_before(qtbot: QtBot) -> None:
    window, _ = window_of(sample_views.idle())
    qtbot.addWidget(window)
    window.showMaximized()
    window.switch_full_screen()
    assert window.isFullScreen()
    window.switch_full_screen()
    assert (window.isFullScreen(), window.isMaximized()) == (False, True)


def test_the_windows_carry_the_mark_at_each_size_desktops_ask_for(qapp: QApplication) -> None:
    icon = program_icon()
    for side in (16, 32, 48, 128):
        picture = icon.pixmap(QSize(side, side)).toImage()
        middle_of_the_field = picture.pixelColor(side // 2, side // 10)
        assert middle_of_the_field.green() > middle_of_the_field.red()
