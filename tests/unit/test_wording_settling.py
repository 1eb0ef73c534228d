"""Settling and comparing, word for word; and nothing of it escapes translation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest
from msgspec import Struct
from msgspec.structs import fields, replace

from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.domain.settlement import Settlement, SettlementProblem, Truth
from cashier_app.ports.journal import QueueCounts, SettledEffect
from cashier_app.services.reconciliation import (
    Comparison,
    Finding,
    FindingKind,
    Remedy,
    StoppedBecause,
)
from cashier_app.wording import Sentence, Tone, Wording
from cashier_app.wording.ages import age_tone
from cashier_app.wording.comparing import compare_words, finding_words
from cashier_app.wording.queue import queue_words, settled_row
from cashier_app.wording.queue_actions import asked_words, export_words
from cashier_app.wording.queue_effects import effect_line
from cashier_app.wording.settling import (
    confirm_words,
    scan_not_used,
    settle_words,
    settlement_problem,
    truth_wanted,
)
from cashier_app.wording.status import queue_badge
from tests.ui import sample_views as sample
from tests.unit.test_wording_complete import BRACKETED, texts, untranslated
from tests.unit.wording_samples import effect_row
from tests.unit.wording_shown import WORDING

SALE = replace(sample.TODAY.last_sales[0].sale, number="2-0398", display_name="Meera K.")
NOW = sample.NOW
EMPTY = Comparison(NOW, 0, 0, 0, 0, 0, ())


def findings() -> Iterator[Finding]:
    """Yield every shape of a finding."""
    for kind, remedy, state in product(FindingKind, Remedy, (EffectState.POSTED, EffectState.DROPPED)):
        effect = effect_row(state, EffectKind.CAPTURE).effect
        yield Finding(kind, remedy, SALE, effect.key, effect, state, Decimal(120), Decimal(121))
    stuck = effect_row(EffectState.NEEDS_ATTENTION, EffectKind.SALE).effect
    for kind in FindingKind:
        yield Finding(kind, Remedy.LOOK_UP, SALE, stuck.key, stuck, EffectState.NEEDS_ATTENTION, None, None)
    yield Finding(FindingKind.ONLY_THERE, Remedy.LOOK_UP, SALE, "their-own-key", points_there=Decimal(5))
    yield Finding(FindingKind.ONLY_THERE, Remedy.LOOK_UP, SALE, "their-own-key")
    other = replace(SALE.paid, minor=SALE.paid.minor + 100)
    yield Finding(
        FindingKind.DIFFERS, Remedy.LOOK_UP, SALE, stuck.key, stuck, EffectState.POSTED,
        Decimal(1), Decimal(1), SALE.paid, other,
    )  # fmt: skip


def comparisons() -> Iterator[Comparison]:
    """Yield a comparison in every state."""
    found = tuple(findings())
    whole = Comparison(NOW, 63, 63, 118, 2, 0, found)
    yield from (EMPTY, whole, replace(whole, findings=found[:1]), replace(whole, findings=()))
    yield replace(whole, findings=(), sales=1, sales_in_all=1)
    yield from (replace(whole, unanswered=1), replace(whole, unanswered=7))
    yield from (replace(whole, stopped=because) for because in StoppedBecause)


def everything(wording: Wording) -> Iterator[object]:
    """Yield all that is said in these views."""
    yield compare_words(None, wording)
    yield compare_words(None, wording, progress=(120, 1000))
    yield from (compare_words(found, wording) for found in comparisons())
    yield from (finding_words(finding, wording, NOW) for finding in findings())
    yield settle_words(SALE, wording.text("Use"), wording, NOW)
    for truth in Truth:
        yield confirm_words(SALE, wording.text("Use"), truth, "Anil K", "Free coffee", wording, NOW)
        row = replace(effect_row(EffectState.DROPPED), last_answer=f"settled by hand: {truth.value}")
        settled = Settlement("key", truth, "Anil K", "Free coffee", NOW)
        yield settled_row(SettledEffect(settled, SALE, row), wording, NOW)
    yield from (settlement_problem(problem, wording) for problem in SettlementProblem)
    yield from (truth_wanted(wording), scan_not_used(wording), asked_words("14:32:10", wording))
    yield replace(export_words(wording), done=Sentence.of(wording.text("Exported")))
    yield queue_words(QueueCounts(9_000, 1), wording, settled=2, shown=1000)
    for state, kind, attempts in product(EffectState, EffectKind, (0, 3)):
        yield effect_line(replace(effect_row(state, kind), attempts=attempts), wording, NOW)
        yield effect_line(effect_row(state, kind), wording, NOW + timedelta(days=3))
    for counts, hours in product((QueueCounts(1, 0), QueueCounts(2, 1), QueueCounts(0, 2)), (0, 2, 13)):
        connection = replace(sample.ONLINE, counts=counts, oldest_unsent=NOW - timedelta(hours=hours))
        yield queue_badge(connection, wording, NOW)


def test_nothing_escapes_translation() -> None:
    seen = 0
    for said in everything(BRACKETED):
        for field, text in texts(said):
            assert not untranslated(text), (field, text)
            seen += 1
    assert seen > 500


def test_no_sentence_is_empty_and_no_short_form_longer() -> None:
    def sentences(value: object) -> Iterator[Sentence]:
        if isinstance(value, Sentence):
            yield value
        elif isinstance(value, Struct):
            for part in fields(value):
                yield from sentences(getattr(value, part.name))
        elif isinstance(value, tuple):
            for item in value:
                yield from sentences(item)

    for said in everything(WORDING):
        for sentence in sentences(said):
            assert sentence.full.strip() == sentence.full
            assert sentence.full
            assert "{" not in sentence.full
            assert len(sentence.short) <= len(sentence.full)


@pytest.mark.parametrize(
    ("minutes", "tone"),
    [
        (-500_000, Tone.MUTED),
        (0, Tone.MUTED),
        (59, Tone.MUTED),
        (60, Tone.WAIT),
        (719, Tone.WAIT),
        (720, Tone.STOP),
    ],
)
def test_an_hour_is_a_warning_and_twelve_are_red(minutes: int, tone: Tone) -> None:
    assert age_tone(NOW - timedelta(minutes=minutes), NOW) is tone


@pytest.mark.parametrize(
    ("counts", "hours", "words", "tone", "spoken"),
    [
        (QueueCounts(2, 0), 0, "2 waiting", Tone.PLAIN, "2 sales waiting"),
        (QueueCounts(2, 0), 3, "2 waiting, oldest 3 h", Tone.WAIT, "2 sales waiting, oldest 3 h"),
        (QueueCounts(1, 0), 26, "1 waiting, oldest 1 day", Tone.STOP, "1 sale waiting, oldest 1 day"),
        (
            QueueCounts(5, 1),
            2,
            "1 needs attention, oldest 2 h",
            Tone.STOP,
            "1 sale needs attention, oldest 2 h",
        ),
        (QueueCounts(5, 1), 0, "1 needs attention", Tone.STOP, "1 sale needs attention"),
    ],
)
def test_the_badge_says_how_old_the_oldest_is(
    counts: QueueCounts, hours: int, words: str, tone: Tone, spoken: str
) -> None:
    connection = replace(sample.ONLINE, counts=counts, oldest_unsent=NOW - timedelta(hours=hours))
    badge = queue_badge(connection, WORDING, NOW)
    assert badge is not None
    said = f"{spoken}. Opens the queue, F7"
    assert (str(badge.sentence), badge.tone, badge.spoken) == (words, tone, said)


def test_offline_a_young_queue_is_amber_and_an_old_one_red() -> None:
    offline = replace(sample.OFFLINE, counts=QueueCounts(2, 0))
    young = queue_badge(replace(offline, oldest_unsent=NOW), WORDING, NOW)
    old = queue_badge(replace(offline, oldest_unsent=NOW - timedelta(hours=20)), WORDING, NOW)
    assert young is not None
    assert old is not None
    assert (young.tone, old.tone) == (Tone.WAIT, Tone.STOP)
