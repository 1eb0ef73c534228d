"""Check digits of numbers people type and cards carry. All take ASCII digits."""

from __future__ import annotations


def passes_luhn(digits: str) -> bool:
    """Say whether digits end in their check digit by ISO/IEC 7812-1 annex B, as payment cards do."""
    total = 0
    for place, character in enumerate(reversed(digits)):
        value = int(character) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def passes_gs1(digits: str) -> bool:
    """Say whether digits end in their check digit by the GS1 General Specifications 7.9: EAN, UPC, GSRN."""
    total = sum(int(c) * (3 if place % 2 else 1) for place, c in enumerate(reversed(digits)))
    return total % 10 == 0


def passes_mod97(digits: str) -> bool:
    """Say whether digits end in their two check digits by ISO/IEC 7064, MOD 97-10."""
    return int(digits) % 97 == 1
