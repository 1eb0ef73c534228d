"""Money held for the member as a means of payment: it takes nothing off the bill."""

from __future__ import annotations

from msgspec import Struct

from cashier_app.domain.choice import All, TakeTogether
from cashier_app.domain.circumstances import Circumstances, unmet
from cashier_app.domain.member import Account
from cashier_app.domain.money import Money
from cashier_app.domain.program import Program
from cashier_app.domain.program.redemption import StoredValue
from cashier_app.domain.reasons import NeedsBill, Refusal, UnknownChoice


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
    program: Program, account: Account, choice: TakeTogether, to_pay: int, now: Circumstances
) -> Tendered:
    """Return what store credit and then the gift balance pay of an amount in minor units."""
    credit, why = _paid(
        program.tender.store_credit, choice.store_credit, account.store_credit, to_pay, now, "store_credit"
    )
    gift, why_gift = _paid(
        program.tender.gift_balance, choice.gift_balance, account.gift_balance, to_pay - credit, now,
        "gift_balance",
    )  # fmt: skip
    return Tendered(Money(credit, program.currency), Money(gift, program.currency), why or why_gift)


def _paid(
    rule: StoredValue | None,
    wanted: Money | All | None,
    held: Money | None,
    to_pay: int,
    now: Circumstances,
    name: str,
) -> tuple[int, Refusal | None]:
    if wanted is None:
        return 0, None
    if rule is None:
        return 0, UnknownChoice(name)
    condition = unmet(rule.when, now)
    if condition is not None:
        return 0, condition
    if held is None or held.minor <= 0:
        return 0, None
    if to_pay < rule.minimum_bill:
        return 0, NeedsBill(
            Money(int(rule.minimum_bill), held.currency), Money(rule.minimum_bill - to_pay, held.currency)
        )
    percent, whole = rule.maximum_percent.as_integer_ratio()
    most = min(held.minor, to_pay, to_pay * percent // (100 * whole))
    return (most if isinstance(wanted, All) else min(most, max(wanted.minor, 0))), None
