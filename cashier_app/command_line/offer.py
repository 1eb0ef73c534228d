"""`quote`: what a member may redeem on a bill, said by the same rules as on the screen."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from cashier_app.command_line.quote_words import reasons, said
from cashier_app.command_line.report import Report, plain
from cashier_app.command_line.shop import backend_of, config_of
from cashier_app.config import till_settings
from cashier_app.documents.request_fields import Reader, RequestError
from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import (
    Choice,
    TakeAmount,
    TakeMaximum,
    TakeNothing,
    TakePoints,
    TakeReward,
)
from cashier_app.domain.identifier import MAX_LENGTH, Origin, Unrecognised, parse_identifier
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.outcome import (
    CodeTooOld,
    Lookup,
    MemberFound,
    NoSuchMember,
    SeveralMembers,
    Unreachable,
)
from cashier_app.domain.program import Program
from cashier_app.domain.quote import quote as quote_for
from cashier_app.errors import KnownError
from cashier_app.services.till_settings import TillSettings
from cashier_app.wording.amounts import DoubtfulAmount, parse_amount
from cashier_app.wording.speech import Wording


def quote(options: argparse.Namespace) -> Report:
    """Look the member up and quote the bill.

    Raises:
        KnownError: The amount or the member is not right, or the backend does not answer.
    """
    settings = till_settings(config_of(options))
    bill = _amount(options.bill, settings.currency, "--bill")
    if bill.minor <= 0:
        raise KnownError("--bill: an amount above zero is expected.")
    text = sys.stdin.read(MAX_LENGTH + 2).strip() if options.member == "-" else options.member
    identifier = parse_identifier(text, settings.rules, Origin.TYPED)
    if isinstance(identifier, Unrecognised):
        raise KnownError(
            f"--member: this is no wallet code, phone or member number ({identifier.reason.value})."
        )
    with backend_of(options) as backend:
        program = backend.program()
        found = _the_member(backend.find(identifier))
        choice = _choice(options, program)
        answer = quote_for(program, found.member, found.account, bill_of(bill), choice, _now_in(settings))
    wording = Wording.of(settings.locale, settings.zone, program.point_name)
    data = plain(answer)
    if not isinstance(data, dict):
        raise TypeError("a quote is an object")
    data["member"] = {"member_id": found.member.member_id, "balance": plain(found.account.balance)}
    data["reasons"] = [*reasons(answer, wording)]
    return Report(data, (f"{settings.store}, till {settings.till}", *said(answer, wording)))


def _now_in(settings: TillSettings) -> Occasion:
    return Occasion(datetime.now(UTC).astimezone(settings.zone), settings.store)


def _choice(options: argparse.Namespace, program: Program) -> Choice:
    if options.discount is not None:
        return TakeAmount(_amount(options.discount, program.currency, "--amount"))
    if options.reward is not None:
        return TakeReward(options.reward)
    if options.points is not None:
        reader = Reader(program.currency, program.point_scale)
        try:
            return TakePoints(reader.points(options.points, "--points"))
        except RequestError as error:
            raise KnownError(f"{error}.") from None
    return TakeNothing() if options.nothing else TakeMaximum()


def _amount(text: str, currency: Currency, option: str) -> Money:
    amount = parse_amount(text, currency)
    if isinstance(amount, DoubtfulAmount):
        raise KnownError(f"{option}: the amount is not clear ({amount.reason.value}). Write it like 2360.00.")
    return amount


def _the_member(found: Lookup) -> MemberFound:
    match found:
        case MemberFound():
            return found
        case SeveralMembers(several):
            numbers = ", ".join(one.member.number or one.member.member_id for one in several)
            raise KnownError(f"{len(several)} members share this phone. Name one by its number: {numbers}.")
        case NoSuchMember():
            raise KnownError("No member found.")
        case CodeTooOld():
            raise KnownError("This code is too old. Ask the customer to open the card again.")
        case Unreachable(reason):
            raise KnownError(f"The loyalty system cannot be asked: {reason}.")
