"""The health of a till in words: as in the pictures, whole for every problem, and plain text always."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from cashier_app.domain.outcome import RefusedBecause
from cashier_app.domain.points import PointName
from cashier_app.services.health import (
    Action,
    Backup,
    BooksChecked,
    FiguresVerified,
    HealthReport,
    Holds,
    LedgerFeed,
    Problem,
    ProblemKind,
    ProgramInForce,
    Severity,
)
from cashier_app.services.latency import Latency
from cashier_app.wording.figures import Hours
from cashier_app.wording.health import action_label, duration, health_words, problem_words
from cashier_app.wording.sentences import Tone
from cashier_app.wording.speech import Wording
from cashier_app.wording.translator import Translator
from tests.fakes.clock import START
from tests.fakes.shop import ZONE, rupees
from tests.unit.test_wording_complete import ICONS, Brackets, untranslated

WORDING = Wording.of("en_IN", ZONE, PointName("coin", "coins"), hours=Hours.TWENTY_FOUR)
BRACKETED = replace(WORDING, translator=Translator(Brackets(), "xx"))
NOW = START
WELL = HealthReport(
    at=NOW,
    latency=Latency(120, 0, 0.1216, 0.3075),
    holds=Holds(1, NOW - timedelta(minutes=3)),
    offline_seconds=18 * 60,
    offline_sales=3,
    books=BooksChecked(NOW - timedelta(minutes=2), 40, 0),
    clock_ahead=timedelta(seconds=0.4),
    backup=Backup(NOW - timedelta(hours=12), test_read=True),
    free_bytes=77 * 10**9,
    program=ProgramInForce("7", NOW - timedelta(days=3)),
    version="0.1.0",
)


def facts(report: HealthReport) -> dict[str, str]:
    return {fact.label.full: fact.value.full for fact in health_words(report, WORDING).facts}


def test_the_quiet_facts_of_the_picture() -> None:
    words = health_words(WELL, WORDING)
    assert (words.title.full, words.summary.full, words.tone) == ("Health", "All well", Tone.GOOD)
    assert [(fact.label.full, fact.value.full) for fact in words.facts] == [
        ("Loyalty system", "120 ms, 95% 310 ms"),
        ("Coins held now", "1, for 3 min"),
        ("Offline today", "18 min, 3 sales"),
        ("Figures and ledger agree", "14:30"),
        ("Clock", "0.4 s off, fine"),
        ("Backup", "02:32, test-read"),
        ("Program", "7, since 17 Nov 14:32"),
        ("Free space", "77 GB"),
        ("Version", "0.1.0"),
    ]
    assert words.facts[0].spoken == "Loyalty system, 120 ms, 95% 310 ms"


def test_the_two_boxes_of_the_picture() -> None:
    stuck = Problem(
        ProblemKind.NEEDS_ATTENTION,
        Severity.STOP,
        Action.OPEN_QUEUE,
        count=1,
        since=NOW - timedelta(minutes=45),
    )
    waits = Problem(ProblemKind.WAITING, Severity.NOTICE, None, count=2, since=NOW - timedelta(minutes=21))
    words = health_words(replace(WELL, problems=(stuck, waits)), WORDING)
    assert (words.summary.full, words.tone) == ("1 problem", Tone.STOP)
    first, second = words.problems
    assert (first.title.full, first.detail.full) == ("1 sale needs attention", "45 min old, no answer came")
    assert (first.tone, first.button and first.button.full) == (Tone.STOP, "Open")
    assert (second.title.full, second.detail.full) == (
        "2 sales wait, oldest 21 min",
        "They post by themselves",
    )
    assert (second.tone, second.button) == (Tone.WAIT, None)


@pytest.mark.parametrize(
    ("hours", "severity", "detail"),
    [
        (2, Severity.WARNING, "They post by themselves, but it takes long"),
        (13, Severity.STOP, "They post by themselves, but it takes long"),
        (24, Severity.STOP, "Tell the manager: this should not take a day"),
    ],
)
def test_what_waits_long_says_so(hours: int, severity: Severity, detail: str) -> None:
    since = NOW - timedelta(hours=hours)
    problem = Problem(ProblemKind.WAITING, severity, Action.SEND_NOW, count=1, since=since)
    assert problem_words(problem, NOW, WORDING).detail.full == detail


@pytest.mark.parametrize("kind", ProblemKind)
def test_every_problem_has_a_sentence_that_is_plain_text(kind: ProblemKind) -> None:
    hostile = "</b>\u202egnorw\nline <a href='x'>"
    problem = Problem(
        kind,
        Severity.STOP,
        Action.LOOK_NOW,
        count=2,
        since=NOW - timedelta(hours=2),
        off_by=timedelta(minutes=10),
        worth=rupees(400),
        because=RefusedBecause.BALANCE_TOO_LOW,
        detail=hostile,
    )
    words = problem_words(problem, NOW, WORDING)
    assert words.title.full
    for text in (words.title.full, words.detail.full, words.spoken):
        assert "\u202e" not in text
        assert "\n" not in text
        assert "{" not in text
        assert not text.endswith(".")


def test_every_action_has_a_button() -> None:
    assert all(action_label(action, WORDING).full for action in Action)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.0041, "4 ms"),
        (0.0996, "100 ms"),
        (0.1216, "120 ms"),
        (0.994, "990 ms"),
        (0.996, "1 s"),
        (1.43, "1.4 s"),
        (12, "12 s"),
    ],
)
def test_durations_show_what_a_bucket_knows(seconds: float, told: str) -> None:
    assert duration(seconds, WORDING) == told


@pytest.mark.parametrize(
    ("changed", "label", "value"),
    [
        ({"latency": Latency()}, "Loyalty system", "Not asked yet"),
        ({"latency": Latency(unanswered=3)}, "Loyalty system", "No answer today"),
        ({"holds": Holds()}, "Coins held now", "0"),
        ({"holds": Holds(1, None, 4, NOW)}, "Coins held now", "1, 4 in the shop"),
        ({"offline_seconds": None}, "Offline today", "Not known"),
        ({"offline_seconds": 0}, "Offline today", "None"),
        ({"offline_seconds": 3700, "offline_sales": 1}, "Offline today", "1 h, 1 sale"),
        ({"books": None, "books_readable": True}, "Figures and ledger", "Never compared"),
        ({"books": BooksChecked(NOW, 40, 2)}, "2 differences", "14:32"),
        ({"books": BooksChecked(NOW, 40, 0, whole=False)}, "Compared in part", "14:32"),
        ({"clock_ahead": None}, "Clock", "Not known"),
        ({"clock_ahead": timedelta(0)}, "Clock", "right"),
        ({"clock_ahead": timedelta(seconds=-61.2)}, "Clock", "61.2 s off, fine"),
        ({"backup": None}, "Backup", "None yet"),
        ({"backup": Backup(NOW, test_read=False)}, "Backup", "14:32, not read back"),
        ({"figures": FiguresVerified(NOW, 0)}, "Figures verified", "14:32"),
        ({"ledger": LedgerFeed(0, None)}, "Shared figures", "All sent"),
        ({"ledger": LedgerFeed(1200, NOW)}, "Shared figures", "1,200 wait"),
        ({"free_bytes": 480_000_000}, "Free space", "480 MB"),
    ],
)
def test_each_fact_in_each_state(changed: dict[str, object], label: str, value: str) -> None:
    assert facts(replace(WELL, **changed))[label] == value


def test_what_is_not_there_is_not_mentioned() -> None:
    bare = facts(HealthReport(at=NOW))
    assert not {"Figures and ledger", "Figures verified", "Program", "Shared figures"} & set(bare)


def test_a_clock_behind_and_one_ahead_are_told_apart() -> None:
    told = []
    for seconds in (600, -600):
        off = timedelta(seconds=seconds)
        problem = Problem(ProblemKind.CLOCK_OFF, Severity.WARNING, Action.LOOK_NOW, off_by=off)
        told.append(problem_words(problem, NOW, WORDING).title.full)
    assert told == ["The clock is 10 min ahead", "The clock is 10 min behind"]


def reports() -> Iterator[HealthReport]:
    """Yield reports with every problem and every fact in all its states."""
    problems = tuple(
        Problem(
            kind,
            severity,
            action,
            count=count,
            since=NOW - timedelta(hours=hours),
            off_by=timedelta(minutes=-10),
            worth=rupees(400),
            because=because,
        )
        for kind in ProblemKind
        for count, hours, because in ((1, 2, None), (2, 30, RefusedBecause.INVALID))
        for severity, action in ((Severity.NOTICE, None), (Severity.STOP, Action.LOOK_NOW))
    )
    yield replace(WELL, problems=problems)
    yield HealthReport(at=NOW)
    yield replace(WELL, latency=Latency(unanswered=1), holds=Holds(1, None, 4), offline_seconds=0)
    for books in (
        None,
        BooksChecked(NOW, 1, 1),
        BooksChecked(NOW, 1, 2),
        BooksChecked(NOW, 1, 0, whole=False),
    ):
        yield replace(WELL, books=books, books_readable=True, offline_sales=1)
    for feed in (LedgerFeed(0, None), LedgerFeed(1, NOW), LedgerFeed(2, NOW)):
        yield replace(
            WELL, ledger=feed, figures=FiguresVerified(NOW, 0), backup=None, clock_ahead=timedelta(0)
        )


def test_everything_can_be_translated_and_is_there() -> None:
    seen = 0
    for report in reports():
        for problem in health_words(report, BRACKETED).problems:
            for text in (problem.title.full, problem.detail.full, problem.spoken):
                assert not untranslated(text), text
                assert text.strip() == text
                seen += 1
        for fact in health_words(report, BRACKETED).facts:
            assert not untranslated(fact.label.full), fact
            if fact.label.full not in {"[Version]", "[Program]"}:  # what others call it
                assert not untranslated(fact.value.full), fact
            assert (ICONS / f"{fact.icon}.svg").is_file()
            seen += 1
    assert seen > 200


def test_no_short_form_is_longer() -> None:
    for report in reports():
        words = health_words(report, WORDING)
        for problem in words.problems:
            for sentence in (problem.title, problem.detail, *filter(None, [problem.button])):
                assert 0 < len(sentence.short) <= len(sentence.full)
