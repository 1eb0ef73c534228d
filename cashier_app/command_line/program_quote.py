"""`quote` with a program of one's own: from a file for one bill, or a batch of requests on standard input."""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import cast

from cashier_app.command_line.quote_batch import answer_lines
from cashier_app.command_line.report import EXIT_OK, Plain, Report
from cashier_app.documents.program_document import load_program
from cashier_app.documents.quote_answer import answered, quote_fields
from cashier_app.documents.quote_request import read_quote_request
from cashier_app.documents.request_fields import RequestError
from cashier_app.errors import KnownError
from cashier_app.strict_json import MalformedJsonError, load_strictly

EXIT_FAULT = 1
MAX_LINES_FILE = 1024 * 1024
LOCALE = "en"
_CHOICES = ("bill", "discount", "reward", "points", "nothing")
_FOR_PROGRAM = ("balance", "tier", "lines", "at", "store", "paid_with")
_FOR_MEMBER = ("demo", "config", "data")


def quote(options: argparse.Namespace) -> Report:
    """Quote one bill or a batch, by the way the options name.

    Raises:
        KnownError: The options do not go together, or what they name is not right.
    """
    told = _told(options, _FOR_PROGRAM)
    shop = _told(options, _FOR_MEMBER)
    if options.batch:
        _refuse("--batch", told + shop + _told(options, _CHOICES))
        return _batch()
    if options.program is not None:
        _refuse("--program", shop)
        return _one(options)
    _refuse("--member", told)
    if options.bill is None:
        raise KnownError("--bill is missing.")
    from cashier_app.command_line import offer  # brings HTTP and the whole till

    return offer.quote(options)


def _told(options: argparse.Namespace, names: Sequence[str]) -> list[str]:
    return [name for name in names if getattr(options, name) not in {None, False}]


def _refuse(way: str, told: list[str]) -> None:
    if told:
        raise KnownError(f"--{told[0].replace('_', '-')} does not go with {way}.")


def _batch() -> Report:
    try:
        sound = answer_lines(sys.stdin.buffer, sys.stdout.buffer, _now())
    except BrokenPipeError:
        # The reader has gone; Python would complain once more while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Report({}, (), EXIT_FAULT)
    return Report({}, (), EXIT_OK if sound else EXIT_FAULT)


def _one(options: argparse.Namespace) -> Report:
    # A batch says nothing in words.
    from cashier_app.command_line.quote_words import reasons, said
    from cashier_app.wording.speech import Wording

    program = load_program(options.program)
    if options.bill is None and options.lines is None:
        raise KnownError("--bill or --lines is missing.")
    try:
        request = read_quote_request(_request(options), _now(), lambda _: program)
    except RequestError as error:
        raise KnownError(f"{str(error).capitalize() if not error.path else error}.") from None
    answer = answered(request)
    wording = Wording.of(LOCALE, UTC, program.point_name)
    data = cast("dict[str, Plain]", quote_fields(answer, request))
    title = program.name or program.currency.code
    if answer.tier is not None and answer.tier.name:
        title = f"{title} · {answer.tier.name}"
    return Report({**data, "reasons": [*reasons(answer, wording)]}, (title, *said(answer, wording)))


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
        "paid_with": options.paid_with,
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
