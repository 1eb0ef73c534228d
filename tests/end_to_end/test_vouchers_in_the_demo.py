"""Vouchers in the demo shop: the real window, real keys, and the books of its own server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cashier_app.domain.vouchers import VoucherRefused, WhyNoVoucher
from cashier_app.services.till_view import Step
from cashier_app.services.voucher_view import VoucherGood, VoucherNot, WhyNotAsked
from tests.end_to_end.demo_till import RAVIS_CODE, DemoTill
from ui.undoing import UndoEntry

SNEHA, SNEHAS_CODE, SNEHAS_COINS, HERS = "mem-sneha", "LC1:SNEHJJR55VZAZ6RK", 158, "BDAY-7Q4M2K"


class Practice(DemoTill):
    """The demo shop with its window."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        super().__init__(folder, qtbot)
        self.undos = self.shop.till.new_undo(self.background, self.session)
        self.entry = self.window.ways.undo = UndoEntry(self.window, self.undos, self.shop.till.clock)
        self.open_for_sale()

    def serve_bill(self, code: str, bill: str) -> None:
        """Serve a member whose bill this is."""
        self.serve(code)
        self.hands.type(bill)

    def bring(self, voucher: str) -> VoucherGood | VoucherNot:
        """Scan a voucher and return what became of it."""
        self.hands.scan(voucher)
        self.until(lambda: isinstance(self.session.view.voucher, VoucherGood | VoucherNot))
        shown = self.session.view.voucher
        assert isinstance(shown, VoucherGood | VoucherNot)
        return shown

    def refused(self, voucher: str) -> WhyNoVoucher | WhyNotAsked:
        """Scan a voucher that is good for nothing and return why."""
        shown = self.bring(voucher)
        assert isinstance(shown, VoucherNot)
        return shown.why.because if isinstance(shown.why, VoucherRefused) else shown.why

    def pay(self) -> str:
        """Go through the payment and wait until the sale is posted; return its id."""
        self.until(lambda: not self.session.view.busy)
        self.hands.press("Enter", "Enter", "Enter")
        sale_id = self.until_done()
        self.until_posted()
        return sale_id

    def books(self, sale_id: str) -> tuple[object, ...]:
        """Return what the server booked for a sale: the amounts, and the voucher it was used up by."""
        return self.shop.server.ledger.rows(
            "SELECT bill, discount, paid, voucher, (SELECT code FROM voucher_uses AS u WHERE u.sale_id ="
            " s.sale_id) FROM sales AS s WHERE sale_id = ?",
            (sale_id,),
        )[0]


@pytest.fixture
def practice(qtbot: QtBot, tmp_path: Path) -> Iterator[Practice]:
    made = Practice(tmp_path, qtbot)
    yield made
    made.close()


def test_a_voucher_is_used_once_and_the_books_agree(practice: Practice) -> None:
    practice.serve_bill(SNEHAS_CODE, "1000")
    assert isinstance(practice.bring(HERS), VoucherGood)
    sale_id = practice.pay()
    assert practice.books(sale_id) == (100000, 10000, 90000, HERS, HERS)
    finished = practice.session.view.finished
    assert finished is not None
    assert practice.coins(SNEHA) == SNEHAS_COINS + int(finished.earned)
    practice.hands.press("Enter")
    practice.serve_bill(SNEHAS_CODE, "1000")
    assert practice.refused(HERS) is WhyNoVoucher.USED
    assert "This voucher was used already" in practice.window.screen_of_till.reward.spoken_rows()


def test_a_sale_undone_gives_its_voucher_back(practice: Practice) -> None:
    practice.serve_bill(SNEHAS_CODE, "1000")
    practice.bring(HERS)
    sale_id = practice.pay()
    practice.hands.press("F9")
    practice.until(lambda: practice.undos.view.found is not None and not practice.undos.view.busy)
    found = practice.undos.view.found
    assert found is not None
    assert found.voucher_free is True
    practice.until(lambda: practice.undos.view.balance is not None)
    practice.until(lambda: practice.shop.till.clock.monotonic() >= practice.entry.dialog._awake_at)
    practice.hands.press("Enter")
    practice.until(lambda: practice.shop.booked(sale_id) == ["sale", "refund"])
    assert practice.coins(SNEHA) == SNEHAS_COINS
    practice.serve_bill(SNEHAS_CODE, "1000")
    assert isinstance(practice.bring(HERS), VoucherGood)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("NOSUCH5", WhyNoVoucher.UNKNOWN),
        ("DIWALI25", WhyNoVoucher.EXPIRED),
        ("NEWYEAR27", WhyNoVoucher.NOT_YET),
        ("BDAY-7Q4M2K", WhyNoVoucher.OTHER_MEMBER),
        ("WELCOME50", WhyNoVoucher.BILL_TOO_SMALL),
    ],
)
def test_each_refusal_is_one_sentence_and_changes_nothing(
    practice: Practice, code: str, why: WhyNoVoucher
) -> None:
    practice.serve_bill(RAVIS_CODE, "250")
    before = practice.session.view.quote
    assert practice.refused(code) is why
    assert practice.session.view.quote == before


def test_offline_a_voucher_is_not_looked_up_and_the_sale_goes_on(practice: Practice) -> None:
    practice.serve_bill(SNEHAS_CODE, "1000")
    practice.shop.stop_answering()
    assert practice.refused(HERS) is WhyNotAsked.OFFLINE
    practice.hands.press("-", "Enter")
    practice.until(lambda: practice.session.view.step is Step.DONE)
    assert practice.session.view.finished is not None
    assert practice.session.view.finished.sale.voucher == ""
