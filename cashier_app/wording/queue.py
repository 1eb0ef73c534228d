"""The queue of sales not posted yet, in words: where each stands and what a person can do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from msgspec import Struct

from cashier_app.domain.outcome import (
    RefusedBecause,
)
from cashier_app.domain.sale import Effect, EffectKind, EffectState
from cashier_app.ports.journal import EffectRow, QueueCounts, UnsentSale
from cashier_app.wording.sentences import Sentence, Tone, name_in_sentence
from cashier_app.wording.speech import Wording

_FINAL = frozenset({EffectState.POSTED, EffectState.DROPPED})
_BY_URGENCY = (
    EffectState.NEEDS_ATTENTION,
    EffectState.UNKNOWN,
    EffectState.SENDING,
    EffectState.WAITING,
)


class QueueRowWords(Struct, frozen=True):
    """A sale not posted yet.

    Args:
        when: Time of the sale and its age.
        answer: What came last, or when it is tried next.
        happened: For the open row: what happened, and what may safely be done.
        key: The key sent with every attempt, for support; `last_try` when it was last sent.
        needs_person: Whether the three actions are offered.
    """

    sale_id: str
    effect_key: str
    icon: str
    state: Sentence
    tone: Tone
    when: Sentence
    amount: str
    member: Sentence
    answer: Sentence
    tries: Sentence
    happened: Sentence
    key: Sentence
    last_try: Sentence | None
    needs_person: bool
    spoken: str


class QueueWords(Struct, frozen=True):
    """The drawer around the rows."""

    title: Sentence
    all: Sentence
    needs_attention: Sentence
    waiting: Sentence
    note: Sentence
    look_up: Sentence
    send_again: Sentence
    send_all: Sentence
    close: Sentence


def queue_words(counts: QueueCounts, wording: Wording) -> QueueWords:
    """Return the words around the rows of the queue."""
    count = wording.figures.count
    total = counts.waiting + counts.needs_attention
    note = wording.text("Sales post by themselves, oldest first. You can go on selling.")
    if not total:
        note = wording.text("All sales are posted")
    return QueueWords(
        title=Sentence.of(wording.text("Sales not posted yet")),
        all=Sentence.of(wording.text("All {n}", n=count(total))),
        needs_attention=Sentence.of(wording.text("Needs attention {n}", n=count(counts.needs_attention))),
        waiting=Sentence.of(wording.text("Waiting {n}", n=count(counts.waiting))),
        note=Sentence.of(note),
        look_up=Sentence.of(wording.text("Look up now")),
        send_again=Sentence.of(wording.text("Send again")),
        send_all=Sentence.of(wording.text("Send all now")),
        close=Sentence.of(wording.text("Close")),
    )


def queue_row(unsent: UnsentSale, wording: Wording, now: datetime) -> QueueRowWords:
    """Return a row of the queue. `now` is UTC."""
    sale, row = unsent.sale, most_urgent(unsent.effects)
    state = row.state if row is not None else EffectState.POSTED
    words, icon, tone = _state(state, wording)
    amount, spoken_amount = wording.figures.money(sale.paid), wording.figures.spoken_money(sale.paid)
    when = _when(sale.at, wording, now)
    tries = row.attempts if row is not None else 0
    answer = _answer(unsent.effects, row, wording, now)
    member = name_in_sentence(sale.display_name) or wording.text("No member")
    key = row.effect.key if row is not None else ""
    tried_at = row.last_attempt_at if row is not None else None
    return QueueRowWords(
        sale_id=sale.sale_id,
        effect_key=key,
        icon=icon,
        state=Sentence.of(words),
        tone=tone,
        when=Sentence.of(when),
        amount=amount,
        member=Sentence.of(member),
        answer=Sentence.of(answer),
        tries=Sentence.of(wording.plural("{n} try", "{n} tries", tries, n=wording.figures.count(tries))),
        happened=_happened(row, wording),
        key=Sentence.of(wording.text("Key {key}", key=key)) if key else Sentence.of(""),
        last_try=None if tried_at is None else _last_try(tried_at, wording),
        needs_person=state is EffectState.NEEDS_ATTENTION,
        spoken=wording.joined((words, when, spoken_amount, member, answer)),
    )


def most_urgent(effects: Sequence[EffectRow]) -> EffectRow | None:
    """Return the effect that keeps a sale from being posted: what needs a person first, then the oldest."""
    open_rows = [row for row in effects if row.state not in _FINAL]
    return min(open_rows, key=lambda row: (_BY_URGENCY.index(row.state), row.sequence), default=None)


def refused_because(because: RefusedBecause, wording: Wording) -> Sentence:
    """Say why the backend will never apply something."""
    match because:
        case RefusedBecause.BALANCE_TOO_LOW:
            text = wording.text("The balance is too low for it")
        case RefusedBecause.MEMBER_BLOCKED:
            text = wording.text("The member is blocked")
        case RefusedBecause.NOT_ALLOWED:
            text = wording.text("The program does not allow it")
        case RefusedBecause.RESERVATION_GONE:
            text = wording.text("The hold had ended before")
        case RefusedBecause.UNKNOWN_SALE:
            text = wording.text("The loyalty system does not know the sale")
        case RefusedBecause.INVALID:
            text = wording.text("The loyalty system could not read it")
        case RefusedBecause.OTHER:
            text = wording.text("The loyalty system refused it")
        case _:
            assert_never(because)
    return Sentence.of(text)


def effect_words(effect: Effect, wording: Wording) -> str:
    """Return what an effect does, such as ``Use 120 coins``."""
    points = wording.points(effect.points)
    match effect.kind:
        case EffectKind.RESERVE:
            return wording.text("Hold {points}", points=points)
        case EffectKind.CAPTURE:
            return wording.text("Use {points}", points=points)
        case EffectKind.RELEASE:
            return wording.text("Give back {points}", points=points)
        case EffectKind.SALE:
            return wording.text("Earn {points}", points=points)
        case EffectKind.REFUND:
            return wording.text("Take back {points}", points=points)
    assert_never(effect.kind)


def _state(state: EffectState, wording: Wording) -> tuple[str, str, Tone]:
    match state:
        case EffectState.NEEDS_ATTENTION:
            return wording.text("Needs attention"), "warning", Tone.STOP
        case EffectState.UNKNOWN:
            return wording.text("Looking up"), "clock", Tone.WAIT
        case EffectState.SENDING:
            return wording.text("Sending"), "paper-plane-tilt", Tone.MUTED
        case EffectState.WAITING:
            return wording.text("Waiting"), "clock", Tone.WAIT
        case EffectState.POSTED | EffectState.DROPPED:
            return wording.text("Posted"), "check-circle", Tone.GOOD
    assert_never(state)


def _when(at: datetime, wording: Wording, now: datetime) -> str:
    time, seconds = wording.figures.moment(at, now), (now - at).total_seconds()
    if seconds < 60:
        return wording.text("{time}, now", time=time)
    return wording.text("{time}, {age} old", time=time, age=wording.age(seconds))


def _answer(effects: Sequence[EffectRow], row: EffectRow | None, wording: Wording, now: datetime) -> str:
    if row is None:
        return wording.text("Posted")
    because = _because(row)
    if because is not None:
        return refused_because(because, wording).full
    if row.state in {EffectState.NEEDS_ATTENTION, EffectState.UNKNOWN}:
        return wording.text("No answer came")
    posted = sum(other.state in _FINAL for other in effects)
    if posted:
        count = wording.figures.count
        return wording.text("{n} of {m} parts posted", n=count(posted), m=count(len(effects)))
    if row.state is EffectState.SENDING:
        return wording.text("On its way")
    seconds = int((row.next_attempt_at - now).total_seconds())
    if seconds <= 0:
        return wording.text("Sent next")
    if seconds <= 90:
        return wording.text("Next try in {n} s", n=wording.figures.count(seconds))
    return wording.text("Next try in {age}", age=wording.age(seconds))


def _because(row: EffectRow) -> RefusedBecause | None:
    """Return the refusal in the delivery record, which is written as the refusal's own value."""
    if row.state is not EffectState.NEEDS_ATTENTION or row.last_answer not in set(RefusedBecause):
        return None
    return RefusedBecause(row.last_answer)


def _happened(row: EffectRow | None, wording: Wording) -> Sentence:
    """Say what happened to the effect in the way, what it means, and what may safely be done."""
    if row is None:
        return Sentence.of(wording.text("Everything is posted. Nothing to do."))
    what = effect_words(row.effect, wording)
    because = _because(row)
    if because is not None:
        why = refused_because(because, wording).full
        text = wording.text(
            "{what}: refused. {why}. It was not booked; settle it by hand.",
            what=what,
            why=why,
        )
    elif row.state is EffectState.NEEDS_ATTENTION:
        text = wording.text(
            "{what}: sent, but no answer. It was looked up at the loyalty system without an answer. "
            "Nothing is lost; sending again is safe, it carries the same key.",
            what=what,
        )
    elif row.state is EffectState.UNKNOWN:
        text = wording.text(
            "{what}: sent, but no answer yet. It is looked up before it is sent again.", what=what
        )
    else:
        text = wording.text("{what}: posts by itself. Nothing to do.", what=what)
    return Sentence.of(text)


def _last_try(at: datetime, wording: Wording) -> Sentence:
    time = wording.figures.time_with_seconds(at)
    return Sentence.of(wording.text("Last try {time}", time=time))
