"""Both books compared: what agrees, what does not, and that looking changes nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.domain.ledger import LedgerLine, LedgerRead
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import Applied, RefusedBecause, RetryLater, SignInNeeded, Unknown
from cashier_app.domain.sale import Effect, EffectKind, EffectState
from cashier_app.domain.settlement import Settlement, Truth
from cashier_app.errors import KnownError
from cashier_app.services.reconciliation import (
    Comparison,
    FindingKind,
    Reconciliation,
    Remedy,
    StoppedBecause,
)
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.backend import FakeBackend, Fault
from tests.fakes.clock import START, FakeClock
from tests.fakes.counter import new_backend
from tests.fakes.effects import effect, sale
from tests.fakes.shop import PRIYA, RUPEE

FAST = 1e9
SINCE = START - timedelta(days=1)


class Books:
    """A till's journal beside a backend; nothing is compared but what a test put there."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.backend: FakeBackend = new_backend(self.clock)
        self.journal = SqliteJournal(folder / "till.sqlite", "2")
        self.looked_up: list[str] = []
        self.count = 0

    def reconciliation(self, per_second: float = FAST) -> Reconciliation:
        return Reconciliation(
            self.backend, self.journal, self.clock, self.looked_up.append, per_second=per_second
        )

    def compare(self, since: datetime = SINCE) -> Comparison:
        return self.reconciliation().compare(since)

    def commit(self, *kinds: EffectKind) -> list[Effect]:
        self.count += 1
        made = [effect(kind, self.count, member_id=PRIYA.member_id, at=self.clock.now()) for kind in kinds]
        self.journal.commit_sale(replace(sale(self.count), at=self.clock.now()), made)
        return made

    def post(self, made: Effect, *, there: bool = True) -> None:
        self.move(made, EffectState.SENDING)
        booked = None
        if there:
            outcome = self.backend.apply(made)
            assert isinstance(outcome, Applied)
            booked = outcome.booked
        self.journal.move(made.key, EffectState.POSTED, answer="posted", at=START, booked=booked)

    def move(self, made: Effect, *states: EffectState, answer: str = "") -> None:
        for state in states:
            self.journal.move(made.key, state, answer=answer, at=START)

    def stick(self, made: Effect, answer: str) -> None:
        self.move(made, EffectState.SENDING, EffectState.NEEDS_ATTENTION, answer=answer)


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    made = Books(tmp_path)
    yield made
    made.journal.close()


def snapshot(books: Books) -> object:
    with books.journal._database.reading() as connection:
        texts = ("SELECT * FROM effect", "SELECT * FROM audit")
        rows = [connection.execute(text).fetchall() for text in texts]
    return rows, list(books.backend.order), dict(books.backend.booked)


def only(comparison: Comparison) -> tuple[FindingKind, Remedy]:
    (finding,) = comparison.findings
    return finding.kind, finding.remedy


def test_books_that_agree(books: Books) -> None:
    for _ in range(3):
        (made,) = books.commit(EffectKind.SALE)
        books.post(made)
    books.commit(EffectKind.SALE)
    found = books.compare()
    assert (found.sales, found.sales_in_all, found.agree, found.under_way) == (4, 4, 3, 1)
    assert found.findings == ()
    assert found.stopped is None


def test_points_used_are_what_left_with_the_hold(books: Books) -> None:
    reserve, capture = books.commit(EffectKind.RESERVE, EffectKind.CAPTURE)
    books.post(reserve)
    held = books.journal.effects_of(reserve.sale_id)[0].booked
    assert held is not None
    capture = replace(capture, reservation=held.reference)
    books.post(capture)
    assert books.compare().agree == 1
    books.backend.ledger_answers.append(LedgerRead((LedgerLine(capture.key, "capture", Decimal(-150)),)))
    (finding,) = books.compare().findings
    assert (finding.kind, finding.points_here, finding.points_there) == (
        FindingKind.DIFFERS,
        Decimal(200),
        Decimal(150),
    )


def test_posted_here_and_not_there_is_sent_again_with_the_same_key(books: Books) -> None:
    (made,) = books.commit(EffectKind.SALE)
    books.post(made, there=False)
    assert only(books.compare()) == (FindingKind.ONLY_HERE, Remedy.SEND_AGAIN)
    books.reconciliation().send_again(made.key)
    assert books.backend.order == [made.key]
    assert books.compare().findings == ()
    books.reconciliation().send_again(made.key)
    assert books.backend.order == [made.key], "once"
    with books.journal._database.reading() as connection:
        rows = connection.execute("SELECT detail FROM audit WHERE event = 'sent again'").fetchall()
    assert rows == [("applied",), ("applied",)]
    assert books.journal.first_broken_audit_row() is None


def test_what_the_backend_does_not_take_again_is_said(books: Books) -> None:
    (made,) = books.commit(EffectKind.SALE)
    books.post(made, there=False)
    books.backend.faults.append(Fault.REFUSED)
    with pytest.raises(KnownError, match="did not take it"):
        books.reconciliation().send_again(made.key)
    assert only(books.compare()) == (FindingKind.ONLY_HERE, Remedy.SEND_AGAIN)


@pytest.mark.parametrize(
    ("answer", "remedy"),
    [
        (RefusedBecause.NOT_ALLOWED.value, Remedy.SETTLE_BY_HAND),
        ("looked up often, never answered", Remedy.SEND_AGAIN),
    ],
)
def test_what_needs_attention_and_is_not_there(books: Books, answer: str, remedy: Remedy) -> None:
    (made,) = books.commit(EffectKind.SALE)
    books.stick(made, answer)
    assert only(books.compare()) == (FindingKind.ONLY_HERE, remedy)
    books.reconciliation().send_again(made.key)
    assert books.looked_up == [made.key], "through the queue"


