"""Practice material with real workers: read and drawn off the window's thread."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from cashier_app.domain.lesson import Code, HoldUp
from cashier_app.ports.clock import SystemClock
from cashier_app.practice_opening import PracticeMaterial, lesson_members
from tests.ui.practice_windows import STORE, look_of
from tests.unit.practice_sheets import WORDING
from ui.background import Background
from ui.training.passes import PassesWindow
from ui.training.phone import PhoneWindow


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    made = Background()
    yield made
    made.close()


def test_both_windows_come_to_show_codes_of_the_lessons_members(qtbot: QtBot, background: Background) -> None:
    shop = PracticeMaterial(lesson_members)
    passes = PassesWindow(shop, WORDING, STORE, background)
    phone = PhoneWindow(shop, WORDING, STORE, background, SystemClock())
    for window in (passes, phone):
        qtbot.addWidget(window)
        window.set_look(look_of())
        window.open_beside()
    assert passes.card.code() is None, "nothing is read on this thread"
    phone.hold_up(HoldUp("mem-priya", Code.FRESH))
    qtbot.waitUntil(lambda: passes.card.code() is not None and phone.card.code() is not None)
    assert passes.chosen() == lesson_members()[0]
