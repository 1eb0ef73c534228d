"""A quote in words on the command line: figures with their names, reasons as the till says them."""

from datetime import UTC
from decimal import Decimal

from cashier_app.command_line.quote_words import said
from cashier_app.domain.points import PointName
from cashier_app.wording.speech import Wording
from tests.fakes.programs import coins, quoted

ENGLISH = Wording.of("en_IN", UTC, PointName("coin", "coins"))


def test_one_point_is_named_as_one() -> None:
    answer = quoted(coins(), 100, Decimal(0))
    assert said(answer, ENGLISH)[4:6] == ("Earns         1 coin", "Balance after 1 coin")


def test_figures_stand_before_the_reasons() -> None:
    assert said(quoted(coins(), 2360, 1240), ENGLISH) == (
        "Bill          ₹2,360.00",
        "Allowed       ₹200.00 for 200 coins",
        "Discount      ₹200.00 for 200 coins",
        "To pay        ₹2,160.00",
        "Earns         21 coins",
        "Balance after 1,061 coins",
        "Capped at ₹200 on bills under ₹2,500",
        "₹140 more on the bill unlocks ₹50 more",
    )
