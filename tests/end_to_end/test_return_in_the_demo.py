"""Goods that come back in the demo shop: the real window, real keys, and the ledger of its own server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cashier_app.services.return_view import ReturnStep
from cashier_app.services.till_view import Posting, Serving, Step
from tests.end_to_end.demo_till import RAVIS_CODE, DemoTill

HIS_COINS = 460


class Practice(DemoTill):
    """The demo shop with its window."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        super().__init__(folder, qtbot)
        self.open_for_sale()

    def sell(self, bill: str, *, offline: bool = False) -> str:
        """Sell to Ravi without using coins; return the sale's id."""
        self.serve()
        if offline:
            self.shop.stop_answering()
        self.hands.type(bill)
        self.hands.press("-", "Enter")
        return self.until_done()


@pytest.fixture
def practice(qtbot: QtBot, tmp_path: Path) -> Iterator[Practice]:
    made = Practice(tmp_path, qtbot)
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
