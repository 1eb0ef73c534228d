"""Which PINs are taken."""

from __future__ import annotations

import pytest

from cashier_app.domain.pin import PinProblem, least_digits, pin_problem
from cashier_app.domain.staff import Role

GOOD = ("582714", "916053", "739462", "603871", "4829175", "83649205", "749301586271")


@pytest.mark.parametrize("pin", GOOD)
@pytest.mark.parametrize("role", list(Role))
def test_a_pin_nobody_guesses_is_taken(pin: str, role: Role) -> None:
    assert pin_problem(pin, role, 6) is None


@pytest.mark.parametrize(
    "pin",
    [
        "000000", "123456", "654321", "890123", "246802", "135791", "112233", "111222", "445566", "121212",
        "123123", "159753", "102030", "147258", "110011", "100000", "123321", "582285", "998877", "1111111",
        "12341234", "696969", "777888", "aaa"[:0] + "909090",
    ],
)  # fmt: skip
def test_what_everybody_tries_first_is_not(pin: str) -> None:
    assert pin_problem(pin, Role.CASHIER, 6) is PinProblem.TOO_SIMPLE


@pytest.mark.parametrize(
    "pin", ["310590", "053190", "900531", "199005", "200712", "051990", "122007", "31051990", "05311990",
            "19900531", "20073105"],
)  # fmt: skip
def test_no_date_is_taken(pin: str) -> None:
    assert pin_problem(pin, Role.CASHIER, 6) is PinProblem.A_DATE


@pytest.mark.parametrize("pin", ["1999", "2007", "3105", "0531", "1225"])
def test_no_year_and_no_day_of_four_digits(pin: str) -> None:
    assert pin_problem(pin, Role.CASHIER, 4) is PinProblem.A_DATE


@pytest.mark.parametrize("pin", ["1234", "0000", "2580", "1212", "1122", "9876", "1331"])
def test_four_digits_are_looked_at_as_well(pin: str) -> None:
    assert pin_problem(pin, Role.CASHIER, 4) is PinProblem.TOO_SIMPLE


def test_four_digits_are_enough_for_who_only_sells_where_the_shop_says_so() -> None:
    assert pin_problem("5827", Role.CASHIER, 4) is None
    assert pin_problem("5827", Role.TRAINER, 4) is None
    assert pin_problem("5827", Role.CASHIER, 6) is PinProblem.TOO_SHORT
    for role in (Role.SUPERVISOR, Role.MANAGER):
        assert pin_problem("5827", role, 4) is PinProblem.TOO_SHORT
        assert least_digits(role, 4) == 6


@pytest.mark.parametrize(
    "pin", ["58271a", "५८२७१४", "\uff15\uff18\uff12\uff17\uff11\uff14", "", "58 714", "-82714"]
)
def test_only_plain_digits_are(pin: str) -> None:
    assert pin_problem(pin, Role.CASHIER, 6) is PinProblem.NOT_DIGITS


def test_no_more_than_twelve() -> None:
    assert pin_problem("7493015862714", Role.CASHIER, 6) is PinProblem.TOO_LONG


def test_none_of_their_own_numbers() -> None:
    phone = "+91 98458 27146"
    assert pin_problem("582714", Role.CASHIER, 6, ("asha", phone)) is PinProblem.OWN_NUMBER
    assert pin_problem("7482719", Role.CASHIER, 6, ("till-48271",)) is PinProblem.OWN_NUMBER
    assert pin_problem("582714", Role.CASHIER, 6, ("asha7", "")) is None


def test_most_pins_are_left() -> None:
    taken = sum(pin_problem(f"{number:06}", Role.CASHIER, 6) is None for number in range(0, 1_000_000, 97))
    assert taken > 0.85 * 1_000_000 / 97
