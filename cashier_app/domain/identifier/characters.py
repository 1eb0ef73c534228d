"""What a text is made of: the signs that no code of ours holds, and numbers that nobody may keep."""

from __future__ import annotations

import re
import unicodedata

from cashier_app.domain.identifier.check_digits import passes_luhn
from cashier_app.domain.identifier.values import NotRecognised

GROUP_SEPARATOR = "\x1d"
_DIGITS = re.compile(r"[0-9]+")
_CARD_LENGTHS = range(13, 20)
_REPLACEMENT = "�"
_TWICE_ENCODED = re.compile("[ÂÃâ][\x80-\xbf]")
_UNSEEN = frozenset({"Cf", "Zl", "Zp", "Zs", "Cs", "Co", "Cn"})
# A joiner and the blank letters of Hangul.
_UNSEEN_LETTERS = "\u034f\u115f\u1160\u3164\uffa0"
# Dashes and spaces that word processors and web pages put into phone numbers.
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
_SPACES = "\xa0\u2007\u2009\u202f"
_TYPOGRAPHY = str.maketrans(dict.fromkeys(_DASHES, "-") | dict.fromkeys(_SPACES, " "))


def strange_part(text: str) -> NotRecognised:
    """Say what is wrong with the signs of a text that is not printable ASCII."""
    found = {_strangeness(character) for character in text}
    return next(reason for reason in _WORST_FIRST if reason in found)


_WORST_FIRST = (
    NotRecognised.CONTROL_CHARACTERS,
    NotRecognised.INVISIBLE_CHARACTERS,
    NotRecognised.UNREADABLE_CHARACTERS,
    NotRecognised.FOREIGN_DIGITS,
    NotRecognised.STRANGE_CHARACTERS,
)


def _strangeness(character: str) -> NotRecognised | None:
    if " " <= character <= "~":
        return None
    category = unicodedata.category(character)
    if category == "Cc":
        return NotRecognised.CONTROL_CHARACTERS
    # Cf holds the marks that turn text round; Cs, Co and Cn are no characters at all.
    if category in _UNSEEN or character in _UNSEEN_LETTERS or "\ufe00" <= character <= "\ufe0f":
        return NotRecognised.INVISIBLE_CHARACTERS
    if character == _REPLACEMENT:
        return NotRecognised.UNREADABLE_CHARACTERS
    if unicodedata.numeric(character, None) is not None:
        return NotRecognised.FOREIGN_DIGITS
    return NotRecognised.STRANGE_CHARACTERS


def repaired(text: str) -> str:
    """Return UTF-8 that was read as Latin-1 as it was meant, once; any other text as it is."""
    if not _TWICE_ENCODED.search(text):
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def plain_typography(text: str) -> str:
    """Return a text with the dashes and blanks of word processors as those of a keyboard."""
    return text if text.isascii() else text.translate(_TYPOGRAPHY)


def holds_card(text: str) -> bool:
    """Say whether a payment card number may be in a text, whole or in groups, also inside something longer.

    Any run of 13 to 19 digits that passes Luhn counts, with blanks, dashes, dots or plus signs between its
    groups. No card number begins with 0.
    """
    groups = list(_DIGITS.finditer(text))
    for first, start in enumerate(groups):
        run = ""
        end = start.start()
        for group in groups[first:]:
            if run and not _joins(text[end : group.start()]):
                break
            run += group[0]
            end = group.end()
            if len(run) > _CARD_LENGTHS.stop - 1:
                break
            if is_card(run):
                return True
    return False


def is_card(digits: str) -> bool:
    """Say whether digits are a payment card number by length and check digit (ISO/IEC 7812-1)."""
    return len(digits) in _CARD_LENGTHS and digits[0] != "0" and passes_luhn(digits)


def _joins(between: str) -> bool:
    return len(between) <= 3 and not between.strip(" -.+_/")
