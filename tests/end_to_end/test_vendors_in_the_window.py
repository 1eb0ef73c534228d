"""Every vendor in the real window, by keys alone: a sale with points and a return, and its books after."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import Struct
from pytestqt.qtbot import QtBot

from cashier_app.domain.money import Money
from cashier_app.domain.sale import EffectKind
from cashier_app.services.return_view import ReturnRemarkKind
from cashier_app.services.searched_sales import AlreadyReturned
from cashier_app.services.till_view import Serving
from cashier_app.testing.people import Person
from tests.end_to_end.vendor_till import VendorTill
from ui.widgets.tier_badge import TierBadge

INDIA, AMERICA = "+919845012210", "+14155552671"


class Day(Struct, frozen=True):
    """One sale and one return as they must come out, worked out by hand. Money in minor units.

    Args:
        keys: From the typed bill to the payment.
        goods: What comes back, as typed; empty for everything.
        told: What the vendor must have been told, in order.
        settings: What stands otherwise in the example's settings.
    """

    kind: str
    phone: str
    points: int
    bill: str
    keys: tuple[str, ...]
    discount: int
    used: Decimal
    earned: Decimal
    goods: str
    money_back: int
    taken_back: Decimal
    restored: Decimal
    told: tuple[EffectKind, ...]
    settings: dict[str, str] = {}


DAYS = (
    # 2,360.00 less 200.00 earn 21; 1,025.08 of the money back leave 1,134.92, which earn 11.
    Day(
        "contract", INDIA, 1240, "2360", ("*",), 20000, Decimal(200), Decimal(21),
        "1120", 102508, Decimal(10), Decimal(94),
        (EffectKind.RESERVE, EffectKind.CAPTURE, EffectKind.SALE, EffectKind.REFUND),
    ),
    # 10 % of 45.00; 40.50 earn 40. Four ninths of the goods: 44 of 100 points, 18/40.5 of 40.
    Day(
        "square", AMERICA, 1000, "45", ("Down", "Space", "Enter", "Enter"), 450, Decimal(100), Decimal(40),
        "20", 1800, Decimal(17), Decimal(44),
        (
            EffectKind.RESERVE, EffectKind.CAPTURE, EffectKind.SALE, EffectKind.CLAW_BACK, EffectKind.RESTORE,
        ),
    ),
    # 400 coins are 200.00, the most there is.
    Day(
        "nector", INDIA, 1240, "2360", ("*",), 20000, Decimal(400), Decimal(21),
        "1120", 102508, Decimal(10), Decimal(189),
        (EffectKind.REDEEM, EffectKind.SALE, EffectKind.RESTORE, EffectKind.CLAW_BACK),
    ),
    # Everything but a key that may only read: the whole sale, and nothing earned.
    Day(
        "nector", INDIA, 1240, "2360", ("*",), 20000, Decimal(400), Decimal(0),
        "", 216000, Decimal(0), Decimal(400), (EffectKind.REDEEM, EffectKind.REFUND),
        {"merchant_key": "read only"},
    ),
    # 1,240 points are 124.00; a point for each rupee of the whole bill, points or not.
    Day(
        "voucherify", INDIA, 1240, "2360", ("*",), 12400, Decimal(1240), Decimal(2360),
        "1120", 106115, Decimal(1120), Decimal(588),
        (
            EffectKind.RESERVE, EffectKind.CAPTURE, EffectKind.SALE, EffectKind.RESTORE, EffectKind.CLAW_BACK,
        ),
    ),
    # 1,240 points are 620.00; 1,740.00 earn 17.40 in fractions, and 825.76 of the money back 8.2576 of them.
    Day(
        "openloyalty", INDIA, 1240, "2360", ("*",), 62000, Decimal(1240), Decimal("17.40"),
        "1120", 82576, Decimal("8.25"), Decimal("588.47"),
        (
            EffectKind.RESERVE, EffectKind.RELEASE, EffectKind.REDEEM, EffectKind.SALE,
            EffectKind.REFUND, EffectKind.RESTORE,
        ),
    ),
    # Nothing is held: the balance is read again, and the points are spent once the customer has paid.
    Day(
        "openloyalty", INDIA, 1240, "2360", ("*",), 62000, Decimal(1240), Decimal("17.40"),
        "", 174000, Decimal("17.40"), Decimal(1240),
        (EffectKind.REDEEM, EffectKind.SALE, EffectKind.REFUND, EffectKind.RESTORE),
        {"holds_points": "false"},
    ),
)  # fmt: skip


@pytest.mark.parametrize("day", DAYS, ids=lambda day: "-".join((day.kind, *day.settings.values())))
def test_a_sale_with_points_and_a_return(day: Day, qtbot: QtBot, tmp_path: Path) -> None:
    del qtbot  # brings the application
    person = Person("Priya Raghunathan", day.phone, "MG-104210", "LC1:priya0001", points=Decimal(day.points))
    with VendorTill(day.kind, tmp_path, person, settings=day.settings) as till:
        till.open()
        till.serve(day.bill, *day.keys)
        finished = till.view.finished
        assert finished is not None
        sold = till.books()
        assert (finished.sale.discount.minor, finished.sale.points_used) == (day.discount, day.used)
        assert finished.earned == day.earned
        assert (sold.spendable, sold.held) == (day.points - day.used + day.earned, 0)
        assert sold.sales == (1 if day.earned else 0), "sales that earn nothing are not told everybody"
        shows_what_the_vendor_knows(till)

        till.give_back(day.goods)
        done = till.returning.done
        assert done is not None
        assert done.money_back.minor == day.money_back
        assert (done.taken_back, done.restored) == (day.taken_back, day.restored)
        assert till.books().spendable == sold.spendable - day.taken_back + day.restored
        assert tuple(effect.kind for effect in till.sent()) == day.told
        assert till.stand_in.failures() == []
        assert_left(till, day, finished.sale.bill)


def assert_left(till: VendorTill, day: Day, bill: Money) -> None:
    """What came back cannot come back again."""
    till.hands.press("Enter", "F4")
    till.hands.type("2-0001")
    till.hands.press("Enter")
    if not day.goods:
        till.wait(lambda: isinstance(till.returning.problem, AlreadyReturned), "the refusal")
        return
    till.wait(lambda: till.returning.found is not None, "the receipt")
    assert till.returning.found is not None
    assert till.returning.found.left == bill - Money(int(day.goods) * 100, bill.currency)


def shows_what_the_vendor_knows(till: VendorTill) -> None:
    """Where a vendor has no tiers there is no badge, rather than an empty one."""
    person = till.view.person
    assert isinstance(person, Serving)
    shown = [badge for badge in till.window.findChildren(TierBadge) if badge.isVisible()]
    assert bool(shown) == (person.account.tier is not None)


def test_whole_sales_only_is_said_before_anything_is_typed(qtbot: QtBot, tmp_path: Path) -> None:
    del qtbot
    person = Person("Priya Raghunathan", INDIA, points=Decimal(1240))
    with VendorTill("nector", tmp_path, person, settings={"merchant_key": "read only"}) as till:
        till.open()
        till.serve("2360", "*")
        till.hands.press("F4")
        till.wait(lambda: till.returning.found is not None, "the receipt")
        notes = [note.words.text() for note in till.window.drawers.returning.card.notes if note.isVisible()]
        assert "The loyalty system takes back whole sales only" in notes
        till.hands.type("5")
        assert till.returning.remark is not None
        assert till.returning.remark.kind is ReturnRemarkKind.WHOLE_ONLY
        assert till.returning.goods is None
