"""What a decoder answers, in the same words for all of them."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

# A corner: x and y in px from the top left of the picture.
Corner = tuple[int, int]


class DecodedSymbol(Struct, frozen=True):
    """One code found in a picture.

    Args:
        text: The bytes read as UTF-8 where they are that, else as the decoder understood them.
        raw: The bytes in the symbol; for text outside ASCII they are the truth.
        symbology: One of the names in `cashier_app.scanning.symbologies`.
        corners: The outline in px of the picture that was given, going round.
        aim: The AIM identifier of this code (ISO/IEC 15424), such as ``]Q1``; empty where it is not known.
    """

    text: str
    raw: bytes
    symbology: str
    corners: tuple[Corner, ...]
    aim: str = ""

    @property
    def announced(self) -> str:
        """Return the text behind its AIM identifier, as a scanner sends it: the kind of code decides more."""
        return self.aim + self.text


def without_repeats(symbols: Iterable[DecodedSymbol]) -> list[DecodedSymbol]:
    """Keep the first of those with the same text: a card may show its number as QR and as bars."""
    kept: dict[str, DecodedSymbol] = {}
    for symbol in symbols:
        kept.setdefault(symbol.text, symbol)
    return list(kept.values())
