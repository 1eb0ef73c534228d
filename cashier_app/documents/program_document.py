"""A loyalty program as a document: TOML or JSON in, plain values out.

Every field stands in `resources/schemas/program.schema.json`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import FieldInfo, fields

from cashier_app.documents.problems import DOCUMENT, MISSING, ProgramError, Words, amount_text
from cashier_app.documents.program_check import check_program
from cashier_app.documents.refusals import refused, unknown_field
from cashier_app.documents.toml_text import read_toml
from cashier_app.domain.money import MAX_DECIMALS, Currency
from cashier_app.domain.points import MAX_SCALE, PointName
from cashier_app.domain.program import MAX_RULES, Program
from cashier_app.domain.program.figures import Amount, read_figure
from cashier_app.domain.program.tiers import MAX_TIERS
from cashier_app.errors import KnownError
from cashier_app.strict_json import MalformedJsonError, load_strictly


class DocumentKind(StrEnum):
    """The language a document is written in."""

    TOML = "toml"
    JSON = "json"


MAX_SIZE = {DocumentKind.TOML: 48 * 1024, DocumentKind.JSON: 192 * 1024}
"""Largest document in bytes: what this computer's readers refuse or take in well under 50 ms at the worst."""

_LONGEST = {
    "earning.rules": MAX_RULES,
    "earning.multipliers": MAX_RULES,
    "redemption": MAX_RULES,
    "rewards": MAX_RULES,
    "tiers.levels": MAX_TIERS,
}
_CODE = re.compile(r"[A-Z]{3}\Z")
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_CLOCKS = frozenset({"from_time", "until_time"})
_WITHOUT_SECONDS = re.compile(r"[0-9]{2}:[0-9]{2}\Z")
_DEPTH_OF_TIMES = 5
"""How deep times of day stand: earning, rules, a rule, when, and the time."""


def read_program(text: bytes, kind: DocumentKind) -> Program:
    """Return the program a document describes.

    Raises:
        ProgramError: Naming the first part that cannot be applied, what stands there and what was expected.
    """
    if len(text) > MAX_SIZE[kind]:
        raise ProgramError(DOCUMENT, Words(f"{len(text)} bytes"), f"at most {MAX_SIZE[kind]} bytes")
    if text.startswith(_BYTE_ORDER_MARKS):
        raise ProgramError(DOCUMENT, Words("text with a byte order mark"), "UTF-8 without it")
    return read_program_value(read_toml(text, "a program") if kind is DocumentKind.TOML else _read_json(text))


def read_program_value(value: object) -> Program:
    """Return the program that tables, lists, texts and exact numbers describe.

    Raises:
        ProgramError: Naming the first part that cannot be applied, what stands there and what was expected.
    """
    if not isinstance(value, Mapping):
        raise ProgramError(DOCUMENT, value, "a table")
    refuse_long_lists(value)
    currency = _read_currency(value)
    scale = value.get("point_scale", 0)
    if scale.__class__ is not int or not 0 <= scale <= MAX_SCALE:
        raise ProgramError("point_scale", scale, f"a whole number from 0 to {MAX_SCALE}")
    _check_fields("point_name", value.get("point_name"), PointName)

    def figure(kind: type[Any], written: object) -> Amount | Decimal:
        return read_figure(kind, written, currency.decimals, scale)

    try:
        program = msgspec.convert({**_with_seconds(value), "currency": currency}, Program, dec_hook=figure)
    except msgspec.ValidationError as error:
        raise refused(error, value, Program) from None
    except UnicodeEncodeError:
        raise ProgramError(DOCUMENT, Words("half a surrogate pair in a text"), "whole characters") from None
    return check_program(program)


def refuse_long_lists(document: Mapping[Any, object]) -> None:
    """Refuse a program with too many rules before any of them is looked at.

    Raises:
        ProgramError: Naming the list.
    """
    for path, most in _LONGEST.items():
        there: object = document
        for step in path.split("."):
            there = there.get(step) if isinstance(there, Mapping) else None
        if isinstance(there, list) and len(there) > most:
            raise ProgramError(path, there, f"a list of at most {most}")


