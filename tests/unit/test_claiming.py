"""A sale made without a member, claimed later: which one, by whom, once, and why not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.domain.claim_code import claim_code
from cashier_app.domain.program import Program
from cashier_app.domain.sale import EffectKind, EffectState, Sale
from cashier_app.services.claim_terms import claim_for
from cashier_app.services.claims import Claimable, NotClaimable, WhyNotClaimed
from cashier_app.services.receipt_codes import ReceiptCodes
from cashier_app.services.till_view import ClaimShown, NoticeKind, Serving, Step
from tests.fakes.counter import PRIYAS_CODE, PRIYAS_PHONE, RAHULS_CODE, SHARED_PHONE, Counter
from tests.fakes.shop import COINS

CLAIMS: Program = replace(COINS, claim_days=14)


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Counter]:
    opened = Counter(tmp_path, program=CLAIMS).open_for_business()
    yield opened
    opened.close()


def sell(till: Counter, bill: str = "1025") -> ReceiptCodes:
    """Sell something to nobody and return what its receipt carries."""
    till.session.without_member()
    till.type(bill)
    till.press_enter(2)
    assert till.view.step is Step.DONE
    codes = till.view.receipt
    assert codes is not None
    return codes


def claimed(till: Counter) -> ClaimShown:
    shown = till.view.person
    assert isinstance(shown, ClaimShown)
    return shown


def refused(till: Counter) -> WhyNotClaimed:
    shown = claimed(till)
    assert shown.refused is not None
    return shown.refused.why


def sales_told(till: Counter) -> list[str]:
    """Return whom the backend booked sales for."""
    return [row.effect.member_id for row in till.rows() if row.effect.kind is EffectKind.SALE]


def last_sale(till: Counter) -> Sale:
    return till.journal.recent(1)[0].sale


# What the receipt carries.


def test_a_sale_without_a_member_has_a_code_good_for_the_days_of_the_program(till: Counter) -> None:
    codes = sell(till)
    sale = last_sale(till)
    assert codes.sale_id == sale.sale_id
    assert codes.days == 14
    assert codes.claim.startswith(f"{sale.number}-")
    assert codes.receipt.startswith("CL1:")
    assert sale.program_version == CLAIMS.version


def test_a_sale_with_a_member_has_no_claim_code(till: Counter) -> None:
    till.session.scan(PRIYAS_CODE)
    till.type("1025")
    till.session.take_nothing()
    till.press_enter()
    assert till.view.step is Step.DONE
    assert till.view.receipt is not None
    assert till.view.receipt.claim == ""
    assert last_sale(till).claim_until is None


def test_without_claim_days_there_is_none(counter: Counter) -> None:
    counter.session.without_member()
    counter.type("1025")
    counter.press_enter(2)
    assert counter.view.receipt is None


def test_a_sale_offline_for_somebody_nobody_could_look_up_has_one_too(till: Counter) -> None:
    till.backend.silent = True
    till.session.scan("LC1:nobodyyet")
    till.type("1025")
    till.press_enter(2)
    assert till.view.step is Step.DONE
    assert till.view.receipt is not None
    till.press_enter()
    till.session.scan(_receipt(till))
    assert refused(till) is WhyNotClaimed.HAD_MEMBER


def _receipt(till: Counter) -> str:
    return till.workshop.claims.codes(last_sale(till)).receipt


# Claiming.


def test_code_first_then_the_member(till: Counter) -> None:
    codes = sell(till)
    sale = last_sale(till)
    till.clock.advance(3600)
    till.session.scan(codes.receipt)
    assert till.view.step is Step.CLAIM
    assert claimed(till).sale == sale
    till.session.scan(PRIYAS_CODE)
    shown = claimed(till)
    assert shown.who is not None
    assert shown.who.name.startswith("Priya")
    assert shown.offer is not None
    assert shown.offer.points == Decimal(10)
    till.press_enter()
    assert till.view.step is Step.IDLE
    assert till.view.notice is not None
    assert till.view.notice.kind is NoticeKind.CLAIMED
    row = next(row for row in till.rows() if row.effect.kind is EffectKind.SALE)
    assert row.effect.key == f"{sale.sale_id}-sale-1"
    assert row.effect.at == sale.at
    assert row.effect.program_version == CLAIMS.version
    till.drain()
    assert till.backend.members["m-1"].balance == 1250


def test_member_first_then_the_code_and_back_to_the_bill(till: Counter) -> None:
    codes = sell(till)
    till.press_enter()
    till.session.scan(PRIYAS_CODE)
    till.type("77")
    till.session.scan(codes.receipt)
    shown = claimed(till)
    assert shown.who is not None
    assert shown.offer is not None
    till.press_enter()
    person = till.view.person
    assert isinstance(person, Serving)
    assert person.member.member_id == "m-1"
    assert till.view.bill.money.minor == 7700
    assert sales_told(till) == ["m-1"]


def test_escape_leaves_everything_as_it_was(till: Counter) -> None:
    codes = sell(till)
    till.press_enter()
    till.session.scan(PRIYAS_CODE)
    till.type("77")
    before = till.view
    till.session.scan(codes.receipt)
    till.session.back()
    assert replace(till.view, notice=None) == replace(before, notice=None)
    assert sales_told(till) == []


def test_the_code_is_typed(till: Counter) -> None:
    codes = sell(till)
    till.press_enter()
    till.type(codes.claim.replace("-", "."))
    till.press_enter()
    assert claimed(till).sale == last_sale(till)
    till.type(PRIYAS_PHONE)
    till.press_enter()
    assert sales_told(till) == ["m-1"]


def test_one_of_two_on_a_phone_is_chosen(till: Counter) -> None:
    codes = sell(till)
    till.session.scan(codes.receipt)
    till.type(SHARED_PHONE)
    assert len(claimed(till).several) == 2
    till.type("2")
    till.press_enter()
    assert sales_told(till) == ["m-7"]


def test_nobody_by_that_number(till: Counter) -> None:
    codes = sell(till)
    till.session.scan(codes.receipt)
    till.type("9845000000")
    who = claimed(till).who
    assert who is not None
    assert who.missing
    till.press_enter()
    assert sales_told(till) == []


def test_offline_it_is_queued_and_posted_once(till: Counter) -> None:
    codes = sell(till)
    till.backend.silent = True
    till.session.scan(codes.receipt)
    till.session.scan("LC1:priya0001")
    assert claimed(till).offer is not None
    assert claimed(till).offer.about
    till.press_enter()
    assert till.view.step is Step.IDLE
    till.backend.silent = False
    till.clock.advance(60)
    till.drain()
    assert till.backend.members["m-1"].balance == 1250


# Why not: one sentence, nothing changes.


def test_once_only(till: Counter) -> None:
    codes = sell(till)
    for code in (PRIYAS_CODE, RAHULS_CODE):
        till.session.scan(codes.receipt)
        if till.view.person.refused is None:  # type: ignore[union-attr]
            till.session.scan(code)
            till.press_enter()
    assert refused(till) is WhyNotClaimed.CLAIMED
    till.press_enter()
    assert till.view.step is Step.IDLE
    assert sales_told(till) == ["m-1"]


def test_two_who_were_both_let_in_get_it_once(till: Counter) -> None:
    codes, claims = sell(till), till.workshop.claims
    found = claims.read(codes.receipt)
    assert isinstance(found, Claimable)
    lookup = till.workshop.lookup
    answers = []
    for member in ("m-1", "m-2"):
        who = claim_for(None, lookup.refresh(member))  # type: ignore[arg-type]
        answers.append(claims.credit(found, who))
    assert isinstance(answers[1], NotClaimable)
    assert sales_told(till) == ["m-1"]


@pytest.mark.parametrize(("days", "over"), [(14, False), (15, True)])
def test_the_window_closes_after_its_last_day(till: Counter, days: int, *, over: bool) -> None:
    codes = sell(till)
    till.clock.advance(timedelta(days=days).total_seconds())
    found = till.workshop.claims.read(codes.receipt)
    assert isinstance(found, NotClaimable) is over
    if over:
        till.session.scan(codes.receipt)
        assert refused(till) is WhyNotClaimed.OVER


def test_the_window_is_looked_at_again_when_it_is_credited(till: Counter) -> None:
    codes = sell(till)
    till.session.scan(codes.receipt)
    till.session.scan(PRIYAS_CODE)
    till.clock.advance(timedelta(days=16).total_seconds())
    till.press_enter()
    assert refused(till) is WhyNotClaimed.OVER
    assert sales_told(till) == []


def test_a_sale_taken_back_cannot_be_claimed(till: Counter) -> None:
    codes = sell(till)
    looked = till.workshop.undoing.look_at_last()
    till.workshop.undoing.void(looked)  # type: ignore[arg-type]
    till.session.scan(codes.receipt)
    assert refused(till) is WhyNotClaimed.RETURNED


def test_a_blocked_member_claims_nothing(till: Counter) -> None:
    codes, claims = sell(till), till.workshop.claims
    found = claims.read(codes.receipt)
    assert isinstance(found, Claimable)
    member = till.backend.refresh("m-1").member  # type: ignore[union-attr]
    blocked = replace(member, blocked_since=till.clock.now().date())
    who = replace(claim_for(None, till.backend.refresh("m-1")), member=blocked)  # type: ignore[arg-type]
    answer = claims.credit(found, who)
    assert isinstance(answer, NotClaimable)
    assert answer.why is WhyNotClaimed.BLOCKED


def test_a_till_of_another_shop_reads_nothing(till: Counter, tmp_path: Path) -> None:
    codes = sell(till)
    (tmp_path / "other").mkdir()
    other = Counter(tmp_path / "other", program=CLAIMS).open_for_business()
    try:
        other.session.scan(codes.receipt)
        assert refused(other) is WhyNotClaimed.FOREIGN
        assert sales_told(other) == []
    finally:
        other.close()


@pytest.mark.parametrize("cut", [6, 40, -5])
def test_a_damaged_code_says_so(till: Counter, cut: int) -> None:
    till.session.scan(sell(till).receipt[:cut])
    assert refused(till) in {WhyNotClaimed.DAMAGED, WhyNotClaimed.FOREIGN}


def test_a_receipt_is_never_looked_up_as_a_member(till: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = sell(till)
    asked: list[object] = []
    monkeypatch.setattr(till.workshop.lookup, "find", asked.append)
    till.session.scan(codes.receipt)
    till.session.back()
    till.type(codes.claim.replace("-", "."))
    till.press_enter()
    assert till.view.step is Step.CLAIM
    till.session.back()
    till.session.read_picture(lambda: [codes.receipt])
    assert till.view.step is Step.CLAIM
    assert asked == []


def test_a_receipt_scanned_while_money_is_taken_is_not_used(till: Counter) -> None:
    codes = sell(till)
    till.press_enter()
    till.session.scan(PRIYAS_CODE)
    till.type("300")
    till.press_enter(2)
    assert till.view.step is Step.PAY
    till.session.scan(codes.receipt)
    assert till.view.step is Step.PAY
    assert till.view.notice is not None
    assert till.view.notice.kind is NoticeKind.SCAN_NOT_USED


# Codes cannot be guessed.


def wrong(codes: ReceiptCodes, by: int) -> str:
    number, _, digits = codes.claim.rpartition("-")
    return f"{number}-{(int(digits) + by) % 10**6:06d}"


def test_after_five_wrong_codes_even_the_right_one_waits(till: Counter) -> None:
    codes, claims = sell(till), till.workshop.claims
    for by in range(1, 6):
        answer = claims.read(wrong(codes, by))
        assert isinstance(answer, NotClaimable)
        assert answer.why is WhyNotClaimed.WRONG_CODE
    late = claims.read(codes.claim)
    assert isinstance(late, NotClaimable)
    assert (late.why, late.seconds) == (WhyNotClaimed.TOO_OFTEN, 60)
    assert isinstance(claims.read(codes.receipt), Claimable)  # a scanned one proves itself
    till.clock.advance(60)
    assert isinstance(claims.read(codes.claim), Claimable)


def test_somebody_who_guesses_all_day_gets_five_tries_a_minute(till: Counter) -> None:
    codes, claims = sell(till), till.workshop.claims
    tried = 0
    for second in range(3600):
        answer = claims.read(wrong(codes, 1 + second))
        assert isinstance(answer, NotClaimable)
        tried += answer.why is WhyNotClaimed.WRONG_CODE
        till.clock.advance(1)
    assert tried <= 5 * 60 + 5


def test_a_number_that_is_no_sale_answers_like_a_wrong_code(till: Counter) -> None:
    sell(till)
    answer = till.workshop.claims.read("2-9999-123456")
    assert isinstance(answer, NotClaimable)
    assert (answer.why, answer.sale) == (WhyNotClaimed.WRONG_CODE, None)


def test_a_typed_code_of_another_till_asks_for_the_square_one(till: Counter) -> None:
    till.type("7.0418.594201")
    till.press_enter()
    assert refused(till) is WhyNotClaimed.OTHER_TILL


def test_guesses_without_the_limit_would_be_caught(till: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the limit the guesser of the test above gets thousands of tries."""
    codes, claims = sell(till), till.workshop.claims
    monkeypatch.setattr(claims, "_must_wait", lambda: 0)
    tried = sum(
        answer.why is WhyNotClaimed.WRONG_CODE
        for second in range(400)
        if isinstance(answer := claims.read(wrong(codes, 1 + second)), NotClaimable)
    )
    assert tried == 400


