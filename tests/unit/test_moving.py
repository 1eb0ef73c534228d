"""A sale goes to another member: both halves or neither, once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from cashier_app.domain.identifier import PhoneNumber, WalletToken
from cashier_app.domain.sale import ReturnReason, Sale
from cashier_app.errors import KnownError
from cashier_app.services.undoable import Movable, NotForThem, NotMovable, NotUndoable
from tests.fakes.counter import PRIYAS_CODE, SHARED_PHONE, STRANGERS_CODE, Counter
from tests.unit.undone_sales import (
    RAHUL,
    RAHULS,
    balance,
    looked,
    movable,
    points_only,
    returns,
    sell,
    undoing,
)

__all__ = ["points_only"]  # fixtures


def test_the_first_has_it_back_and_the_other_has_it(counter: Counter) -> None:
    first, other = balance(counter), balance(counter, RAHULS)
    sale = sell(counter, points=False)
    assert balance(counter) == first + 23
    move = movable(counter, sale)
    assert not move.dropped
    made = undoing(counter).move(move, "meera")
    assert isinstance(made, Sale)
    assert (made.moved_from, made.member_id, made.staff_id, made.paid) == (
        sale.sale_id,
        RAHULS,
        "meera",
        sale.paid,
    )
    counter.drain()
    assert (balance(counter), balance(counter, RAHULS)) == (first, other + move.quote.earns)
    assert {one.reason for one in returns(counter, sale)} == {ReturnReason.MOVED}


def test_both_halves_of_a_move_stand_in_the_audit(counter: Counter) -> None:
    sale = sell(counter)
    made = undoing(counter).move(movable(counter, sale), "meera")
    assert isinstance(made, Sale)
    with counter.journal.database.reading() as connection:
        rows = connection.execute("SELECT subject, event, detail FROM audit").fetchall()
    told = {(subject, event): detail for subject, event, detail in rows}
    assert told[f"{sale.sale_id}-clawback-1", "refund queued"] == "216000 moved meera"
    assert told[made.sale_id, "moved from"] == sale.sale_id
    assert counter.journal.first_broken_audit_row() is None


def test_what_the_firsts_points_paid_falls_away(counter: Counter) -> None:
    first, other = balance(counter), balance(counter, RAHULS)
    move = movable(counter, sell(counter))
    assert move.dropped
    assert (move.quote.discount.minor, move.quote.to_pay.minor) == (0, 236000)
    made = undoing(counter).move(move)
    assert isinstance(made, Sale)
    assert (made.points_used, made.paid.minor) == (0, 236000)
    counter.drain()
    assert (balance(counter), balance(counter, RAHULS)) == (first, other + move.quote.earns)


def test_a_move_is_made_once(counter: Counter) -> None:
    first, other = balance(counter), balance(counter, RAHULS)
    move = movable(counter, sell(counter))
    made = [undoing(counter).move(move) for _ in range(3)]
    assert made[0] == made[1] == made[2]
    again = undoing(counter).look_for_member(move.undone, RAHUL)
    assert isinstance(again, Movable)
    assert isinstance(undoing(counter).move(again), NotUndoable)
    counter.drain()
    assert (balance(counter), balance(counter, RAHULS)) == (first, other + move.quote.earns)


def test_nothing_half_moved_is_left_by_a_full_disk(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    sale = sell(counter)
    move = movable(counter, sale)
    rollups = counter.journal.rollups

    def full(*_: object) -> None:
        raise KnownError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(rollups, "finished", full)
        with pytest.raises(KnownError):
            undoing(counter).move(move)
    assert returns(counter, sale) == []
    assert counter.journal.recent(2)[0].sale == sale
    assert isinstance(undoing(counter).move(move), Sale)


def test_the_rules_are_those_of_the_sale(counter: Counter) -> None:
    sale = sell(counter, points=False)
    program = counter.backend.the_program
    counter.backend.the_program = replace(program, version="v-other", earning=())
    counter.workshop.lookup.program()
    move = movable(counter, sale)
    assert (move.quote.program_version, move.rules_kept) == (sale.program_version, True)
    assert move.quote.earns > 0


@pytest.mark.parametrize(
    ("to", "why_not"),
    [
        (WalletToken(PRIYAS_CODE), NotForThem.SAME),
        (WalletToken(STRANGERS_CODE), NotForThem.NOBODY),
        (PhoneNumber(f"+91{SHARED_PHONE}"), NotForThem.SEVERAL),
    ],
)
def test_nobody_else_gets_it(counter: Counter, to: WalletToken | PhoneNumber, why_not: NotForThem) -> None:
    found = undoing(counter).look_for_member(looked(counter, sell(counter)), to)
    assert isinstance(found, NotMovable)
    assert found.why is why_not


def test_a_blocked_member_gets_nothing(counter: Counter) -> None:
    row = counter.backend.members[RAHULS]
    row.member = replace(row.member, blocked_since=datetime(2026, 1, 1, tzinfo=UTC))
    found = undoing(counter).look_for_member(looked(counter, sell(counter)), RAHUL)
    assert found == NotMovable(NotForThem.BLOCKED, "Rahul")


def test_offline_it_goes_to_whom_the_till_has_not_met(counter: Counter) -> None:
    first, other = balance(counter), balance(counter, RAHULS)
    sale = sell(counter)
    counter.backend.silent = True
    move = movable(counter, sale)
    assert move.member is None
    assert isinstance(undoing(counter).move(move), Sale)
    counter.backend.silent = False
    counter.drain()
    assert balance(counter) == first
    assert balance(counter, RAHULS) > other
