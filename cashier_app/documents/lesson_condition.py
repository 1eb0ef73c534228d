"""Conditions of lessons: names of facts with what they are compared with, checked against `Facts` itself."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, get_args, get_type_hints

from cashier_app.documents.problems import ProgramError
from cashier_app.documents.refusals import joined, unknown_field
from cashier_app.domain.lesson import Check, Compare, Condition, Value
from cashier_app.domain.till_facts import LIMITS, REFUSALS, Facts

MAX_CHECKS = 12
MAX_CHOICES = 12
MAX_TEXT = 64
MAX_NUMBER = 10**12

ENDINGS = {"_not": Compare.IS_NOT, "_at_least": Compare.AT_LEAST, "_at_most": Compare.AT_MOST}
"""What is put behind the name of a fact to compare it otherwise."""

WORDS = {"limit": LIMITS, "refusal": REFUSALS}
"""Facts in text that take these words only, or nothing."""


def read_condition(path: str, table: Mapping[str, object]) -> Condition:
    """Return the condition that a table of facts describes; `path` is where it stands.

    Raises:
        ProgramError: Naming the first part that makes no sense.
    """
    if not 1 <= len(table) <= MAX_CHECKS:
        raise ProgramError(path, table, f"a table of 1 to {MAX_CHECKS} facts")
    return Condition(tuple(_check(path, table, name) for name in table))


@cache
def kinds_of_facts() -> Mapping[str, type[Any]]:
    """Return the type of each fact by its name; that of a choice for one that may be absent."""
    return {name: _kind(hint) for name, hint in get_type_hints(Facts).items()}


@cache
def fields_of_conditions() -> Mapping[str, tuple[str, Compare]]:
    """Return each field a condition may have, with its fact and how that is compared."""
    known: dict[str, tuple[str, Compare]] = {}
    for fact, kind in kinds_of_facts().items():
        known[fact] = (fact, Compare.IS)
        for ending, compare in ENDINGS.items():
            if _takes(kind, compare):
                known[fact + ending] = (fact, compare)
    return known


def _kind(hint: Any) -> type[Any]:  # noqa: ANN401 - what a type hint is has no type
    kinds = [each for each in get_args(hint) if each is not NoneType] or [hint]
    kind: type[Any] = kinds[0]
    return kind


def _takes(kind: type[Any], compare: Compare) -> bool:
    if kind is bool:
        return False
    return compare is Compare.IS_NOT or kind in {int, Decimal}


def _check(path: str, table: Mapping[str, object], name: str) -> Check:
    known = fields_of_conditions()
    if name not in known:
        raise unknown_field(path, {name: table[name]}, list(known))
    fact, compare = known[name]
    place, written = joined(path, name), table[name]
    if not isinstance(written, list):
        return Check(fact, compare, (_value(place, fact, written),))
    if compare not in {Compare.IS, Compare.IS_NOT} or not 2 <= len(written) <= MAX_CHOICES:
        raise ProgramError(place, written, "one value")
    values = (_value(f"{place}[{number}]", fact, one) for number, one in enumerate(written))
    return Check(fact, compare, tuple(values))


def _value(path: str, fact: str, written: object) -> Value:
    kind = kinds_of_facts()[fact]
    if issubclass(kind, StrEnum):
        choices = tuple(choice.value for choice in kind)
        return _word(path, written, choices)
    if fact in WORDS:
        return _word(path, written, ("", *sorted(WORDS[fact])))
    if kind is bool:
        return _flag(path, written)
    if kind is str:
        return _text(path, written)
    return _number(path, written, kind)


def _flag(path: str, written: object) -> bool:
    if not isinstance(written, bool):
        raise ProgramError(path, written, "true or false")
    return written


def _text(path: str, written: object) -> str:
    if not isinstance(written, str) or len(written) > MAX_TEXT:
        raise ProgramError(path, written, f"text of at most {MAX_TEXT} characters")
    return written


def _word(path: str, written: object, choices: tuple[str, ...]) -> str:
    if not isinstance(written, str) or written not in choices:
        raise ProgramError(
            path, written, "one of " + ", ".join(choice or "an empty text" for choice in choices)
        )
    return written


def _number(path: str, written: object, kind: type[Any]) -> int | Decimal:
    if isinstance(written, int) and not isinstance(written, bool) and abs(written) <= MAX_NUMBER:
        return written if kind is int else Decimal(written)
    if (
        kind is Decimal
        and isinstance(written, Decimal)
        and written.is_finite()
        and abs(written) <= MAX_NUMBER
    ):
        return written
    raise ProgramError(path, written, "a whole number" if kind is int else "a number")
