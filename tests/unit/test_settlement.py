"""Settling by hand: what can be taken, and that nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cashier_app.domain.outcome import RefusedBecause
from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.domain.settlement import Settlement, SettlementProblem, Truth, one_line, problem_with
from cashier_app.errors import KnownError
from cashier_app.services.settlement import Settling
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.clock import START, FakeClock
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