def test_what_needs_attention_and_is_there(books: Books) -> None:
    (made,) = books.commit(EffectKind.SALE)
    books.stick(made, "looked up often, never answered")
    books.backend.apply(made)
    assert only(books.compare()) == (FindingKind.ONLY_THERE, Remedy.LOOK_UP)


@pytest.mark.parametrize(
    ("truth", "there", "kind"),
    [
        (Truth.NOT_BOOKED, False, None),
        (Truth.NOT_BOOKED, True, FindingKind.ONLY_THERE),
        (Truth.TOOK_HOLD, True, None),
        (Truth.TOOK_HOLD, False, FindingKind.ONLY_HERE),
    ],
)
def test_what_was_settled_by_hand(books: Books, truth: Truth, *, there: bool, kind: object) -> None:
    (made,) = books.commit(EffectKind.SALE)
    books.stick(made, "other")
    if there:
        books.backend.apply(made)
    assert books.journal.settle_by_hand(Settlement(made.key, truth, "Asha", "asked support", START))
    assert [finding.kind for finding in books.compare().findings] == ([] if kind is None else [kind])


def test_points_and_amounts_that_differ(books: Books) -> None:
    (made,) = books.commit(EffectKind.SALE)
    books.post(made)
    line = LedgerLine(made.key, "sale", Decimal(21), made.paid)
    for there, same in (
        (line, True),
        (replace(line, points=Decimal(20)), False),
        (replace(line, paid=Money(made.paid.minor + 1, RUPEE)), False),
    ):
        books.backend.ledger_answers.append(LedgerRead((there,)))
        found = books.compare()
        assert [finding.kind for finding in found.findings] == ([] if same else [FindingKind.DIFFERS])
        assert found.agree == int(same)


def test_a_key_only_the_backend_knows(books: Books) -> None:
    (made,) = books.commit(EffectKind.SALE)
    books.post(made)
    doubled = LedgerLine(made.key.replace("-1", "-2"), "sale", Decimal(21))
    books.backend.ledger_answers.append(LedgerRead((LedgerLine(made.key, "sale", Decimal(21)), doubled)))
    (finding,) = books.compare().findings
    assert (finding.kind, finding.key, finding.effect) == (FindingKind.ONLY_THERE, doubled.key, None)


def test_looking_changes_nothing(books: Books) -> None:
    made = [books.commit(EffectKind.SALE)[0] for _ in range(4)]
    books.post(made[0])
    books.post(made[1], there=False)
    books.stick(made[2], "other")
    before = snapshot(books)
    assert len(books.compare().findings) == 2
    assert len(books.reconciliation().compare_again(made[1].sale_id).findings) == 1
    assert snapshot(books) == before
    assert books.looked_up == []


def test_progress_and_stopping(books: Books) -> None:
    for _ in range(5):
        books.commit(EffectKind.SALE)
    stop, seen = threading.Event(), []

    def progress(done: int, in_all: int) -> None:
        seen.append((done, in_all))
        if done == 2:
            stop.set()

    found = books.reconciliation().compare(SINCE, progress, stop)
    assert seen == [(1, 5), (2, 5)]
    assert (found.sales, found.stopped) == (2, StoppedBecause.ASKED)


def test_a_backend_that_does_not_answer_is_not_asked_for_ever(books: Books) -> None:
    for _ in range(9):
        books.commit(EffectKind.SALE)
    books.backend.ledger_answers.extend([LedgerRead(()), Unknown("lost"), LedgerRead(()), *[Unknown()] * 9])
    found = books.compare()
    assert (found.sales, found.unanswered, found.stopped) == (2, 4, StoppedBecause.NO_ANSWER)
    books.backend.ledger_answers.clear()
    books.backend.ledger_answers.append(SignInNeeded())
    assert books.compare().stopped is StoppedBecause.SIGN_IN
    books.backend.ledger_answers.append(RetryLater(1, "busy"))
    assert books.compare().sales == 9, "told to come back later, it came back"
    books.backend.silent = True
    with pytest.raises(KnownError, match="does not answer"):
        books.reconciliation().compare_again(sale(1).sale_id)


def test_a_backend_whose_books_are_closed(books: Books) -> None:
    books.backend.can = replace(books.backend.can, reads_ledger=False)
    with pytest.raises(KnownError, match="does not let its books be read"):
        books.compare()


def test_what_the_backend_may_have_forgotten_is_not_missed(books: Books) -> None:
    (made,) = books.commit(EffectKind.SALE)
    books.post(made, there=False)
    books.clock.advance(40 * 86400)
    found = books.compare(START - timedelta(days=365))
    assert (found.sales_in_all, found.findings) == (0, ())


def test_requests_keep_their_pace(books: Books) -> None:
    for _ in range(4):
        books.commit(EffectKind.SALE)
    stop = Waits(books.clock)
    books.reconciliation(per_second=10).compare(SINCE, stop=stop)
    assert [round(pause, 3) for pause in stop.waited] == [0.1, 0.1, 0.1]


class Waits(threading.Event):
    """An event whose waits pass on the clock of the test."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self.waited: list[float] = []
        self._on = clock

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout or 0)
        self._on.advance(timeout or 0)
        return False
