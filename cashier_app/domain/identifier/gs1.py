"""GS1 element strings: a number after each application identifier (GS1 General Specifications 3 and 7.8)."""

from __future__ import annotations

import re

from cashier_app.domain.identifier.characters import GROUP_SEPARATOR

GSRN_LENGTH = 18
MEMBER_KEYS = ("8017", "8018")
"""Application identifiers of a service relation number: of who serves, and of who is served."""

GS1_AIM = frozenset({"]C1", "]Q3", "]d2", "]e0", "]J1"})
PRODUCT_AIM = frozenset({"]E0", "]E1", "]E2", "]E3", "]E4"})
CASE_AIM = frozenset({"]I0", "]I1"})
"""Interleaved 2 of 5: on a case of goods where it has 14 digits, else on a card."""

CASE_LENGTH = 14
_SPELT = re.compile(r"<GS>|<FNC1>|\{GS\}|\{FNC1\}")
_BRACKETS = re.compile(r"(?:\([0-9]{2,4}\)[^()]+)+")
_ELEMENT = re.compile(r"\(([0-9]{2,4})\)([^()]+)")
# Figure 7.8.5-2: elements of these have a length of their own, both together, and need no separator.
_FIXED = (
    {"00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "20": 4, "41": 16}
    | dict.fromkeys(("11", "12", "13", "14", "15", "16", "17", "18", "19"), 8)
    | dict.fromkeys(("31", "32", "33", "34", "35", "36"), 10)
)


def spelt_out(text: str) -> str:
    """Return a text with the separators that some scanners spell as words."""
    return _SPELT.sub(GROUP_SEPARATOR, text)


def is_element_string(text: str, aim: str) -> bool:
    """Say whether a text is one or more GS1 elements: by its AIM identifier, separators or brackets."""
    return aim in GS1_AIM or GROUP_SEPARATOR in text or _BRACKETS.fullmatch(text.replace(" ", "")) is not None


def number_in(text: str, keys: tuple[str, ...]) -> str:
    """Return the number that follows one of these application identifiers; empty where none does."""
    bracketed = text.replace(" ", "")
    if bracketed.startswith("("):
        found = (value for key, value in _ELEMENT.findall(bracketed) if key in keys)
        return next((value for value in found if _is_number(value)), "")
    rest = text.lstrip(GROUP_SEPARATOR)
    while rest:
        if rest[:4] in keys:
            value = rest[4:].partition(GROUP_SEPARATOR)[0]
            return value if _is_number(value) else ""
        length = _FIXED.get(rest[:2])
        rest = rest.partition(GROUP_SEPARATOR)[2] if length is None else rest[length:]
        rest = rest.lstrip(GROUP_SEPARATOR)
    return ""


def _is_number(value: str) -> bool:
    return len(value) == GSRN_LENGTH and value.isdigit()
