"""Wallet codes of the demo shop: fixed ones, and rotating ones that a screenshot cannot outlive."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta

from msgspec import Struct

FIXED_PREFIX = "LC1:"
ROTATING_PREFIX = "LR1:"
_ROTATING = re.compile(r"LR1:([A-Za-z0-9]{4,64}):([0-9a-z]{1,8}):([0-9a-f]{8})")
_CLOCK_DIFFERENCE = timedelta(seconds=60)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


# What a wallet code says.
class Names(Struct, frozen=True):
    """The member with this token."""

    token: str


class Stale(Struct, frozen=True):
    """A true code that had run out at the moment asked about; `made_at` is UTC."""

    made_at: datetime


class Nothing(Struct, frozen=True):
    """Not a code of this shop."""


Reading = Names | Stale | Nothing


def rotating_code(token: str, made_at: datetime, code_key: str) -> str:
    """Return the rotating code a phone shows: ``LR1:<token>:<unix seconds, base 36>:<8 hex of HMAC>``."""
    seconds = _base36(int(made_at.timestamp()))
    return f"{ROTATING_PREFIX}{token}:{seconds}:{_proof(token, seconds, code_key)}"


def read_code(code: str, at: datetime, code_key: str, life_seconds: int) -> Reading:
    """Return whom a wallet code names at this moment."""
    if not code.startswith(ROTATING_PREFIX):
        return Names(code.removeprefix(FIXED_PREFIX))
    parts = _ROTATING.fullmatch(code)
    if parts is None or not hmac.compare_digest(parts[3], _proof(parts[1], parts[2], code_key)):
        return Nothing()
    made_at = datetime.fromtimestamp(int(parts[2], 36), UTC)
    age = at - made_at
    if age < -_CLOCK_DIFFERENCE:
        return Nothing()
    return Names(parts[1]) if age <= timedelta(seconds=life_seconds) else Stale(made_at)


def _proof(token: str, seconds: str, code_key: str) -> str:
    return hmac.new(code_key.encode(), f"{token}:{seconds}".encode(), hashlib.sha256).hexdigest()[:8]


def _base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text or "0"
