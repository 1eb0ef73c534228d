"""Takes one look at the till: everything its health is judged by, from whoever knows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.money import Money
from cashier_app.domain.outcome import RefusedBecause
from cashier_app.ports.capabilities import Capabilities
from cashier_app.ports.clock import Clock
from cashier_app.ports.health import HealthRows, HourBucket
from cashier_app.ports.journal import Journal
from cashier_app.ports.local_state import LocalState
from cashier_app.services.health import (
    MOST_DISCOUNTS,
    Backup,
    BooksChecked,
    Discounts,
    FailureGroup,
    FiguresVerified,
    HealthReport,
    Holds,
    LedgerFeed,
    ProgramInForce,
)
from cashier_app.services.health_marks import Pulse, Seen, keep_mark, mark_in
from cashier_app.services.health_problems import Signs, problems_of
from cashier_app.services.latency import Latency, latency_of
from cashier_app.services.lookup import PROGRAM_NAME
from cashier_app.services.till_settings import TillSettings
from cashier_app.services.untold_returns import UntoldReturns

PULSE_EVERY = timedelta(minutes=5)
GONE_AFTER = 3 * PULSE_EVERY
"""A till that has not said how it is for so long does not run: whether it was online then means nothing."""

_REFUSALS = frozenset(RefusedBecause)


class LiveTill(Struct, frozen=True):
    """What only the process that sells can say.

    Args:
        pulse: How it is now.
        pending_calls: Answers timed and not written yet.
        unwritten_offline: How much of the spell that is open is not written yet.
    """

    pulse: Callable[[], Pulse]
    pending_calls: Callable[[], Mapping[HourBucket, int]] = dict
    unwritten_offline: Callable[[], timedelta] = timedelta


class HealthSources(Struct, frozen=True):
    """Whoever knows something of a till's health; what is None is not there.

    Args:
        live: The running till; None for a look from outside, which goes by what it wrote down.
        ledger: What a shared ledger has not been told yet.
        staff_locked: Counts people whose PIN was tried too often.
        capabilities: What the backend can do, open or not.
    """

    journal: Journal
    rows: HealthRows
    local_state: Callable[[], LocalState]
    clock: Clock
    settings: TillSettings
    version: str
    capabilities: Callable[[], Capabilities]
    live: LiveTill | None = None
    ledger: Callable[[], LedgerFeed | None] = lambda: None
    staff_locked: Callable[[], int] = int


class _Version(Struct, frozen=True):
    """All of a kept program that is wanted here."""

    version: str = ""


class HealthCheck:
    """Blocking, for a worker thread; asks no backend, so that it answers while offline too."""

    def __init__(self, sources: HealthSources) -> None:
        self._from = sources

    def report(self) -> HealthReport:
        """Return how the till is doing now.

        Raises:
            KnownError: Its database cannot be read.
        """
        source = self._from
        now = source.clock.now()
        today = now.astimezone(source.settings.zone).date()
        midnight = datetime.combine(today, time.min, source.settings.zone)
        pulse = self._pulse()
        local = source.local_state()
        unposted = source.rows.unposted()
        discounts = self._discounts(midnight)
        latency, by_hour = self._answer_times(today)
        report = HealthReport(
            at=now,
            till_at=pulse.at,
            waiting=unposted.waiting,
            stuck=unposted.stuck,
            oldest_waiting=unposted.oldest_waiting,
            oldest_stuck=unposted.oldest_stuck,
            failures=_groups(source.rows.failed_answers(midnight)),
            latency=latency,
            latency_by_hour=by_hour,
            holds=self._holds(pulse),
            offline_since=pulse.offline_since,
            offline_seconds=self._offline_seconds(today),
            offline_sales=source.rows.offline_sales(today),
            books=mark_in(source.journal, BooksChecked),
            books_readable=source.capabilities().reads_ledger,
            figures=mark_in(source.journal, FiguresVerified),
            clock_ahead=self._clock_ahead(pulse, now),
            discounts=discounts,
            backup=_backup(local),
            free_bytes=local.free_bytes,
            program=mark_in(source.journal, ProgramInForce),
            lapsed_told=source.capabilities().tells_lapsed and source.settings.counts_expired,
            ledger=source.ledger(),
            version=source.version,
        )
        return replace(report, problems=problems_of(report, self._signs(pulse, local)))

    def take_pulse(self, *, last: bool = False) -> None:
        """Write down what only this process knows, when it changed or is five minutes old.

        Args:
            last: The till is being closed: from now on it is not offline either.

        Raises:
            KnownError: It cannot be written.
        """
        live, journal = self._from.live, self._from.journal
        if live is None:
            raise ValueError("only the till itself has a pulse")
        now, before = _rounded(live.pulse()), mark_in(journal, Pulse)
        if last:
            now = replace(now, offline_since=None)
        if before is None or replace(now, at=before.at) != before or now.at - before.at >= PULSE_EVERY:
            keep_mark(journal, now)
        version = self._kept_version()
        known = mark_in(journal, ProgramInForce)
        if version and (known is None or known.version != version):
            keep_mark(journal, ProgramInForce(version, now.at))

    def _pulse(self) -> Pulse:
        if self._from.live is not None:
            return self._from.live.pulse()
        now, pulse = self._from.clock.now(), mark_in(self._from.journal, Pulse)
        if pulse is None:
            return Pulse(now)
        gone = not -GONE_AFTER <= now - pulse.at <= GONE_AFTER
        return replace(pulse, offline_since=None, clock_ahead=None) if gone else pulse

    def _signs(self, pulse: Pulse, local: LocalState) -> Signs:
        seen = mark_in(self._from.journal, Seen) or Seen()
        recovery = local.recovery
        if recovery is not None and recovery.at == seen.recovery:
            recovery = None
        unfinished = UntoldReturns(self._from.journal).all()
        return Signs(
            sign_in_needed=pulse.sign_in_needed,
            damaged_rows=max(local.damaged_rows, pulse.damaged_rows),
            recovery=recovery,
            unsaved_since=local.unsaved_since,
            forgotten_holds=pulse.forgotten,
            forgotten_since=pulse.forgotten_since,
            program_missing=not self._kept_version(),
            staff_locked=self._from.staff_locked(),
            oldest_reversal=self._from.journal.oldest_reversal(),
            unfinished_returns=len(unfinished),
            unfinished_since=min((row.effect.at for row in unfinished), default=None),
        )

    def _answer_times(self, today: date) -> tuple[Latency, dict[int, Latency]]:
        calls = Counter(self._from.rows.calls(today, today))
        if self._from.live is not None:
            pending = self._from.live.pending_calls()
            calls.update({where: count for where, count in pending.items() if where.day == today})
        by_hour: dict[int, Counter[int]] = {}
        for where, count in calls.items():
            by_hour.setdefault(where.hour, Counter())[where.bucket] += count
        whole: Counter[int] = sum(by_hour.values(), Counter())
        hours: dict[int, Latency] = {hour: latency_of(by_hour[hour]) for hour in sorted(by_hour)}
        return latency_of(whole), hours

    def _holds(self, pulse: Pulse) -> Holds:
        held = self._from.rows.held()
        return Holds(held.count, held.oldest, pulse.holds, pulse.holds_at)

    def _offline_seconds(self, today: date) -> int | None:
        seconds = self._from.rows.offline_seconds(today, today)
        if self._from.live is None:
            return seconds
        unwritten = round(self._from.live.unwritten_offline().total_seconds())
        return (seconds or 0) + unwritten if seconds is not None or unwritten else None

    def _clock_ahead(self, pulse: Pulse, now: datetime) -> timedelta | None:
        last = self._from.rows.last_act()
        ahead = None if pulse.clock_ahead is None else timedelta(seconds=pulse.clock_ahead)
        if last is not None and last - now > abs(ahead or timedelta(0)):
            return now - last  # it was later once: set back by at least so much
        return ahead

    def _discounts(self, midnight: datetime) -> Discounts:
        seen = frozenset((mark_in(self._from.journal, Seen) or Seen()).discounts)
        losses = self._from.journal.discrepancies(MOST_DISCOUNTS)
        unseen = [loss for loss in losses if loss.key not in seen]
        currency = self._from.settings.currency
        worth = sum(loss.loss.minor for loss in unseen if loss.loss.currency == currency)
        return Discounts(
            today=sum(loss.at >= midnight for loss in losses),
            unseen=len(unseen),
            worth=Money(worth, currency) if unseen else None,
        )

    def _kept_version(self) -> str:
        text = self._from.journal.recall(PROGRAM_NAME)
        try:
            return "" if text is None else msgspec.json.decode(text, type=_Version).version
        except msgspec.DecodeError:
            return ""


def _rounded(pulse: Pulse) -> Pulse:
    """Return a pulse that does not change with every answer's tenth of a second."""
    ahead = pulse.clock_ahead
    return pulse if ahead is None else replace(pulse, clock_ahead=float(round(ahead)))


def _groups(answers: Mapping[str, int]) -> tuple[FailureGroup, ...]:
    counted: Counter[RefusedBecause | None] = Counter()
    for answer, effects in answers.items():
        counted[RefusedBecause(answer) if answer in _REFUSALS else None] += effects
    return tuple(FailureGroup(because, effects) for because, effects in counted.most_common())


def _backup(local: LocalState) -> Backup | None:
    made = local.last_backup_at
    return None if made is None else Backup(made, local.backup_test_read)
