"""The discount vouchers of the Voucherify stand-in, and how it says no."""

from __future__ import annotations

from dataclasses import dataclass


class DeclinedError(Exception):
    """Voucherify says no.

    Args:
        status: As HTTP has it.
        key: Voucherify's word for it.
    """

    def __init__(self, status: int, key: str, message: str = "") -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.message = message or key.replace("_", " ")


@dataclass
class OwnVoucher:
    """A discount voucher for an amount off, good once; `least` is the smallest order it is good for."""

    id: str
    code: str
    off: int
    least: int
    expired: bool
    used: bool = False

    def refuse_unless_good(self, amount: int) -> None:
        """Raise where it gives nothing on an order of this amount."""
        if self.expired:
            raise DeclinedError(400, "voucher_expired", "voucher expired")
        if self.used:
            raise DeclinedError(400, "quantity_exceeded", "quantity exceeded")
        if amount < self.least:
            raise DeclinedError(400, "order_rules_violated", "order did not match validation rules")
