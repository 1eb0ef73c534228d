"""Practice material beside the till's window: opened when wanted, in its colours, and never in its way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPdfWriter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cashier_app.domain.lesson import Code, HoldUp
from tests.fakes.clock import FakeClock
from tests.fakes.runner import Immediate
from tests.ui import sample_views
from tests.ui.till_host import window_of
from ui.main_window import MainWindow
from ui.theme.tokens import DARK
from ui.training import material
from ui.training.material import MaterialDesk
from ui.training.material_window import place_beside
from ui.training.phone import PhoneWindow


class Room:
    """A till's window and its desk of practice material."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window: MainWindow
        self.window, self.till = window_of(sample_views.STATES["idle"](), training=True)
        qtbot.addWidget(self.window)
        self.desk = MaterialDesk(self.window, Immediate(), FakeClock())


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot)


def test_passes_open_in_the_colours_of_the_till(room: Room) -> None:
    room.window.set_theme(DARK)
    room.desk.open_passes()
    passes = room.desk.passes
    assert passes.isVisible()
    assert passes.look().theme is DARK
    assert passes.windowHandle().transientParent() is room.window.windowHandle(), (
        "before a till in full screen"
    )
    assert not passes.testAttribute(Qt.WidgetAttribute.WA_QuitOnClose), "the till decides when training ends"
    assert passes.card.code() is not None
    assert passes.rows[0].words.points.endswith("coins"), "whatever the till knows of points so far"
    room.desk.close()
    assert not passes.isVisible()


def test_they_follow_when_colours_change(room: Room) -> None:
    room.desk.open_passes()
    room.window.set_theme(DARK)
    room.window.show_view(sample_views.STATES["member"]())
    assert room.desk.passes.look().theme is DARK
    room.desk.close()


def test_the_phone_of_a_member_opens_from_their_pass(room: Room) -> None:
    room.desk.open_passes()
    room.desk.passes.choose("mem-rahul")
    QTest.keyClick(room.desk.passes, Qt.Key.Key_H)
    view = room.desk.phone.view()
    assert view is not None
    assert view.member_id == "mem-rahul"
    assert room.desk.phone.isVisible()
    room.desk.close()


def test_a_code_held_up_leaves_the_keys_with_the_till(room: Room) -> None:
    room.desk.put_away()
    room.desk.hold_up(HoldUp("mem-priya", Code.STALE), "LR1:given:by:lesson")
    phone = room.desk.phone
    code = phone.card.code()
    assert code is not None
    assert code.text == "LR1:given:by:lesson"
    assert phone.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    phone.switch_on_top()
    assert phone.windowHandle().transientParent() is room.window.windowHandle(), "also as a new window"
    room.desk.put_away()
    assert not phone.isVisible()
    room.desk.close()


@pytest.mark.parametrize(
    ("till", "wanted"),
    [
        (QRect(0, 0, 1280, 800), QPoint(1280, 48)),
        (QRect(640, 200, 1280, 800), QPoint(0, 248)),
        (QRect(0, 0, 1920, 1080), QPoint(1280, 48)),
        (QRect(300, 900, 1300, 800), QPoint(1280, 520)),
    ],
)
def test_a_window_opens_beside_the_till_or_over_its_keys(till: QRect, wanted: QPoint) -> None:
    place = place_beside(till, QSize(640, 560), QRect(0, 0, 1920, 1080))
    assert place == wanted


def test_over_the_till_it_leaves_what_the_coach_says_in_sight() -> None:
    small = QRect(0, 0, 1024, 600)
    assert place_beside(small, QSize(640, 526), small, foot=72) == QPoint(384, 2)
    assert place_beside(small, QSize(640, 560), small, foot=72) == QPoint(384, 0)


def test_no_window_is_larger_than_the_screen() -> None:
    assert place_beside(QRect(0, 0, 1024, 600), QSize(1024, 600), QRect(0, 0, 1024, 600)) == QPoint(0, 0)


def test_what_a_scanner_types_into_these_windows_is_scanned_at_the_till(room: Room, qtbot: QtBot) -> None:
    at = 1000

    def stamp(_: object) -> int:
        return at

    room.window.show()
    room.window.wedge.reader.stamp = stamp
    for open_window in (room.desk.open_passes, room.desk.phone.open_beside):
        open_window()
        window = open_window.__self__ if isinstance(open_window.__self__, PhoneWindow) else room.desk.passes
        qtbot.waitUntil(window.isActiveWindow)
        before = window.card.code()
        for character in "LC1:PRYA7K2M4Q9XW3TB":
            at += 4
            QTest.keyClick(window.windowHandle(), character)
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)
        assert room.till.asked[-1] == ("scan", "LC1:PRYA7K2M4Q9XW3TB")
        assert window.card.code() == before, "no key of it was acted on"
    room.desk.close()


def test_the_sheet_goes_to_the_printer_that_is_chosen(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Callable[[QPdfWriter], None]] = []
    monkeypatch.setattr(material, "ask_for_printer", lambda _parent, _title, chosen: asked.append(chosen))
    room.desk.open_passes()
    QTest.keyClick(room.desk.passes, Qt.Key.Key_P)
    (chosen,) = asked
    path = tmp_path / "sheet.pdf"
    writer = QPdfWriter(str(path))
    writer.setResolution(300)
    chosen(writer)
    assert path.read_bytes().startswith(b"%PDF")
    assert path.stat().st_size > 10_000
    room.desk.close()
