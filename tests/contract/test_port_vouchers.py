"""Vouchers and personal offers, over the reference server."""

from __future__ import annotations

import threading

import pytest

from cashier_app.demo.server import DemoServer
from cashier_app.domain.bill import bill_of
from cashier_app.domain.outcome import AlreadyApplied, MemberFound, Refused, RefusedBecause
from cashier_app.domain.personal_offer import OfferKind, PersonalOffer
from cashier_app.domain.program.rewards import AmountOff
from cashier_app.domain.sale import Effect, ReturnReason
from cashier_app.domain.vouchers import VoucherOffer, VoucherRefused, WhyNoVoucher
from cashier_app.ports.loyalty import LoyaltyBackend
from tests.contract.around_the_sale import Connect
from tests.contract.support import SaleMaker, TurnedClock, booked, rupees


def test_what_a_voucher_gives(backend: LoyaltyBackend, clock: TurnedClock) -> None:
    offer = backend.check_voucher("welcome50", "mem-ravi", bill_of(rupees(480)))
    assert isinstance(offer, VoucherOffer)
    assert isinstance(offer.reward, AmountOff)
    assert (offer.code, offer.reward.value, offer.reward.cost) == ("WELCOME50", 5000, 0)
    assert offer.until is not None
    assert offer.until > clock.now().date()
    assert isinstance(backend.check_voucher("TENOFF", "", bill_of(rupees(480))), VoucherOffer)


@pytest.mark.parametrize(
    ("code", "member_id", "bill", "because"),
    [
        ("NOSUCH", "mem-ravi", 480, WhyNoVoucher.UNKNOWN),
        ("has spaces", "mem-ravi", 480, WhyNoVoucher.UNKNOWN),
        ("DIWALI25", "mem-ravi", 480, WhyNoVoucher.EXPIRED),
        ("NEWYEAR27", "mem-ravi", 480, WhyNoVoucher.NOT_YET),
        ("BDAY-7Q4M2K", "mem-ravi", 900, WhyNoVoucher.OTHER_MEMBER),
        ("BDAY-7Q4M2K", "", 900, WhyNoVoucher.OTHER_MEMBER),
        ("WELCOME50", "mem-ravi", 299, WhyNoVoucher.BILL_TOO_SMALL),
    ],
)
def test_why_a_voucher_gives_nothing(
    backend: LoyaltyBackend, code: str, member_id: str, bill: int, because: WhyNoVoucher
) -> None:
    answer = backend.check_voucher(code, member_id, bill_of(rupees(bill)))
    assert isinstance(answer, VoucherRefused)
    assert answer.because is because
    assert (answer.on is not None) == (because in {WhyNoVoucher.EXPIRED, WhyNoVoucher.NOT_YET})
    small = because is WhyNoVoucher.BILL_TOO_SMALL
    assert answer.minimum == (rupees(300) if small else None)


def birthday(sale: SaleMaker, **more: object) -> Effect:
    off = {"discount": rupees(100), "paid": rupees(2260), "voucher": "BDAY-7Q4M2K"}
    return sale.sale(22, **({"member_id": "mem-sneha", "reward_id": "voucher-birthday"} | off | more))


def test_a_voucher_is_used_up_by_the_sale_that_names_it(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    found = backend.refresh("mem-sneha")
    assert isinstance(found, MemberFound)
    (offer,) = found.account.offers
    assert (offer.kind, offer.voucher) == (OfferKind.BIRTHDAY, "BDAY-7Q4M2K")
    booked(backend.apply(birthday(sale)))
    assert isinstance(backend.apply(birthday(sale)), AlreadyApplied)
    answer = backend.check_voucher("BDAY-7Q4M2K", "mem-sneha", bill_of(rupees(900)))
    assert answer == VoucherRefused(WhyNoVoucher.USED, detail="the voucher was used already")
    found = backend.refresh("mem-sneha")
    assert isinstance(found, MemberFound)
    assert found.account.offers == ()
    late = backend.apply(birthday(SaleMaker(sale.at)))
    assert isinstance(late, Refused)
    assert late.because is RefusedBecause.VOUCHER_GONE


@pytest.mark.parametrize(
    ("reason", "usable"),
    [(ReturnReason.RETURN, False), (ReturnReason.VOID, True), (ReturnReason.MOVED, True)],
)
def test_a_sale_that_should_not_have_been_gives_its_voucher_back(
    server: DemoServer,
    backend: LoyaltyBackend,
    sale: SaleMaker,
    reason: ReturnReason,
    usable: bool,  # noqa: FBT001 - a parameter
) -> None:
    booked(backend.apply(birthday(sale)))
    booked(backend.apply(sale.refund(2360, 100, member_id="mem-sneha", reason=reason)))
    answer = backend.check_voucher("BDAY-7Q4M2K", "mem-sneha", bill_of(rupees(900)))
    assert isinstance(answer, VoucherOffer) is usable
    assert server.ledger.rows("SELECT reason FROM returns") == [(reason.value,)]


def test_two_tills_use_one_voucher_at_once(server: DemoServer, connect: Connect, sale: SaleMaker) -> None:
    tills, outcomes = [connect(server.base_url, server.token) for _ in range(4)], []
    begin = threading.Barrier(4)

    def use(till: LoyaltyBackend) -> None:
        begin.wait()
        outcomes.append(till.apply(birthday(SaleMaker(sale.at))))

    threads = [threading.Thread(target=use, args=(till,)) for till in tills]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(one).__name__ for one in outcomes) == ["Applied", "Refused", "Refused", "Refused"]


def test_an_account_carries_offers_until_their_day_is_over(
    backend: LoyaltyBackend, clock: TurnedClock
) -> None:
    found = backend.refresh("mem-lapsed")
    assert isinstance(found, MemberFound)
    (offer,) = found.account.offers
    assert offer == PersonalOffer(OfferKind.WIN_BACK, offer.title, offer.until, "BACK-3XH8WN")
    clock.turn(days=32)
    found = backend.refresh("mem-lapsed")
    assert isinstance(found, MemberFound)
    assert found.account.offers == ()
