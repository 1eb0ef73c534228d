"""Undoing in the window: by keys alone, by touch alone, and the question in its place in every size."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cashier_app.services.last_act import ActDone, LastAct
from cashier_app.services.till_view import Serving, Step
from cashier_app.services.undo_view import UndoStep, UndoView
from cashier_app.wording.menu import Entry
from tests.fakes.counter import ANILS_CODE, PRIYAS_CODE, RAHULS_CODE, RAHULS_PHONE, STRANGERS_CODE
from tests.fakes.told_points import told_points
from tests.ui.till_host import SIZES, Shop
from ui.key_words import Where
from ui.menu import menu_entries
from ui.screens.frame import Frame
from ui.screens.undo_dialog import DEAD_SECONDS, UndoDialog
from ui.theme.tokens import DARK, LIGHT, Theme
from ui.undoing import UndoEntry
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.keypad import KeypadKey
from ui.widgets.text import ElidedLabel


class UndoingShop(Shop):
    """The till with its window, and a backend that is told points."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.entry = self.window.ways.undo = UndoEntry(self.window, self.counter.undo, self.counter.clock)

    @property
    def dialog(self) -> UndoDialog:
        return self.entry.dialog

    @property
    def asked(self) -> UndoView:
        return self.counter.undo.view

    @property
    def coins(self) -> int:
        return int(self.counter.backend.members["m-1"].balance)

    def sell(self, code: str = PRIYAS_CODE) -> None:
        self.hands.scan(code)
        self.hands.type("2360")
        self.hands.press("*" if code == PRIYAS_CODE else "-", "Enter")
        assert self.view.step is Step.DONE
        self.counter.drain()

    def wait_a_moment(self) -> None:
        self.counter.clock.advance(DEAD_SECONDS)

    def tap(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Press with a finger, or what Qt makes of it."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())


@pytest.fixture
def shop(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[UndoingShop]:
    made = UndoingShop(tmp_path)

    monkeypatch.setattr(made.counter.backend, "plan_refund", told_points)
    qtbot.addWidget(made.window)
    yield made
    made.window.closing.answer()
    made.close()


# --- keys alone -------------------------------------------------------------------------------------


def test_f9_and_enter_undo_the_sale_just_made(shop: UndoingShop) -> None:
    before = shop.coins
    shop.sell()
    pressed = shop.hands.presses
    shop.hands.press("F9")
    assert shop.window.drawers.place_of_keys() is Where.UNDO
    figures = [right.text() for _, right in shop.dialog.lines[:3]]
    assert figures == ["+200", "\N{MINUS SIGN}21", "1,240"]
    assert shop.dialog.notes[0].text() == "Give the ₹2,160.00 back at your till as well."
    shop.wait_a_moment()
    shop.hands.press("Enter")
    assert shop.hands.presses == pressed + 2
    assert (shop.asked.step, shop.view.step) == (UndoStep.CLOSED, Step.IDLE)
    assert shop.window.screen_of_till.who.toast.words() == "Undone. Give back ₹2,160.00"
    shop.counter.drain()
    assert shop.coins == before


def test_enter_is_dead_at_first(shop: UndoingShop) -> None:
    shop.sell()
    shop.hands.press("F9", "Enter")
    assert shop.asked.step is UndoStep.SALE
    shop.counter.clock.advance(DEAD_SECONDS - 0.01)
    shop.hands.press("Enter")
    assert shop.asked.step is UndoStep.SALE
    shop.hands.press("Esc")
    assert (shop.asked.step, shop.view.step) == (UndoStep.CLOSED, Step.DONE)
    assert shop.window.drawers.top() is None


def test_a_scanner_does_not_press_enter(shop: UndoingShop) -> None:
    shop.sell()
    shop.hands.press("F9")
    shop.wait_a_moment()
    shop.hands.scan(RAHULS_CODE)
    assert (shop.asked.step, shop.asked.stray) == (UndoStep.SALE, True)
    assert shop.dialog.notes[0].text() == "Scan not used: answer this first"


def test_held_down_nothing_is_asked(shop: UndoingShop, qtbot: QtBot) -> None:
    before = shop.coins
    shop.sell()
    shop.window.router._undo_held.setInterval(0)
    QTest.keyPress(shop.window.windowHandle(), Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: shop.asked.done is not None)
    QTest.keyRelease(shop.window.windowHandle(), Qt.Key.Key_F9)
    shop.counter.drain()
    assert shop.coins == before


def test_let_go_in_time_it_asks(shop: UndoingShop) -> None:
    shop.sell()
    QTest.keyPress(shop.window.windowHandle(), Qt.Key.Key_F9)
    shop.hands._let_go()
    assert shop.window.router._undo_held.isActive()
    QTest.keyRelease(shop.window.windowHandle(), Qt.Key.Key_F9)
    assert not shop.window.router._undo_held.isActive()
    assert shop.asked.step is UndoStep.SALE


def test_from_the_idle_screen_it_is_the_last_sale_and_then_nothing(shop: UndoingShop) -> None:
    shop.sell()
    shop.hands.press("Enter", "F9")
    shop.wait_a_moment()
    shop.hands.press("Enter", "F9")
    assert shop.asked.step is UndoStep.CANNOT
    assert shop.dialog.heading.text() == "Undone already"
    assert shop.dialog.primary.isHidden()
    shop.wait_a_moment()
    shop.hands.press("Enter")
    assert shop.window.drawers.top() is None


def test_while_somebody_is_served_f9_only_changes_back(shop: UndoingShop) -> None:
    shop.sell()
    shop.hands.press("Enter")
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.press("F9")
    assert shop.window.drawers.top() is None
    shop.hands.scan(RAHULS_CODE)
    assert isinstance(shop.view.person, Serving)
    assert shop.view.person.member.member_id == "m-2"
    shop.hands.press("F9")
    assert shop.view.person.member.member_id == "m-1"
    assert shop.window.drawers.top() is None


def test_what_cannot_be_undone_says_so(shop: UndoingShop) -> None:
    shop.counter.acts.note(LastAct(ActDone.ENROLLED, shop.counter.clock.now(), "Meera"))
    shop.hands.press("F9")
    assert shop.dialog.heading.text() == "Meera stays a member"


def test_f3_on_the_finished_sale_moves_it(shop: UndoingShop) -> None:
    before = shop.coins
    shop.sell()
    shop.hands.press("F3")
    assert shop.window.drawers.place_of_keys() is Where.MOVE
    shop.hands.scan(STRANGERS_CODE)
    assert shop.dialog.notes[0].text() == "Nobody is known by this. Nothing is changed."
    shop.hands.type(RAHULS_PHONE)
    shop.wait_a_moment()
    shop.hands.press("Enter")
    assert shop.dialog.heading.text() == "Move this sale to Rahul?"
    assert [right.text() for _, right in shop.dialog.lines[:4]] == [
        "+200",
        "\N{MINUS SIGN}21",
        "+23",
        "₹200.00",
    ]
    shop.wait_a_moment()
    shop.hands.press("Enter")
    assert shop.asked.done is not None
    assert shop.asked.done.moved is not None
    shop.counter.drain()
    assert shop.coins == before


def test_other_function_keys_are_dead_while_it_asks(shop: UndoingShop) -> None:
    shop.sell()
    shop.hands.press("F9")
    for key in ("F1", "F2", "F4", "F5", "F6", "F7", "F8", "F9", "F10"):
        shop.hands.press(key)
        assert shop.window.drawers.top() is shop.dialog, key


# --- touch alone ------------------------------------------------------------------------------------


def test_by_touch_alone(shop: UndoingShop) -> None:
    before = shop.coins
    shop.sell()
    row = shop.window.screen_of_till.action_row
    assert (row.escape.words(), row.escape.key()) == ("Undo", "F9")
    shop.tap(row.escape)
    shop.tap(shop.dialog.keep)
    assert shop.view.step is Step.DONE
    shop.tap(row.escape)
    shop.tap(shop.dialog.primary)
    shop.counter.drain()
    assert (shop.coins, shop.view.step) == (before, Step.IDLE)


def test_moved_by_touch_alone(shop: UndoingShop) -> None:
    before = shop.coins
    shop.sell()
    shop.tap(shop.window.screen_of_till.action_row.escape)
    shop.tap(shop.dialog.other)
    assert shop.dialog.keypad.isVisible()
    keys = {key.value(): key for key in shop.dialog.keypad.findChildren(KeypadKey)}
    for digit in RAHULS_PHONE:
        shop.tap(keys[digit])
    assert shop.dialog.field.content().words.replace(" ", "") == RAHULS_PHONE
    shop.tap(shop.dialog.primary)
    shop.tap(shop.dialog.primary)
    shop.counter.drain()
    assert shop.coins == before
    assert shop.counter.journal.recent(1)[0].sale.member_id == "m-2"


def test_from_the_menu(shop: UndoingShop) -> None:
    shop.sell()
    shop.hands.press("Enter")
    menu_entries(shop.window)[Entry.UNDO]()
    assert shop.asked.step is UndoStep.SALE


def test_one_of_the_last_sales_is_pressed(shop: UndoingShop) -> None:
    shop.sell()
    first = shop.view.finished
    shop.hands.press("Enter")
    shop.sell(ANILS_CODE)
    shop.hands.press("Enter")
    undo = shop.window.screen_of_till.last_sales._undo
    assert undo is not None
    assert (undo.words(), undo.has_room()) == ("Undo", True)
    rows = shop.window.screen_of_till.last_sales._rows
    shop.tap(rows[1])
    assert shop.asked.found is not None
    assert first is not None
    assert shop.asked.found.sale.sale_id == first.sale.sale_id
    shop.tap(shop.dialog.primary)
    assert shop.view.today.undone == {first.sale.sale_id}
    assert rows[1].accessibleName().endswith("undone")
    shop.tap(undo)
    assert shop.asked.found is not None
    assert shop.asked.found.sale.display_name == "Anil K."


# --- where it stands --------------------------------------------------------------------------------


def _ask(shop: UndoingShop, what: str) -> None:
    shop.sell()
    match what:
        case "undo":
            shop.hands.press("F9")
        case "whom":
            shop.hands.press("F3")
        case "nobody":
            shop.hands.press("F3")
            shop.hands.scan(STRANGERS_CODE)
        case "move":
            shop.hands.press("F3")
            shop.hands.scan(RAHULS_CODE)
        case "cannot":
            shop.counter.clock.advance(86400)
            shop.hands.press("F9")
        case "offline":
            shop.counter.backend.silent = True
            shop.hands.press("F3")
            shop.hands.type("9845000011")
            shop.wait_a_moment()
            shop.hands.press("Enter")


@pytest.mark.parametrize("what", ["undo", "whom", "nobody", "move", "cannot", "offline"])
def test_everything_is_whole_in_every_size(shop: UndoingShop, what: str) -> None:
    _ask(shop, what)
    dialog = shop.dialog
    themes: tuple[Theme, ...] = (LIGHT, DARK)
    for theme in themes:
        for size in SIZES:
            shop.window.resize(*size)
            shop.window.set_theme(theme)
            card = dialog._card()
            assert dialog.rect().contains(card)
            shown = [part for part in dialog._parts() if part.isVisible()]
            for part in shown:
                assert card.contains(part.geometry()), (what, size, part)
                if isinstance(part, ActionButton):
                    assert part.has_room(), (what, size, part.words())
                if isinstance(part, ElidedLabel):
                    assert not part.is_elided(), (what, size, part.text())
            for one, other in pairwise(shown):
                assert not one.geometry().intersects(other.geometry()), (what, size)
            if dialog.keypad.isVisible():
                keys = Frame.of(shop.window.screen_of_till.look().metrics).keys
                assert dialog.keypad.geometry() == keys
                assert not card.intersects(keys)


def test_what_takes_something_away_is_red_and_never_has_the_focus_first(shop: UndoingShop) -> None:
    _ask(shop, "undo")
    assert shop.dialog.primary.kind() is ButtonKind.DANGER
    assert shop.dialog.keep.hasFocus()
    assert not shop.dialog.keep.shows_ring()
    for stop in (shop.dialog.primary, shop.dialog.other, shop.dialog.keep):
        shop.dialog.focusNextPrevChild(True)
        assert stop.hasFocus()


def test_it_is_read_out(shop: UndoingShop) -> None:
    _ask(shop, "undo")
    assert shop.dialog.accessibleName() == "Undo this sale?"
    described = shop.dialog.accessibleDescription()
    assert "Coins given back +200." in described
    assert "Give the ₹2,160.00 back" in described
