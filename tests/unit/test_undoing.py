"""A sale undone, or given to another member: the books as if it had never been, and exactly once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.identifier import PhoneNumber, WalletToken
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import MemberFound
from cashier_app.domain.sale import Effect, EffectKind, EffectState, ReturnReason, Sale
from cashier_app.domain.voiding import WhyNotVoid
from cashier_app.errors import KnownError
from cashier_app.services.last_act import ActDone, LastAct
from cashier_app.services.noted_joining import NotesJoining
from cashier_app.services.undo_view import UndoStep
from cashier_app.services.undoable import Movable, NotForThem, NotMovable, NotUndoable, Undoable
from cashier_app.services.undoing import Undoing
from cashier_app.wording.undo import undo_words
from tests.fakes.backend import CAPABILITIES, Fault
from tests.fakes.counter import (
    ANILS_CODE,
    PRIYAS_CODE,
    RAHULS_CODE,
    RAHULS_PHONE,
    SHARED_PHONE,
    STRANGERS_CODE,
    Counter,
)
from tests.fakes.shop import RUPEE
from tests.fakes.told_points import UNDOES, told_points
from tests.unit.wording_shown import WORDING

RAHUL = PhoneNumber(f"+91{RAHULS_PHONE}")
PRIYAS, RAHULS = "m-1", "m-2"


@pytest.fixture(autouse=True)
def _told_points(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
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
    counter.session.without_member()
    counter.type("640")
    counter.press_enter(2)
    counter.session.next_customer()
    return counter.journal.recent(1)[0].sale


def undoing(counter: Counter) -> Undoing:
    return counter.workshop.undoing


def looked(counter: Counter, sale: Sale) -> Undoable:
    found = undoing(counter).look_at(sale.sale_id)
    assert isinstance(found, Undoable)
    return found


def why(counter: Counter, sale: Sale) -> WhyNotVoid | None:
    found = undoing(counter).look_at(sale.sale_id)
    return found.why if isinstance(found, NotUndoable) else None


def balance(counter: Counter, member_id: str = PRIYAS) -> Decimal:
    return counter.backend.members[member_id].balance


def returns(counter: Counter, sale: Sale) -> list[Effect]:
    rows = counter.journal.effects_of(sale.sale_id)
    return [row.effect for row in rows if row.effect.kind in UNDOES]


def test_what_is_shown_and_what_comes_of_it(counter: Counter) -> None:
    before = balance(counter)
    sale = sell(counter)
    found = looked(counter, sale)
    plan = found.plan()
    assert (plan.restored, plan.taken_back, plan.money_back) == (200, 21, Money(216000, RUPEE))
    assert undoing(counter).balance(found) == before - 200 + 21
    assert undoing(counter).void(found, "meera") == sale
    assert why(counter, sale) is WhyNotVoid.UNDONE
    counter.drain()
    assert balance(counter) == before
    assert {(one.reason, one.staff_id) for one in returns(counter, sale)} == {(ReturnReason.VOID, "meera")}


def test_however_often_it_is_pressed_it_is_undone_once(counter: Counter) -> None:
    before = balance(counter)
    sale = sell(counter)
    found = looked(counter, sale)
    assert undoing(counter).void(found) == sale
    for _ in range(3):
        again = undoing(counter).void(found)
        assert isinstance(again, NotUndoable)
    counter.drain()
    assert balance(counter) == before
    assert len(returns(counter, sale)) == 2
    figures = counter.journal.day_figures(counter.clock.now().date())
    assert figures.sales == 1


def waiting(counter: Counter) -> None:
    counter.backend.silent = True


def in_doubt(counter: Counter) -> None:
    counter.backend.faults.extend([None, Fault.ANSWER_LOST, Fault.ANSWER_LOST])
    counter.backend.look_ups_lost = 2


@pytest.mark.parametrize("trouble", [waiting, in_doubt])
def test_a_sale_on_its_way_is_undone_behind_it(counter: Counter, trouble: Callable[[Counter], None]) -> None:
    before = balance(counter)
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    counter.press_enter(2)
    trouble(counter)
    counter.press_enter()
    counter.deliver()
    sale = counter.journal.recent(1)[0].sale
    found = looked(counter, sale)
    assert found.moves
    assert undoing(counter).void(found) == sale
    counter.backend.silent = False
    counter.drain()
    assert balance(counter) == before
    order = [key.split("-", 5)[5] for key in counter.backend.order]
    assert order.index("sale-1") < order.index("clawback-1")


def test_a_sale_of_somebody_never_met_is_undone_in_their_name(counter: Counter) -> None:
    before = balance(counter, RAHULS)
    counter.backend.silent = True
    sale = sell(counter, RAHULS_CODE, post=False)
    assert (sale.member_id, sale.way is None) == ("", False)
    assert isinstance(undoing(counter).void(looked(counter, sale)), Sale)
    counter.backend.silent = False
    counter.drain()
    assert balance(counter, RAHULS) == before
    assert counter.journal.counts().needs_attention == 0


def test_once_it_is_posted_only_the_backend_knows_whose_it_was(counter: Counter) -> None:
    counter.backend.silent = True
    sale = sell(counter, RAHULS_CODE, post=False)
    counter.backend.silent = False
    counter.drain()
    assert why(counter, sale) is WhyNotVoid.WHOSE


def test_a_sale_without_a_member_is_noted_and_counted_and_told_nobody(counter: Counter) -> None:
    sale = sell_to_nobody(counter)
    found = looked(counter, sale)
    assert not found.moves
    assert undoing(counter).void(found, "meera") == sale
    assert why(counter, sale) is WhyNotVoid.UNDONE
    (noted,) = counter.journal.effects_of(sale.sale_id)
    assert (noted.state, noted.effect.reason, noted.effect.points) == (
        EffectState.POSTED,
        ReturnReason.VOID,
        0,
    )
    assert counter.backend.sent == []


def test_what_came_back_in_part_is_a_return(counter: Counter) -> None:
    sale = sell(counter)
    returned = counter.workshop.returns.open(sale)
    counter.workshop.returns.take_back(returned, Money(10000, RUPEE))  # type: ignore[arg-type]
    assert why(counter, sale) is WhyNotVoid.RETURNED


def test_a_return_between_looking_and_pressing_wins(counter: Counter) -> None:
    before = balance(counter)
    sale = sell(counter)
    found = looked(counter, sale)
    counter.workshop.returns.take_back(found.found, None)
    answer = undoing(counter).void(found)
    assert isinstance(answer, NotUndoable)
    assert answer.why is WhyNotVoid.RETURNED
    counter.drain()
    assert balance(counter) == before


def test_yesterday_is_a_return(counter: Counter) -> None:
    sale = sell(counter)
    found = looked(counter, sale)
    counter.clock.advance(24 * 3600)
    assert why(counter, sale) is WhyNotVoid.OTHER_DAY
    assert isinstance(undoing(counter).void(found), NotUndoable)
    assert returns(counter, sale) == []


def test_a_closed_day_does_not_change(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    sale = sell(counter)
    monkeypatch.setattr(counter.journal, "closed_until", lambda: sale.at + timedelta(minutes=1))
    assert why(counter, sale) is WhyNotVoid.DAY_CLOSED


def test_other_figures_are_shown_again(counter: Counter) -> None:
    sale = sell(counter, post=False)
    found = looked(counter, sale)
    key = next(row.effect.key for row in counter.rows() if row.effect.kind is EffectKind.SALE)
    counter.journal.move(key, EffectState.SENDING, answer="", at=counter.clock.now())
    counter.journal.move(key, EffectState.DROPPED, answer="by hand", at=counter.clock.now())
    again = undoing(counter).void(found)
    assert isinstance(again, Undoable)
    assert again.plan().taken_back == 0
    assert returns(counter, sale) == []


def test_points_a_backend_cannot_give_back_are_said(counter: Counter) -> None:
    counter.backend.can = replace(CAPABILITIES, restores_points=False)
    found = looked(counter, sell(counter))
    assert (found.used, found.plan().restored) == (200, 0)


def test_no_such_sale(counter: Counter) -> None:
    with pytest.raises(KnownError, match="no such sale"):
        undoing(counter).look_at("01935f1c-7a40-7000-8000-000000000000")


# --- to another member ------------------------------------------------------------------------------


def movable(counter: Counter, sale: Sale, to: PhoneNumber | WalletToken = RAHUL) -> Movable:
    found = undoing(counter).look_for_member(looked(counter, sale), to)
    assert isinstance(found, Movable)
    return found


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


# --- the session ------------------------------------------------------------------------------------


def test_two_keys_undo_the_last_sale_and_clear_the_screen(counter: Counter) -> None:
    before = balance(counter)
    sell(counter)
    counter.undo.begin_last()
    assert counter.undo.view.step is UndoStep.SALE
    assert counter.undo.view.balance == before - 179
    counter.undo.confirm()
    counter.undo.confirm()
    assert counter.undo.view.step is UndoStep.CLOSED
    assert counter.undo.view.done is not None
    counter.drain()
    assert balance(counter) == before


def test_held_down_it_asks_nothing(counter: Counter) -> None:
    before = balance(counter)
    sell(counter)
    counter.undo.begin_last()
    counter.undo.at_once()
    assert counter.undo.view.step is UndoStep.CLOSED
    counter.drain()
    assert balance(counter) == before


def test_an_act_after_the_sale_is_the_last_one(counter: Counter) -> None:
    sell(counter)
    counter.clock.advance(5)
    act = LastAct(ActDone.ENROLLED, counter.clock.now(), "Meera")
    counter.acts.note(act)
    counter.undo.begin_last()
    assert (counter.undo.view.step, counter.undo.view.cannot) == (UndoStep.CANNOT, act)
    words = undo_words(counter.undo.view, WORDING, counter.clock.now())
    assert words.title.full == "Meera stays a member"
    [note] = words.notes
    assert note.sentence.full == (
        "What they agreed to is kept. Only the loyalty system takes members out again, or puts a name right: "
        "tell whoever runs it."
    )
    counter.undo.back()
    counter.clock.advance(5)
    sell(counter)
    counter.undo.begin_last()
    assert counter.undo.view.step is UndoStep.SALE


def test_nothing_to_undo(counter: Counter) -> None:
    counter.undo.begin_last()
    assert counter.undo.view.step is UndoStep.CANNOT
    counter.undo.confirm()
    counter.undo.back()
    assert counter.undo.view.step is UndoStep.CLOSED


def test_a_move_by_scan_and_by_typing(counter: Counter) -> None:
    sale = sell(counter)
    counter.undo.begin(sale, moving=True)
    assert counter.undo.view.step is UndoStep.WHOM
    assert counter.undo.scan(STRANGERS_CODE)
    assert counter.undo.view.problem == NotMovable(NotForThem.NOBODY)
    for character in RAHULS_PHONE + "5":
        counter.undo.type(character)
    counter.undo.delete()
    counter.undo.confirm()
    assert counter.undo.view.step is UndoStep.MOVE
    counter.undo.back()
    assert (counter.undo.view.step, counter.undo.view.entry) == (UndoStep.WHOM, "")
    assert counter.undo.scan(ANILS_CODE)
    counter.undo.confirm()
    assert counter.undo.view.step is UndoStep.CLOSED
    assert counter.undo.view.done is not None
    assert counter.undo.view.done.moved is not None
    assert counter.undo.view.done.moved.display_name.startswith("Anil")


def test_a_scan_does_not_answer_the_question(counter: Counter) -> None:
    sale = sell(counter)
    counter.undo.begin(sale)
    assert counter.undo.scan(RAHULS_CODE)
    assert (counter.undo.view.stray, counter.undo.view.step) == (True, UndoStep.SALE)
    counter.undo.back()
    assert not counter.undo.scan(RAHULS_CODE)


def test_who_joined_last_is_named(counter: Counter) -> None:
    sell(counter)
    counter.clock.advance(5)
    notes = NotesJoining(counter.session, counter.acts, counter.clock)
    found = counter.backend.find(RAHUL)
    assert isinstance(found, MemberFound)
    notes.serve(RAHUL, found, joined=False)
    assert counter.acts.last is None
    notes.serve(RAHUL, found, joined=True)
    assert counter.acts.last == LastAct(ActDone.ENROLLED, counter.clock.now(), "Rahul")
    counter.session.next_customer()
    counter.clock.advance(5)
    notes.joined_after(None)
    assert counter.acts.last == LastAct(ActDone.ENROLLED, counter.clock.now())
