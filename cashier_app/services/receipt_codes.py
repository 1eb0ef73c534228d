"""What the receipt of a sale carries: a code for goods that come back or to claim it, and one to be typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from msgspec import Struct

from cashier_app.domain.claim_code import claim_code, facts_of, receipt_code
from cashier_app.domain.sale import Sale
from cashier_app.ports.claims import ClaimSigner


class ReceiptCodes(Struct, frozen=True):
    """What the receipt of a sale carries.

    Args:
        receipt: What the QR code says.
        rows: The QR code, one text of ``1`` (dark) and ``0`` for each row of modules.
        claim: To be typed; empty where the sale cannot be claimed.
        days: How many days it is good for; 0 where it cannot be claimed.
    """

    sale_id: str
    receipt: str
    rows: tuple[str, ...]
    claim: str = ""
    days: int = 0


def codes_of(
    sale: Sale, store: str, keys: ClaimSigner, draw: Callable[[str], tuple[str, ...]]
) -> ReceiptCodes:
    """Return what the receipt of a committed sale of this store carries; `draw` makes QR codes of texts."""
    receipt = receipt_code(facts_of(sale, store), keys.sign)
    if sale.claim_until is None:
        return ReceiptCodes(sale.sale_id, receipt, draw(receipt))
    # The last day ends at midnight: whole days are what was promised.
    days = (sale.claim_until - sale.at) // timedelta(days=1)
    return ReceiptCodes(sale.sale_id, receipt, draw(receipt), claim_code(sale, keys.sign), days)
