"""What somebody with the right to is asked to allow, in words: what it is, in figures, and why."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import assert_never

from msgspec import Struct

from cashier_app.services.approval import ApprovalAsked, Matter, Reason
from cashier_app.services.desk_view import DeskView, PinPrompt, Trouble
from cashier_app.wording.sentences import Row, Sentence, name_in_sentence
from cashier_app.wording.speech import Wording
from cashier_app.wording.staff import (
    PersonWords,
    desk_note,
    person_words,
    role_name,
    told_pin,
    typed_digits,
)

_OPENS = frozenset({Matter.FIGURES, Matter.STAFF, Matter.SETTINGS, Matter.TRAINING, Matter.RESULTS})


class ApprovalPage(Enum):
    """What is to be answered now; each page wants one thing."""

    WHO = auto()
    WHY = auto()
    PIN = auto()


class ApprovalWords(Struct, frozen=True):
    """The question for a PIN.

    Args:
        title: What is to be allowed, as a question.
        about: Who asks for it.
        lines: Pairs of what and how much.
        asks: What is to be done on this page.
        people: Who may allow it.
        reasons: Why, to choose from.
        digits: Typed, and how many rings there are.
        note: What came of the last try.
        subject: What the note is about, without figures that are counted down.
        hint: A PIN of the demo shop; empty anywhere else.
    """

    page: ApprovalPage
    title: Sentence
    about: Sentence
    lines: tuple[tuple[Sentence, Sentence], ...]
    asks: Sentence
    people: tuple[PersonWords, ...]
    reasons: tuple[Sentence, ...]
    digits: tuple[int, int]
    spoken_digits: str
    note: Row | None
    subject: str
    hint: str
    escape: Sentence
    primary: Sentence
    can_confirm: bool
    takes_digits: bool


def approval_words(
    desk: DeskView, wording: Wording, *, told: Mapping[str, str] | None = None
) -> ApprovalWords:
    """Return the question for a PIN as it stands; `told` are PINs of the demo shop's people by their ids.

    Raises:
        ValueError: Nothing is asked.
    """
    prompt = desk.prompt
    if prompt is None or prompt.asked is None:
        raise ValueError("nothing is asked")
    asked, page = prompt.asked, page_of(prompt)
    waits = prompt.busy or prompt.trouble in {Trouble.WAIT, Trouble.LOCKED_OUT}
    return ApprovalWords(
        page=page,
        title=Sentence.of(_title(asked, wording)),
        about=Sentence.of(_about(desk, wording)),
        lines=_lines(asked, prompt.reason, wording),
        asks=Sentence.of(_asks(page, prompt, wording)),
        people=tuple(person_words(one, wording) for one in prompt.people),
        reasons=tuple(Sentence.of(reason_words(reason, wording)) for reason in asked.reasons),
        digits=(prompt.typed, max(prompt.typed, prompt.least)),
        spoken_digits=typed_digits(prompt, wording),
        note=desk_note(desk, wording),
        subject=prompt.trouble.value if prompt.trouble else "",
        hint=told_pin(prompt.chosen, told or {}, wording) if page is ApprovalPage.PIN else "",
        escape=Sentence.of(_escape(prompt, wording)),
        primary=Sentence.of(_primary(page, asked.matter, wording)),
        can_confirm=page is not ApprovalPage.PIN or (not waits and prompt.typed >= prompt.least),
        takes_digits=not waits,
    )


def page_of(prompt: PinPrompt) -> ApprovalPage:
    """Return what is to be answered next: who, why, and then the PIN."""
    if prompt.chosen is None:
        return ApprovalPage.WHO
    wants_reason = prompt.asked is not None and prompt.asked.reasons and prompt.reason is None
    return ApprovalPage.WHY if wants_reason else ApprovalPage.PIN


def reason_words(reason: Reason, wording: Wording) -> str:
    """Return why a limit is lifted."""
    match reason:
        case Reason.MEMBER_KNOWN:
            return wording.text("The member is known here")
        case Reason.MEMBER_ASKS:
            return wording.text("The member asks for it")
        case Reason.MISTAKE_AT_TILL:
            return wording.text("A mistake at the till")
        case Reason.GOODWILL:
            return wording.text("Goodwill")
        case Reason.SYSTEM_DOWN:
            return wording.text("The loyalty system is down")
    assert_never(reason)


def nobody_may(wording: Wording) -> Sentence:
    """Say that nobody of the staff can allow what was asked for."""
    full = wording.text("Nobody signed up here may allow this")
    return Sentence.of(full, wording.text("Nobody here may allow this"))


def finish_payment_first(wording: Wording) -> Sentence:
    """Say why the cashier is not changed now."""
    full = wording.text("Finish the payment first, then change the cashier")
    return Sentence.of(full, wording.text("Finish the payment first"))


def _title(asked: ApprovalAsked, wording: Wording) -> str:
    text = wording.text
    return {
        Matter.OFFLINE_POINTS: text("Use {points} while offline?", points=wording.points_name),
        Matter.REFUND: text("Take this back?"),
        Matter.SETTLEMENT: text("Settle this by hand?"),
        Matter.BACKEND: text("Change the loyalty system?"),
        Matter.STAFF: text("Open the staff?"),
        Matter.FIGURES: text("Open the day?"),
        Matter.DAY_CLOSE: text("Close the day?"),
        Matter.SETTINGS: text("Open the settings?"),
        Matter.TRAINING: text("Open training?"),
        Matter.RESULTS: text("Open the trainer's view?"),
    }[asked.matter]


def _about(desk: DeskView, wording: Wording) -> str:
    on_duty = desk.on_duty
    if on_duty is None:
        return ""
    name, role = name_in_sentence(on_duty.name), role_name(on_duty.role, wording)
    return wording.text("Asked by {name}, {role}", name=name, role=role)


def _lines(
    asked: ApprovalAsked, reason: Reason | None, wording: Wording
) -> tuple[tuple[Sentence, Sentence], ...]:
    lines = []
    if asked.amount is not None:
        lines.append((wording.text("Amount"), wording.figures.money(asked.amount)))
    if asked.limit is not None:
        lines.append((wording.text("Allowed without a PIN"), wording.figures.money(asked.limit)))
    if reason is not None:
        lines.append((wording.text("Reason"), reason_words(reason, wording)))
    return tuple((Sentence.of(what), Sentence.of(value)) for what, value in lines)


def _asks(page: ApprovalPage, prompt: PinPrompt, wording: Wording) -> str:
    match page:
        case ApprovalPage.WHO:
            return wording.text("Who allows it?")
        case ApprovalPage.WHY:
            return wording.text("Why?")
        case ApprovalPage.PIN if prompt.busy:
            return wording.text("Checking…")
        case ApprovalPage.PIN:
            name = name_in_sentence(prompt.chosen.name) if prompt.chosen else ""
            return wording.text("PIN of {name}", name=name)
    assert_never(page)


def _escape(prompt: PinPrompt, wording: Wording) -> str:
    back = prompt.chosen is not None and len(prompt.people) > 1
    return wording.text("Back") if back else wording.text("Cancel")


def _primary(page: ApprovalPage, matter: Matter, wording: Wording) -> str:
    if page is not ApprovalPage.PIN:
        return wording.text("Choose")
    opens = matter in _OPENS
    return wording.text("Open") if opens else wording.text("Allow")
