"""Store credit and gift balances pay what is left, and take nothing off."""

import pytest

from cashier_app.domain.choice import All, TakeTogether
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.program import Program
from cashier_app.domain.reasons import NeedsBill, NotInStore, NotTogether, Refusal, UnknownChoice
from cashier_app.domain.tender import Tendered, tendered
from tests.fakes.programs import SATURDAY_TEN, account_of, program_of

RUPEE = Currency("INR", 2)
BOTH = program_of(tender={"store_credit": {}, "gift_balance": {}})
HALF = program_of(tender={"store_credit": {"maximum_percent": 50}, "gift_balance": {"maximum_percent": 50}})
FROM_500 = program_of(tender={"store_credit": {"minimum_bill": 500}, "gift_balance": {"minimum_bill": 500}})


def rupees(amount: int) -> Money:
    return Money(amount * 100, RUPEE)


def paid(
    program: Program,
    credit: Money | All | None = None,
    gift: Money | All | None = None,
    *,
    held: tuple[int | None, int | None] = (300, 200),
    bill: int = 1000,
    to_pay: int = 1000,
    redeemed: bool = False,
) -> tuple[int, int, Refusal | None]:
    credit_held, gift_held = (None if amount is None else rupees(amount) for amount in held)
    account = account_of(0, store_credit=credit_held, gift_balance=gift_held)
    choice = TakeTogether(store_credit=credit, gift_balance=gift)
    now = Circumstances(SATURDAY_TEN, "North")
    found = tendered(program, account, choice, bill * 100, to_pay * 100, now, redeemed=redeemed)
    assert found.minor == found.store_credit.minor + found.gift_balance.minor
    return found.store_credit.minor // 100, found.gift_balance.minor // 100, found.refusal


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (paid(BOTH), (0, 0, None)),
        (paid(BOTH, All()), (300, 0, None)),
        (paid(BOTH, All(), All()), (300, 200, None)),
        (paid(BOTH, rupees(120), rupees(80)), (120, 80, None)),
        (paid(BOTH, rupees(900), rupees(-5)), (300, 0, None)),
        (paid(BOTH, All(), All(), to_pay=350), (300, 50, None)),
        (paid(BOTH, All(), All(), to_pay=0), (0, 0, None)),
        (paid(BOTH, All(), All(), held=(None, -5)), (0, 0, None)),
        # Half of what is left to pay each, be it paid with the other or not.
        (paid(HALF, All(), All(), to_pay=300), (150, 150, None)),
        # The minimum looks at the bill, not at what points left of it.
        (paid(FROM_500, All(), All(), bill=500, to_pay=250), (250, 0, None)),
        (paid(FROM_500, All(), All(), bill=499, to_pay=499), (0, 0, NeedsBill(rupees(500), rupees(1)))),
        (paid(program_of(), All()), (0, 0, UnknownChoice("store_credit"))),
        (paid(program_of(), None, All()), (0, 0, UnknownChoice("gift_balance"))),
    ],
)
def test_what_is_paid(
    found: tuple[int, int, Refusal | None], expected: tuple[int, int, Refusal | None]
) -> None:
    assert found == expected


def test_beside_points_it_pays_only_where_the_program_lets_it() -> None:
    alone = program_of(
        tender={"store_credit": {}, "gift_balance": {}}, combining={"points_with_stored_value": False}
    )
    assert paid(alone, All(), redeemed=True) == (0, 0, NotTogether())
    assert paid(alone, None, All(), redeemed=True) == (0, 0, NotTogether())
    assert paid(alone, redeemed=True) == (0, 0, None)
    assert paid(alone, All()) == (300, 0, None)
    assert paid(BOTH, All(), redeemed=True) == (300, 0, None)


def test_one_may_pay_where_the_other_may_not() -> None:
    elsewhere = {"when": {"stores": ["South"]}, "minimum_bill": 5000}
    program = program_of(tender={"store_credit": elsewhere, "gift_balance": {}})
    assert paid(program, All(), All()) == (0, 200, NotInStore(("South",)))


def test_together() -> None:
    assert Tendered(rupees(3), rupees(4)).minor == 700
