"""A voucher at the till: looked up on the bill that stands, taken once, used up by the sale, or refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from cashier_app.domain.money import Money
from cashier_app.domain.personal_offer import OfferKind, PersonalOffer
from cashier_app.domain.program.figures import Amount
from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.domain.vouchers import MAX_CODE, VoucherRefused, WhyNoVoucher
from cashier_app.services.till_view import NoticeKind, Step, Target
from cashier_app.services.voucher_view import (
    KEY,
    VoucherAsked,
    VoucherGood,
    VoucherNot,
    WhyNotAsked,
    pickable,
)
from tests.fakes.counter import PRIYAS_CODE, RAHULS_CODE, SETTINGS, Counter
from tests.fakes.runner import SteppedRunner
from tests.fakes.shop import PRIYA, RUPEE
from tests.fakes.vouchers import FIFTY, VoucherBackend, with_vouchers


@pytest.fixture
def backend(counter: Counter) -> VoucherBackend:
    return with_vouchers(counter)


@pytest.fixture
def till(counter: Counter, backend: VoucherBackend) -> Counter:
    """Return a till at which Priya is served and 2,360 stand in the bill."""
    assert backend is counter.backend
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    return counter


def refused(till: Counter) -> VoucherRefused | WhyNotAsked:
    voucher = till.view.voucher
    assert isinstance(voucher, VoucherNot)
    return voucher.why


def to_pay(till: Counter) -> int:
    assert till.view.quote is not None
    return till.view.quote.to_pay.minor


# Taken.
def test_a_scanned_voucher_comes_off_the_bill_and_the_sale_names_it(
    till: Counter, backend: VoucherBackend
) -> None:
    till.session.scan("WELCOME50")
    assert isinstance(till.view.voucher, VoucherGood)
    assert to_pay(till) == 231000
    till.press_enter(3)
    assert till.view.step is Step.DONE
    till.drain()
    (line,) = till.journal.recent(1)
    assert (line.sale.voucher, line.sale.discount.minor) == ("WELCOME50", 5000)
    assert [(row.effect.kind, row.effect.voucher, row.state) for row in till.rows()] == [
        (EffectKind.SALE, "WELCOME50", EffectState.POSTED)
    ]
    assert backend.used == {"WELCOME50": line.sale.sale_id}


def test_a_second_use_is_refused_in_the_same_words_as_at_the_backend(till: Counter) -> None:
    till.session.scan("WELCOME50")
    till.press_enter(3)
    till.drain()
    till.session.next_customer()
    till.session.scan(RAHULS_CODE)
    till.type("500")
    till.session.scan("welcome50")
    assert isinstance(why := refused(till), VoucherRefused)
    assert why.because is WhyNoVoucher.USED
    assert to_pay(till) == 50000


def test_a_voucher_used_elsewhere_meanwhile_needs_attention(till: Counter, backend: VoucherBackend) -> None:
    till.session.scan("WELCOME50")
    backend.used["WELCOME50"] = "another sale"
    till.press_enter(3)
    till.deliver()
    (row,) = till.rows()
    assert row.state is EffectState.NEEDS_ATTENTION


def test_a_typed_code_is_looked_up_by_enter(till: Counter) -> None:
    till.session.add_voucher()
    assert till.view.target is Target.VOUCHER
    till.type("welcom350")
    for _ in range(3):
        till.session.delete()
    till.type("e50")
    assert (till.view.entry, till.view.bill.money.minor) == ("welcome50", 236000)
    till.press_enter()
    assert (till.view.target, till.view.entry, to_pay(till)) == (Target.BILL, "", 231000)


def test_esc_stops_typing_and_nothing_else(till: Counter) -> None:
    till.press_enter()
    assert till.view.step is Step.REWARD
    till.session.add_voucher()
    till.type("WEL")
    till.session.back()
    view = till.view
    assert (view.step, view.target, view.entry) == (Step.REWARD, Target.DISCOUNT, "")
    till.session.add_voucher()
    till.press_enter()
    assert till.view.target is Target.VOUCHER, "Enter with nothing typed does nothing"


def test_points_are_taken_instead_and_the_voucher_given_back(till: Counter) -> None:
    till.session.scan("WELCOME50")
    till.session.take_maximum()
    till.press_enter()
    till.drain()
    (line,) = till.journal.recent(1)
    assert line.sale.voucher == ""
    assert line.sale.points_used > 0
    assert all(row.effect.voucher == "" for row in till.rows())


def test_one_voucher_a_sale(till: Counter, backend: VoucherBackend) -> None:
    other = replace(FIFTY, code="TENOFF", reward=replace(FIFTY.reward, reward_id="voucher-10", name="Ten"))
    backend.vouchers["TENOFF"] = other
    till.session.scan("WELCOME50")
    before = till.view.voucher
    till.session.scan("TENOFF")
    assert till.view.notice is not None
    assert till.view.notice.kind is NoticeKind.ONE_VOUCHER
    assert till.view.voucher == before
    till.session.add_voucher()
    assert till.view.target is Target.BILL
    till.session.pick_reward("voucher-50")  # given back
    till.session.scan("TENOFF")
    assert till.view.voucher == VoucherGood(other, Money(236000, RUPEE))


# Refused.
@pytest.mark.parametrize("because", list(WhyNoVoucher))
def test_what_the_backend_refuses_changes_nothing(
    till: Counter, backend: VoucherBackend, because: WhyNoVoucher, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = till.view.quote
    answer = VoucherRefused(because)
    monkeypatch.setattr(backend, "check_voucher", lambda *_: answer)
    till.session.scan("SUMMER9")
    assert refused(till) == answer
    assert till.view.quote == before
    till.press_enter(3)
    till.drain()
    assert all(row.effect.voucher == "" for row in till.rows())


def test_what_the_program_refuses_stays_among_the_rewards_with_why(
    till: Counter, backend: VoucherBackend
) -> None:
    large = replace(FIFTY, reward=replace(FIFTY.reward, minimum_bill=Amount(300000)))
    backend.vouchers["WELCOME50"] = large
    before = till.view.quote
    till.session.scan("WELCOME50")
    quote = till.view.quote
    assert quote is not None
    assert before is not None
    assert quote.rewards[0].refusal is not None
    assert (quote.discount, quote.to_pay) == (before.discount, before.to_pay)


def test_offline_nothing_is_looked_up(till: Counter, backend: VoucherBackend) -> None:
    backend.silent = True
    till.session.scan("WELCOME50")
    assert refused(till) is WhyNotAsked.OFFLINE
    till.press_enter(3)
    assert till.view.step is not Step.DONE or till.journal.recent(1)[0].sale.voucher == ""


def test_why_it_is_not_even_asked(counter: Counter, backend: VoucherBackend) -> None:
    counter.session.without_member()
    counter.type("500")
    counter.session.scan("WELCOME50")
    assert refused(counter) is WhyNotAsked.NO_MEMBER
    counter.session.clear_all()
    counter.session.scan(PRIYAS_CODE)
    counter.session.add_voucher()
    assert refused(counter) is WhyNotAsked.NO_BILL
    backend.can = replace(backend.can, vouchers=False)
    counter.restart()
    counter.session.scan(PRIYAS_CODE)
    counter.type("500")
    counter.session.add_voucher()
    assert refused(counter) is WhyNotAsked.NOT_HERE


def test_a_till_told_how_vouchers_begin_takes_no_others_for_one(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("till")
    till = Counter(folder, settings=replace(SETTINGS, voucher_prefixes=("wel",)))
    try:
        backend = with_vouchers(till)
        asked: list[str] = []
        usual = backend.check_voucher
        backend.check_voucher = lambda code, *more: asked.append(code) or usual(code, *more)  # type: ignore[func-returns-value,method-assign]
        till.session.scan(PRIYAS_CODE)
        till.type("500")
        till.session.scan("SUMMER9")
        assert till.view.notice is not None
        assert till.view.notice.kind is NoticeKind.NOT_A_LOYALTY_CODE
        till.session.scan("WELCOME\x0750")
        assert refused(till) is WhyNotAsked.NOT_A_CODE
        till.session.scan("Welcome50")
        assert asked == ["Welcome50"]
        assert isinstance(till.view.voucher, VoucherGood)
    finally:
        till.close()


HOSTILE = [
    "WEL\x1bCOME",
    "W\x00",
    "🎉🎉",
    "\u202eSUMMER9",
    "A" * 10_000,
    "%s%n{0}",
    "<b>x</b>",
    "'; --",
    "W 50",
]


@pytest.mark.parametrize("code", HOSTILE)
def test_hostile_codes_change_nothing(till: Counter, code: str) -> None:
    before = till.view.quote
    till.session.scan(code)
    assert till.view.quote == before
    assert not isinstance(till.view.voucher, VoucherGood | VoucherAsked)
    till.session.add_voucher()
    for character in code[:200]:
        till.session.type_character(character)
    assert len(till.view.entry) <= MAX_CODE
    assert till.view.entry.isascii()
    till.press_enter()
    assert till.view.quote == before


# The sale changes.
def test_another_bill_drops_the_voucher_and_says_so(till: Counter) -> None:
    till.session.scan("WELCOME50")
    till.session.delete()
    assert till.view.voucher is None
    assert till.view.notice is not None
    assert till.view.notice.kind is NoticeKind.VOUCHER_DROPPED
    assert till.view.quote is not None
    assert till.view.quote.reward is None


def test_another_member_drops_the_voucher_and_says_so(till: Counter) -> None:
    till.session.scan("WELCOME50")
    till.clock.advance(10)
    till.session.scan(RAHULS_CODE)
    till.session.another_member()
    assert till.view.voucher is None
    assert till.view.notice is not None
    assert till.view.notice.kind is NoticeKind.VOUCHER_DROPPED
    till.press_enter(3)
    assert till.journal.recent(1)[0].sale.voucher == ""


def test_the_next_customer_never_inherits_it(till: Counter) -> None:
    till.session.scan("WELCOME50")
    till.session.clear_all()
    assert till.view.voucher is None
    assert till.view.notice is None
    till.session.scan(RAHULS_CODE)
    till.type("2360")
    assert till.view.voucher is None


# Late answers.
def test_an_answer_that_comes_after_esc_is_not_used(slow: Counter, runner: SteppedRunner) -> None:
    with_vouchers(slow)
    runner.run_all()
    slow.session.scan(PRIYAS_CODE)
    runner.run_all()
    slow.type("2360")
    slow.session.scan("WELCOME50")
    assert slow.view.busy
    assert slow.view.voucher == VoucherAsked("WELCOME50")
    slow.press_enter()
    assert slow.view.step is Step.BILL, "Enter waits for the answer"
    slow.session.back()
    assert (slow.view.busy, slow.view.voucher) == (False, None)
    runner.run_all()
    assert slow.view.voucher is None


@pytest.mark.expects_log("looking a voucher up met a bug")
def test_a_bug_in_the_adapter_says_one_sentence(
    till: Counter, backend: VoucherBackend, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(backend, "check_voucher", fails)
    till.session.scan("WELCOME50")
    assert refused(till) is WhyNotAsked.OFFLINE
    assert not till.view.busy
    assert "WELCOME50" not in "".join(record.getMessage() for record in caplog.records)


# The member's own offers.
def test_offers_of_the_account_are_looked_up_when_pressed(counter: Counter, backend: VoucherBackend) -> None:
    today = counter.view.occasion.at.date()
    offer = PersonalOffer(OfferKind.BIRTHDAY, "Birthday", today + timedelta(days=3), "WELCOME50")
    backend.own[PRIYA.member_id] = (
        PersonalOffer(OfferKind.OTHER, "no end"),
        PersonalOffer(OfferKind.OTHER, "gone", date(2020, 1, 1), "GONE"),
        offer,
        PersonalOffer(OfferKind.WIN_BACK, "back", today + timedelta(days=1), "BACK75"),
    )
    counter.session.scan(PRIYAS_CODE)
    assert pickable(counter.view) == (), "no bill stands yet"
    counter.type("2360")
    assert pickable(counter.view) == (KEY + "BACK75", KEY + "WELCOME50", KEY)
    counter.session.mark_next()
    counter.session.mark_next()
    counter.session.pick_marked()
    assert isinstance(counter.view.voucher, VoucherGood)
    assert to_pay(counter) == 231000
    assert pickable(counter.view) == ()


def test_pressing_the_row_for_a_code_lets_one_be_typed(till: Counter) -> None:
    till.session.pick_reward(KEY)
    assert till.view.target is Target.VOUCHER
