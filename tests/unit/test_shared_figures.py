from __future__ import annotations

from datetime import date

import pytest

from cashier_app.domain.figures import Figures, PeriodFigures
from cashier_app.errors import KnownError
from cashier_app.ports.figures import EVERYTHING, FiguresAwayError, Scope
from cashier_app.ports.ledger import LedgerAwayError, LedgerRefusedError
from cashier_app.services.shared_figures import SharedFigures
from tests.fakes.figures import Event, FakeFigures

DAY = date(2026, 11, 20)
HERE = Scope("Jayanagar", "2")


class Broken(FakeFigures):
    """A source that cannot be asked."""

    def __init__(self, error: KnownError) -> None:
        super().__init__()
        self._error = error

    def figures(
        self, first: date, last: date, scope: Scope = EVERYTHING, currency: str = ""
    ) -> PeriodFigures:
        raise self._error

    def stores(self) -> tuple[str, ...]:
        raise self._error

    def names(self) -> dict[str, str]:
        raise self._error


def source(sales: int) -> FakeFigures:
    return FakeFigures(
        [Event(DAY, 9, Figures(sales=sales), store="Jayanagar")], {"meera": "Meera"}, stores=("A", "B")
    )


def test_the_chain_and_the_store_come_from_the_ledger_this_till_from_its_own_journal() -> None:
    shared = SharedFigures(source(12), source(3), HERE)
    assert shared.figures(DAY, DAY).total.sales == 12
    assert shared.figures(DAY, DAY, Scope("Jayanagar")).total.sales == 12
    assert shared.figures(DAY, DAY, HERE).total.sales == 3
    assert shared.stores() == ("A", "B")
    assert shared.names() == {"meera": "Meera"}


def test_while_the_ledger_is_away_one_sentence_offers_this_tills_own() -> None:
    shared = SharedFigures(Broken(LedgerAwayError("away")), source(3), HERE)
    with pytest.raises(
        FiguresAwayError, match=r"cannot be reached\. .*own figures.*till 2 of Jayanagar"
    ) as away:
        shared.figures(DAY, DAY)
    assert away.value.own == HERE
    assert shared.stores() == ("Jayanagar",)
    assert shared.figures(DAY, DAY, HERE).total.sales == 3


def test_a_ledger_that_refuses_says_why() -> None:
    shared = SharedFigures(Broken(LedgerRefusedError("No rights.")), source(3), HERE)
    with pytest.raises(FiguresAwayError, match=r"No rights\. This till's own"):
        shared.figures(DAY, DAY)


def test_a_computer_where_nothing_was_sold_still_shows_the_chain() -> None:
    shared = SharedFigures(source(12), Broken(KnownError("no sales")), HERE)
    assert shared.names() == {}
    assert shared.figures(DAY, DAY).total.sales == 12


def test_both_are_let_go_of() -> None:
    ledger, own = source(1), source(1)
    SharedFigures(ledger, own, HERE).close()
    assert (ledger.closed, own.closed) == (True, True)
