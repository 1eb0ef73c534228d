"""The forms of vendors' codes: written in the settings, read by expressions that never backtrack.

A form is the code with its changing parts in braces: ``MEMBER-{member:digits:4-12}-{seconds}-{totp:6}``.
A part is ``{name:signs:length}``. Each part takes all the signs it can and gives none back, so reading a code
takes one pass over it, whatever it holds; a form in which that could miss a code is refused.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NoReturn

from msgspec import Struct

from cashier_app.domain.identifier.values import MAX_LENGTH

SIGNS = {
    "digits": "0-9",
    "hex": "0-9A-Fa-f",
    "capitals": "0-9A-Z",
    "alphanumeric": "0-9A-Za-z",
    "token": r"0-9A-Za-z._~\-",
}
"""Which signs a part may hold. Dots and dashes in ``token`` as Open Loyalty and URL-safe Base64 have them."""

TIMES = {
    "seconds": ("0-9", 9, 11),
    "milliseconds": ("0-9", 12, 14),
    "base36_seconds": ("0-9a-z", 1, 8),
}
"""Moments a code was made, counted from 1970."""

# As Google Wallet's value patterns name them.
_SYNONYMS = {"totp_timestamp_seconds": "seconds", "totp_timestamp_millis": "milliseconds"}
_TOTP = re.compile(r"totp_value_[0-9]")
_UUID = "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"
_PART = re.compile(r"\{([^{}]*)\}")
_NAMES = ("member", "coupon", "check", "totp", "any")
_DEFAULTS = {
    "check": "alphanumeric:1-128",
    "totp": "digits:4-10",
    "coupon": "token:1-64",
    "any": "token:0-64",
}
_MOST_PARTS = 8


class FormError(ValueError):
    """A form that cannot be used; the text says why, without the form."""


class CompiledForm(Struct, frozen=True):
    """A form ready to read codes.

    Args:
        expression: Matches whole codes; groups are named as the parts.
        time: Which of `TIMES` the code carries; empty for none.
        names: The names of its parts.
        fixed: The texts between the parts.
    """

    expression: re.Pattern[str]
    time: str
    names: frozenset[str]
    fixed: str


class _Part(Struct, frozen=True):
    name: str
    signs: str
    least: int
    most: int
    expression: str


@lru_cache(maxsize=256)
def compile_form(form: str) -> CompiledForm:
    """Return a form ready to read codes.

    Raises:
        FormError: It makes no sense, or could miss codes of its own.
    """
    if not 1 <= len(form) <= MAX_LENGTH:
        _refuse(f"1 to {MAX_LENGTH} characters are expected")
    pieces = _PART.split(form)
    fixed, parts = pieces[0::2], [_part(text) for text in pieces[1::2]]
    if any(not text.isprintable() or set(text) & set("{}") for text in fixed):
        _refuse("braces must enclose the parts, and what is between must be printable")
    if len(parts) > _MOST_PARTS:
        _refuse(f"it has more than {_MOST_PARTS} parts")
    names = [part.name for part in parts if part.name != "any"]
    if len(set(names)) < len(names):
        _refuse("each part may stand once")
    if not {"member", "coupon"} & set(names):
        _refuse("it needs a part {member} or {coupon}")
    times = [name for name in names if name in TIMES]
    if len(times) > 1:
        _refuse("it has more than one time")
    for part, after, following in zip(parts, fixed[1:], [*parts[1:], None], strict=True):
        _check_end(part, after, following)
    expression = re.escape(fixed[0]) + "".join(
        part.expression + re.escape(after) for part, after in zip(parts, fixed[1:], strict=True)
    )
    return CompiledForm(re.compile(expression), times[0] if times else "", frozenset(names), "".join(fixed))


def _part(text: str) -> _Part:
    name, _, rest = text.partition(":")
    if _TOTP.fullmatch(name):
        name = "totp"
    name = _SYNONYMS.get(name, name)
    if name in TIMES and not rest:
        signs, least, most = TIMES[name]
        return _Part(name, signs, least, most, f"(?P<{name}>[{signs}]{{{least},{most}}}+)")
    if name not in _NAMES:
        _refuse("a part is named member, coupon, check, totp, any, seconds, milliseconds or base36_seconds")
    usual_kind, _, usual_length = _DEFAULTS.get(name, ":").partition(":")
    kind, _, length = rest.partition(":") if rest else (usual_kind, "", usual_length)
    if kind[:1].isdigit() and usual_kind:
        kind, length = usual_kind, kind
    group = "" if name == "any" else f"?P<{name}>"
    if kind == "uuid" and not length:
        return _Part(name, SIGNS["hex"], 36, 36, f"({group}{_UUID})" if group else _UUID)
    if kind not in SIGNS:
        _refuse(f"the signs of {{{name}}} are digits, hex, capitals, alphanumeric, token or uuid")
    least, most = _length(name, length)
    inner = f"[{SIGNS[kind]}]{{{least},{most}}}+"
    return _Part(name, SIGNS[kind], least, most, f"({group}{inner})" if group else inner)


def _length(name: str, text: str) -> tuple[int, int]:
    bounds = re.fullmatch(r"([0-9]{1,3})(?:-([0-9]{1,3}))?", text, re.ASCII)
    if bounds is None:
        _refuse(f"{{{name}}} needs a length such as 8 or 4-12")
    least, most = int(bounds[1]), int(bounds[2] or bounds[1])
    if not (name == "any" or least >= 1) or not least <= most <= MAX_LENGTH or most < 1:
        _refuse(f"the length of {{{name}}} makes no sense")
    return least, most


def _check_end(part: _Part, after: str, following: _Part | None) -> None:
    """Refuse a part that could swallow what comes after it: it must end where it ends."""
    if part.least == part.most or (not after and following is None):
        return
    if not after:
        _refuse(f"{{{part.name}}} has no fixed length, so some other sign must come before the next part")
    if re.match(f"[{part.signs}]", after):
        _refuse(f"{{{part.name}}} may hold the sign that comes after it, so nobody knows where it ends")


def _refuse(why: str) -> NoReturn:
    raise FormError(why)
