"""What is kept of points that expired: counted with the place in the backend's books up to which they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from cashier_app.domain.acts import Act


class LapsedBook(Protocol):
    """Points that expired, as this till counts them. Blocking.

    Raises:
        KnownError: From every method, when the database cannot be read or written.
    """

    def after(self) -> str:
        """Return the place in the backend's books up to which everything is counted; empty for none yet."""

    def begin(self) -> date | None:
        """Return the first day this till was watched; None before."""

    def count(self, acts: Sequence[Act], after: str) -> None:
        """Count what lapsed up to a place, in one transaction with it: counted once, whatever happens."""
