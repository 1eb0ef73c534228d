"""The question of undoing, by its keys and scans."""

from __future__ import annotations

from cashier_app.domain.outcome import MemberFound
from cashier_app.services.last_act import ActDone, LastAct
from cashier_app.services.noted_joining import NotesJoining
from cashier_app.services.undo_view import UndoStep
from cashier_app.services.undoable import NotForThem, NotMovable
from cashier_app.wording.undo import undo_words
from tests.fakes.counter import ANILS_CODE, RAHULS_CODE, RAHULS_PHONE, STRANGERS_CODE, Counter
from tests.unit.undone_sales import RAHUL, balance, points_only, sell
from tests.unit.wording_shown import WORDING

__all__ = ["points_only"]  # fixtures


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
