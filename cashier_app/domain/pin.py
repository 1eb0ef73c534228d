"""Which PINs are taken: long enough, and none that is among the first anybody would try."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise

from cashier_app.domain.staff import RIGHTS, Right, Role

USUAL_DIGITS = 6
FEWEST_DIGITS = 4
LONGEST_PIN = 12
_CENTURIES = {"19", "20"}
_MOST_KINDS = 2
"""So few different digits are too few in a PIN of six or more."""

_OFTEN = frozenset(
    {
        "1342",
        "2580",
        "0852",
        "1470",
        "1590",
        "1397",
        "1998",
        "5683",
        "7410",
        "8520",
        "2468",
        "1357",
        "2469",
        "3698",
        "9630",
        "159753",
        "142536",
        "147258",
        "147852",
        "258456",
        "456852",
        "321654",
        "654123",
        "123654",
        "789456",
        "456789",
        "789123",
        "102030",
        "131415",
        "112358",
        "246810",
        "135790",
        "147896",
        "159357",
        "520131",
        "201314",
        "696969",
        "007007",
        "314159",
        "271828",
        "12341234",
        "11223344",
        "12121212",
        "14725836",
        "12344321",
        "147258369",
        "1020304050",
    }
)
"""PINs of the published lists of leaked ones that no rule below catches."""


class PinProblem(StrEnum):
    """Why a PIN is not taken."""

    NOT_DIGITS = "not digits"
    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    TOO_SIMPLE = "too simple"
    A_DATE = "a date"
    OWN_NUMBER = "own number"


def least_digits(role: Role, usual: int) -> int:
    """Return how many digits a PIN of this role has at least: 6 for whoever may do more than sell.

    Args:
        role: Whose PIN.
        usual: What the shop asks of everybody, 4 or 6.
    """
    sells_only = RIGHTS[role] <= RIGHTS[Role.CASHIER] | {Right.TRAIN}
    return usual if sells_only else max(usual, USUAL_DIGITS)


def pin_problem(pin: str, role: Role, usual: int, known: tuple[str, ...] = ()) -> PinProblem | None:
    """Say why a PIN is not taken; None when it is.

    Args:
        pin: As typed.
        role: Of whoever it is for.
        usual: How many digits the shop asks of everybody.
        known: What is known of them, such as staff id and phone; a PIN is none of their digits, nor holds
            them.
    """
    if not (pin.isascii() and pin.isdigit()):
        return PinProblem.NOT_DIGITS
    if len(pin) < least_digits(role, usual):
        return PinProblem.TOO_SHORT
    if len(pin) > LONGEST_PIN:
        return PinProblem.TOO_LONG
    if any(_is_of(pin, text) for text in known):
        return PinProblem.OWN_NUMBER
    if _is_simple(pin):
        return PinProblem.TOO_SIMPLE
    return PinProblem.A_DATE if _is_date(pin) else None


def _is_simple(pin: str) -> bool:
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(steps) == 1 or pin in _OFTEN:
        return True  # 111111, 123456, 987654, 246802, 890123
    if len(pin) >= USUAL_DIGITS and len(set(pin)) <= _MOST_KINDS:
        return True
    return _repeats(pin) or _is_pairs(pin) or pin[: len(pin) // 2] == pin[: (len(pin) - 1) // 2 : -1]


def _repeats(pin: str) -> bool:
    """Say whether a PIN is one shorter text again and again: 1212, 123123."""
    return pin in (pin + pin)[1:-1]


def _is_pairs(pin: str) -> bool:
    """Say whether each digit stands twice or thrice, in one step: 112233, 111222, 998877."""
    for times in (2, 3):
        if len(pin) % times == 0 and all(
            pin[start : start + times] == pin[start] * times for start in range(0, len(pin), times)
        ):
            return True
    return False


def _is_date(pin: str) -> bool:
    """Say whether it reads as a date or a year of somebody's life, in any usual order."""
    if len(pin) == FEWEST_DIGITS:
        first, second = int(pin[:2]), int(pin[2:])
        return pin[:2] in _CENTURIES or _day_month(first, second) or _day_month(second, first)
    if len(pin) == USUAL_DIGITS:
        first, second, third = int(pin[:2]), int(pin[2:4]), int(pin[4:])
        year_first = pin[:2] in _CENTURIES and 1 <= third <= 12
        year_last = pin[2:4] in _CENTURIES and 1 <= first <= 12
        months = year_first or year_last
        return months or _day_month(first, second) or _day_month(second, first) or _day_month(third, second)
    if len(pin) == len("20261121"):
        year_last = pin[4:6] in _CENTURIES
        year_first = pin[:2] in _CENTURIES
        pairs = [int(pin[at : at + 2]) for at in range(0, 8, 2)]
        last = year_last and (_day_month(pairs[0], pairs[1]) or _day_month(pairs[1], pairs[0]))
        return last or (year_first and (_day_month(pairs[3], pairs[2]) or _day_month(pairs[2], pairs[3])))
    return False


def _day_month(day: int, month: int) -> bool:
    return 1 <= day <= 31 and 1 <= month <= 12


def _is_of(pin: str, text: str) -> bool:
    """Say whether a PIN is made of the digits of a text: all of them, or any run of it as long as the PIN."""
    digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())
    return bool(digits) and (pin in digits or (len(digits) >= FEWEST_DIGITS and digits in pin))
