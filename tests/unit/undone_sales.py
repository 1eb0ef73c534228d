"""Sales at a counter whose backend is told points, to be undone or moved."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cashier_app.domain.identifier import PhoneNumber, WalletToken
from cashier_app.domain.sale import Effect, Sale
from cashier_app.domain.voiding import WhyNotVoid
from cashier_app.services.undoable import Movable, NotUndoable, Undoable
from cashier_app.services.undoing import Undoing
from tests.fakes.counter import PRIYAS_CODE, RAHULS_PHONE, Counter
from tests.fakes.told_points import UNDOES, told_points

RAHUL = PhoneNumber(f"+91{RAHULS_PHONE}")
PRIYAS, RAHULS = "m-1", "m-2"


@pytest.fixture(autouse=True)
def points_only(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the backend told of points, not of goods."""
    monkeypatch.setattr(counter.backend, "plan_refund", told_points)


def sell(counter: Counter, code: str = PRIYAS_CODE, *, post: bool = True, points: bool = True) -> Sale:
    """Sell for 2,360, with 200 coins of Priya's used and 21 earned, or 23 earned without."""
    counter.session.scan(code)
    counter.type("2360")
    if points and code == PRIYAS_CODE:
        counter.press_enter(3)
    else:
        counter.session.take_nothing()
        counter.press_enter()
    counter.session.next_customer()
    if post:
        counter.drain()
    return counter.journal.recent(1)[0].sale


def sell_to_nobody(counter: Counter) -> Sale:
    """Sell without a member."""
    counter.session.without_member()
    counter.type("640")
    counter.press_enter(2)
    counter.session.next_customer()
    return counter.journal.recent(1)[0].sale


def undoing(counter: Counter) -> Undoing:
    """Return what undoes."""
    return counter.workshop.undoing


def looked(counter: Counter, sale: Sale) -> Undoable:
    """Return a sale that may be undone."""
    found = undoing(counter).look_at(sale.sale_id)
    assert isinstance(found, Undoable)
    return found


def why(counter: Counter, sale: Sale) -> WhyNotVoid | None:
    """Return why a sale cannot be undone."""
    found = undoing(counter).look_at(sale.sale_id)
    return found.why if isinstance(found, NotUndoable) else None


def balance(counter: Counter, member_id: str = PRIYAS) -> Decimal:
    """Return what a member has at the backend."""
    return counter.backend.members[member_id].balance


def returns(counter: Counter, sale: Sale) -> list[Effect]:
    """Return what was queued to take a sale back."""
    rows = counter.journal.effects_of(sale.sale_id)
    return [row.effect for row in rows if row.effect.kind in UNDOES]


def movable(counter: Counter, sale: Sale, to: PhoneNumber | WalletToken = RAHUL) -> Movable:
    """Return what giving the sale to somebody else does."""
    found = undoing(counter).look_for_member(looked(counter, sale), to)
    assert isinstance(found, Movable)
    return found
