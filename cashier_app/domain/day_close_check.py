"""Whether the reports of a till hold together: hashes, numbers, the audit log's word, and the sums."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from cashier_app.domain.day_close import ChainHead, CurrencySpan, DayClose, digest, report_of, spans_of


class Fault(StrEnum):
    """What is wrong with a report. `LOST` is told by the audit log itself; the others nobody admits to."""

    MISSING = "missing"
    LOST = "lost to damage"
    CHANGED = "changed"
    UNREADABLE = "unreadable"
    OTHER_NUMBER = "another number inside"
    NOT_IN_LOG = "not in the audit log"
    OTHER_IN_LOG = "another one in the audit log"
    OTHER_HEAD = "another head of the chain"
    OTHER_SPAN = "does not begin where the one before ends"
    FIGURES = "figures are not what came between"


class Finding(Struct, frozen=True):
    """One fault of one report."""

    number: int
    fault: Fault


class KeptClosing(Struct, frozen=True):
    """A row as it is kept, whatever is true of it."""

    number: int
    text: str
    sha256: str


class ToldClosing(Struct, frozen=True):
    """What the audit log says of a close; `head` is the row before, None where it was told again later."""

    sha256: str
    head: ChainHead | None


def findings(
    kept: Iterable[KeptClosing], told: Mapping[int, Sequence[ToldClosing]], lost: Collection[int] = ()
) -> tuple[Finding, ...]:
    """Return everything wrong with a till's reports, in the order of their numbers.

    Args:
        kept: What is there.
        told: What the audit log says of each number.
        lost: Numbers the audit log says damage took.
    """
    by_number = {closing.number: closing for closing in kept}
    found: list[Finding] = []
    before: DayClose | None = None
    before_sha = ""
    for number in range(1, max([*by_number, *told, *lost], default=0) + 1):
        closing = by_number.get(number)
        if closing is None:
            found.append(Finding(number, Fault.LOST if number in lost else Fault.MISSING))
            before = None
            continue
        report = _readable(closing)
        faults = _by_itself(closing, report) + _in_log(closing, report, told.get(number, ()))
        if report is not None and (before is not None or number == 1):
            faults += _after(report, before, before_sha)
        found += [Finding(number, fault) for fault in faults]
        before, before_sha = report, closing.sha256
    return tuple(found)


def _readable(closing: KeptClosing) -> DayClose | None:
    try:
        return report_of(closing.text)
    except ValueError:
        return None


def _by_itself(closing: KeptClosing, report: DayClose | None) -> list[Fault]:
    faults = [] if digest(closing.text) == closing.sha256 else [Fault.CHANGED]
    if report is None:
        return [*faults, Fault.UNREADABLE]
    return faults if report.number == closing.number else [*faults, Fault.OTHER_NUMBER]


def _in_log(closing: KeptClosing, report: DayClose | None, told: Sequence[ToldClosing]) -> list[Fault]:
    if not told:
        return [Fault.NOT_IN_LOG]
    if any(one.sha256 != closing.sha256 for one in told):
        return [Fault.OTHER_IN_LOG]
    heads = [one.head for one in told if one.head is not None]
    if report is not None and any(head != report.chain for head in heads):
        return [Fault.OTHER_HEAD]
    return []


def _after(report: DayClose, before: DayClose | None, before_sha: str) -> list[Fault]:
    """Return what does not follow from the report before; the first follows from nothing."""
    since = None if before is None else before.until
    last = 0 if before is None else before.last_sale
    # Receipts that damage took leave a gap; none may be in two reports.
    follows = report.since == since and report.before == before_sha and report.last_sale >= last
    begins = report.first_sale == 0 or report.first_sale > last
    faults = [] if follows and begins else [Fault.OTHER_SPAN]
    earlier: tuple[CurrencySpan, ...] = () if before is None else before.currencies
    came = spans_of((span.totals for span in report.currencies), (span.totals for span in earlier))
    return faults if came == report.currencies else [*faults, Fault.FIGURES]
