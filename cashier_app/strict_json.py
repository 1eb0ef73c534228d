"""JSON from outside, read with none of the leniency of the standard reader."""

from __future__ import annotations

import json
import re
from decimal import Decimal

MAX_DEPTH = 32
MAX_DIGITS = 24
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_TEXT = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_ALIKE = bytes.maketrans(b"{}", b"[]")


class MalformedJsonError(ValueError):
    """A text that is not JSON, or JSON that two readers could understand differently; says why."""


def load_strictly(text: bytes) -> object:
    """Return the value of a JSON text; fractions become `Decimal`, whole numbers `int`, also ``401.0``.

    Refused: NaN and infinities, a key given twice, nesting deeper than `MAX_DEPTH`, half surrogates, a byte
    order mark, and whatever RFC 8259 forbids. The caller caps the size.

    Raises:
        MalformedJsonError: Saying what is wrong, without quoting the text.
    """
    # Depth is counted only where it could matter: honest answers open few brackets.
    if text.count(b"[") + text.count(b"{") > MAX_DEPTH and _is_too_deep(text):
        raise MalformedJsonError("nested too deep")
    try:
        value: object = json.loads(
            text.decode(), parse_float=_number, parse_constant=_refuse_constant, object_pairs_hook=_unique
        )
    except MalformedJsonError:
        raise
    except (ValueError, ArithmeticError) as error:
        raise MalformedJsonError(f"not JSON ({type(error).__name__})") from None
    if _SURROGATE.search(text):
        _check_surrogates(value)
    return value


def _is_too_deep(text: bytes) -> bool:
    """Say whether brackets are left once the innermost pairs were taken away `MAX_DEPTH` times."""
    brackets = _TEXT.sub(b"", text).translate(_ALIKE, _NO_BRACKETS)
    for _ in range(MAX_DEPTH):
        inner = brackets.replace(b"[]", b"")
        if len(inner) == len(brackets):
            # What cannot be paired is no JSON, and the reader says so; unless it would not come back from it.
            return len(inner) > MAX_DEPTH
        brackets = inner
    return bool(brackets)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise MalformedJsonError("a key is given twice")
    return value


def _number(text: str) -> Decimal | int:
    value = Decimal(text)
    # Only near numbers: 1e999999999 is a whole number that would fill the memory.
    return int(value) if abs(value.adjusted()) < MAX_DIGITS and value == int(value) else value


def _refuse_constant(_: str) -> object:
    raise MalformedJsonError("NaN and infinities are no JSON")


def _check_surrogates(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        raise MalformedJsonError("half a surrogate pair") from None
