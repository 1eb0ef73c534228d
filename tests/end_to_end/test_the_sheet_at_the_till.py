"""What the practice sheet says the till answers is what it answers, scanned into its window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cashier_app.domain.identifier import NotRecognised
from cashier_app.domain.outcome import CodeTooOld, CodeUsed
from cashier_app.domain.vouchers import VoucherRefused, WhyNoVoucher
from cashier_app.practice_opening import PracticeMaterial, lesson_members
from cashier_app.services.claims import WhyNotClaimed
from cashier_app.services.till_view import ClaimShown, Serving, Step, Unrecognised
from cashier_app.services.voucher_view import VoucherGood, VoucherNot
from cashier_app.wording.practice_sheet import PracticeSheet, SheetCell
from tests.end_to_end.demo_till import DemoTill
from tests.unit.practice_sheets import WORDING


class Practice(DemoTill):
    """The demo shop with its window, and a sheet printed a moment ago."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        super().__init__(folder, qtbot)
        self.open_for_sale()
        material = PracticeMaterial(lesson_members)
        self.sheet: PracticeSheet = material.sheet(WORDING, "Marigold Stores", self.shop.till.clock.now())

    def shows(self, kind: type, *scanned: str) -> object:
        """Scan something and return the person shown, once it is of this kind."""
        for text in scanned:
            self.hands.scan(text)
        self.until(lambda: isinstance(self.session.view.person, kind) and not self.session.view.busy)
        return self.session.view.person

    def clear(self) -> None:
        """Go back to an empty till."""
        while self.session.view.step is not Step.IDLE:
            self.hands.press("Esc")
            self.until(lambda: not self.session.view.busy)

    def voucher(self, cell: SheetCell) -> VoucherGood | WhyNoVoucher | object:
        """Scan a voucher and return what became of it."""
        assert cell.code is not None
        self.hands.scan(cell.code.text)
        self.until(lambda: isinstance(self.session.view.voucher, VoucherGood | VoucherNot))
        shown = self.session.view.voucher
        if isinstance(shown, VoucherNot) and isinstance(shown.why, VoucherRefused):
            return shown.why.because
        return shown


@pytest.fixture
def practice(qtbot: QtBot, tmp_path: Path) -> Iterator[Practice]:
    made = Practice(tmp_path, qtbot)
    yield made
    made.close()


def text_of(cell: SheetCell) -> str:
    assert cell.code is not None
    return cell.code.text


def test_every_code_of_a_pass_serves_its_member(practice: Practice) -> None:
    for one in practice.sheet.passes[:2]:
        for code in one.codes:
            person = practice.shows(Serving, code.text)
            assert isinstance(person, Serving)
            assert person.member.member_id == one.words.member_id
            practice.clear()


def test_what_is_no_pass_is_answered_as_the_sheet_says(practice: Practice) -> None:
    stale, once, goods, receipt, *_ = practice.sheet.others
    practice.shows(CodeTooOld, text_of(stale))
    practice.clear()
    practice.shows(Serving, text_of(once))
    practice.hands.type("200")
    practice.hands.press("Enter", "Enter", "Enter")
    practice.until(lambda: practice.session.view.step is Step.DONE and not practice.session.view.busy)
    practice.hands.press("Enter")
    practice.until(lambda: practice.session.view.step is Step.IDLE)
    refused = practice.shows(Unrecognised, f"]E0{text_of(goods)}")
    assert isinstance(refused, Unrecognised)
    assert refused.reason is NotRecognised.PRODUCT_CODE
    practice.clear()
    # With another code between them: within three seconds the same one still lies there.
    practice.shows(CodeUsed, text_of(once))
    practice.clear()
    claim = practice.shows(ClaimShown, text_of(receipt))
    practice.until(lambda: getattr(practice.session.view.person, "refused", None) is not None)
    claim = practice.session.view.person
    assert isinstance(claim, ClaimShown)
    assert claim.refused is not None
    assert claim.refused.why is WhyNotClaimed.FOREIGN


def test_vouchers_are_as_good_as_the_sheet_says(practice: Practice) -> None:
    answers = []
    for cell in practice.sheet.vouchers:
        practice.shows(Serving, "LC1:SNEHJJR55VZAZ6RK")
        practice.hands.type("1000")
        answers.append(practice.voucher(cell))
        practice.clear()
    for cell, answer in zip(practice.sheet.vouchers, answers, strict=True):
        if "Over since" in cell.body:
            assert answer is WhyNoVoucher.EXPIRED
        elif "Not good before" in cell.body:
            assert answer is WhyNoVoucher.NOT_YET
        elif "Only for" in cell.body and "Sneha" not in cell.body:
            assert answer is WhyNoVoucher.OTHER_MEMBER
        else:
            assert isinstance(answer, VoucherGood)
    assert len({str(answer) for answer in answers}) >= 4, "each kind of answer is there to be tried"
