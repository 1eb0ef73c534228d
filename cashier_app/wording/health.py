"""The health of the till in words: a sentence and a button for each problem, a line for each quiet fact."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import assert_never

from msgspec import Struct

from cashier_app.services.health import Action, HealthReport, Problem, ProblemKind, Severity
from cashier_app.services.latency import Latency
from cashier_app.wording.health_problems import problem_sentences
from cashier_app.wording.sentences import Sentence, Tone, plain
from cashier_app.wording.speech import Wording

_TONES = {Severity.STOP: Tone.STOP, Severity.WARNING: Tone.WAIT, Severity.NOTICE: Tone.WAIT}
_CLOCKS = frozenset({ProblemKind.WAITING, ProblemKind.CLOCK_OFF, ProblemKind.HOLDS_FORGOTTEN})
_CLOSE_ENOUGH = Decimal("0.1")


class ProblemWords(Struct, frozen=True):
    """One problem as a box.

    Args:
        title: What is wrong; `detail` says more, or what becomes of it.
        action: What the button does, None where there is none; `button` is its label.
    """

    kind: ProblemKind
    icon: str
    tone: Tone
    title: Sentence
    detail: Sentence
    action: Action | None
    button: Sentence | None
    spoken: str


class FactWords(Struct, frozen=True):
    """One quiet line: what it is about, and how it is."""

    icon: str
    label: Sentence
    value: Sentence
    spoken: str


class HealthWords(Struct, frozen=True):
    """The box "Health"; `facts` in the order of their worth, so that a short box shows the first."""

    title: Sentence
    summary: Sentence
    tone: Tone
    problems: tuple[ProblemWords, ...]
    facts: tuple[FactWords, ...]


def health_words(report: HealthReport, wording: Wording) -> HealthWords:
    """Return what is shown of a report."""
    n = report.count
    summary = wording.plural("{n} problem", "{n} problems", n, n=wording.figures.count(n))
    return HealthWords(
        title=Sentence.of(wording.text("Health")),
        summary=Sentence.of(summary if n else wording.text("All well")),
        tone=Tone.STOP if n else Tone.GOOD,
        problems=tuple(problem_words(one, report.at, wording) for one in report.problems),
        facts=_facts(report, wording),
    )


def problem_words(problem: Problem, now: datetime, wording: Wording) -> ProblemWords:
    """Return one problem as a box. `now` is UTC."""
    title, detail = problem_sentences(problem, now, wording)
    button = None if problem.action is None else action_label(problem.action, wording)
    icon = "clock" if problem.kind in _CLOCKS and problem.severity is not Severity.STOP else "warning"
    return ProblemWords(
        kind=problem.kind,
        icon=icon,
        tone=_TONES[problem.severity],
        title=title,
        detail=detail,
        action=problem.action,
        button=button,
        spoken=wording.joined((title.full, detail.full)),
    )


def action_label(action: Action, wording: Wording) -> Sentence:  # noqa: C901 - a case an action
    """Return what the button of an action says."""
    match action:
        case Action.OPEN_QUEUE | Action.OPEN_STAFF | Action.OPEN_RETURN:
            return Sentence.of(wording.text("Open"))
        case Action.OPEN_SIGN_IN:
            return Sentence.of(wording.text("Sign in"))
        case Action.COMPARE:
            return Sentence.of(wording.text("Compare"))
        case Action.CLOSE_TILL:
            return Sentence.of(wording.text("Close the till"), wording.text("Close"))
        case Action.SEND_NOW | Action.SEND_LEDGER:
            return Sentence.of(wording.text("Send now"))
        case Action.LOOK_NOW | Action.READ_PROGRAM:
            return Sentence.of(wording.text("Look now"))
        case Action.BACK_UP:
            return Sentence.of(wording.text("Back up now"), wording.text("Back up"))
        case Action.VERIFY_FIGURES:
            return Sentence.of(wording.text("Verify now"), wording.text("Verify"))
        case Action.REBUILD_FIGURES:
            return Sentence.of(wording.text("Work out again"), wording.text("Again"))
        case Action.RELEASE_HOLDS:
            return Sentence.of(wording.text("Give back"))
        case Action.FREE_SPACE:
            return Sentence.of(wording.text("Look again"))
        case Action.DISCOUNTS_SEEN | Action.LOSS_SEEN:
            return Sentence.of(wording.text("Seen"))
    assert_never(action)


def duration(seconds: float, wording: Wording) -> str:
    """Return how long an answer took, such as ``120 ms`` or ``1.4 s``."""
    if seconds < 0.995:
        # Two digits are all a bucket a tenth wide knows.
        step = 1 if seconds < 0.1 else 10
        return wording.text("{n} ms", n=wording.figures.count(round(seconds * 1000 / step) * step))
    return wording.text("{n} s", n=_one_decimal(seconds, wording))


def latency_words(latency: Latency, wording: Wording) -> str:
    """Return median and 95th percentile of answers, such as ``120 ms, 95% 310 ms``."""
    if latency.median is None or latency.ninety_fifth is None:
        return wording.text("Not asked yet") if not latency.unanswered else wording.text("No answer today")
    return wording.joined(
        (
            duration(latency.median, wording),
            wording.text(
                "{share} {time}",
                share=wording.figures.percent(95),
                time=duration(latency.ninety_fifth, wording),
            ),
        )
    )


def _facts(report: HealthReport, wording: Wording) -> tuple[FactWords, ...]:
    facts = [
        _fact("timer", wording.text("Loyalty system"), latency_words(report.latency, wording), wording),
        _fact(
            "lock",
            wording.text("{points} held now", points=wording.points_capital),
            _holds(report, wording),
            wording,
        ),
        _fact("wifi-high", wording.text("Offline today"), _offline(report, wording), wording),
        _books(report, wording),
        _fact("clock", wording.text("Clock"), _clock(report, wording), wording),
        _fact("database", wording.text("Backup"), _backup(report, wording), wording),
        _figures(report, wording),
        _program(report, wording),
        _ledger(report, wording),
        _fact("floppy-disk", wording.text("Free space"), _room(report.free_bytes, wording), wording),
        _fact("info", wording.text("Version"), report.version, wording),
    ]
    return tuple(fact for fact in facts if fact is not None)


def _fact(icon: str, label: str, value: str, wording: Wording) -> FactWords:
    return FactWords(icon, Sentence.of(label), Sentence.of(value), wording.joined((label, value)))


def _holds(report: HealthReport, wording: Wording) -> str:
    holds, count = report.holds, wording.figures.count
    parts = [count(holds.here)]
    if holds.oldest is not None:
        passed = (report.at - holds.oldest).total_seconds()
        parts = [wording.text("{n}, for {age}", n=count(holds.here), age=wording.age(passed))]
    if holds.at_backend is not None and holds.at_backend != holds.here:
        parts.append(wording.text("{n} in the shop", n=count(holds.at_backend)))
    return wording.joined(parts)


def _offline(report: HealthReport, wording: Wording) -> str:
    if report.offline_seconds is None:
        return wording.text("Not known")
    if not report.offline_seconds:
        return wording.text("None")
    n = report.offline_sales
    sales = wording.plural("{n} sale", "{n} sales", n, n=wording.figures.count(n))
    return wording.joined((wording.age(report.offline_seconds), sales))


def _books(report: HealthReport, wording: Wording) -> FactWords | None:
    checked = report.books
    label = wording.text("Figures and ledger agree")
    if checked is None:
        if not report.books_readable:
            return None
        return _fact(
            "check-circle", wording.text("Figures and ledger"), wording.text("Never compared"), wording
        )
    when = wording.figures.moment(checked.at, report.at)
    if checked.differences or not checked.whole:
        n = checked.differences
        label = wording.plural("{n} difference", "{n} differences", n, n=wording.figures.count(n))
        label = label if n else wording.text("Compared in part")
    return _fact("check-circle", label, when, wording)


def _clock(report: HealthReport, wording: Wording) -> str:
    if report.clock_ahead is None:
        return wording.text("Not known")
    off = abs(report.clock_ahead.total_seconds())
    if any(problem.kind is ProblemKind.CLOCK_OFF for problem in report.problems):
        return wording.text("{age} off", age=wording.age(off))
    if off < float(_CLOSE_ENOUGH):
        return wording.text("right")
    return wording.text("{n} s off, fine", n=_one_decimal(off, wording))


def _backup(report: HealthReport, wording: Wording) -> str:
    if report.backup is None:
        return wording.text("None yet")
    when = wording.figures.moment(report.backup.at, report.at)
    read = wording.text("test-read") if report.backup.test_read else wording.text("not read back")
    return wording.joined((when, read))


def _figures(report: HealthReport, wording: Wording) -> FactWords | None:
    if report.figures is None:
        return None
    when = wording.figures.moment(report.figures.at, report.at)
    return _fact("check-circle", wording.text("Figures verified"), when, wording)


def _program(report: HealthReport, wording: Wording) -> FactWords | None:
    if report.program is None:
        return None
    parts = [plain(report.program.version)]
    if report.program.since is not None:
        since = wording.figures.moment(report.program.since, report.at)
        parts.append(wording.text("since {time}", time=since))
    return _fact("note", wording.text("Program"), wording.joined(parts), wording)


def _ledger(report: HealthReport, wording: Wording) -> FactWords | None:
    feed = report.ledger
    if feed is None:
        return None
    value = wording.text("All sent")
    if feed.waiting:
        n = wording.figures.count(feed.waiting)
        value = wording.plural("{n} waits", "{n} wait", feed.waiting, n=n)
    return _fact("paper-plane-tilt", wording.text("Shared figures"), value, wording)


def _room(free_bytes: int, wording: Wording) -> str:
    if free_bytes < 10**9:
        return wording.text("{n} MB", n=wording.figures.count(free_bytes // 10**6))
    return wording.text("{n} GB", n=wording.figures.count(free_bytes // 10**9))


def _one_decimal(seconds: float, wording: Wording) -> str:
    return wording.figures.points(Decimal(seconds).quantize(_CLOSE_ENOUGH))
