"""A quote request: one JSON object with program, account, bill and choice, or a sale with its returns.

`docs/programs.md` describes every field. Everything is exact: figures are whole numbers, decimals, or either
as text. An amount finer than the currency, a key nobody knows, figures that contradict each other: refused.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from cashier_app.documents.account_request import check_reward, read_account
from cashier_app.documents.bill_request import StatedBill, read_bill
from cashier_app.documents.problems import DOCUMENT, MISSING, ProgramError
from cashier_app.documents.request_fields import (
    Fields,
    Reader,
    RequestError,
    count_of,
    entries_of,
    fields_of,
    list_of,
    moment_of,
    quantity_of,
    text_of,
    within,
    yes_or_no,
)
from cashier_app.domain.bill import MAX_LINES, Bill
from cashier_app.domain.choice import (
    All,
    Choice,
    PointsChoice,
    TakeAmount,
    TakeMaximum,
    TakeNothing,
    TakePoints,
    TakeReward,
    TakeTogether,
)
from cashier_app.domain.member import Account, Member
from cashier_app.domain.money import Money
from cashier_app.domain.program import MAX_RULES, Program
from cashier_app.domain.program.conditions import MAX_NAMES
from cashier_app.domain.refund import Returned, ReturnedLine

REQUEST_KEYS = (
    "id",
    "program",
    "at",
    "store",
    "paid_with",
    "online",
    "account",
    "rewards_given_today",
    "bill",
    "choice",
    "sale",
    "refunds",
)
CHOICE_KEYS = ("points", "amount", "rule", "reward", "rewards", "store_credit", "gift_balance")
MAX_REFUNDS = 100
MAXIMUM = "maximum"

Id = str | int | Decimal | bool | None
ReadProgram = Callable[[object], Program]
"""Reads an inline program; raises `ProgramError`."""


class Booked(Struct, frozen=True):
    """What was booked for a sale that goods come back from; None takes it from the quote.

    Args:
        points_used: Points redeemed.
        discount: Minor units taken off.
        points_earned: Points earned.
    """

    points_used: Decimal | None = None
    discount: int | None = None
    points_earned: Decimal | None = None


class ReturnRequest(Struct, frozen=True):
    """One return; `balance` is the account's at that time, None where it was not told."""

    returned: Returned
    balance: Decimal | None = None


class QuoteRequest(Struct, frozen=True):
    """A request that can be answered.

    Args:
        request_id: Echoed in the answer.
        at: The moment of the sale in the shop's own time.
        paid_with: How what is left is paid, or empty where that was not told.
        rewards_given_today: How many of each reward the shop gave today.
        bill_places: Where each line of the bill stands among the lines stated; a line below zero is none.
        bill_lines: Number of lines stated.
        refunds: Returns in the order they happen; None where none was asked for.
    """

    request_id: Id
    program: Program
    at: datetime
    store: str
    online: bool
    member: Member
    account: Account
    rewards_given_today: dict[str, int]
    bill: Bill
    choice: Choice
    paid_with: str = ""
    bill_places: tuple[int, ...] = ()
    bill_lines: int = 0
    booked: Booked = Booked()
    refunds: tuple[ReturnRequest, ...] | None = None


def request_id_of(value: object) -> Id:
    """Return the id a request is told apart by, as far as it has one."""
    found = value.get("id") if isinstance(value, dict) else None
    return found if isinstance(found, str | int | Decimal | bool) else None


def read_quote_request(value: object, now: datetime, read_program: ReadProgram) -> QuoteRequest:
    """Return the request a JSON value states.

    Args:
        value: Read with `load_strictly`.
        now: The shop's own time, for a request that names none.
        read_program: Reads the program.

    Raises:
        RequestError: Naming the first part that is not right.
    """
    fields = fields_of(value, "", REQUEST_KEYS)
    if isinstance(fields.get("id"), list | dict):
        raise RequestError("id", fields["id"], "text, a number, true or false")
    for needed in ("program", "bill"):
        if needed not in fields:
            raise RequestError(needed, None, f"a {needed}, which may not be left out")
    program = _program(fields["program"], read_program)
    reader = Reader(program.currency, program.point_scale)
    at = moment_of(fields["at"], "at") if "at" in fields else now
    served = read_account(fields.get("account"), "account", program, reader, at)
    stated = read_bill(fields["bill"], "bill", reader)
    return QuoteRequest(
        request_id=request_id_of(value),
        program=program,
        at=at,
        store=text_of(fields.get("store", ""), "store"),
        online=yes_or_no(fields.get("online", True), "online"),
        member=served.member,
        account=served.account,
        rewards_given_today=_given_today(fields.get("rewards_given_today"), program),
        bill=stated.bill,
        choice=read_choice(fields.get("choice", MAXIMUM), "choice", reader),
        paid_with=text_of(fields.get("paid_with", ""), "paid_with"),
        bill_places=stated.places,
        bill_lines=stated.stated,
        booked=_booked(fields, stated.bill, reader),
        refunds=_refunds(fields, stated, reader),
    )


def _program(value: object, read_program: ReadProgram) -> Program:
    try:
        return read_program(value)
    except ProgramError as error:
        path = "program" if error.path == DOCUMENT else within("program", error.path)
        there = None if error.value is MISSING else error.value
        raise RequestError(path, there, error.expected) from None


