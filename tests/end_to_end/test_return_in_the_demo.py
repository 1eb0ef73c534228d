"""Goods that come back in the demo shop: the real window, real keys, and the ledger of its own server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cashier_app.demo_shop import DemoShop
from cashier_app.services.return_view import ReturnStep
from cashier_app.services.till_view import Posting, Serving, Step
from tests.ui.till_host import Hands
from ui.application import build_window
from ui.background import Background
from ui.theme.motion import STILL

RAVIS_CODE = "LC1:RAVI5N8C2H6ZD4KP"
HIS_COINS = 460


class Practice:
    """The demo shop with its window."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.background = Background()
        self.shop = DemoShop(folder)
        self.session = self.shop.till.new_session(self.background)
        self.window = build_window(self.shop.till, self.session, self.background, motion=STILL)
        self.hands = Hands(self.window)
        self.window.resize(1280, 800)
        self.window.show()
        self.session.start()
        self.until(lambda: self.session.view.program is not None)

    def until(self, holds: Callable[[], bool]) -> None:
        """Let the window work until this holds."""
        self._qtbot.waitUntil(holds, timeout=15_000)

    def sell(self, bill: str, *, offline: bool = False) -> str:
        """Sell to Ravi without using coins; return the sale's id."""
        self.hands.scan(RAVIS_CODE)
        self.until(lambda: isinstance(self.session.view.person, Serving))
        if offline:
            self.shop.stop_answering()
        self.hands.type(bill)
        self.hands.press("-", "Enter")
        self.until(lambda: self.session.view.step is Step.DONE)
        assert self.session.view.finished is not None
        return self.session.view.finished.sale.sale_id

    def coins(self) -> int:
        """Return what the ledger says Ravi has."""
        row = self.shop.server.ledger.member("mem-ravi")
        assert row is not None
        return row.balance

    def close(self) -> None:
        """Close everything."""
        self.window.closing.answer()
        self.window.close()
        self.background.close()
        self.shop.till.close()


@pytest.fixture
def practice(qtbot: QtBot, tmp_path: Path) -> Iterator[Practice]:
    made = Practice(tmp_path, qtbot)
    qtbot.addWidget(made.window)
    yield made
    made.close()


def test_a_sale_and_its_return_in_two_parts_leave_the_ledger_as_it_was(practice: Practice) -> None:
    sale_id = practice.sell("640")
    practice.until(lambda: practice.session.view.finished.posting is Posting.POSTED)  # type: ignore[union-attr]
    assert practice.coins() == HIS_COINS + 6
    practice.hands.press("F4")
    screen = practice.window.drawers.returning
    practice.until(lambda: screen._view.balance is not None)
    assert screen.card.balance.figure.text() == "460"
    practice.hands.type("139.5")
    assert screen.card.taken_back.figure.text() == "\N{MINUS SIGN}1"
    practice.hands.press("Enter", "Enter")
    practice.until(lambda: practice.shop.booked(sale_id) == ["sale", "refund"])
    assert practice.coins() == HIS_COINS + 5
    practice.hands.press("Enter", "F4")
    practice.until(lambda: screen._view.step is ReturnStep.AMOUNT)
    practice.hands.press("Enter", "Enter")
    practice.until(lambda: practice.shop.booked(sale_id) == ["sale", "refund", "refund"])
    assert practice.coins() == HIS_COINS
    assert "TRAINING" in screen.header.banner.words.text()


def test_a_return_of_a_sale_that_waits_goes_out_behind_it(practice: Practice) -> None:
    sale_id = practice.sell("640", offline=True)
    practice.hands.press("F4")
    screen = practice.window.drawers.returning
    practice.until(lambda: screen._view.step is ReturnStep.AMOUNT)
    practice.hands.press("Enter", "Enter")
    practice.until(lambda: screen._view.step is ReturnStep.DONE)
    assert screen.pay.words().fill.value == "amber"
    assert practice.shop.booked(sale_id) == []
    practice.shop.answer_again()
    practice.until(lambda: practice.shop.booked(sale_id) == ["sale", "refund"])
    assert practice.coins() == HIS_COINS


BILL = '{"lines": [{"name": "Kurta", "price": 320, "quantity": 2}, {"name": "Wrap", "price": 60}]}'


def test_lines_come_back_and_others_are_bought_for_them(practice: Practice) -> None:
    practice.hands.scan(RAVIS_CODE)
    practice.until(lambda: isinstance(practice.session.view.person, Serving))
    practice.window.take_seen(BILL)
    practice.hands.press("-", "Enter")
    practice.until(lambda: practice.session.view.step is Step.DONE)
    practice.until(lambda: practice.session.view.finished.posting is Posting.POSTED)  # type: ignore[union-attr]
    assert practice.coins() == HIS_COINS + 7
    practice.hands.press("F4")
    screen = practice.window.drawers.returning
    practice.until(lambda: screen._view.balance is not None)
    practice.hands.press("+", "Down", "Space")
    assert screen.action_row.primary.words() == "Return 1 line"
    practice.hands.press("E")
    practice.until(lambda: screen._view.step is ReturnStep.EXCHANGE)
    practice.hands.type("500")
    assert (screen.pay.words().title.full, screen.pay.words().hero) == ("To pay", "₹180.00")
    practice.hands.press("Enter", "Enter")
    practice.until(lambda: screen._view.step is ReturnStep.DONE)
    sold = screen._view.sold
    assert sold is not None
    practice.until(lambda: practice.shop.booked(sold.sale_id) == ["sale"])
    taken_back = screen._view.done.taken_back  # type: ignore[union-attr]
    assert practice.coins() == HIS_COINS + 7 - taken_back + 5
