"""What of a till's health is a problem, and what cures it: thresholds, and nothing read or asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from cashier_app.domain.outcome import RefusedBecause
from cashier_app.ports.local_state import LEAST_FREE_BYTES, Recovery
from cashier_app.services.deadlines import REVERSED_SOON
from cashier_app.services.health import (
    Action,
    FailureGroup,
    HealthReport,
    Problem,
    ProblemKind,
    Severity,
)

LATE_AFTER = timedelta(hours=1)
"""From here on waiting sales are a warning, and from `VERY_LATE_AFTER` they are red."""

VERY_LATE_AFTER = timedelta(hours=12)
UNSAVED_AFTER = timedelta(hours=3)
"""Backups are hourly: acts no backup has after this mean that they fail."""

UNVERIFIED_AFTER = timedelta(days=3)
CLOCK_OFF_BY = timedelta(seconds=120)
LEDGER_BEHIND_AFTER = timedelta(hours=1)
UNFINISHED_AFTER = timedelta(minutes=10)
"""Who asked for a return may still be waiting for the answer before."""

_ORDER = tuple(Severity)


class Signs(Struct, frozen=True):
    """What a report is judged by besides what it tells.

    Args:
        sign_in_needed: Whether the backend refuses the till's credentials.
        damaged_rows: Rows of the database found damaged while running.
        recovery: The last rescue nobody has said they saw.
        unsaved_since: When the first act was made that no backup has, UTC.
        forgotten_holds: Points the backend holds for sales given up here, since `forgotten_since`.
        program_missing: Whether no program was ever read.
        staff_locked: People whose PIN was tried too often: they wait for a manager.
        oldest_reversal: When the oldest void or move was made that still waits to be posted, UTC.
        unfinished_returns: Returns that were asked for and nobody saw to their end, the first of them
            `unfinished_since`.
    """

    sign_in_needed: bool = False
    damaged_rows: int = 0
    recovery: Recovery | None = None
    unsaved_since: datetime | None = None
    forgotten_holds: int = 0
    forgotten_since: datetime | None = None
    program_missing: bool = False
    staff_locked: int = 0
    oldest_reversal: datetime | None = None
    unfinished_returns: int = 0
    unfinished_since: datetime | None = None


def problems_of(report: HealthReport, signs: Signs) -> tuple[Problem, ...]:
    """Return what is wrong, the gravest first, each with what cures it."""
    found = (*_of_sales(report, signs), *_of_disk(report, signs), *_of_books(report, signs))
    return tuple(sorted(found, key=lambda problem: _ORDER.index(problem.severity)))


def _of_sales(report: HealthReport, signs: Signs) -> Iterator[Problem]:
    if report.stuck:
        yield Problem(
            ProblemKind.NEEDS_ATTENTION,
            Severity.STOP,
            Action.OPEN_QUEUE,
            count=report.stuck,
            since=report.oldest_stuck,
            because=_most(report.failures),
        )
    if signs.sign_in_needed:
        yield Problem(ProblemKind.SIGN_IN, Severity.STOP, Action.OPEN_SIGN_IN)
    undone = signs.oldest_reversal
    if undone is not None and report.at - undone >= REVERSED_SOON:
        yield Problem(ProblemKind.REVERSALS_LATE, Severity.STOP, Action.SEND_NOW, since=undone)
    began = signs.unfinished_since
    if began is not None and report.at - began >= UNFINISHED_AFTER:
        count = signs.unfinished_returns
        yield Problem(
            ProblemKind.RETURNS_UNFINISHED, Severity.WARNING, Action.OPEN_RETURN, count=count, since=began
        )
    if report.waiting:
        yield _waiting(report)
    if report.offline_since is not None:
        yield Problem(ProblemKind.OFFLINE, Severity.WARNING, Action.LOOK_NOW, since=report.offline_since)
    if signs.forgotten_holds:
        yield Problem(
            ProblemKind.HOLDS_FORGOTTEN,
            Severity.WARNING,
            Action.RELEASE_HOLDS,
            count=signs.forgotten_holds,
            since=signs.forgotten_since,
        )
    if signs.program_missing:
        yield Problem(ProblemKind.PROGRAM_UNKNOWN, Severity.WARNING, Action.READ_PROGRAM)
    if report.clock_ahead is not None and abs(report.clock_ahead) > CLOCK_OFF_BY:
        yield Problem(ProblemKind.CLOCK_OFF, Severity.WARNING, Action.LOOK_NOW, off_by=report.clock_ahead)


def _waiting(report: HealthReport) -> Problem:
    since = report.oldest_waiting
    age = timedelta(0) if since is None else report.at - since
    severity, action = Severity.NOTICE, None
    if age >= VERY_LATE_AFTER:
        severity, action = Severity.STOP, Action.SEND_NOW
    elif age >= LATE_AFTER:
        severity, action = Severity.WARNING, Action.SEND_NOW
    return Problem(ProblemKind.WAITING, severity, action, count=report.waiting, since=since)


def _of_disk(report: HealthReport, signs: Signs) -> Iterator[Problem]:
    if signs.damaged_rows:
        yield Problem(ProblemKind.DAMAGED_ROWS, Severity.STOP, Action.CLOSE_TILL, count=signs.damaged_rows)
    recovery = signs.recovery
    if recovery is not None and (recovery.lost or recovery.lost_rows):
        yield Problem(
            ProblemKind.SALES_LOST,
            Severity.STOP,
            Action.LOSS_SEEN,
            count=len(recovery.lost) or recovery.lost_rows,
            since=recovery.at,
        )
    if report.free_bytes < LEAST_FREE_BYTES:
        yield Problem(ProblemKind.DISK_SHORT, Severity.STOP, Action.FREE_SPACE)
    if signs.unsaved_since is not None and report.at - signs.unsaved_since > UNSAVED_AFTER:
        yield Problem(ProblemKind.BACKUP_OLD, Severity.WARNING, Action.BACK_UP, since=signs.unsaved_since)
    elif report.backup is not None and not report.backup.test_read:
        yield Problem(ProblemKind.BACKUP_UNTESTED, Severity.WARNING, Action.BACK_UP, since=report.backup.at)


def _of_books(report: HealthReport, signs: Signs) -> Iterator[Problem]:
    if report.figures is not None and report.figures.differences:
        yield Problem(
            ProblemKind.FIGURES_WRONG,
            Severity.STOP,
            Action.REBUILD_FIGURES,
            count=report.figures.differences,
            since=report.figures.at,
        )
    elif report.figures is not None and report.at - report.figures.at > UNVERIFIED_AFTER:
        yield Problem(
            ProblemKind.FIGURES_UNVERIFIED,
            Severity.WARNING,
            Action.VERIFY_FIGURES,
            since=report.figures.at,
        )
    if report.books is not None and report.books.differences:
        yield Problem(
            ProblemKind.BOOKS_DISAGREE,
            Severity.WARNING,
            Action.COMPARE,
            count=report.books.differences,
            since=report.books.at,
        )
    if report.discounts.unseen:
        yield Problem(
            ProblemKind.DISCREPANCIES,
            Severity.WARNING,
            Action.DISCOUNTS_SEEN,
            count=report.discounts.unseen,
            worth=report.discounts.worth,
        )
    feed = report.ledger
    if feed is not None and feed.oldest is not None and report.at - feed.oldest > LEDGER_BEHIND_AFTER:
        yield Problem(
            ProblemKind.LEDGER_BEHIND,
            Severity.WARNING,
            Action.SEND_LEDGER,
            count=feed.waiting,
            since=feed.oldest,
            detail=feed.trouble,
        )
    if signs.staff_locked:
        yield Problem(ProblemKind.STAFF_LOCKED, Severity.WARNING, Action.OPEN_STAFF, count=signs.staff_locked)


def _most(failures: tuple[FailureGroup, ...]) -> RefusedBecause | None:
    told = [group for group in failures if group.because is not None]
    return max(told, key=lambda group: group.effects).because if told else None
