"""`quote` with a program of one's own: from a file for one bill, or a batch of requests on standard input."""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, cast

from cashier_app.command_line.quote_batch import answer_lines
from cashier_app.command_line.report import EXIT_OK, Plain, Report
from cashier_app.documents.program_document import load_program
from cashier_app.documents.quote_answer import answered, quote_fields
from cashier_app.documents.quote_request import QuoteRequest, read_quote_request
from cashier_app.documents.request_fields import RequestError
from cashier_app.domain.quote import Quote
from cashier_app.errors import KnownError
from cashier_app.strict_json import MalformedJsonError, load_strictly

if TYPE_CHECKING:
    from cashier_app.wording.speech import Wording

EXIT_FAULT = 1
MAX_LINES_FILE = 1024 * 1024
LOCALE = "en"
_FOR_PROGRAM = ("balance", "tier", "points", "nothing", "lines", "at", "store")
_FOR_MEMBER = ("demo", "config", "data")


def quote(options: argparse.Namespace) -> Report:
    """Quote one bill or a batch, by the way the options name.

    Raises:
        KnownError: The options do not go together, or what they name is not right.
    """
    told = [name for name in _FOR_PROGRAM if getattr(options, name) not in {None, False}]
    shop = [name for name in _FOR_MEMBER if getattr(options, name)]
    if options.batch:
        _refuse(
            "--batch",
            told + shop + [name for name in ("bill", "discount", "reward") if getattr(options, name)],
        )
        return _batch()
    if options.program is not None:
        _refuse("--program", shop)
        return _one(options)
    _refuse("--member", told)
    if options.bill is None:
        raise KnownError("--bill is missing.")
    from cashier_app.command_line import offer  # brings HTTP and the whole till

    return offer.quote(options)


def _refuse(way: str, told: list[str]) -> None:
    if told:
        raise KnownError(f"--{told[0]} does not go with {way}.")


def _batch() -> Report:
    try:
        sound = answer_lines(sys.stdin.buffer, sys.stdout.buffer, _now())
    except BrokenPipeError:
        # The reader has gone; Python would complain once more while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Report({}, (), EXIT_FAULT)
    return Report({}, (), EXIT_OK if sound else EXIT_FAULT)


def _one(options: argparse.Namespace) -> Report:
    from cashier_app.wording.speech import Wording  # a batch says nothing in words

    program = load_program(options.program)
    if options.bill is None and options.lines is None:
        raise KnownError("--bill or --lines is missing.")
    try:
        request = read_quote_request(_request(options), _now(), lambda _: program)
    except RequestError as error:
        raise KnownError(f"{str(error).capitalize() if not error.path else error}.") from None
    answer = answered(request)
    wording = Wording.of(LOCALE, UTC, program.point_name)
    reasons = _reasons(answer, wording)
    data = cast("dict[str, Plain]", quote_fields(answer))
    return Report({**data, "reasons": [*reasons]}, _lines(request, answer, reasons, wording))


def _request(options: argparse.Namespace) -> dict[str, object]:
    """Return the options as a request, so that they are read and refused in the same words."""
    account = {"balance": options.balance, "tier": options.tier}
    choice: object = "nothing" if options.nothing else None
    named = {"points": options.points, "amount": options.discount, "reward": options.reward}
    told = {name: value for name, value in named.items() if value is not None}
    return {
        "program": {},
        "account": account,
        "bill": _bill(options),
        "choice": told or choice,
        "at": options.at,
        "store": options.store,
    }


def _bill(options: argparse.Namespace) -> object:
    if options.lines is None:
        return options.bill
    lines = _read_lines(options.lines)
    bill = lines if isinstance(lines, dict) else {"lines": lines}
    return bill if options.bill is None else {**bill, "amount": options.bill}


def _read_lines(file: Path) -> object:
    """Return what a file says of a bill: JSON, or TOML where its name says so."""
    try:
        with file.open("rb") as opened:
            text = opened.read(MAX_LINES_FILE + 1)
    except OSError as error:
        raise KnownError(f"The lines {file.name} cannot be read: {error.strerror}.") from error
    if len(text) > MAX_LINES_FILE:
        raise KnownError(f"The lines {file.name} are larger than {MAX_LINES_FILE} bytes.")
    try:
        if file.suffix.lower() == ".toml":
            return tomllib.loads(text.decode(), parse_float=Decimal)
        return load_strictly(text)
    except (MalformedJsonError, ValueError, ArithmeticError, RecursionError) as error:
        raise KnownError(f"The lines {file.name} cannot be read: {error}.") from None


def _now() -> datetime:
    return datetime.now(UTC).astimezone().replace(tzinfo=None)


def _lines(request: QuoteRequest, answer: Quote, reasons: list[str], wording: Wording) -> tuple[str, ...]:
    figures, name = wording.figures, wording.points_name
    tier = (answer.tier.name,) if answer.tier is not None and answer.tier.name else ()
    return (
        " · ".join((request.program.name or request.program.currency.code, *tier)),
        f"Bill          {figures.money(answer.bill)}",
        f"Allowed       {figures.money(answer.maximum)} for {figures.points(answer.maximum_points)} {name}",
        f"Discount      {figures.money(answer.discount)} for {figures.points(answer.points_used)} {name}",
        f"To pay        {figures.money(answer.to_pay)}",
        f"Earns         {figures.points(answer.earns)} {name}",
        f"Balance after {figures.points(answer.balance_after)} {name}",
        *reasons,
    )


def _reasons(answer: Quote, wording: Wording) -> list[str]:
    from cashier_app.wording.reasons import limit_row, next_step_row
    from cashier_app.wording.refusals import refusal_rows

    rows = []
    if answer.limit is not None:
        rows.append(limit_row(answer.limit, wording))
    for refusal in (answer.refusal, answer.choice_refusal):
        if refusal is not None:
            rows += refusal_rows(refusal, wording)
    if answer.next_step is not None:
        rows.append(next_step_row(answer.next_step, wording, from_nothing=not answer.maximum))
    return list(dict.fromkeys(row.sentence.full for row in rows))
