"""`reconcile`: what this till posted beside what the backend has. Nothing is changed by looking."""

from __future__ import annotations

import argparse
import sys
import threading
from datetime import datetime

from cashier_app.command_line.report import EXIT_BAD_INPUT, EXIT_OK, Plain, Report, plain
from cashier_app.command_line.shop import backend_of, config_of, journal_of
from cashier_app.config import till_settings
from cashier_app.domain.points import PointName
from cashier_app.errors import KnownError
from cashier_app.ports.clock import SystemClock
from cashier_app.services.reconciliation import Comparison, Finding, Reconciliation
from cashier_app.wording.comparing import compare_words, finding_words
from cashier_app.wording.speech import Wording

EXIT_DIFFERENT = 1
"""The books were compared, and they do not agree."""


def reconcile(options: argparse.Namespace) -> Report:
    """Compare both books; exit code 1 when they differ, 2 when not everything could be compared.

    Raises:
        KnownError: There is no journal, no backend, or the backend's books cannot be read.
    """
    settings = till_settings(config_of(options))
    wording = Wording.of(settings.locale, settings.zone, PointName("point", "points"))
    clock = SystemClock()
    since = _since(options.since, clock.now().astimezone(settings.zone))
    with journal_of(options) as journal, backend_of(options) as backend:
        books = Reconciliation(backend, journal, clock, _queue_not_here, remembers=False)
        found = books.compare(since, _Progress(as_json=options.json), threading.Event())
    now = clock.now()
    note = compare_words(found, wording).note.full
    lines = [note, f"{found.agree} agree, {found.under_way} under way."]
    for finding in found.findings:
        words = finding_words(finding, wording, now)
        lines.append("  ".join(part.full for part in (words.kind, words.sale, words.problem, words.action)))
        lines.append(f"  {words.key.full}")
    return Report(_data(found), tuple(lines), _code(found))


class _Progress:
    """Says on standard error how far it is, once a second at most, where a person may be watching."""

    def __init__(self, *, as_json: bool) -> None:
        self._quiet = as_json or not sys.stderr.isatty()
        self._clock = SystemClock()
        self._said_at = float("-inf")

    def __call__(self, done: int, in_all: int) -> None:
        now = self._clock.monotonic()
        if not self._quiet and (now - self._said_at >= 1 or done == in_all):
            self._said_at = now
            sys.stderr.write(f"{done} of {in_all} sales\n")


def _since(text: str | None, now: datetime) -> datetime:
    if text is None:
        return now.replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        day = datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 - the day begins by the shop's clock
    except ValueError as error:
        raise KnownError(f"{text!r} is not a day such as 2026-11-21.") from error
    return day.replace(tzinfo=now.tzinfo)


def _code(found: Comparison) -> int:
    if found.stopped is not None or found.unanswered:
        return EXIT_BAD_INPUT
    return EXIT_DIFFERENT if found.findings else EXIT_OK


def _data(found: Comparison) -> dict[str, Plain]:
    findings: list[Plain] = [_finding(finding) for finding in found.findings]
    return {
        "since": plain(found.since),
        "sales": found.sales,
        "sales_in_all": found.sales_in_all,
        "agree": found.agree,
        "under_way": found.under_way,
        "unanswered": found.unanswered,
        "stopped": plain(found.stopped),
        "findings": findings,
    }


def _finding(finding: Finding) -> dict[str, Plain]:
    return {
        "kind": plain(finding.kind),
        "action": plain(finding.remedy),
        "sale": finding.sale.number,
        "sale_id": finding.sale.sale_id,
        "key": finding.key,
        "state": plain(finding.state),
        "points_here": plain(finding.points_here),
        "points_there": plain(finding.points_there),
        "paid_here": plain(finding.paid_here),
        "paid_there": plain(finding.paid_there),
    }


def _queue_not_here(_key: str) -> None:
    raise KnownError("Only the till itself sends.")
