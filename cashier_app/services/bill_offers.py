"""The rules a bill is quoted by: the program's, or what the backend said of this very bill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cashier_app.services.till_view import Serving, TillView
from cashier_app.services.voucher_view import with_voucher

if TYPE_CHECKING:
    from decimal import Decimal

    from cashier_app.domain.member import Account
    from cashier_app.domain.program import Program


def program_for(view: TillView) -> Program | None:
    """Return the program as it holds for the bill on show: an estimate until the backend has been asked.

    A voucher that was looked up for this bill gives a reward of its own.
    """
    program = view.program
    if program is None:
        return None
    if view.offers is not None and view.offers.bill == view.bill.money:
        program = view.offers.offers.over(program)
    return with_voucher(program, view.voucher)


def account_for(view: TillView, person: Serving) -> Account:
    """Return the account the bill on show is quoted on."""
    offered = None
    if view.offers is not None and view.offers.bill == view.bill.money:
        offered = view.offers.offers.account
    # Whichever is newer: the account may have been read again since.
    return offered if offered is not None and offered.as_of >= person.account.as_of else person.account


def quoted_balance(view: TillView) -> Decimal | None:
    """Return the balance the offer on show was made on, or None without a member known."""
    return account_for(view, view.person).balance if isinstance(view.person, Serving) else None
