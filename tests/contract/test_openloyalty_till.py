"""Open Loyalty behind the till's own journal and sender: on a bad day all is booked once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.backends.openloyalty.adapter import OpenLoyaltyBackend
from cashier_app.domain.choice import TakeAmount, TakeNothing
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import Applied, MemberFound, NotApplied
from cashier_app.domain.sale import Effect, EffectKind, EffectState
from cashier_app.ports.journal import EffectRow
from cashier_app.services.checkout import Checkout
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.delivery import Delivery
from cashier_app.storage.journal import SqliteJournal
from cashier_app.testing.people import Books
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import StandInStage
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble
from cashier_app.testing.suite_selling import served
from tests.contract.openloyalty_shop import BILL, stage_with
from tests.fakes.clock import FakeClock
from tests.fakes.delivering import deliver_due

SALES = 8
SETTLED = {EffectState.POSTED, EffectState.DROPPED, EffectState.NEEDS_ATTENTION}
TROUBLE = (
    None,
    None,
    StagedFault(trouble=Trouble.LOST_ANSWER, takes_hold=True),
    StagedFault(trouble=Trouble.LOST_ANSWER, takes_hold=False),
    StagedFault(trouble=Trouble.STATUS, status=500, takes_hold=True),
    StagedFault(trouble=Trouble.STATUS, status=500, writes_only=False),
    StagedFault(trouble=Trouble.STATUS, status=429),
)


class RealTill:
    """Journal, checkout and delivery over a folder; dies and starts again when told."""

    def __init__(self, stage: StandInStage, folder: Path) -> None:
        self.stage, self.folder = stage, folder
        self.clock = FakeClock(datetime.now(UTC))
        self.backend = stage.open()
        self._open()

    def _open(self) -> None:
        self.journal = SqliteJournal(self.folder / "till.sqlite", "2")
        connection = ConnectionWatch(self.clock)
        self.delivery = Delivery(self.backend, self.journal, self.clock, connection, random.Random(7))
        self.checkout = Checkout(self.backend, self.journal, self.clock, connection)

    def die(self) -> None:
        """End without a word and start again."""
        self.journal.close()
        self._open()
        self.delivery.recover()

    def sell(self, found: MemberFound, count: int) -> str:
        """Make a sale as far as the journal; return its id."""
        choice = TakeAmount(Money(5000, BILL.currency)) if count % 2 else TakeNothing()
        ticket = PretendTill(self.backend).quoted(found, BILL, choice)
        if ticket.points:
            held = self.checkout.hold(ticket)
            assert isinstance(held, Applied)
            ticket = replace(ticket, reservation=held.booked.reference)
        return self.checkout.commit(ticket).sale_id

    def rows(self, sales: list[str]) -> list[EffectRow]:
        """Return the effects of these sales."""
        return [row for sale in sales for row in self.journal.effects_of(sale)]

    def close(self) -> None:
        """End in peace."""
        self.journal.close()
        self.backend.close()


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    with RunningStandIn("openloyalty") as stand_in:
        yield stand_in


def bad_day(running: RunningStandIn, folder: Path, seed: int) -> tuple[Books, int]:
    """Sell to one member on a bad day; return the books, and how many effects need a person."""
    chance, stage = random.Random(seed), stage_with(running, holds_points=True)
    till = RealTill(stage, folder)
    found = served(stage, till.backend)
    sales = [till.sell(found, count) for count in range(SALES)]
    staged = 0
    for _ in range(400):
        if all(row.state in SETTLED for row in till.rows(sales)):
            break
        if (trouble := chance.choice(TROUBLE)) is not None and staged == stage.befallen():
            stage.stage(trouble)
            staged += 1
        deliver_due(till.delivery)
        till.clock.advance(70)
        if chance.random() < 0.3:
            till.die()
    rows = till.rows(sales)
    till.close()
    assert all(row.state in SETTLED for row in rows)
    kinds = {row.effect.kind for row in rows}
    assert kinds == {EffectKind.RESERVE, EffectKind.RELEASE, EffectKind.REDEEM, EffectKind.SALE}
    stage.settle()
    return stage.books(found.member.member_id), sum(row.state is EffectState.NEEDS_ATTENTION for row in rows)


def right_books() -> tuple[Decimal, Decimal, int]:
    """Return balance, held points and sales: half of the sales use 100 points for 50.00."""
    earned = Decimal("23.60") * (SALES // 2) + Decimal("23.10") * (SALES // 2)
    return Decimal(6000) - 100 * (SALES // 2) + earned, Decimal(0), SALES


@pytest.mark.parametrize("seed", range(3))
def test_a_bad_day_ends_with_right_books(running: RunningStandIn, tmp_path: Path, seed: int) -> None:
    books, stuck = bad_day(running, tmp_path, seed)
    assert stuck == 0
    assert (books.spendable, books.held, books.sales) == right_books()


def nothing_looked_up(_: OpenLoyaltyBackend, effect: Effect) -> NotApplied:
    assert effect.key
    return NotApplied()


def test_the_control_that_looks_nothing_up_is_caught(
    running: RunningStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OpenLoyaltyBackend, "reconcile", nothing_looked_up)
    books, _ = bad_day(running, tmp_path, 0)
    assert (books.spendable, books.held, books.sales) != right_books()
