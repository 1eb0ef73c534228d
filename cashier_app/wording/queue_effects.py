"""One effect of a sale in words: what it does, where it stands, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from msgspec import Struct

from cashier_app.domain.outcome import RefusedBecause
from cashier_app.domain.sale import Effect, EffectKind, EffectState
from cashier_app.ports.journal import EffectRow
from cashier_app.services.deadlines import TOO_LATE
from cashier_app.services.member_effects import CANNOT_BE_TAKEN, PERSON_LOST
from cashier_app.wording.sentences import Sentence, Tone, plain
from cashier_app.wording.speech import Wording

_BY_HAND = "settled by hand"  # what the delivery record begins with then
_BY_A_PERSON: dict[str, Callable[[Wording], str]] = {
    CANNOT_BE_TAKEN: lambda wording: wording.text("To be done there by hand"),
    PERSON_LOST: lambda wording: wording.text("Whom it is for cannot be read any more"),
    TOO_LATE: lambda wording: wording.text("Not posted within 24 hours"),
}
_HOLDS = frozenset({EffectKind.RESERVE, EffectKind.RELEASE})


class EffectWords(Struct, frozen=True):
    """One effect, for the open row.

    Args:
        what: What it does, such as ``Use 120 coins``.
        key: The key sent with every attempt, for support.
        answer: What came last, and when.
        following: When it is tried next, or nothing.
    """

    icon: str
    tone: Tone
    state: Sentence
    what: Sentence
    key: Sentence
    tries: Sentence
    answer: Sentence
    following: Sentence | None
    spoken: str


def effect_line(row: EffectRow, wording: Wording, now: datetime) -> EffectWords:
    """Return one effect for the open row. `now` is UTC."""
    words, icon, tone = effect_state(row, wording)
    what = effect_words(row.effect, wording)
    tries = tries_words(row.attempts, wording)
    answer = last_answer(row, wording)
    if row.last_answer.startswith(_BY_HAND):
        answer = wording.text("Last try")
    if row.last_attempt_at is not None:
        answer = wording.text(
            "{answer}, {time}", answer=answer, time=_tried_at(row.last_attempt_at, wording, now)
        )
    following = next_try(row, wording, now)
    return EffectWords(
        icon=icon,
        tone=tone,
        state=Sentence.of(words),
        what=Sentence.of(what),
        key=Sentence.of(wording.text("Key {key}", key=row.effect.key)),
        tries=Sentence.of(tries),
        answer=Sentence.of(answer),
        following=None if following is None else Sentence.of(following),
        spoken=wording.joined((what, words, tries, answer, following or "")),
    )


def effect_state(row: EffectRow, wording: Wording) -> tuple[str, str, Tone]:
    """Return where an effect stands: words, icon and tone."""
    if row.state is EffectState.DROPPED and row.effect.kind in _HOLDS:
        return wording.text("Nothing to do"), "minus-circle", Tone.MUTED
    return state_words(row.state, wording)


def state_words(state: EffectState, wording: Wording) -> tuple[str, str, Tone]:
    """Return a state: words, icon and tone."""
    match state:
        case EffectState.NEEDS_ATTENTION:
            return wording.text("Needs attention"), "warning", Tone.STOP
        case EffectState.UNKNOWN:
            return wording.text("Looking up"), "clock", Tone.WAIT
        case EffectState.SENDING:
            return wording.text("Sending"), "paper-plane-tilt", Tone.MUTED
        case EffectState.WAITING:
            return wording.text("Waiting"), "clock", Tone.WAIT
        case EffectState.POSTED:
            return wording.text("Posted"), "check-circle", Tone.GOOD
        case EffectState.DROPPED:
            return wording.text("Settled by hand"), "pencil-simple", Tone.MUTED
    assert_never(state)


def tries_words(tries: int, wording: Wording) -> str:
    """Return how often something was sent."""
    return wording.plural("{n} try", "{n} tries", tries, n=wording.figures.count(tries))


def last_answer(row: EffectRow, wording: Wording) -> str:
    """Return what came of the last attempt."""
    because = refusal_of(row)
    if because is not None:
        return refused_words(row.effect, because, wording)
    told = _BY_A_PERSON.get(row.last_answer)
    if row.state is EffectState.NEEDS_ATTENTION and told is not None:
        return told(wording)
    match row.state:
        case EffectState.NEEDS_ATTENTION | EffectState.UNKNOWN:
            return wording.text("No answer came")
        case EffectState.SENDING:
            return wording.text("On its way")
        case EffectState.POSTED:
            return wording.text("Posted")
        case EffectState.DROPPED:
            return effect_state(row, wording)[0]
        case EffectState.WAITING:
            return wording.text("Could not be sent") if row.attempts else wording.text("Not sent yet")
    assert_never(row.state)


def next_try(row: EffectRow, wording: Wording, now: datetime) -> str | None:
    """Return when an effect that goes by itself is tried next. `now` is UTC."""
    if row.state not in {EffectState.WAITING, EffectState.UNKNOWN}:
        return None
    seconds = int((row.next_attempt_at - now).total_seconds())
    if seconds <= 0:
        return wording.text("Sent next")
    if seconds <= 90:
        return wording.text("Next try in {n} s", n=wording.figures.count(seconds))
    return wording.text("Next try in {age}", age=wording.age(seconds))


def done_by_hand(row: EffectRow, what: str, wording: Wording) -> str | None:
    """Return what a person does about an effect that is not sent by itself; None for any other."""
    if row.state is not EffectState.NEEDS_ATTENTION:
        return None
    match row.last_answer:
        case answer if answer == CANNOT_BE_TAKEN and row.effect.kind is EffectKind.MERGE:
            return wording.text(
                "{what}: {other} into {member}. The loyalty system cannot be asked for it; "
                "join them there by hand, then settle it here.",
                what=what,
                other=plain(row.effect.other_member_id),
                member=plain(row.effect.member_id),
            )
        case answer if answer == CANNOT_BE_TAKEN:
            return wording.text(
                "{what}: the loyalty system cannot be asked for it. "
                "Do it there by hand, then settle it here.",
                what=what,
            )
        case answer if answer == PERSON_LOST:
            return wording.text(
                "{what}: whom it is for cannot be read any more, so it is never sent. "
                "Do it by hand if somebody asks, then settle it here.",
                what=what,
            )
        case answer if answer == TOO_LATE:
            return wording.text(
                "{what}: not posted within 24 hours. Look it up; what is not there is sent again.", what=what
            )
    return None


def refused_words(effect: Effect, because: RefusedBecause, wording: Wording) -> str:
    """Say why the backend will never apply this effect."""
    if effect.kind is EffectKind.ENROL and because is RefusedBecause.INVALID:
        return wording.text("The loyalty system does not take them with these particulars")
    return refused_because(because, wording).full


def refusal_of(row: EffectRow) -> RefusedBecause | None:
    """Return the refusal in the delivery record, which is written as the refusal's own value."""
    if row.state is not EffectState.NEEDS_ATTENTION or row.last_answer not in set(RefusedBecause):
        return None
    return RefusedBecause(row.last_answer)


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
        case RefusedBecause.ALREADY_LINKED:
            text = wording.text("The sale belongs to a member already")
        case RefusedBecause.VOUCHER_GONE:
            text = wording.text("The voucher was used or ran out before")
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
        case EffectKind.CAPTURE | EffectKind.REDEEM:
            return wording.text("Use {points}", points=points)
        case EffectKind.RELEASE | EffectKind.RESTORE:
            return wording.text("Give back {points}", points=points)
        case EffectKind.SALE:
            return wording.text("Earn {points}", points=points)
        case EffectKind.REFUND | EffectKind.CLAW_BACK:
            return wording.text("Take back {points}", points=points)
        case EffectKind.ENROL:
            return wording.text("New member")
        case EffectKind.LINK:
            return wording.text("Give the sale to the member")
        case EffectKind.MERGE:
            return wording.text("Ask to join two records")
    assert_never(effect.kind)


def _tried_at(at: datetime, wording: Wording, now: datetime) -> str:
    """Return the time to the second, as support wants it; of another day the minute will do."""
    zone = wording.figures.zone
    if at.astimezone(zone).date() == now.astimezone(zone).date():
        return wording.figures.time_with_seconds(at)
    return wording.figures.moment(at, now)
