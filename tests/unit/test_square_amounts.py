from __future__ import annotations

import pytest

from cashier_app.backends.square.messages import (
    DiscountAnswer,
    MoneyAnswer,
    ObjectAnswer,
    ObjectRead,
    PricingRuleAnswer,
    ProductSetAnswer,
    ProgramAnswer,
    ReferenceAnswer,
    RuleAnswer,
    SpendAnswer,
    TierAnswer,
    VisitAnswer,
)
from cashier_app.backends.square.values import (
    check_decimals,
    iso_minor_of,
    minor_of,
    program_of,
    reward_of,
    told_amount,
)
from cashier_app.domain.money import MAX_MINOR, Currency, Money
from cashier_app.domain.program.earning import PerAmount
from cashier_app.errors import KnownError

IQD, FILS, RUPEES, JPY = Currency("IQD", 0), Currency("IQD", 3), Currency("INR", 0), Currency("JPY", 0)
TIER = TierAnswer(id="tier", points=10, name="Off", pricing_rule_reference=ReferenceAnswer("RULE"))


@pytest.mark.parametrize(
    ("money", "told"),
    [(Money(250, IQD), 250_000), (Money(250, FILS), 250), (Money(23, RUPEES), 2300), (Money(500, JPY), 500)],
)
def test_amounts_go_and_come_in_iso_minor_units(money: Money, told: int) -> None:
    sent = told_amount(money)
    assert sent == {"amount": told, "currency": money.currency.code}
    answer = MoneyAnswer(told, money.currency.code)
    assert minor_of(answer, money.currency) == money.minor
    assert iso_minor_of(answer, money.currency) == told


def test_finer_amounts_are_rounded_down_or_up() -> None:
    assert minor_of(MoneyAnswer(1999, "IQD"), IQD) == 1
    assert minor_of(MoneyAnswer(1001, "IQD"), IQD, ceiling=True) == 2


def test_amounts_that_cannot_be_right() -> None:
    with pytest.raises(KnownError, match="Square counts in EUR"):
        minor_of(MoneyAnswer(5, "EUR"), IQD)
    with pytest.raises(KnownError, match="cannot be right"):
        minor_of(MoneyAnswer(MAX_MINOR, "JPY"), Currency("JPY", 2))


def test_a_till_finer_than_iso_is_refused() -> None:
    for currency in (IQD, FILS, RUPEES, JPY):
        check_decimals(currency)
    with pytest.raises(KnownError, match="JPY with 0 decimals, this till with 2"):
        check_decimals(Currency("JPY", 2))


def priced(discount: DiscountAnswer, minimum: int) -> ObjectRead:
    """Return a discount on the whole bill, from a smallest bill on."""
    rule = PricingRuleAnswer("DISC", "GOODS", None, MoneyAnswer(minimum, "IQD"))
    return ObjectRead(
        object=ObjectAnswer("PRICING_RULE", "RULE", pricing_rule_data=rule),
        related_objects=(
            ObjectAnswer("DISCOUNT", "DISC", discount_data=discount),
            ObjectAnswer("PRODUCT_SET", "GOODS", product_set_data=ProductSetAnswer(all_products=True)),
        ),
    )


def test_a_discount_is_rounded_down_and_its_smallest_bill_up() -> None:
    fixed = DiscountAnswer("FIXED_AMOUNT", amount_money=MoneyAnswer(2750, "IQD"))
    reward = reward_of(TIER, priced(fixed, 10_250), IQD)
    assert reward is not None
    assert (reward.value, reward.minimum_bill) == (2, 11)  # type: ignore[union-attr]
    exact = reward_of(TIER, priced(fixed, 10_250), FILS)
    assert exact is not None
    assert (exact.value, exact.minimum_bill) == (2750, 10_250)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "worthless",
    [
        DiscountAnswer("FIXED_AMOUNT", amount_money=MoneyAnswer(999, "IQD")),
        DiscountAnswer("FIXED_PERCENTAGE", percentage="10", maximum_amount_money=MoneyAnswer(999, "IQD")),
    ],
)
def test_a_reward_below_the_smallest_coin_is_none(worthless: DiscountAnswer) -> None:
    assert reward_of(TIER, priced(worthless, 0), IQD) is None
    assert reward_of(TIER, priced(worthless, 0), FILS) is not None


def test_earning_is_by_iso_steps_and_from_a_smallest_bill_on() -> None:
    spend = RuleAnswer("SPEND", 1, spend_data=SpendAnswer(MoneyAnswer(250, "IQD"), "BEFORE_TAX"))
    visit = RuleAnswer("VISIT", 1, visit_data=VisitAnswer("BEFORE_TAX", MoneyAnswer(1500, "IQD")))
    earning = program_of(
        ProgramAnswer("P", "ACTIVE", accrual_rules=(spend, visit)), {}, IQD, negative=False
    ).earning
    first = earning.rules[0]
    assert isinstance(first, PerAmount)
    assert str(first.per) == "0.250"
    assert earning.minimum_basis == 2