def load_program(path: Path) -> Program:
    """Return the program in a file whose name ends in ``.toml`` or ``.json``.

    Raises:
        KnownError: It cannot be read, or is not a program; says which part is wrong.
    """
    kind = {".toml": DocumentKind.TOML, ".json": DocumentKind.JSON}.get(path.suffix.lower())
    if kind is None:
        raise KnownError(f"{path.name} cannot be a program: its name must end in .toml or .json.")
    try:
        with path.open("rb") as file:
            text = file.read(MAX_SIZE[kind] + 1)
    except OSError as error:
        raise KnownError(f"The program {path.name} cannot be read: {error.strerror}.") from error
    try:
        return read_program(text, kind)
    except ProgramError as error:
        raise KnownError(f"The program {path.name} cannot be used: {error}.") from error


def program_value(program: Program) -> dict[str, object]:
    """Return a program as plain values that `read_program_value` reads back: what is as usual is left out.

    Amounts are text in the main unit with exactly the currency's decimals; other figures are text too, so
    that no reader makes binary fractions of them.
    """
    return _table(program, program.currency)


def _read_json(text: bytes) -> object:
    try:
        return load_strictly(text)
    except MalformedJsonError as error:
        path = error.path or DOCUMENT
        raise ProgramError(path, Words(str(error)), "JSON that is read in one way only") from None


def _read_currency(document: Mapping[Any, object]) -> Currency:
    written = document.get("currency", MISSING)
    table = {"code": written} if isinstance(written, str) and written is not MISSING else written
    if not isinstance(table, Mapping):
        raise ProgramError("currency", written, "a code such as INR, or a table of code and decimals")
    _check_fields("currency", table, Currency)
    code = table.get("code", MISSING)
    path = "currency.code" if table is written else "currency"
    if not isinstance(code, str) or not _CODE.match(code):
        raise ProgramError(path, code, "three capital letters such as INR")
    decimals = table["decimals"] if "decimals" in table else _usual_decimals(code)
    if decimals is None:
        raise ProgramError(
            "currency.decimals", MISSING, f"the decimals of {code}, which is not a known currency"
        )
    if not isinstance(decimals, int) or isinstance(decimals, bool) or not 0 <= decimals <= MAX_DECIMALS:
        raise ProgramError("currency.decimals", decimals, f"a whole number from 0 to {MAX_DECIMALS}")
    return Currency(code, decimals)


def _usual_decimals(code: str) -> int | None:
    from babel.core import get_global

    if code not in get_global("all_currencies"):
        return None
    fractions = get_global("currency_fractions")
    decimals: int = fractions.get(code, fractions["DEFAULT"])[0]
    return decimals


def _with_seconds(table: Mapping[Any, object], depth: int = _DEPTH_OF_TIMES) -> dict[Any, object]:
    """Return a table whose times of day have the seconds that `msgspec` wants."""
    return {name: _timed(name, value, depth - 1) for name, value in table.items()}


def _timed(name: object, value: object, depth: int) -> object:
    match value:
        case str() if name in _CLOCKS and _WITHOUT_SECONDS.match(value):
            return f"{value}:00"
        case dict() if depth:
            return _with_seconds(value, depth)
        case list() if depth:
            return [_timed("", each, depth - 1) if isinstance(each, dict) else each for each in value]
        case _:
            return value


def _check_fields(path: str, table: object, kind: type[Struct]) -> None:
    """Refuse fields that `kind`, which is not only a part of documents, would pass over."""
    known = list(kind.__struct_fields__)
    if isinstance(table, Mapping) and not set(table) <= set(known):
        raise unknown_field(path, table, known)


def _table(part: Struct, currency: Currency) -> dict[str, object]:
    config = part.__struct_config__
    table: dict[str, object] = {config.tag_field: config.tag} if config.tag_field else {}
    for field in _fields(type(part)):
        value = getattr(part, field.name)
        if field.required or value != field.default:
            table[field.name] = _plain(value, currency)
    return table


@cache
def _fields(kind: type[Struct]) -> tuple[FieldInfo, ...]:
    return fields(kind)


def _plain(value: object, currency: Currency) -> object:
    match value:
        case Struct():
            return _table(value, currency)
        case tuple():
            return [_plain(each, currency) for each in value]
        case Amount():
            return amount_text(value, currency)
        case Decimal():
            return format(value, "f")
        case Enum():
            return value.value
        case date() | time():
            return value.isoformat()
        case _:
            return value
