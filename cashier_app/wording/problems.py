"""Why nobody is served, and passing remarks, in words: what happened, what it means, what to do."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from msgspec import Struct

from cashier_app.domain.identifier import Unrecognised
from cashier_app.domain.member import Way
from cashier_app.domain.outcome import CodeAhead, CodeTooOld, CodeUsed
from cashier_app.services.till_view import (
    Failed,
    LookingUp,
    NoCode,
    NotFound,
    Notice,
    NoticeKind,
    Problem,
    ServingUnseen,
    SeveralCodes,
)
from cashier_app.wording.not_recognised import why_nobody
from cashier_app.wording.sentences import Sentence, Tone, name_in_sentence, plain
from cashier_app.wording.speech import Wording
from cashier_app.wording.ways import WAY_ICONS


class MessageCardWords(Struct, frozen=True):
    """A message in the card on the left.

    Args:
        finder: Whether the next thing is a scan, so that the finder is shown under it.
    """

    icon: str
    title: Sentence
    body: Sentence
    tone: Tone = Tone.PLAIN
    finder: bool = False


class ToastWords(Struct, frozen=True):
    """A passing remark, with the key that answers it."""

    sentence: Sentence
    action: Sentence | None
    key: str


def problem_card(problem: Problem, wording: Wording, now: datetime) -> MessageCardWords:
    """Say why nobody is served. `now` is UTC."""
    match problem:
        case NotFound(shown, way):
            return _not_found(shown, way, wording)
        case CodeTooOld(made_at, life_seconds):
            return _too_old(made_at, life_seconds, wording, now)
        case CodeAhead(made_at):
            return _ahead(made_at, wording, now)
        case CodeUsed(used_at):
            title = wording.text("This code was used at {time}", time=wording.figures.time(used_at))
            body = wording.text("Ask the customer to open the card again.")
            return MessageCardWords(
                "hourglass-medium", Sentence.of(title), Sentence.of(body), Tone.WAIT, finder=True
            )
        case Unrecognised():
            why = why_nobody(problem, wording)
            heading, rest = Sentence.of(why.title), Sentence.of(why.body)
            return MessageCardWords(why.icon, heading, rest, Tone.WAIT, finder=why.finder)
        case SeveralCodes(count):
            n = wording.figures.count(count)
            title = wording.plural("{n} code in view", "{n} codes in view", count, n=n)
            body = wording.text("Show one and cover the rest.")
            return MessageCardWords("qr-code", Sentence.of(title), Sentence.of(body), Tone.WAIT, finder=True)
        case NoCode():
            title = wording.text("No code in the picture")
            body = wording.text("Hold the code 15 cm away. Turn the screen brighter.")
            return MessageCardWords("qr-code", Sentence.of(title), Sentence.of(body), Tone.WAIT, finder=True)
        case Failed(sentence):
            return _failed(sentence, wording)
    assert_never(problem)


def idle_card(wording: Wording) -> MessageCardWords:
    """Return the card while nobody is at the till."""
    title = wording.text("Scan a wallet code or card")
    body = wording.text("or type a phone or member number")
    return MessageCardWords("qr-code", Sentence.of(title), Sentence.of(body), finder=True)


def looking_up_card(looking_up: LookingUp, wording: Wording, *, slow: bool = False) -> MessageCardWords:
    """Return the card while a look-up runs; `slow` after three seconds."""
    title = wording.text("Looking up…")
    body = wording.text("You can type the bill meanwhile")
    if slow:
        body = wording.text("Still trying… Esc to go on without")
    icon = WAY_ICONS[looking_up.way]
    return MessageCardWords(icon, Sentence.of(title), Sentence.of(body), Tone.WAIT if slow else Tone.PLAIN)


def unseen_card(unseen: ServingUnseen, wording: Wording) -> MessageCardWords:
    """Return the card of somebody identified while offline whom this till has not met."""
    body = wording.text(
        "This till has not met this member. {Points} for this sale will follow.",
        Points=wording.points_capital,
    )
    title = plain(unseen.shown) or wording.text("Member, not looked up yet")
    return MessageCardWords(WAY_ICONS[unseen.way], Sentence.of(title), Sentence.of(body), Tone.WAIT)


def without_member_card(wording: Wording) -> MessageCardWords:
    """Return the card of a sale without a member."""
    title = wording.text("Without a member")
    body = wording.text("This sale earns nothing. F3 adds a member.")
    return MessageCardWords("user", Sentence.of(title), Sentence.of(body))


def notice_words(notice: Notice, wording: Wording) -> ToastWords:  # noqa: C901 - a case a kind
    """Return a passing remark for the toast."""
    name = name_in_sentence(notice.name)
    match notice.kind:
        case (
            NoticeKind.SCAN_NOT_USED
            | NoticeKind.NOT_A_LOYALTY_CODE
            | NoticeKind.CODE_RAN_OUT
            | NoticeKind.BILL_NOT_READ
        ):
            return _not_taken(notice.kind, name, wording)
        case NoticeKind.ALREADY_HERE:
            return ToastWords(Sentence.of(wording.text("Already here")), None, "")
        case NoticeKind.SWITCH_OFFERED:
            full = wording.text("{name} scanned. Switch?", name=name)
            # Short, the button beside it asks the question.
            brief = wording.text("{name}?", name=name)
            if not name:
                full, brief = wording.text("Another member scanned. Switch?"), wording.text("Another member?")
            return ToastWords(Sentence.of(full, brief), Sentence.of(wording.text("Switch")), "F3")
        case NoticeKind.SWITCHED:
            full = wording.text("Member is now {name}", name=name)
            brief = wording.text("Now {name}", name=name)
            if not name:
                full, brief = wording.text("The member has changed"), wording.text("Changed")
            return ToastWords(Sentence.of(full, brief), Sentence.of(wording.text("Change back")), "F9")
        case NoticeKind.BACK_ONLINE:
            brief = wording.text("Online again")
            if not notice.count:
                return ToastWords(Sentence.of(brief), None, "")
            full = wording.plural(
                "Online again. {n} sale is being posted",
                "Online again. {n} sales are being posted",
                notice.count,
                n=wording.figures.count(notice.count),
            )
            return ToastWords(Sentence.of(full, brief), None, "")
        case NoticeKind.JOINED | NoticeKind.WILL_JOIN | NoticeKind.CLAIMED | NoticeKind.JOIN_ASKED:
            return _joined(notice.kind, name, wording)
        case NoticeKind.VOUCHER_DROPPED:
            full = wording.text("The sale changed: scan the voucher again")
            return ToastWords(Sentence.of(full, wording.text("Scan the voucher again")), None, "")
        case NoticeKind.ONE_VOUCHER:
            full = wording.text("One voucher a sale. Give the first back to use another")
            return ToastWords(Sentence.of(full, wording.text("One voucher a sale")), None, "")
    assert_never(notice.kind)


def _joined(kind: NoticeKind, name: str, wording: Wording) -> ToastWords:
    if kind is NoticeKind.JOIN_ASKED:
        full = wording.text("Noted: these two are one person. Choose either.")
        return ToastWords(Sentence.of(full, wording.text("Noted. Choose either.")), None, "")
    if kind is NoticeKind.CLAIMED:
        full = (
            wording.text("The sale counts for {name}", name=name) if name else wording.text("Sale credited")
        )
        return ToastWords(Sentence.of(full, wording.text("Sale credited")), None, "")
    if kind is NoticeKind.WILL_JOIN:
        full = wording.text("Will be a member when we are online")
        return ToastWords(Sentence.of(full, wording.text("Member once online")), None, "")
    full = wording.text("{name} is a member now", name=name) if name else wording.text("Is a member now")
    return ToastWords(Sentence.of(full, wording.text("Is a member now")), None, "")


def _not_taken(kind: NoticeKind, place: str, wording: Wording) -> ToastWords:
    match kind:
        case NoticeKind.BILL_NOT_READ:
            full, brief = wording.text("This bill cannot be used"), wording.text("Bill not used")
            if place:
                full = wording.text("This bill cannot be used: look at {place}", place=place)
        case NoticeKind.CODE_RAN_OUT:
            full = wording.text("This code ran out or was used. Open the card again")
            brief = wording.text("Code ran out")
        case NoticeKind.NOT_A_LOYALTY_CODE:
            full, brief = wording.text("This is not a loyalty code"), wording.text("Not a loyalty code")
        case _:
            full, brief = wording.text("Scan not used: finish this sale first"), wording.text("Scan not used")
    return ToastWords(Sentence.of(full, brief), None, "")


def _not_found(shown: str, way: Way, wording: Wording) -> MessageCardWords:
    title = Sentence.of(wording.text("No member found"))
    what = plain(shown)
    match way:
        case Way.WALLET_CODE:
            body = wording.text("This code is not known here. Ask for the phone number.")
        case Way.PHONE if what:
            body = wording.text(
                "{phone} is not known here. Read the number back to the customer.", phone=what
            )
        case Way.MEMBER_NUMBER if what:
            body = wording.text("{number} is not known here. Check it against the card.", number=what)
        case _:
            body = wording.text("The number is not known here. Read it back to the customer.")
    return MessageCardWords("user-plus", title, Sentence.of(body))


def _failed(sentence: str, wording: Wording) -> MessageCardWords:
    """Say what failed in its own words: what happened is the title, the rest is what to do."""
    what, _, rest = plain(sentence).partition(". ")
    body = rest or wording.text("Nobody was looked up. Scan again, or type the number.")
    return MessageCardWords("warning", Sentence.of(what.removesuffix(".")), Sentence.of(body), Tone.WAIT)


def _too_old(made_at: datetime, life_seconds: int, wording: Wording, now: datetime) -> MessageCardWords:
    minutes = max(int((now - made_at).total_seconds()) // 60, 1)
    life = max(life_seconds // 60, 1)
    count = wording.figures.count
    parts = (
        wording.plural(
            "It was made {n} minute ago.", "It was made {n} minutes ago.", minutes, n=count(minutes)
        ),
        wording.plural("A code lives {n} minute.", "A code lives {n} minutes.", life, n=count(life)),
        wording.text("Ask the customer to open the card again. A screenshot does not work."),
    )
    title = Sentence.of(wording.text("This code is too old"))
    return MessageCardWords("hourglass-medium", title, Sentence.of(" ".join(parts)), Tone.WAIT, finder=True)


def _ahead(made_at: datetime, wording: Wording, now: datetime) -> MessageCardWords:
    minutes = max(int((made_at - now).total_seconds()) // 60, 1)
    n = wording.figures.count(minutes)
    body = wording.plural(
        "This code is {n} minute ahead of this till. Check the date and time of both.",
        "This code is {n} minutes ahead of this till. Check the date and time of both.",
        minutes,
        n=n,
    )
    title = Sentence.of(wording.text("Two clocks differ"))
    rest = wording.text("Or type the phone number.")
    return MessageCardWords("hourglass-medium", title, Sentence.of(f"{body} {rest}"), Tone.WAIT, finder=True)
