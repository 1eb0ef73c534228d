"""JSON from outside, read with none of the leniency of the standard reader."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import partial

MAX_DEPTH = 32
MAX_DIGITS = 24
LONGEST_WHOLE = 400
MAX_STEP = 60
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_TEXT = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_ALIKE = bytes.maketrans(b"{}", b"[]")


class MalformedJsonError(ValueError):
    """A text that is not JSON, or JSON that two readers could understand differently; says why.

    Args:
        why: For the middle of a sentence, without quoting the text.
        path: Where, such as ``bill.lines[2].price``; empty for the text itself.
    """

    def __init__(self, why: str, path: str = "") -> None:
        super().__init__(why)
        self.path = path


def load_strictly(text: bytes) -> object:
    """Return the value of a JSON text; fractions become `Decimal`, whole numbers `int`, also ``401.0``.

    Refused: NaN and infinities, endless whole numbers, a key given twice, nesting deeper than `MAX_DEPTH`,
    half surrogates, a byte order mark, and whatever RFC 8259 forbids. The caller caps the size.

    Raises:
        MalformedJsonError: Saying what is wrong, without quoting the text.
    """
    # Depth is counted only where it could matter: honest answers open few brackets.
    if text.count(b"[") + text.count(b"{") > MAX_DEPTH and _is_too_deep(text):
        raise MalformedJsonError("nested too deep")
    try:
        value: object = json.loads(
            text.decode(),
            parse_int=_whole,
            parse_float=_number,
            parse_constant=_refuse_constant,
            object_pairs_hook=_unique,
        )
    except MalformedJsonError as error:
        raise MalformedJsonError(str(error), _path_of_fault(text)) from None
    except json.JSONDecodeError as error:
        why = error.msg.rstrip(": ")
        raise MalformedJsonError(f"not JSON ({why}, character {error.pos + 1})") from None
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
        raise MalformedJsonError("a key that is given twice")
    return value


class _Fault:
    """Stands where something is wrong while its path is looked for."""


_FAULT = _Fault()


def _path_of_fault(text: bytes) -> str:
    """Return where the first figure that is none, or key given twice, stands in a text refused for it."""
    read = partial(json.loads, parse_int=_whole_or_fault, parse_float=len, object_pairs_hook=_with_faults)
    try:
        steps = _steps_to_fault(read(text.decode(), parse_constant=lambda _: _FAULT))
    except ValueError:
        return ""
    return (steps or "").removeprefix(".")


def _with_faults(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) < len(pairs):
        seen = set()
        for key, _ in pairs:
            if key in seen:
                table[key] = _FAULT
            seen.add(key)
    return table


def _steps_to_fault(value: object) -> str | None:
    if value is _FAULT:
        return ""
    if isinstance(value, dict | list):
        for step, part in value.items() if isinstance(value, dict) else enumerate(value):
            rest = _steps_to_fault(part) if part is _FAULT or isinstance(part, dict | list) else None
            if rest is not None:
                return (f"[{step}]" if isinstance(step, int) else f".{_shown(step)}") + rest
    return None


def _shown(key: str) -> str:
    return key[:MAX_STEP].encode("ascii", "backslashreplace").decode()


def _whole(text: str) -> int:
    # Reading digits as a whole number takes the square of their count.
    if len(text) > LONGEST_WHOLE:
        raise MalformedJsonError(f"a number of more than {LONGEST_WHOLE} digits")
    return int(text)


def _whole_or_fault(text: str) -> object:
    return text if len(text) <= LONGEST_WHOLE else _FAULT


def _number(text: str) -> Decimal | int:
    value = Decimal(text)
    whole, point, part = text.partition(".")
    if point and len(text) <= MAX_DIGITS and part.isdecimal():
        # What prices look like, told apart without arithmetic.
        return value if part.strip("0") else int(whole)
    # Only near numbers: 1e999999999 is a whole number that would fill the memory.
    return int(value) if abs(value.adjusted()) < MAX_DIGITS and value == int(value) else value


def _refuse_constant(_: str) -> object:
    raise MalformedJsonError("NaN or an infinity, which JSON does not have")


def _check_surrogates(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        raise MalformedJsonError("half a surrogate pair") from None
