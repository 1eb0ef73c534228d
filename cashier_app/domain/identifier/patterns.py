"""Codes of a known form: our own, and those of the vendors a shop configured."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from cashier_app.domain.identifier.characters import holds_card
from cashier_app.domain.identifier.forms import compile_form
from cashier_app.domain.identifier.rules import CodePattern, IdentifierRules
from cashier_app.domain.identifier.values import (
    ChangingCode,
    MemberNumber,
    NotRecognised,
    Parsed,
    Unrecognised,
    WalletToken,
)

ROTATING_PREFIX = "LR1:"
_ROTATING = "LR1:{member:alphanumeric:4-64}:{base36_seconds}:{check:hex:8}"
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.~-]{3,127}")
_SENT = re.compile(r"[A-Za-z0-9_.~:-]{4,256}")
_SENT_NUMBER = re.compile(r"[0-9]{4,20}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_SECOND = 4_102_444_800  # the year 2100: a clock that says later is wrong


def is_token(text: str) -> bool:
    """Say whether a text may be an id of a backend."""
    return _TOKEN.fullmatch(text) is not None


def read_patterns(text: str, rules: IdentifierRules) -> Parsed | None:
    """Return what a code of a known form is, or None when it has none of the forms."""
    for pattern in all_patterns(rules):
        found = _read(text, pattern)
        if found is not None:
            return found
    return None


def read_wallet_prefix(text: str, rules: IdentifierRules) -> Parsed | None:
    """Return a wallet code that begins as the shop's do; what follows is the backend's business."""
    known = [prefix for prefix in rules.wallet_prefixes if text.startswith(prefix)]
    if not known:
        return None
    if holds_card(text):
        return Unrecognised(NotRecognised.PAYMENT_CARD)
    body = text[len(max(known, key=len)) :]
    if all(_TOKEN.fullmatch(part) for part in body.split(":")) and _SENT.fullmatch(text):
        return WalletToken(text)
    return Unrecognised(NotRecognised.STRANGE_CHARACTERS)


@lru_cache(maxsize=16)
def all_patterns(rules: IdentifierRules) -> tuple[CodePattern, ...]:
    """Return the patterns to try, in order: our own rotating code, then the shop's."""
    if ROTATING_PREFIX not in rules.wallet_prefixes:
        return rules.patterns
    ours = CodePattern("rotating code", _ROTATING, life_seconds=rules.life_seconds)
    return (ours, *rules.patterns)


def _read(text: str, pattern: CodePattern) -> Parsed | None:
    form = compile_form(pattern.form)
    match = form.expression.fullmatch(text)
    if match is None:
        return None
    parts = match.groupdict(default="")
    member = parts.get("member", "")
    if not member:
        return Unrecognised(NotRecognised.COUPON)
    if holds_card(member) or holds_card(parts.get("coupon", "")):
        return Unrecognised(NotRecognised.PAYMENT_CARD)
    if pattern.mixed_case and _one_case(member):
        return Unrecognised(NotRecognised.CHANGED_CASE)
    made_at = _made_at(form.time, parts[form.time]) if form.time else None
    if form.time and made_at is None:
        return Unrecognised(NotRecognised.NOT_OURS)
    if pattern.is_number:
        return (
            MemberNumber(member) if _SENT_NUMBER.fullmatch(member) else Unrecognised(NotRecognised.NOT_OURS)
        )
    sent = member if pattern.sends_member else text
    if not _SENT.fullmatch(sent):
        return Unrecognised(NotRecognised.NOT_OURS)
    proof = parts.get("totp", "") or (parts.get("check", "") if form.time else "")
    if not (form.time or "totp" in parts):
        return WalletToken(sent)
    # Without a proof of its own, the moment is all that tells two showings apart.
    proof = proof or parts[form.time]
    return WalletToken(sent, ChangingCode(member, proof, made_at, pattern.life_seconds, pattern.name))


def _one_case(member: str) -> bool:
    """Say whether its letters are all capitals or all small: by chance once in 2,000 codes of twelve."""
    letters = [character for character in member if character.isalpha()]
    return len(letters) >= 12 and (member.upper() == member or member.lower() == member)


def _made_at(kind: str, text: str) -> datetime | None:
    seconds = int(text, 36) if kind == "base36_seconds" else int(text)
    if kind == "milliseconds":
        seconds //= 1000
    return _EPOCH + timedelta(seconds=seconds) if seconds <= _LAST_SECOND else None
