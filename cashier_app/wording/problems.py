"""Why nobody is served, and passing remarks, in words: what happened, what it means, what to do."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from msgspec import Struct

from cashier_app.domain.identifier import NotRecognised, Unrecognised
from cashier_app.domain.member import Way
from cashier_app.domain.outcome import CodeTooOld
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
from cashier_app.wording.people import WAY_ICONS
from cashier_app.wording.sentences import Sentence, Tone, name_in_sentence, plain
from cashier_app.wording.speech import Wording


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
        case Unrecognised(reason, digits, expected):
            return _unrecognised(reason, digits, expected, wording)
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


def notice_words(notice: Notice, wording: Wording) -> ToastWords:
    """Return a passing remark for the toast."""
    name = name_in_sentence(notice.name)
    match notice.kind:
        case NoticeKind.SCAN_NOT_USED:
            full = wording.text("Scan not used: finish this sale first")
            return ToastWords(Sentence.of(full, wording.text("Scan not used")), None, "")
        case NoticeKind.NOT_A_LOYALTY_CODE:
            full = wording.text("This is not a loyalty code")
            return ToastWords(Sentence.of(full, wording.text("Not a loyalty code")), None, "")
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
            if not name:
                full = wording.text("The member has changed")
            return ToastWords(Sentence.of(full), None, "")
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
    assert_never(notice.kind)


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


def _unrecognised(reason: NotRecognised, digits: int, expected: int, wording: Wording) -> MessageCardWords:
    title = wording.text("This is not a loyalty code")
    icon, finder = "prohibit", True
    match reason:
        case NotRecognised.EMPTY:
            title, icon = wording.text("Nothing to look up"), "qr-code"
            body = wording.text("Scan a wallet code or card, or type a number.")
        case NotRecognised.TOO_LONG:
            body = wording.text("It is too long for one of our codes. Scan the wallet code or card.")
        case NotRecognised.STRANGE_CHARACTERS:
            body = wording.text("It holds signs our codes do not have. Scan the wallet code or card.")
        case NotRecognised.PAYMENT_CARD:
            body = wording.text("This is a payment card. It was not read.")
            icon = "identification-card"
        case NotRecognised.PRODUCT_CODE:
            body, icon = wording.text("This is the code of a product. Scan it at your till."), "barcode"
        case NotRecognised.FOREIGN_LINK:
            body = wording.text("It is a web address that is not ours. It was not opened.")
        case NotRecognised.NOT_OURS:
            body = wording.text("Scan the wallet code or card, or type the phone number.")
        case NotRecognised.BAD_PHONE:
            title, icon, finder = wording.text("Check the number"), "phone", False
            body = wording.plural(
                "{n} digit, a phone here has {m}",
                "{n} digits, a phone here has {m}",
                digits,
                n=wording.figures.count(digits),
                m=wording.figures.count(expected),
            )
        case _:
            assert_never(reason)
    return MessageCardWords(icon, Sentence.of(title), Sentence.of(body), Tone.WAIT, finder=finder)
