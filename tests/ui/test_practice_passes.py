"""The window of practice passes: by keys and by touch, in both themes, and never blurred."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cashier_app.errors import KnownError
from cashier_app.practice_opening import KINDS, ROTATING_KINDS, PracticeMaterial
from cashier_app.scanning.decoders import decode
from cashier_app.scanning.printed_codes import QUIET_MODULES
from tests.fakes.clock import FakeClock
from tests.fakes.runner import Immediate, SteppedRunner
from tests.ui.practice_windows import SCREENS, STORE, grabbed, look_of, passes, phone
from tests.unit.practice_sheets import MEMBERS, WORDING, material
from ui.theme.tokens import DARK, LIGHT, Theme
from ui.training.passes import SIZES, PassesWindow
from ui.training.phone import PhoneWindow

LONG = ("mem-long", "mem-tamil", "mem-arabic", "mem-html", "mem-emoji", "mem-bengali", "mem-long-word")


@pytest.fixture
def window(qtbot: QtBot) -> PassesWindow:
    made = passes()
    qtbot.addWidget(made)
    return made


def press(window: PassesWindow, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(window, key)


def test_keys_go_through_the_members(window: PassesWindow) -> None:
    assert window.chosen() == MEMBERS[0]
    press(window, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert window.chosen() == MEMBERS[2]
    press(window, Qt.Key.Key_Up)
    assert window.chosen() == MEMBERS[1]
    press(window, Qt.Key.Key_End)
    assert window.chosen() == material().members[-1].member_id
    press(window, Qt.Key.Key_Down)
    assert window.chosen() == material().members[-1].member_id, "there is no further one"
    press(window, Qt.Key.Key_PageUp, Qt.Key.Key_Home)
    assert window.chosen() == MEMBERS[0]


def test_digits_take_a_kind_and_the_code_is_the_members(window: PassesWindow) -> None:
    for number, kind in enumerate(KINDS, start=1):
        press(window, Qt.Key(ord(str(number))))
        code = window.card.code()
        assert code is not None
        assert code.kind == kind
        assert code == material().fixed_code(material().members[0], kind)
        assert [button.is_selected() for button in window.kinds].index(True) == number - 1


def test_fingers_do_the_same(window: PassesWindow) -> None:
    QTest.mouseClick(window.rows[3], Qt.MouseButton.LeftButton)
    assert window.chosen() == MEMBERS[3]
    QTest.mouseClick(window.kinds[1], Qt.MouseButton.LeftButton)
    code = window.card.code()
    assert code is not None
    assert code.kind == KINDS[1]
    QTest.mouseClick(window.after, Qt.MouseButton.LeftButton)
    assert window.rows[9].isVisible()
    assert window.chosen() == material().members[9].member_id
    QTest.mouseClick(window.before, Qt.MouseButton.LeftButton)
    press(window, Qt.Key.Key_Down)
    assert window.chosen() == MEMBERS[4], "arrows still go through the list"
    assert all(row.height() >= 48 for row in window.rows)
    assert all(button.height() >= 44 for button in (*window.kinds, window.smaller, window.larger))


def test_the_code_grows_and_shrinks_within_its_ground(window: PassesWindow) -> None:
    usual = window.card.module_px()
    press(window, Qt.Key.Key_Plus)
    assert window.card.module_px() > usual
    for _ in SIZES:
        press(window, Qt.Key.Key_Plus)
    assert not window.larger.isEnabled()
    code, room = window.card.code(), window.card.code_room()
    assert code is not None
    assert (code.columns + 2 * QUIET_MODULES[code.kind]) * window.card.module_px() <= room.width()
    for _ in SIZES:
        press(window, Qt.Key.Key_Minus)
    assert not window.smaller.isEnabled()
    assert 0 < window.card.module_px() < usual


def test_a_module_is_as_large_as_it_should_be_in_millimetres(window: PassesWindow) -> None:
    dots = window.screen().physicalDotsPerInch()
    per_mm = (dots if 60 <= dots <= 400 else 96) / 25.4
    assert window.card.module_px() / per_mm == pytest.approx(1.7, abs=0.5 / per_mm + 0.01)


def test_phone_and_print_are_asked_for(window: PassesWindow, qtbot: QtBot) -> None:
    asked: list[str] = []
    window.phone_wanted.connect(asked.append)
    window.print_wanted.connect(lambda: asked.append("print"))
    press(window, Qt.Key.Key_H, Qt.Key.Key_P)
    QTest.mouseClick(window.phone, Qt.MouseButton.LeftButton)
    QTest.mouseClick(window.printing, Qt.MouseButton.LeftButton)
    assert asked == [MEMBERS[0], "print", MEMBERS[0], "print"]
    press(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_training_is_on_it(window: PassesWindow) -> None:
    assert window.windowTitle().startswith("TRAINING")
    assert window.frame.isVisible()
    assert window.frame.geometry() == window.rect()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("kind", KINDS)
def test_the_ground_is_white_the_ink_black_and_nothing_between(qtbot: QtBot, theme: Theme, kind: str) -> None:
    window = passes(look_of(theme=theme))
    qtbot.addWidget(window)
    window.take_kind(kind)
    for ratio in (1, 2):
        room = window.card.code_room()
        corner = window.card.mapTo(window, room.topLeft().toPoint())
        left, top = (corner.x() + 16) * ratio, (corner.y() + 16) * ratio
        wide, high = (int(room.width()) - 32) * ratio, (int(room.height()) - 32) * ratio
        shown = grabbed(window, ratio)[top : top + high, left : left + wide]
        assert set(np.unique(shown)) == {0, 255}


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_is_cut_off_and_nothing_overlaps(qtbot: QtBot, screen: tuple[int, int]) -> None:
    window = passes(look_of(screen))
    qtbot.addWidget(window)
    assert window.width() <= screen[0]
    assert window.height() <= screen[1]
    buttons = [*window.kinds, window.smaller, window.larger, window.phone, window.printing]
    for kind in KINDS:
        window.take_kind(kind)
        assert all(button.has_room() for button in buttons), kind
    placed = [window.card, *buttons, window.before, window.after]
    for one in placed:
        assert window.rect().contains(one.geometry())
        assert not [
            other for other in placed if other is not one and other.geometry().intersects(one.geometry())
        ]


@pytest.mark.parametrize("member_id", LONG)
def test_any_name_leaves_the_code_alone(window: PassesWindow, member_id: str) -> None:
    window.choose(member_id)
    assert window.chosen() == member_id
    (symbol,) = decode(grabbed(window))
    (member,) = (one for one in material().members if one.member_id == member_id)
    assert symbol.text == material().fixed_code(member, KINDS[0]).text
    name = material().words(member, WORDING).name
    assert name in window.card.accessibleName()
    assert "<b>" not in window.card.toolTip()


def broken_windows(qtbot: QtBot, error: Exception) -> tuple[PassesWindow, PhoneWindow]:
    """Return both windows of a shop whose members cannot be read."""

    def broken() -> list[str]:
        raise error

    nobodys = PracticeMaterial(broken)
    window = PassesWindow(nobodys, WORDING, STORE, Immediate())
    beside = PhoneWindow(nobodys, WORDING, STORE, Immediate(), FakeClock())
    qtbot.addWidget(window)
    qtbot.addWidget(beside)
    return window, beside


def test_a_broken_lesson_is_said(qtbot: QtBot) -> None:
    said = "The lesson 01.toml cannot be used."
    window, beside = broken_windows(qtbot, KnownError(said))
    assert window.about.text() == beside.about.text() == said
    assert beside.old.words() == "Old screenshot"


@pytest.mark.expects_log("a practice pass cannot be shown")
def test_a_bug_is_said_and_logged(qtbot: QtBot) -> None:
    window, beside = broken_windows(qtbot, ValueError("a bug"))
    assert window.about.text() == beside.about.text() != ""


def test_a_code_drawn_late_is_not_shown_for_somebody_else(qtbot: QtBot) -> None:
    runner = SteppedRunner()
    window = passes(runner=runner)
    qtbot.addWidget(window)
    assert window.chosen() == ""
    press(window, Qt.Key.Key_Down, Qt.Key.Key_H)
    runner.step()
    press(window, Qt.Key.Key_Down)
    late = runner.answer_later(0)
    runner.run_all()
    shown = window.card.code()
    late()
    assert window.card.code() == shown
    assert shown == material().fixed_code(material().members[1], KINDS[0])


@pytest.mark.parametrize("screen", SCREENS)
def test_however_small_the_window_is_made_no_bar_is_one_pixel(qtbot: QtBot, screen: tuple[int, int]) -> None:
    window, beside = passes(look_of(screen)), phone(FakeClock(), look_of(screen))
    for made in (window, beside):
        qtbot.addWidget(made)
        made.resize(1, 1)
    for kind in KINDS:
        window.take_kind(kind)
        assert window.card.module_px() >= 2
    for kind in ROTATING_KINDS:
        beside.take_kind(kind)
        assert beside.card.module_px() >= 2
