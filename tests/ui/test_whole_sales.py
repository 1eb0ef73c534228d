"""Whole sales through the window's keys alone, with the real till behind: what each costs in key presses."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cashier_app.domain.money import Money
from cashier_app.services.till_view import Finished, NoticeKind, Serving, Step, Target, WithoutMember
from tests.fakes.counter import PRIYAS_CODE, PRIYAS_PHONE, RAHULS_PHONE, SHARED_PHONE
from tests.fakes.shop import RUPEE
from tests.ui.till_host import Shop


@pytest.fixture
def shop(qtbot: QtBot, tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    qtbot.addWidget(made.window)
    yield made
    made.window.closing.answer()
    made.close()


def finished(shop: Shop) -> Finished:
    assert shop.view.step is Step.DONE
    assert shop.view.finished is not None
    return shop.view.finished


def test_code_and_maximum_in_three_presses(shop: Shop) -> None:
    shop.hands.scan(PRIYAS_CODE)
    assert isinstance(shop.view.person, Serving)
    shop.hands.type("2360")
    shop.hands.press("Enter", "Enter", "Enter")
    assert finished(shop).sale.discount == Money(20000, RUPEE)
    assert shop.hands.presses == 3


def test_code_and_maximum_in_two_presses(shop: Shop) -> None:
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("2360")
    shop.hands.press("*", "Enter")
    assert finished(shop).sale.points_used == Decimal(200)
    assert shop.hands.presses == 2


def test_phone_and_earn_only_in_two_presses(shop: Shop) -> None:
    shop.hands.type(PRIYAS_PHONE)
    assert isinstance(shop.view.person, Serving), "a whole number is looked up by itself"
    shop.hands.type("640")
    shop.hands.press("-", "Enter")
    assert finished(shop).sale.discount == Money(0, RUPEE)
    assert finished(shop).earned > 0
    assert shop.hands.presses == 2


def test_refused_member_pays_at_once(shop: Shop) -> None:
    shop.hands.type(RAHULS_PHONE)
    shop.hands.type("1150")
    shop.hands.press("Enter", "Enter")
    assert finished(shop).sale.points_used == 0
    assert shop.hands.presses == 2


def test_part_of_the_points_in_three_presses_and_the_amount(shop: Shop) -> None:
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("2360")
    shop.hands.press("Enter")
    assert shop.view.target is Target.DISCOUNT
    shop.hands.type("150")
    shop.hands.press("Enter", "Enter")
    assert finished(shop).sale.discount == Money(15000, RUPEE)
    assert shop.hands.presses == 3


def test_one_step_less_with_an_arrow(shop: Shop) -> None:
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("2360")
    shop.hands.press("Enter", "Left", "Enter", "Enter")
    assert finished(shop).sale.discount < Money(20000, RUPEE)
    assert shop.hands.presses == 4


def test_decimals_come_from_point_and_comma_alike(shop: Shop) -> None:
    for point in (".", ","):
        shop.hands.press("F8")
        assert isinstance(shop.view.person, WithoutMember)
        shop.hands.type("12")
        shop.hands.press(point)
        shop.hands.type("50")
        shop.hands.press("Enter", "Enter")
        assert finished(shop).sale.paid == Money(1250, RUPEE)
        shop.hands.press("Enter")
        assert shop.view.step is Step.IDLE


def test_two_members_by_digit_and_by_arrow(shop: Shop) -> None:
    shop.hands.type(SHARED_PHONE)
    assert shop.view.step is Step.CHOOSING
    shop.hands.press("2")
    assert isinstance(shop.view.person, Serving)
    second = shop.view.person.member
    shop.hands.press("Esc")
    shop.hands.type(SHARED_PHONE)
    shop.hands.press("Down", "Return")
    assert isinstance(shop.view.person, Serving)
    assert shop.view.person.member == second


def test_a_reward_by_the_keyboard(shop: Shop) -> None:
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("2360")
    shop.hands.press("Enter", "Down", "Space", "Enter", "Enter")
    assert finished(shop).sale.points_used in {Decimal(120), Decimal(500)}


def test_backing_out_step_by_step_loses_nothing(shop: Shop) -> None:
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("2360")
    shop.hands.press("Enter", "Enter")
    assert shop.view.step is Step.PAY
    shop.hands.press("Esc")
    assert shop.view.step is Step.REWARD
    shop.hands.press("Esc")
    assert shop.view.step is Step.BILL
    assert shop.view.bill.money == Money(236000, RUPEE)
    shop.hands.press("Backspace")
    assert shop.view.bill.money == Money(23600, RUPEE)


def test_enter_held_down_makes_one_sale(shop: Shop) -> None:
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("640")
    shop.hands.press("-")
    assert shop.view.step is Step.PAY
    shop.hands.hold("Enter", times=40)
    assert shop.view.step is Step.DONE
    assert len(shop.counter.journal.recent(10)) == 1


def test_a_scan_in_the_middle_of_typing_is_a_scan_and_the_digits_stay(shop: Shop) -> None:
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("23")
    shop.counter.clock.advance(30)
    shop.hands.scan(PRIYAS_CODE)
    assert shop.view.notice is not None
    assert shop.view.notice.kind is NoticeKind.ALREADY_HERE
    shop.hands.type("60")
    assert shop.view.bill.money == Money(236000, RUPEE)
