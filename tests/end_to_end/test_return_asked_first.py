"""A till that shares its claim key asks before money is given: the real window, keys, and the demo shop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cashier_app.errors import KnownError
from cashier_app.security.claim_keys import ClaimKeys
from cashier_app.services.asked_first import NOT_SAID, AskedFirst
from cashier_app.services.return_view import ReturnStep
from cashier_app.services.searched_sales import AlreadyReturned
from tests.end_to_end.demo_till import RAVIS_CODE, DemoTill
from ui.screens.return_screen import ReturnScreen

HIS_COINS = 460
SNEHAS_CODE = "LC1:SNEHJJR55VZAZ6RK"


class Practice(DemoTill):
    """The demo shop with its window, in a shop of several tills."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        super().__init__(folder, qtbot)
        self.open_for_sale()

    @property
    def screen(self) -> ReturnScreen:
        return self.window.drawers.returning

    def sell(self, bill: str, code: str = RAVIS_CODE) -> str:
        """Sell without using coins; return the sale's id once it is posted."""
        self.serve(code)
        self.hands.type(bill)
        self.hands.press("-", "Enter")
        sale_id = self.until_done()
        self.until_posted()
        return sale_id

    def is_at(self, step: ReturnStep) -> None:
        """Wait until the return is there and nothing is under way."""
        self.until(lambda: self.screen._view.step is step and not self.screen._view.busy)


@pytest.fixture
def practice(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Practice]:
    monkeypatch.setattr(ClaimKeys, "shared", True)
    made = Practice(tmp_path, qtbot)
    yield made
    made.close()


def test_the_money_is_given_after_the_answer(practice: Practice) -> None:
    sale_id = practice.sell("640")
    practice.hands.press("F4")
    practice.is_at(ReturnStep.AMOUNT)
    practice.hands.press("Enter")
    assert practice.screen.action_row.primary.words() == "Ask the loyalty system"
    practice.hands.press("Enter")
    practice.is_at(ReturnStep.DONE)
    assert practice.screen.pay.words().title.full == "Give back now"
    assert practice.shop.booked(sale_id) == ["sale", "refund"]
    assert practice.coins() == HIS_COINS
    returns = practice.shop.till.workshop().returns
    assert [one.untold for one in returns.today()] == [True], "the money may not be given yet"
    practice.serve(SNEHAS_CODE)
    practice.until(lambda: not any(one.untold for one in returns.today()))


def test_an_exchange_asks_and_sells_after_the_answer(practice: Practice) -> None:
    sale_id = practice.sell("640")
    practice.hands.press("F4")
    practice.is_at(ReturnStep.AMOUNT)
    practice.hands.press("E")
    practice.is_at(ReturnStep.EXCHANGE)
    practice.hands.type("500")
    practice.hands.press("Enter")
    assert practice.screen.action_row.primary.words() == "Ask the loyalty system"
    practice.hands.press("Enter")
    practice.is_at(ReturnStep.DONE)
    assert (practice.screen.pay.words().title.full, practice.screen.pay.words().hero) == (
        "Give back now",
        "₹140.00",
    )
    sold = practice.screen._view.sold
    assert sold is not None
    practice.until(lambda: practice.shop.booked(sold.sale_id) == ["sale"])
    assert practice.shop.booked(sale_id) == ["sale", "refund"]
    assert practice.coins() == HIS_COINS + 5


def test_who_left_without_the_answer_finds_it_first_in_the_list(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice.sell("640")
    practice.hands.press("F4")
    practice.is_at(ReturnStep.AMOUNT)

    def silent(asks: AskedFirst, _: str) -> None:
        asks._sending()
        raise KnownError(NOT_SAID)

    with monkeypatch.context() as patched:
        patched.setattr(AskedFirst, "settle", silent)
        practice.hands.press("Enter", "Enter")
        practice.until(lambda: bool(practice.screen._view.trouble))
    practice.hands.press("Esc", "Esc", "Esc")
    practice.until(lambda: not practice.screen.isVisible())
    practice.sell("320", SNEHAS_CODE)
    practice.hands.press("Enter", "F4")
    practice.until(lambda: len(practice.screen._view.listed) == 2)
    assert practice.screen._view.listed[0].untold
    practice.hands.press("Enter")
    practice.is_at(ReturnStep.CONFIRM)
    notes = [row.sentence.full for row in practice.screen.card._shown.notes]
    assert notes[0].endswith("nothing was given back yet.")
    practice.hands.press("Enter")
    practice.is_at(ReturnStep.DONE)
    assert practice.screen.pay.words().hero == "₹640.00"
    practice.hands.press("Enter", "F4")
    practice.is_at(ReturnStep.FIND)
    practice.hands.scan("2-0001")
    practice.until(lambda: isinstance(practice.screen._view.problem, AlreadyReturned))
    assert practice.coins() == HIS_COINS