def test_a_window_nobody_checks_would_be_caught(till: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the window left out, the claim after 16 days goes through."""
    codes, claims = sell(till), till.workshop.claims
    monkeypatch.setattr(claims, "_why_not", lambda _sale, _currency: None)
    till.clock.advance(timedelta(days=16).total_seconds())
    till.session.scan(codes.receipt)
    till.session.scan(PRIYAS_CODE)
    till.press_enter()
    assert sales_told(till) == ["m-1"]


# After joining, and two records of one person.


def test_who_joins_gets_the_sale_just_finished(till: Counter) -> None:
    sell(till)
    sale = last_sale(till)
    found = till.backend.refresh("m-1")
    till.workshop.claims.claim_last_for(sale, None, found)  # type: ignore[arg-type]
    assert sales_told(till) == ["m-1"]
    again = till.workshop.claims.claim_last_for(sale, None, found)  # type: ignore[arg-type]
    assert isinstance(again, NotClaimable)


def test_two_records_of_one_person_are_reported(till: Counter) -> None:
    found = till.backend.refresh("m-6"), till.backend.refresh("m-7")
    anil, meera = (one.member for one in found)  # type: ignore[union-attr]
    till.workshop.same_person.ask_to_join(anil, meera, "asha")
    row = till.rows()[-1]
    assert (row.effect.kind, row.effect.member_id) == (EffectKind.MERGE, "m-6")
    assert row.effect.other_member_id == "m-7"
    till.deliver()
    assert till.rows()[-1].state in {EffectState.POSTED, EffectState.NEEDS_ATTENTION}
    with pytest.raises(ValueError, match="one person"):
        till.workshop.same_person.ask_to_join(anil, anil)


def test_the_code_shown_is_the_one_of_the_sale(till: Counter) -> None:
    codes = sell(till)
    keys = till.workshop.claims._keys()
    assert codes.claim == claim_code(last_sale(till), keys.sign)