def read_choice(value: object, path: str, reader: Reader) -> Choice:
    """Return what is to be used on the bill.

    Raises:
        RequestError: It is none of the choices, or names two that exclude each other.
    """
    if value == MAXIMUM:
        return TakeMaximum()
    if value == "nothing":
        return TakeNothing()
    if not isinstance(value, dict):
        raise RequestError(path, value, "'maximum', 'nothing' or an object")
    fields = fields_of(value, path, CHOICE_KEYS)
    if not fields:
        raise RequestError(path, value, f"one of the keys {', '.join(CHOICE_KEYS)}")
    points = _points_choice(fields, path, reader)
    if "reward" in fields and len(fields) == 1:
        return TakeReward(text_of(fields["reward"], within(path, "reward")))
    if fields.keys() <= {"points", "amount", "rule"}:
        return points
    return TakeTogether(
        points=points,
        rewards=_rewards(fields, path),
        store_credit=_held(fields, path, "store_credit", reader),
        gift_balance=_held(fields, path, "gift_balance", reader),
    )


def _points_choice(fields: Fields, path: str, reader: Reader) -> PointsChoice:
    """Return what is paid with points: nothing, where neither points, amount nor rule is named."""
    rule = text_of(fields.get("rule", ""), within(path, "rule"))
    if "points" in fields and "amount" in fields:
        raise RequestError(within(path, "amount"), fields["amount"], "either points or amount")
    if "amount" in fields:
        return TakeAmount(reader.money(fields["amount"], within(path, "amount")), rule)
    if "points" in fields and fields["points"] != MAXIMUM:
        return TakePoints(reader.points(fields["points"], within(path, "points")), rule)
    return TakeMaximum(rule) if "points" in fields or "rule" in fields else TakeNothing()


def _rewards(fields: Fields, path: str) -> tuple[str, ...]:
    if "reward" in fields and "rewards" in fields:
        raise RequestError(within(path, "reward"), fields["reward"], "either reward or rewards")
    if "reward" in fields:
        return (text_of(fields["reward"], within(path, "reward")),)
    return list_of(fields.get("rewards", []), within(path, "rewards"), MAX_RULES, text_of)


def _held(fields: Fields, path: str, key: str, reader: Reader) -> Money | All | None:
    if key not in fields:
        return None
    return All() if fields[key] == MAXIMUM else reader.money(fields[key], within(path, key))


def _given_today(value: object, program: Program) -> dict[str, int]:
    path = "rewards_given_today"
    given = entries_of({} if value is None else value, path, MAX_NAMES, count_of)
    for reward_id in given:
        check_reward(reward_id, within(path, reward_id), program)
    return given


def _booked(fields: Fields, bill: Bill, reader: Reader) -> Booked:
    if "sale" not in fields:
        return Booked()
    if "refunds" not in fields:
        raise RequestError("sale", fields["sale"], "refunds beside it")
    sale = fields_of(fields["sale"], "sale", ("points_used", "discount", "points_earned"))
    used, discount, earned = (sale.get(key) for key in ("points_used", "discount", "points_earned"))
    taken_off = None if discount is None else reader.amount(discount, "sale.discount")
    if taken_off is not None and taken_off > bill.total.minor:
        raise RequestError("sale.discount", discount, "no more than the bill")
    return Booked(
        points_used=None if used is None else reader.points(used, "sale.points_used"),
        discount=taken_off,
        points_earned=None if earned is None else reader.points(earned, "sale.points_earned"),
    )


def _refunds(fields: Fields, bill: StatedBill, reader: Reader) -> tuple[ReturnRequest, ...] | None:
    if "refunds" not in fields:
        return None

    def read(value: object, path: str) -> ReturnRequest:
        return _refund(value, path, bill, reader)

    return list_of(fields["refunds"], "refunds", MAX_REFUNDS, read, least=1)


def _refund(value: object, path: str, bill: StatedBill, reader: Reader) -> ReturnRequest:
    if value == "all":
        return ReturnRequest(Returned(everything=True))
    if not isinstance(value, dict):
        raise RequestError(path, value, "'all' or an object")
    fields = fields_of(value, path, ("all", "amount", "lines", "balance"))
    if len(fields.keys() & {"all", "amount", "lines"}) != 1:
        raise RequestError(path, value, "one of 'all', an amount, or lines")
    balance = reader.balance(fields["balance"], within(path, "balance")) if "balance" in fields else None
    if "amount" in fields:
        amount = reader.money(fields["amount"], within(path, "amount"))
        return ReturnRequest(Returned(amount=amount), balance)
    if "all" in fields:
        if fields["all"] is not True:
            raise RequestError(within(path, "all"), fields["all"], "true")
        return ReturnRequest(Returned(everything=True), balance)

    def read(line: object, place: str) -> ReturnedLine:
        return _returned_line(line, place, bill)

    lines = list_of(fields["lines"], within(path, "lines"), MAX_LINES, read, least=1)
    return ReturnRequest(Returned(lines), balance)


def _returned_line(value: object, path: str, stated: StatedBill) -> ReturnedLine:
    fields = fields_of(value, path, ("line", "quantity"))
    told = fields.get("line")
    if not stated.stated:
        raise RequestError(within(path, "line"), told, "a bill with lines")
    if isinstance(told, bool) or not isinstance(told, int) or not 0 <= told < MAX_LINES:
        raise RequestError(within(path, "line"), told, "the place of a line, counted from 0")
    quantity = quantity_of(fields["quantity"], within(path, "quantity")) if "quantity" in fields else None
    if told >= stated.stated:
        # Refused by the rules of returns, as more than was sold is: the sale itself can be answered.
        return ReturnedLine(told, quantity or Decimal(1))
    if told not in stated.places:
        raise RequestError(within(path, "line"), told, "the place of a line that is not below zero")
    place = stated.places.index(told)
    return ReturnedLine(place, quantity or stated.bill.lines[place].quantity)
