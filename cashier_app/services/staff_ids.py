"""A short, lasting id for somebody, made from their name."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

_LONGEST = 24
_NAMELESS = "staff"


def staff_id_for(name: str, taken: Collection[str]) -> str:
    """Return an id such as ``meera``, or ``meera2`` where that is taken; ``staff1`` for other scripts."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = "".join(sign if sign.isalnum() else " " for sign in plain.lower()).split()
    # A few Latin letters in a name of another script say nothing.
    spoken = words and sum(map(len, words)) * 2 >= sum(sign.isalnum() for sign in name)
    base = words[0][:_LONGEST] if spoken else _NAMELESS
    numbered = (f"{base}{number}" for number in range(1 if base == _NAMELESS else 2, len(taken) + 3))
    candidates = numbered if base == _NAMELESS else iter((base, *numbered))
    return next(candidate for candidate in candidates if candidate not in taken)
