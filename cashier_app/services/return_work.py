"""What a return has done on workers."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from cashier_app.domain.money import Money
from cashier_app.domain.refund import RefundPlan, Returned
from cashier_app.domain.sale import Sale
from cashier_app.services.pasted_bill import PastedBill
from cashier_app.services.returnable import Returnable
from cashier_app.services.searched_sales import ListedSale, Searched

if TYPE_CHECKING:
    from cashier_app.services.exchanging import Exchanged, ExchangeTerms
    from cashier_app.services.returning import Returning
    from cashier_app.services.workshop import OpenWorkshop


class ReturnWork:
    """Blocking: for worker threads, but for `ended`. All of it raises `KnownError` as `Returning` does.

    Args:
        workshop: What may wait for disk or network.
    """

    def __init__(self, workshop: OpenWorkshop) -> None:
        self._workshop = workshop
        self._ended = ""

    def ended(self, sale_id: str) -> None:
        """Take note, on the session's thread, that a return of this sale was seen to its end."""
        self._ended = sale_id

    def finish(self) -> None:
        """Write down what ended last; the same sale is not looked at again before."""
        if self._ended:
            self._returning().finished(self._ended)

    def today(self) -> tuple[ListedSale, ...]:
        """Return what was sold lately."""
        self.finish()
        return self._returning().today()

    def find(self, text: str) -> Searched:
        """Find a sale by what was typed."""
        self.finish()
        return self._returning().find(text)

    def scanned(self, text: str) -> Searched:
        """Find a sale by what a device read."""
        self.finish()
        return self._returning().scanned(text)

    def open(self, sale: Sale) -> Searched:
        """Open a sale of the list."""
        self.finish()
        return self._returning().open(sale)

    def balance(self, sale: Sale) -> Decimal | None:
        """Return the member's balance, where it is known."""
        return self._returning().balance(sale)

    def take_back(
        self, shown: Returnable, back: Returned, staff_id: str, balance: Decimal | None
    ) -> RefundPlan | Returnable:
        """Take back what was shown."""
        return self._returning().take_back(shown, back, staff_id, balance)

    def terms(self, found: Returnable) -> ExchangeTerms:
        """Return on what terms something else is bought in place of it."""
        return self._workshop().exchanges.terms(found)

    def exchange(
        self,
        shown: Returnable,
        back: Returned,
        balance: Decimal | None,
        terms: ExchangeTerms,
        bill: Money | PastedBill,
        staff_id: str,
    ) -> Exchanged | Returnable:
        """Take back what was shown and sell this instead."""
        return self._workshop().exchanges.commit(shown, back, balance, terms, bill, staff_id)

    def _returning(self) -> Returning:
        return self._workshop().returns
