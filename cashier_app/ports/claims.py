"""What proves that a receipt is the shop's own; the keys stay behind this."""

from __future__ import annotations

from typing import Protocol


class ClaimSigner(Protocol):
    """Signs receipts and knows what this shop's tills signed. Never blocks, never raises."""

    @property
    def shared(self) -> bool:
        """Say whether other tills can read what this one signs."""

    def sign(self, text: bytes) -> bytes:
        """Return the proof of some bytes."""

    def proves(self, text: bytes, proof: bytes) -> bool:
        """Say whether the second is the proof of the first; takes the same time for any."""

    def digits_fit(self, sale_id: str, digits: str) -> bool:
        """Say whether these are the digits of a sale's claim code; takes the same time for any."""
