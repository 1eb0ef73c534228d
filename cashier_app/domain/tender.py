"""Money held for the member as a means of payment: it takes nothing off the bill."""

from __future__ import annotations

from msgspec import Struct

from cashier_app.domain.choice import All, TakeTogether
from cashier_app.domain.circumstances import Circumstances, unmet
from cashier_app.domain.member import Account
from cashier_app.domain.money import Currency, Money, zero
from cashier_app.domain.program import Program
from cashier_app.domain.program.redemption import StoredValue
from cashier_app.domain.reasons import NeedsBill, NotTogether, Refusal, UnknownChoice


class Tendered(Struct, frozen=True):
    """What is paid from money held for the member; `refusal` says why not as chosen."""

    store_credit: Money
    gift_balance: Money
    refusal: Refusal | None = None

    @property
    def minor(self) -> int:
        """Return both together, in minor units."""
        return self.store_credit.minor + self.gift_balance.minor


def tendered(
    program: Program,
    account: Account,
    choice: TakeTogether,
    bill: int,
    to_pay: int,
    now: Circumstances,
    *,
    redeemed: bool,
) -> Tendered:
    """Return what store credit and then the gift balance pay.

    Args:
        program: Says what may pay, and how much.
        account: What is held for the member.
        choice: What the cashier wants to use.
        bill: The whole bill before redemption, minor units, which minimum bills are compared with.
        to_pay: What is left to pay of it, minor units, which shares are taken of.
        now: When, where and for whom.
        redeemed: Whether points or a reward are used on the bill.
    """
    currency, may = program.currency, program.tender
    if redeemed and not program.combining.points_with_stored_value:
        asked = choice.store_credit is not None or choice.gift_balance is not None
        return Tendered(zero(currency), zero(currency), NotTogether() if asked else None)
    why = _refusal(may.store_credit, choice.store_credit, bill, currency, now, "store_credit")
    why_gift = _refusal(may.gift_balance, choice.gift_balance, bill, currency, now, "gift_balance")
    credit = 0 if why else _paid(may.store_credit, choice.store_credit, account.store_credit, to_pay)
    gift = 0 if why_gift else _paid(may.gift_balance, choice.gift_balance, account.gift_balance, to_pay)
    gift = min(gift, to_pay - credit)
    return Tendered(Money(credit, currency), Money(gift, currency), why or why_gift)


def _refusal(
    rule: StoredValue | None,
    wanted: Money | All | None,
    bill: int,
    currency: Currency,
    now: Circumstances,
    name: str,
) -> Refusal | None:
    if wanted is None:
        return None
    if rule is None:
        return UnknownChoice(name)
    condition = unmet(rule.when, now)
    if condition is None and bill < rule.minimum_bill:
        return NeedsBill(Money(int(rule.minimum_bill), currency), Money(rule.minimum_bill - bill, currency))
    return condition


def _paid(rule: StoredValue | None, wanted: Money | All | None, held: Money | None, to_pay: int) -> int:
    if rule is None or wanted is None or held is None:
        return 0
    percent, whole = rule.maximum_percent.as_integer_ratio()
    most = max(min(held.minor, to_pay * percent // (100 * whole)), 0)
    return most if isinstance(wanted, All) else min(most, max(wanted.minor, 0))
