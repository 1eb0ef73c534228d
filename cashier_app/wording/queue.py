"""The queue of sales not posted yet, in words: where each stands and what a person can do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from cashier_app.domain.outcome import RefusedBecause
from cashier_app.domain.sale import Effect, EffectState, Sale, short_name
from cashier_app.domain.settlement import Truth
from cashier_app.ports.journal import EffectRow, QueueCounts, SettledEffect, UnsentSale
from cashier_app.wording.ages import age_tone
from cashier_app.wording.queue_effects import (
    EffectWords,
    done_by_hand,
    effect_line,
    effect_words,
    last_answer,
    next_try,
    refusal_of,
    refused_because,
    refused_words,
    state_words,
    tries_words,
)
from cashier_app.wording.sentences import Sentence, Tone, name_in_sentence
from cashier_app.wording.speech import Wording

__all__ = [
    "EffectWords",
    "QueueRowWords",
    "QueueWords",
    "effect_words",
    "most_urgent",
    "needs_person",
    "queue_row",
    "queue_words",
    "refused_because",
    "settled_row",
]

_FINAL = frozenset({EffectState.POSTED, EffectState.DROPPED})
_BY_URGENCY = (
    EffectState.NEEDS_ATTENTION,
    EffectState.UNKNOWN,
    EffectState.SENDING,
    EffectState.WAITING,
)


class QueueRowWords(Struct, frozen=True):
    """A sale not posted yet, or one with something settled by hand.

    Args:
        row_id: Names the row while others come and go.
        sale_id: The sale.
        effect_key: The effect that keeps it from being posted, or the one that was settled.
        number: The sale's number; empty for what is about no sale.
        amount: What was paid; for what is about no sale what is done, where that is not said already.
        when: Time of the sale and its age.
        age: What the age means.
        answer: What came last, or when it is tried next.
        happened: For the open row: what happened, and what may safely be done.
        effects: Every effect of the sale, for the open row.
        needs_person: Whether the three actions are offered.
    """

    row_id: str
    sale_id: str
    effect_key: str
    number: str
    icon: str
    state: Sentence
    tone: Tone
    when: Sentence
    age: Tone
    amount: str
    member: Sentence
    answer: Sentence
    tries: Sentence
    happened: Sentence
    effects: tuple[EffectWords, ...]
    needs_person: bool
    spoken: str


class QueueWords(Struct, frozen=True):
    """The drawer around the rows."""

    title: Sentence
    all: Sentence
    needs_attention: Sentence
    waiting: Sentence
    settled: Sentence
    note: Sentence
    look_up: Sentence
    send_again: Sentence
    settle: Sentence
    send_all: Sentence
    compare: Sentence
    export: Sentence
    close: Sentence


def queue_words(counts: QueueCounts, wording: Wording, settled: int = 0, shown: int = 0) -> QueueWords:
    """Return the words around the rows of the queue; `shown` of the sales are listed where not all are."""
    count = wording.figures.count
    total = counts.waiting + counts.needs_attention
    note = wording.text("Sales post by themselves, oldest first. You can go on selling.")
    if not total:
        note = wording.text("All sales are posted")
    elif 0 < shown < total:
        note = wording.text(
            "The {n} oldest of {m} are listed. They post by themselves.", n=count(shown), m=count(total)
        )
    return QueueWords(
        title=Sentence.of(wording.text("Sales not posted yet")),
        all=Sentence.of(wording.text("All {n}", n=count(total))),
        needs_attention=Sentence.of(
            wording.text("Needs attention {n}", n=count(counts.needs_attention)),
            wording.text("Attention {n}", n=count(counts.needs_attention)),
        ),
        waiting=Sentence.of(wording.text("Waiting {n}", n=count(counts.waiting))),
        settled=Sentence.of(wording.text("Settled {n}", n=count(settled))),
        note=Sentence.of(note),
        look_up=Sentence.of(wording.text("Look up now"), wording.text("Look up")),
        send_again=Sentence.of(wording.text("Send again")),
        settle=Sentence.of(wording.text("Settle by hand"), wording.text("Settle")),
        send_all=Sentence.of(wording.text("Send all now"), wording.text("Send all")),
        compare=Sentence.of(wording.text("Compare")),
        export=Sentence.of(wording.text("Export")),
        close=Sentence.of(wording.text("Close")),
    )


def queue_row(unsent: UnsentSale, wording: Wording, now: datetime) -> QueueRowWords:
    """Return a row of the queue. `now` is UTC."""
    sale, row = unsent.sale, most_urgent(unsent.effects)
    state = row.state if row is not None else EffectState.POSTED
    words, icon, tone = state_words(state, wording)
    amount, spoken_amount = _amount(sale, [one.effect for one in unsent.effects], wording)
    when = _when(sale.at, wording, now)
    answer = _answer(unsent.effects, row, wording, now)
    member = _whose(sale, [one.effect for one in unsent.effects], wording)
    return QueueRowWords(
        row_id=sale.sale_id,
        sale_id=sale.sale_id,
        effect_key=row.effect.key if row is not None else "",
        number=sale.number,
        icon=icon,
        state=Sentence.of(words),
        tone=tone,
        when=when,
        age=age_tone(sale.at, now),
        amount=amount,
        member=Sentence.of(member),
        answer=Sentence.of(answer),
        tries=Sentence.of(tries_words(row.attempts if row is not None else 0, wording)),
        happened=_happened(row, wording),
        effects=tuple(effect_line(one, wording, now) for one in unsent.effects),
        needs_person=state is EffectState.NEEDS_ATTENTION,
        spoken=wording.joined((words, when.full, spoken_amount, member, answer)),
    )


def settled_row(settled: SettledEffect, wording: Wording, now: datetime) -> QueueRowWords:
    """Return a row of what a manager settled by hand. `now` is UTC."""
    sale, word, row = settled.sale, settled.settlement, settled.row
    state = wording.text("Settled by hand")
    amount, spoken_amount = _amount(sale, [row.effect], wording)
    when = wording.figures.moment(sale.at, now)
    member = _whose(sale, [row.effect], wording)
    answer = truth_words(word.truth, wording)
    happened = wording.text(
        "{name}, {time}: {reason}",
        name=name_in_sentence(word.by),
        time=wording.figures.moment(word.at, now),
        reason=name_in_sentence(word.reason),
    )
    return QueueRowWords(
        row_id=word.key,
        sale_id=sale.sale_id,
        effect_key=word.key,
        number=sale.number,
        icon="pencil-simple",
        state=Sentence.of(state),
        tone=Tone.PLAIN,
        when=Sentence.of(when),
        age=Tone.MUTED,
        amount=amount,
        member=Sentence.of(member),
        answer=answer,
        tries=Sentence.of(tries_words(row.attempts, wording)),
        happened=Sentence.of(happened),
        effects=(effect_line(row, wording, now),),
        needs_person=False,
        spoken=wording.joined((state, when, spoken_amount, member, answer.full, happened)),
    )


def truth_words(truth: Truth, wording: Wording) -> Sentence:
    """Return what a manager said is true of an effect."""
    if truth is Truth.TOOK_HOLD:
        return Sentence.of(wording.text("It took hold there"))
    return Sentence.of(wording.text("Not booked there, never sent"), wording.text("Never sent"))


def needs_person(unsent: UnsentSale) -> bool:
    """Say whether a sale waits for a person."""
    return any(row.state is EffectState.NEEDS_ATTENTION for row in unsent.effects)


def most_urgent(effects: Sequence[EffectRow]) -> EffectRow | None:
    """Return the effect that keeps a sale from being posted: what needs a person first, then the oldest."""
    open_rows = [row for row in effects if row.state not in _FINAL]
    return min(open_rows, key=lambda row: (_BY_URGENCY.index(row.state), row.sequence), default=None)


def _amount(sale: Sale, effects: Sequence[Effect], wording: Wording) -> tuple[str, str]:
    """Return what was paid, written and spoken; where nothing was sold, what is done to somebody named."""
    if not sale.number:
        done = effect_words(effects[0], wording) if effects else ""
        return ("", "") if done == _whose(sale, effects, wording) else (done, done)
    return wording.figures.money(sale.paid), wording.figures.spoken_money(sale.paid)


def _whose(sale: Sale, effects: Sequence[Effect], wording: Wording) -> str:
    """Return who a sale was for; of what is about no sale, whom it is about, else what it is."""
    if sale.number or not effects:
        return name_in_sentence(sale.display_name) or wording.text("No member")
    new = effects[0].new_member
    return name_in_sentence(short_name(new.name) if new else "") or effect_words(effects[0], wording)


def _when(at: datetime, wording: Wording, now: datetime) -> Sentence:
    """Return time and age; where there is no room for both, the age."""
    time, seconds = wording.figures.moment(at, now), (now - at).total_seconds()
    if seconds < 60:
        return Sentence.of(wording.text("{time}, now", time=time), wording.text("now"))
    age = wording.age(seconds)
    return Sentence.of(
        wording.text("{time}, {age} old", time=time, age=age), wording.text("{age} old", age=age)
    )


def _answer(effects: Sequence[EffectRow], row: EffectRow | None, wording: Wording, now: datetime) -> str:
    if row is None:
        return wording.text("Posted")
    if row.state in {EffectState.NEEDS_ATTENTION, EffectState.UNKNOWN}:
        return last_answer(row, wording)
    posted = sum(other.state in _FINAL for other in effects)
    if posted:
        count = wording.figures.count
        return wording.text("{n} of {m} parts posted", n=count(posted), m=count(len(effects)))
    return next_try(row, wording, now) or last_answer(row, wording)


def _refused(row: EffectRow, what: str, because: RefusedBecause, wording: Wording) -> str:
    why = refused_words(row.effect, because, wording)
    if because is RefusedBecause.MEMBER_BLOCKED:
        return wording.text(
            "{what}: refused. {why}. It was not booked. Send it again once a manager has unblocked them; "
            "else settle it by hand.",
            what=what,
            why=why,
        )
    return wording.text(
        "{what}: refused. {why}. It was not booked; settle it by hand.",
        what=what,
        why=why,
    )


def _happened(row: EffectRow | None, wording: Wording) -> Sentence:
    """Say what happened to the effect in the way, what it means, and what may safely be done."""
    if row is None:
        return Sentence.of(wording.text("Everything is posted. Nothing to do."))
    what = effect_words(row.effect, wording)
    because, by_hand = refusal_of(row), done_by_hand(row, what, wording)
    if by_hand is not None:
        text = by_hand
    elif because is not None:
        text = _refused(row, what, because, wording)
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
