"""Where figures come from: this till's own journal, or the ledger a store's tills share."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from msgspec import Struct

from cashier_app.domain.figures import PeriodFigures
from cashier_app.errors import KnownError


class Scope(Struct, frozen=True):
    """Whose figures are wanted. An empty name is all there are.

    Args:
        store: One store of the chain.
        till: One till of it.
    """

    store: str = ""
    till: str = ""


EVERYTHING = Scope()


class FiguresAwayError(KnownError):
    """The figures of all tills cannot be read now; those of this till can.

    Args:
        why: One sentence.
        own: What to ask for instead.
    """

    def __init__(self, why: str, own: Scope, detail: str = "") -> None:
        super().__init__(
            f"{why} This till's own figures are here: till {own.till} of {own.store}.", detail=detail
        )
        self.why = why
        self.own = own


class Difference(Struct, frozen=True):
    """One figure that is not what its rows come to.

    Args:
        day: The business day; None for the list of who has bought before.
        split: Empty for the whole day, with `part`.
        figure: Its name, or ``time`` with the duration in tenths of a second as `part`, or ``member``.
        kept: As stored: money in minor units, points in ten-thousandths.
        counted: What the rows come to.
    """

    day: date | None
    currency: str
    split: str
    part: str
    figure: str
    kept: int
    counted: int


class FiguresSource(Protocol):
    """Answers from roll-ups; blocking, for a worker thread.

    Raises:
        KnownError: From every method, when it cannot be read.
    """

    def figures(
        self, first: date, last: date, scope: Scope = EVERYTHING, currency: str = ""
    ) -> PeriodFigures:
        """Return what is counted from one business day to another, both counted.

        Money is in minor units of `currency`; of the shop's own when that is empty.
        """

    def stores(self) -> tuple[str, ...]:
        """Return the stores that can be asked for, by name; a till's own journal knows one."""

    def names(self) -> dict[str, str]:
        """Return what people call each staff id."""

    def close(self) -> None:
        """Let go of connections."""
