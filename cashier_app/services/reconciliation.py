"""Compare what this till posted with the backend's own books, sale by sale. Looking changes nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.ledger import LedgerAnswer, LedgerLine, LedgerRead
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    NotApplied,
    Outcome,
    Reconciled,
    RefusedBecause,
    RetryLater,
    SignInNeeded,
)
from cashier_app.domain.sale import TAKES_POINTS, Effect, EffectKind, EffectState, Sale
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import EffectRow, Journal, RecordedSale
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.health import BooksChecked
from cashier_app.services.health_marks import keep_mark
from cashier_app.services.sale_effects import with_references

PER_SECOND = 10.0
"""Requests a second at most: the same backend answers the counter meanwhile."""

PAGE = 200
UNANSWERED_IN_A_ROW = 3
LONGEST_WAIT_SECONDS = 30.0
_COMPARED = TAKES_POINTS | {EffectKind.SALE, EffectKind.REFUND}
_HOLDING = frozenset({"reserve", "capture", "release", "expire", "redeem"})
_UNDER_WAY = frozenset({EffectState.WAITING, EffectState.SENDING, EffectState.UNKNOWN})


class FindingKind(StrEnum):
    """How the two books disagree."""

    ONLY_HERE = "only here"
    ONLY_THERE = "only there"
    DIFFERS = "differs"


class Remedy(StrEnum):
    """The one thing a person can do about it."""

    SEND_AGAIN = "send again"
    SETTLE_BY_HAND = "settle by hand"
    LOOK_UP = "look up"


class Finding(Struct, frozen=True):
    """One effect on which the two books disagree.

    Args:
        key: The effect's key; the backend's own where the till knows none.
        effect: The till's record, None for what only the backend has.
        state: Where it stands here, None likewise.
        points_here: Points used or earned, as the till has them; None where it does not know.
        points_there: The same in the backend's books; None where it has none.
        paid_here: What was paid, given with `paid_there` only where the two differ.
    """

    kind: FindingKind
    remedy: Remedy
    sale: Sale
    key: str
    effect: Effect | None = None
    state: EffectState | None = None
    points_here: Decimal | None = None
    points_there: Decimal | None = None
    paid_here: Money | None = None
    paid_there: Money | None = None


class StoppedBecause(StrEnum):
    """Why not everything was compared."""

    ASKED = "asked to stop"
    NO_ANSWER = "no answer"
    SIGN_IN = "sign-in needed"


class Comparison(Struct, frozen=True):
    """What came of it.

    Args:
        sales: Sales compared, of `sales_in_all`.
        agree: Effects both books have alike.
        under_way: Effects that still post by themselves; they are not compared.
        unanswered: Sales the backend did not answer about.
        stopped: Why not all sales were compared; None when all were.
    """

    since: datetime
    sales: int
    sales_in_all: int
    agree: int
    under_way: int
    unanswered: int
    findings: tuple[Finding, ...]
    stopped: StoppedBecause | None = None

    def count(self, kind: FindingKind) -> int:
        """Return how many findings are of this kind."""
        return sum(finding.kind is kind for finding in self.findings)


class SaleComparison(Struct, frozen=True):
    """What came of one sale."""

    agree: int
    under_way: int
    findings: tuple[Finding, ...]


class Reconciliation:
    """Reads both books. Blocking: for worker threads.

    Args:
        look_up: Has the sender look an effect of the queue up; what the backend lacks is sent again.
        per_second: Requests a second at most.
        remembers: Whether it is noted here when both books were compared, and whether they agree.
    """

    def __init__(
        self,
        backend: LoyaltyBackend,
        journal: Journal,
        clock: Clock,
        look_up: Callable[[str], None],
        *,
        per_second: float = PER_SECOND,
        remembers: bool = True,
    ) -> None:
        self._backend = backend
        self._journal = journal
        self._clock = clock
        self._look_up = look_up
        self._gap = 1 / per_second
        self._next_at = float("-inf")
        self._remembers = remembers

    def compare(
        self,
        since: datetime,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
        stop: threading.Event | None = None,
    ) -> Comparison:
        """Compare all sales made since then, UTC; `progress` hears of every one, on this thread.

        Raises:
            KnownError: The backend's books cannot be read, or the journal.
        """
        stop = stop or threading.Event()
        can = self._backend.capabilities
        if not can.reads_ledger:
            raise KnownError("This loyalty system does not let its books be read. Nothing can be compared.")
        # What is older may be forgotten there: it would seem to be missing.
        since = max(since, self._clock.now() - can.key_life)
        in_all = self._journal.count_recorded(since)
        done = unanswered = in_a_row = agree = under_way = 0
        findings: list[Finding] = []
        stopped: StoppedBecause | None = None
        for recorded in self._sales(since):
            if stop.is_set():
                stopped = StoppedBecause.ASKED
                break
            answer = self._ledger(recorded.sale.sale_id, stop)
            if isinstance(answer, SignInNeeded):
                stopped = StoppedBecause.SIGN_IN
                break
            if isinstance(answer, LedgerRead):
                found = compare_sale(recorded, answer)
                agree, under_way, in_a_row = agree + found.agree, under_way + found.under_way, 0
                findings += found.findings
                done += 1
            elif not stop.is_set():
                unanswered, in_a_row = unanswered + 1, in_a_row + 1
                if in_a_row == UNANSWERED_IN_A_ROW:
                    stopped = StoppedBecause.NO_ANSWER
                    break
            progress(done + unanswered, in_all)
        if stopped is None and stop.is_set():
            stopped = StoppedBecause.ASKED
        whole = Comparison(since, done, in_all, agree, under_way, unanswered, tuple(findings), stopped)
        self._note(whole)
        return whole

    def compare_again(self, sale_id: str) -> SaleComparison:
        """Compare one sale again.

        Raises:
            KnownError: The backend does not answer, or the journal cannot be read.
        """
        found = self._journal.sale(sale_id)
        if found is None:
            raise KnownError("This sale is not in the till's books any more.")
        answer = self._ledger(sale_id, threading.Event())
        if not isinstance(answer, LedgerRead):
            raise KnownError("The loyalty system does not answer. Try again later.")
        return compare_sale(RecordedSale(0, found[0], tuple(self._journal.effects_of(sale_id))), answer)

    def send_again(self, key: str) -> None:
        """Send an effect once more, with the same key, and write that down; one in the queue goes through it.

        Raises:
            KnownError: It cannot be sent, or the backend did not take it; the sentence says which.
        """
        row = next((row for row in self._journal.effects_of(key[:36]) if row.effect.key == key), None)
        if row is None:
            raise KnownError("This till knows no such effect.")
        if row.state is not EffectState.POSTED:
            self._look_up(key)
            return
        if not (row.effect.member_id or row.effect.identified_by):
            raise KnownError("The member's number is not kept here, so this cannot be sent again.")
        others = self._journal.effects_of(row.effect.sale_id)
        effect = with_references(row.effect, ((one.effect, one.booked) for one in others)) or row.effect
        outcome: Reconciled | Outcome = self._backend.reconcile(effect)
        if isinstance(outcome, NotApplied):
            outcome = self._backend.apply(effect)
        took_hold = isinstance(outcome, Applied | AlreadyApplied)
        answer = "applied" if took_hold else type(outcome).__name__
        self._journal.note(key, "sent again", answer, self._clock.now())
        if not took_hold:
            raise KnownError("The loyalty system did not take it. Nothing was changed here.", detail=answer)

    def _note(self, found: Comparison) -> None:
        """Keep when both books were compared and whether they agree, for whoever looks after the till."""
        if not found.sales or not self._remembers:
            return
        whole = found.stopped is None and not found.unanswered
        checked = BooksChecked(self._clock.now(), found.sales, len(found.findings), whole)
        with suppress(KnownError):  # a disk that takes none is no reason to hide what was found
            keep_mark(self._journal, checked)

    def _sales(self, since: datetime) -> Iterator[RecordedSale]:
        after = 0
        while page := self._journal.recorded(since, after, PAGE):
            yield from page
            after = page[-1].counter

    def _ledger(self, sale_id: str, stop: threading.Event) -> LedgerAnswer:
        """Ask at the pace allowed; when told to come back later, come back once."""
        answer = self._asked(sale_id, stop)
        if isinstance(answer, RetryLater) and answer.reached:
            stop.wait(min(max(float(answer.seconds), self._gap), LONGEST_WAIT_SECONDS))
            if not stop.is_set():
                answer = self._asked(sale_id, stop)
        return answer

    def _asked(self, sale_id: str, stop: threading.Event) -> LedgerAnswer:
        pause = self._next_at - self._clock.monotonic()
        if pause > 0:
            stop.wait(pause)
        self._next_at = self._clock.monotonic() + self._gap
        return self._backend.ledger(sale_id)


def compare_sale(recorded: RecordedSale, ledger: LedgerRead) -> SaleComparison:
    """Compare one sale's effects with the backend's lines for it."""
    lines = {line.key: line for line in ledger.lines}
    agree = under_way = 0
    findings: list[Finding] = []
    for row in recorded.effects:
        if row.effect.kind not in _COMPARED:
            continue
        if row.state in _UNDER_WAY:
            under_way += 1
            continue
        found = _finding(recorded.sale, row, lines.get(row.effect.key), ledger)
        if found is None:
            agree += 1
        else:
            findings.append(found)
    ours = {row.effect.key for row in recorded.effects}
    wanted = {kind.value for kind in _COMPARED}
    findings += [
        Finding(
            FindingKind.ONLY_THERE, Remedy.LOOK_UP, recorded.sale, line.key, points_there=abs(line.points)
        )
        for line in ledger.lines
        if line.key not in ours and line.kind in wanted
    ]
    return SaleComparison(agree, under_way, tuple(findings))


def _finding(sale: Sale, row: EffectRow, line: LedgerLine | None, ledger: LedgerRead) -> Finding | None:
    effect, here = row.effect, _points_here(row)
    base = Finding(FindingKind.DIFFERS, Remedy.LOOK_UP, sale, effect.key, effect, row.state, points_here=here)
    if line is None:
        if row.state is EffectState.DROPPED:
            return None  # a manager said so, and it is so
        remedy = Remedy.SEND_AGAIN
        if row.state is EffectState.NEEDS_ATTENTION and row.last_answer in set(RefusedBecause):
            remedy = Remedy.SETTLE_BY_HAND  # refused once, refused again
        return replace(base, kind=FindingKind.ONLY_HERE, remedy=remedy)
    there = _points_there(effect, line, ledger)
    if row.state is not EffectState.POSTED:
        return replace(base, kind=FindingKind.ONLY_THERE, points_there=there)
    if line.paid is not None and not _same(line.paid, effect.paid):
        return replace(base, points_there=there, paid_here=effect.paid, paid_there=line.paid)
    if here is not None and here != there:
        return replace(base, points_there=there)
    return None


def _same(one: Money, other: Money) -> bool:
    return (one.minor, one.currency.code) == (other.minor, other.currency.code)


def _points_here(row: EffectRow) -> Decimal | None:
    """Return points used or earned as the till has them: what was answered goes before what was expected."""
    if row.effect.kind in TAKES_POINTS:
        return row.effect.points
    if row.booked is not None and row.booked.points is not None:
        return abs(row.booked.points)
    # Of a member met while offline nobody here knew what the sale would earn.
    return row.effect.points if row.effect.member_id and row.effect.kind is EffectKind.SALE else None


def _points_there(effect: Effect, line: LedgerLine, ledger: LedgerRead) -> Decimal:
    """Return the same in the backend's books: points used are those that left and stayed away."""
    if effect.kind in TAKES_POINTS:
        return -sum((one.points for one in ledger.lines if one.kind in _HOLDING), Decimal(0))
    return abs(line.points)
