"""People who sign in at the demo shop: the real window, real keys, real PINs and the real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cashier_app.demo.staff import DEMO_STAFF
from cashier_app.domain.money import Money
from cashier_app.domain.refund import RefundPlan, Returned
from cashier_app.services.desk_settings import DeskSettings
from cashier_app.services.desk_view import DeskStage
from cashier_app.services.return_view import ReturnStep
from cashier_app.services.returnable import Returnable
from cashier_app.services.till_view import Step
from tests.end_to_end.demo_till import DemoTill
from ui.till_staff import TillStaff

PINS = {member.staff_id: pin for member, pin in DEMO_STAFF}
NEW_PIN = "830572"


class Shop(DemoTill):
    """The demo shop, opened as a shop is whose people have to sign in."""

    def __init__(self, folder: Path, qtbot: QtBot, *, on_duty: str = "") -> None:
        super().__init__(folder, qtbot, signs_in=DeskSettings(on_duty=on_duty))
        assert self.link is not None
        self.expected = self.link.expected
        self.covered_at_first = self.gate.covers()
        self.window.ways.staff = TillStaff(self.shop.till)
        self.open()

    def stage(self) -> DeskStage:
        stage: DeskStage = self.gate.desk.view.stage
        return stage

    def sign_in(self, place: str, staff_id: str) -> None:
        """Choose somebody and type their PIN."""
        self.until(lambda: self.stage() is DeskStage.LOCKED and self.gate.desk.people != ())
        self.hands.press(place, *PINS[staff_id], "Enter")
        self.until(lambda: self.stage() is DeskStage.OPEN)

    def sell(self, bill: str) -> str:
        """Sell to Ravi without using coins; return who sold it."""
        self.until(lambda: self.session.view.program is not None)
        self.serve()
        self.hands.type(bill)
        self.hands.press("-", "Enter")
        self.until(lambda: self.session.view.step is Step.DONE)
        assert self.session.view.finished is not None
        return self.session.view.finished.sale.staff_id


@pytest.fixture
def open_shop(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., Shop]]:
    made: list[Shop] = []

    def open_again(**how: str) -> Shop:
        if made:
            made.pop().close()
        made.append(Shop(tmp_path, qtbot, **how))
        return made[0]

    yield open_again
    for shop in made:
        shop.close()


def noted_returns(shop: Shop) -> list[str]:
    """Return a list in which whoever takes something back will stand."""
    returns = shop.shop.till.workshop().returns
    take_back, noted = returns.take_back, list[str]()

    def noting(
        shown: Returnable,
        back: Returned | Money | None,
        staff_id: str = "",
        balance: Decimal | None = None,
    ) -> RefundPlan | Returnable:
        noted.append(staff_id)
        return take_back(shown, back, staff_id, balance)

    returns.take_back = noting  # type: ignore[method-assign]
    return noted


def test_sales_and_returns_carry_who_signed_in_and_a_refund_locks(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop()
    assert (shop.expected, shop.covered_at_first) == (False, False), "nobody knows yet"
    shop.sign_in("3", "asha")
    assert shop.sell("640") == "asha"
    taken_back = noted_returns(shop)
    shop.hands.press("F4")
    returning = shop.window.drawers.returning
    shop.until(lambda: returning._view.step is ReturnStep.AMOUNT)
    shop.hands.press("Enter", "Enter")
    shop.until(lambda: returning._view.step is ReturnStep.DONE)
    assert not shop.gate.covers(), "what to give back stays to be seen"
    shop.hands.press("Enter")
    assert shop.gate.covers()
    shop.sign_in("2", "vikram")
    shop.hands.press("Enter")
    assert shop.sell("320") == "vikram"
    assert taken_back == ["asha"]


def test_once_somebody_signs_in_the_lock_is_there_first(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop()
    shop.sign_in("3", "asha")
    shop.until(lambda: shop.shop.till.preferences.read().signs_in)
    shop = open_shop()
    assert (shop.expected, shop.covered_at_first) == (True, True)
    assert not shop.window.screen_of_till.isVisible()
    shop.sign_in("3", "asha")
    assert shop.window.screen_of_till.isVisible()


def test_the_tour_and_the_demo_begin_with_asha_at_the_till(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop()
    shop.sign_in("3", "asha")
    shop = open_shop(on_duty="asha")
    assert not shop.covered_at_first
    assert shop.sell("640") == "asha"
    assert not shop.gate.covers()


def test_a_manager_adds_somebody_who_signs_in_at_once(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop()
    shop.sign_in("1", "meera")
    shop.window.ways.show_staff()
    drawer = shop.window.drawers.top()
    shop.until(lambda: drawer._records is not None and not drawer._asking.busy)  # type: ignore[attr-defined]
    shop.hands.press("A", *"Priti", "Enter", "Enter", *NEW_PIN, "Enter", *NEW_PIN, "Enter")
    shop.until(lambda: any(one.staff_id == "priti" for one in shop.gate.desk.people))
    shop.hands.press("Esc", "F12", "F12", "5", *NEW_PIN, "Enter")
    shop.until(lambda: shop.gate.desk.view.staff_id == "priti")
    assert shop.sell("640") == "priti"
