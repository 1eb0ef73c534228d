"""Sales undone and moved in the demo shop: the real window, real keys, and the ledger of its own server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cashier_app.demo.staff import DEMO_STAFF
from cashier_app.domain.sale import EffectKind, ReturnReason
from cashier_app.services.desk_settings import DeskSettings
from cashier_app.services.desk_view import DeskStage
from cashier_app.services.till_view import Step
from cashier_app.services.undo_view import UndoStep
from tests.end_to_end.demo_till import DemoTill
from ui.gate import REFUND_SECONDS
from ui.till_pages import give_undo
from ui.undoing import UndoEntry

PRIYA = "mem-priya"


class Undoing(DemoTill):
    """The demo shop with its window, where sales are undone."""

    entry: UndoEntry

    def sell(self, bill: str, *, offline: bool = False, points: bool = False) -> str:
        """Sell to Ravi; return the sale's id once it is posted, or saved where nothing answers."""
        self.serve()
        if offline:
            self.shop.stop_answering()
        self.hands.type(bill)
        self.hands.press("*" if points else "-")
        self.until(lambda: self.session.view.step is Step.PAY and not self.session.view.busy)
        self.hands.press("Enter")
        sale_id = self.until_done()
        if not offline:
            self.until_posted()
        return sale_id

    def awake(self) -> None:
        """Wait until Enter is heard."""
        dialog = self.entry.dialog
        self.until(lambda: self.shop.till.clock.monotonic() >= dialog._awake_at)


class Practice(Undoing):
    """Where nobody signs in."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        super().__init__(folder, qtbot)
        self.undos = self.shop.till.new_undo(self.background, self.session)
        self.entry = self.window.ways.undo = UndoEntry(self.window, self.undos, self.shop.till.clock)
        self.open_for_sale()


class SignedIn(Undoing):
    """Where Asha has signed in."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        super().__init__(folder, qtbot, signs_in=DeskSettings())
        assert self.link is not None
        give_undo(self.window, self.shop.till, self.link, self.background)
        assert self.window.ways.undo is not None
        self.entry = self.window.ways.undo
        self.undos = self.entry.undos
        self.open()
        self.until(lambda: self.gate.desk.view.stage is DeskStage.LOCKED and self.gate.desk.people != ())
        member, pin = DEMO_STAFF[0]
        self.staff_id = member.staff_id
        self.hands.press("1", *pin, "Enter")
        self.until(lambda: self.gate.desk.view.stage is DeskStage.OPEN)
        self.until(lambda: self.session.view.program is not None)


@pytest.fixture
def practice(qtbot: QtBot, tmp_path: Path) -> Iterator[Practice]:
    made = Practice(tmp_path, qtbot)
    yield made
    made.close()


def test_a_sale_with_coins_is_undone_by_two_keys(practice: Practice) -> None:
    before = practice.coins()
    sale_id = practice.sell("640", points=True)
    assert practice.coins() != before
    presses = practice.hands.presses
    practice.hands.press("F9")
    practice.until(lambda: practice.undos.view.balance is not None)
    assert practice.entry.dialog.lines[2][1].text() == str(before)
    practice.awake()
    practice.hands.press("Enter")
    practice.until(lambda: "refund" in practice.shop.booked(sale_id))
    assert practice.hands.presses == presses + 2
    assert (practice.coins(), practice.session.view.step) == (before, Step.IDLE)
    practice.hands.press("F9")
    practice.until(lambda: practice.undos.view.step is UndoStep.CANNOT)


def test_a_sale_that_waits_is_undone_behind_it(practice: Practice) -> None:
    before = practice.coins()
    sale_id = practice.sell("640", offline=True)
    practice.hands.press("F9")
    practice.until(lambda: practice.undos.view.step is UndoStep.SALE)
    practice.awake()
    practice.hands.press("Enter")
    practice.until(lambda: practice.undos.view.done is not None)
    assert practice.shop.booked(sale_id) == []
    practice.shop.answer_again()
    practice.until(lambda: practice.shop.booked(sale_id) == ["sale", "refund"])
    assert practice.coins() == before


def test_held_down_it_is_undone_at_once(practice: Practice) -> None:
    before = practice.coins()
    sale_id = practice.sell("640")
    QTest.keyPress(practice.window.windowHandle(), Qt.Key.Key_F9)
    practice.until(lambda: practice.undos.view.done is not None)
    QTest.keyRelease(practice.window.windowHandle(), Qt.Key.Key_F9)
    practice.until(lambda: practice.shop.booked(sale_id) == ["sale", "refund"])
    assert practice.coins() == before


def test_a_sale_goes_to_another_member(practice: Practice) -> None:
    ravis, priyas = practice.coins(), practice.coins(PRIYA)
    sale_id = practice.sell("640")
    earned = practice.coins() - ravis
    assert earned > 0
    practice.hands.press("F3")
    practice.until(lambda: practice.undos.view.step is UndoStep.WHOM)
    practice.hands.type("9845012210")
    practice.awake()
    practice.hands.press("Enter")
    practice.until(lambda: not practice.undos.view.busy)
    assert practice.undos.view.step is UndoStep.MOVE, practice.undos.view.problem
    move = practice.undos.view.move
    assert move is not None
    practice.awake()
    practice.hands.press("Enter")
    practice.until(lambda: practice.undos.view.done is not None)
    practice.until(lambda: practice.shop.booked(move.sale_id) == ["sale"])
    assert practice.shop.booked(sale_id) == ["sale", "refund"]
    assert practice.coins() == ravis
    assert practice.coins(PRIYA) == priyas + int(move.quote.earns)


def test_who_signed_in_undoes_it_and_the_till_locks(qtbot: QtBot, tmp_path: Path) -> None:
    practice = SignedIn(tmp_path, qtbot)
    try:
        sale_id = practice.sell("640")
        practice.hands.press("F9")
        practice.until(lambda: practice.undos.view.step is UndoStep.SALE)
        practice.awake()
        practice.hands.press("Enter")
        practice.until(lambda: practice.shop.booked(sale_id) == ["sale", "refund"])
        journal = practice.shop.till.workshop().undoing._journal
        undone = [row.effect for row in journal.effects_of(sale_id) if row.effect.kind is EffectKind.REFUND]
        assert [(effect.staff_id, effect.reason) for effect in undone] == [
            (practice.staff_id, ReturnReason.VOID)
        ]
        assert practice.gate._refunded_at is not None
        practice.gate._refunded_at -= REFUND_SECONDS
        practice.gate.tick()
        practice.until(lambda: practice.gate.desk.view.stage is DeskStage.LOCKED)
    finally:
        practice.close()
