"""What the receipt of a sale carries: its number in bars, a code to claim or return it by, one to type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.claim_code import claim_code, facts_of, receipt_code
from cashier_app.domain.sale import Sale
from cashier_app.ports.claims import ClaimSigner

Draw = Callable[[str, str], tuple[tuple[str, ...], str]]
"""Draws the text of a receipt code as a QR code, and a sale's number as bars; see `ReceiptCodes`."""


class ReceiptCodes(Struct, frozen=True):
    """What the receipt of a sale carries.

    Args:
        receipt: What the QR code says.
        rows: The QR code, one text of ``1`` (dark) and ``0`` for each row of modules.
        number: Of the sale, as people read it.
        bars: The number as Code 128, one ``1`` (dark) or ``0`` for each module, without its quiet zones.
        claim: To be typed; empty where the sale cannot be claimed.
        days: How many days it is good for; 0 where it cannot be claimed.
    """

    sale_id: str
    receipt: str
    rows: tuple[str, ...]
    number: str = ""
    bars: str = ""
    claim: str = ""
    days: int = 0


def codes_of(sale: Sale, store: str, keys: ClaimSigner, draw: Draw) -> ReceiptCodes:
    """Return what the receipt of a committed sale of this store carries."""
    receipt = receipt_code(facts_of(sale, store), keys.sign)
    rows, bars = draw(receipt, sale.number)
    codes = ReceiptCodes(sale.sale_id, receipt, rows, sale.number, bars)
    if sale.claim_until is None:
        return codes
    # The last day ends at midnight: whole days are what was promised.
    days = (sale.claim_until - sale.at) // timedelta(days=1)
    return replace(codes, claim=claim_code(sale, keys.sign), days=days)
