"""Settling by hand: what can be taken, and that nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cashier_app.domain.outcome import AlreadyApplied, Booked, NotApplied, Reconciled, RefusedBecause
from cashier_app.domain.sale import Effect, EffectKind, EffectState
from cashier_app.domain.settlement import Settlement, SettlementProblem, Truth, one_line, problem_with
from cashier_app.errors import KnownError
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.delivery import Delivery
from cashier_app.services.settlement import Settling
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.clock import START, FakeClock
from tests.fakes.counter import new_backend
from tests.fakes.effects import effect, sale

KEY = effect(EffectKind.SALE).key


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    opened = SqliteJournal(tmp_path / "till.sqlite", "2")
    opened.commit_sale(sale(), [effect(EffectKind.SALE)])
    opened.move(KEY, EffectState.SENDING, answer="", at=START)
    opened.move(KEY, EffectState.NEEDS_ATTENTION, answer=RefusedBecause.NOT_ALLOWED.value, at=START)
    yield opened
    opened.close()


def test_a_managers_word_is_taken_once(journal: SqliteJournal) -> None:
    clock = FakeClock()
    settling = Settling(journal, clock)
    word = settling.settle(KEY, Truth.NOT_BOOKED, "  Asha\tK. ", "Paid back\nin cash")
    assert word == Settlement(KEY, Truth.NOT_BOOKED, "Asha K.", "Paid back in cash", clock.now())
    assert [one.settlement for one in journal.settled()] == [word]
    with pytest.raises(KnownError, match="moved on meanwhile"):
        settling.settle(KEY, Truth.TOOK_HOLD, "Asha", "changed my mind")


@pytest.mark.parametrize(
    ("by", "reason", "problem"),
    [
        ("", "because", SettlementProblem.NO_NAME),
        ("  \u200b\u202e ", "because", SettlementProblem.NO_NAME),
        ("---", "because", SettlementProblem.NO_NAME),
        ("A" * 61, "because", SettlementProblem.NAME_TOO_LONG),
        ("Asha", "", SettlementProblem.REASON_TOO_SHORT),
        ("Asha", "ok", SettlementProblem.REASON_TOO_SHORT),
        ("Asha", " \t\u200b ok \n", SettlementProblem.REASON_TOO_SHORT),
        ("Asha", "....", SettlementProblem.REASON_TOO_SHORT),
        ("Asha", "r" * 201, SettlementProblem.REASON_TOO_LONG),
        ("A" * 60, "r" * 200, None),
        ("आशा", "लौटा दिया", None),
        ("A", "abc", None),
    ],
)
def test_names_and_reasons(journal: SqliteJournal, by: str, reason: str, problem: object) -> None:
    assert problem_with(one_line(by), one_line(reason)) is problem
    settling = Settling(journal, FakeClock())
    if problem is None:
        settling.settle(KEY, Truth.TOOK_HOLD, by, reason)
    else:
        with pytest.raises(KnownError):
            settling.settle(KEY, Truth.TOOK_HOLD, by, reason)
        assert journal.settled() == []


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        (" a  b ", "a b"),
        ("a\x00b\x1bc", "a b c"),
        ("a\u202eb\u2066c", "abc"),
        ("<b>x</b>", "<b>x</b>"),
        ("क\u200dष", "क\u200dष"),
        ("\ud800x", "x"),
    ],
)
def test_one_line_of_plain_text(typed: str, line: str) -> None:
    assert one_line(typed) == line


@pytest.mark.parametrize("truth", Truth)
@pytest.mark.parametrize("there", [False, True])
def test_what_is_settled_while_the_backend_is_asked_is_not_sent(
    journal: SqliteJournal, truth: Truth, *, there: bool
) -> None:
    clock = FakeClock()
    backend = new_backend(clock)
    booked = Booked("bk-1", None, effect(EffectKind.SALE).points)

    def answered_late(_effect: Effect) -> Reconciled:
        Settling(journal, clock).settle(KEY, truth, "Asha", "could not wait")
        return AlreadyApplied(booked) if there else NotApplied()

    backend.reconcile = answered_late  # type: ignore[method-assign]
    Delivery(backend, journal, clock, ConnectionWatch(clock)).look_up(KEY)
    assert backend.sent == []
    (row,) = journal.effects_of(sale().sale_id)
    assert row.last_answer == f"settled by hand: {truth.value}"
