"""What kinds of code there are, by one name each, and how scanners announce them."""

from types import MappingProxyType
from typing import Final

QR_CODE: Final = "QR Code"
AZTEC: Final = "Aztec"
PDF417: Final = "PDF417"
CODE_128: Final = "Code 128"

# Letters of the AIM symbology identifier "]" + letter + modifier (ISO/IEC 15424); scanners send it when told.
_BY_AIM_LETTER: Final = MappingProxyType(
    {
        "Q": QR_CODE,
        "z": AZTEC,
        "L": PDF417,
        "C": CODE_128,
        "d": "Data Matrix",
        "E": "EAN/UPC",
        "A": "Code 39",
        "I": "ITF",
        "F": "Codabar",
    }
)

AIM_LENGTH: Final = 3


def from_aim_identifier(text: str) -> str | None:
    """Return the symbology when a text begins with an AIM identifier such as ``]Q1``, else None."""
    if len(text) < AIM_LENGTH or text[0] != "]" or not (text[2].isascii() and text[2].isalnum()):
        return None
    return _BY_AIM_LETTER.get(text[1])
