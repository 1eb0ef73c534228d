"""Sales undone and moved in the demo shop: the real window, real keys, and the ledger of its own server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cashier_app.demo.staff import DEMO_STAFF
from cashier_app.demo_shop import DemoShop
from cashier_app.domain.sale import EffectKind, ReturnReason
from cashier_app.services.desk_settings import DeskSettings
from cashier_app.services.desk_view import DeskStage
from cashier_app.services.till_view import Posting, Serving, Step
from cashier_app.services.undo_view import UndoStep
from tests.ui.till_host import Hands
from ui.application import build_window
from ui.background import Background
from ui.gate import REFUND_SECONDS, Gate
from ui.staff_link import StaffLink
from ui.theme.motion import STILL
from ui.till_pages import give_undo
from ui.undoing import UndoEntry

RAVIS_CODE = "LC1:RAVI5N8C2H6ZD4KP"
RAVI, PRIYA = "mem-ravi", "mem-priya"


class Practice:
    """The demo shop with its window."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.background = Background()
        self.shop = DemoShop(folder)
        till = self.shop.till
        self.session = till.new_session(self.background)
        self.window = build_window(till, self.session, self.background, motion=STILL)
        self.undos = till.new_undo(self.background, self.session)
        self.entry = self.window.ways.undo = UndoEntry(self.window, self.undos, till.clock)
        self.hands = Hands(self.window)
        self.window.resize(1280, 800)
        self.window.show()
        self.session.start()
        self.until(lambda: self.session.view.program is not None)

    def until(self, holds: Callable[[], bool]) -> None:
        """Let the window work until this holds."""
        self._qtbot.waitUntil(holds, timeout=15_000)

    def sell(self, bill: str, *, offline: bool = False, points: bool = False) -> str:
        """Sell to Ravi; return the sale's id once it is posted, or saved where nothing answers."""
        self.hands.scan(RAVIS_CODE)
        self.until(lambda: isinstance(self.session.view.person, Serving))
        if offline:
            self.shop.stop_answering()
        self.hands.type(bill)
        self.hands.press("*" if points else "-")
        self.until(lambda: self.session.view.step is Step.PAY and not self.session.view.busy)
        self.hands.press("Enter")
        self.until(lambda: self.session.view.step is Step.DONE)
        finished = self.session.view.finished
        assert finished is not None
        if not offline:
            self.until(lambda: self.session.view.finished.posting is Posting.POSTED)  # type: ignore[union-attr]
        return finished.sale.sale_id

    def coins(self, member_id: str = RAVI) -> int:
        """Return what the ledger says somebody has."""
        row = self.shop.server.ledger.member(member_id)
        assert row is not None
        return row.balance

    def awake(self) -> None:
        """Wait until Enter is heard."""
        dialog = self.entry.dialog
        self.until(lambda: self.shop.till.clock.monotonic() >= dialog._awake_at)

    def close(self) -> None:
        """Close everything."""
        self.window.closing.answer()
        self.window.close()
        self.background.close()
        self.shop.till.close()


class SignedIn(Practice):
    """The same, where Asha has signed in."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.background = Background()
        self.shop = DemoShop(folder)
        self.shop.till.staff = DeskSettings()
        self.link = StaffLink(self.shop.till, self.background)
        self.session = self.link.session
        self.window = build_window(
            self.shop.till, self.session, self.background, motion=STILL, staff=self.link
        )
        self.link.stand_before(self.window)
        give_undo(self.window, self.shop.till, self.link, self.background)
        assert self.window.ways.undo is not None
        self.entry = self.window.ways.undo
        self.undos = self.entry.undos  # type: ignore[assignment]
        self.hands = Hands(self.window)
        self.window.resize(1280, 800)
        self.window.show()
        self.session.start()
        self.link.start()
        self.until(lambda: self.gate.desk.view.stage is DeskStage.LOCKED and self.gate.desk.people != ())
        member, pin = DEMO_STAFF[0]
        self.staff_id = member.staff_id
        self.hands.press("1", *pin, "Enter")
        self.until(lambda: self.gate.desk.view.stage is DeskStage.OPEN)
        self.until(lambda: self.session.view.program is not None)

    @property
    def gate(self) -> Gate:
        assert self.link.gate is not None
        return self.link.gate


@pytest.fixture
def practice(qtbot: QtBot, tmp_path: Path) -> Iterator[Practice]:
    made = Practice(tmp_path, qtbot)
    qtbot.addWidget(made.window)
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
    qtbot.addWidget(practice.window)
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
