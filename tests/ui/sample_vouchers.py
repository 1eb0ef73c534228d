"""Sample views with vouchers and a member's own offers; everybody in them is made up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from msgspec.structs import replace

from cashier_app.domain.amount_entry import AmountEntry
from cashier_app.domain.choice import TakeReward
from cashier_app.domain.money import Money
from cashier_app.domain.personal_offer import OfferKind, PersonalOffer
from cashier_app.domain.vouchers import VoucherRefused, WhyNoVoucher
from cashier_app.services import till_steps as steps
from cashier_app.services.till_view import Target, TillView
from cashier_app.services.voucher_view import VoucherGood, VoucherNot, WhyNotAsked, typing
from tests.fakes.backend import CAPABILITIES
from tests.fakes.shop import PRIYA, RUPEE
from tests.fakes.vouchers import FIFTY
from tests.ui.sample_shop import OFFLINE, PRIYAS_ACCOUNT, serving

CAN = replace(CAPABILITIES, vouchers=True, personal_offers=True)
BILL = AmountEntry(RUPEE, "2360")
LONG = "Birthday treat: ₹50 off everything you carry home today and on every day of this month, twice"
OFFERS = (
    PersonalOffer(OfferKind.BIRTHDAY, LONG, date(2026, 12, 2), "BDAY-7Q4M2K"),
    PersonalOffer(OfferKind.WIN_BACK, "Welcome back: ₹75 off a bill from ₹300", date(2026, 12, 20), "BACK-3"),
    PersonalOffer(OfferKind.OTHER, "Never shown: two are enough", date(2026, 12, 24)),
)


def _served(bill: AmountEntry = BILL, *, offers: bool = False) -> TillView:
    account = replace(PRIYAS_ACCOUNT, offers=OFFERS) if offers else PRIYAS_ACCOUNT
    return replace(serving(PRIYA, account, bill), can=CAN)


def voucher_typed() -> TillView:
    """A code is being typed."""
    return replace(typing(_served()), entry="WELCOME5")


def voucher_taken() -> TillView:
    """A voucher takes something off."""
    view = replace(_served(), voucher=VoucherGood(FIFTY, BILL.money))
    return steps.chosen(view, TakeReward(FIFTY.reward.reward_id))


def voucher_used() -> TillView:
    """The voucher was used before."""
    return replace(_served(), voucher=VoucherNot(VoucherRefused(WhyNoVoucher.USED), BILL.money))


def voucher_small_bill() -> TillView:
    """The bill is too small for it."""
    why = VoucherRefused(WhyNoVoucher.BILL_TOO_SMALL, minimum=Money(300000, RUPEE))
    return replace(_served(), voucher=VoucherNot(why, BILL.money))


def voucher_offline() -> TillView:
    """Nobody can look it up."""
    view = replace(_served(), connection=OFFLINE, voucher=VoucherNot(WhyNotAsked.OFFLINE, BILL.money))
    person = view.person
    return steps.requoted(replace(view, person=replace(person, fresh=False)))  # type: ignore[type-var]


def own_offers() -> TillView:
    """What the backend has for this member, before a bill stands."""
    return _served(AmountEntry(RUPEE), offers=True)


def own_offers_on_a_bill() -> TillView:
    """The same as rows to be pressed."""
    return replace(_served(offers=True), target=Target.BILL)


STATES: dict[str, Callable[[], TillView]] = {
    "voucher-typed": voucher_typed,
    "voucher-taken": voucher_taken,
    "voucher-used": voucher_used,
    "voucher-small-bill": voucher_small_bill,
    "voucher-offline": voucher_offline,
    "own-offers": own_offers,
    "own-offers-on-a-bill": own_offers_on_a_bill,
}
