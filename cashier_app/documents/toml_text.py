"""TOML read with exact figures; what is hostile or wrong in it is refused with its place."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal

from cashier_app.documents.problems import DOCUMENT, ProgramError, Words

MAX_DOTS = 16
"""Most names joined by dots in one key; reading longer ones takes the square of their number."""

_NAME = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_NAME}[ \t]*+\.[ \t]*+){{{MAX_DOTS}}}")
_PLACE = re.compile(r" \((at (?:line \d+, column \d+|end of document))\)\Z")


def read_toml(text: bytes, what: str) -> object:
    """Return the tables, lists, texts and exact figures of a text in TOML; `what` it should be: "a program".

    Raises:
        ProgramError: Saying where it is wrong.
    """
    try:
        decoded = text.decode()
    except UnicodeDecodeError:
        raise ProgramError(DOCUMENT, Words("text in another encoding"), "UTF-8") from None
    if _LONG_KEY.search(decoded):
        raise ProgramError(DOCUMENT, Words("TOML with a long key"), f"at most {MAX_DOTS} names in a key")
    try:
        return tomllib.loads(decoded, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        complaint = str(error)
        place = _PLACE.search(complaint)
        value = Words(f"wrong {place[1]}" if place else "not TOML")
        expected = complaint[: place.start() if place else None][:80]
        raise ProgramError(DOCUMENT, value, f"TOML 1.0 ({expected})") from None
    except RecursionError:
        raise ProgramError(DOCUMENT, Words("nested too deep"), f"the tables of {what}") from None
    except (ValueError, ArithmeticError):
        # A whole number of thousands of digits, or an exponent of dozens.
        raise ProgramError(DOCUMENT, Words("TOML with an endless figure"), "figures of few digits") from None
