"""Why a sale cannot come back here, in words."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from cashier_app.domain.sale import Sale
from cashier_app.services.other_tills import NotFromHere, WhyNotFromHere
from cashier_app.services.searched_sales import (
    AlreadyReturned,
    NobodyHere,
    NoMember,
    NotAReceipt,
    NotHere,
    NotReturnable,
    OtherSystem,
    OtherTill,
)
from cashier_app.wording.problems import MessageCardWords
from cashier_app.wording.sentences import Sentence, Tone, plain
from cashier_app.wording.speech import Wording


def return_problem(problem: NotReturnable, wording: Wording, now: datetime) -> MessageCardWords:
    """Return why what was asked for cannot come back. `now` is UTC."""
    match problem:
        case NotHere(asked):
            title = wording.text("No such sale at this till")
            body = wording.text("{asked} was not found. Look at the receipt again.", asked=plain(asked))
            return MessageCardWords("receipt", Sentence.of(title), Sentence.of(body), Tone.WAIT)
        case NotAReceipt():
            title = wording.text("This is no receipt number")
            body = wording.text("A number looks like 2-0418. An amount and a time look like 1025 14:20.")
            return MessageCardWords("receipt", Sentence.of(title), Sentence.of(body), Tone.WAIT)
        case OtherTill(number):
            title = wording.text("Not a receipt of this till")
            body = wording.text(
                "{number} was sold elsewhere. Scan its square code, or take the goods back there.",
                number=plain(number),
            )
            return MessageCardWords("receipt", Sentence.of(title), Sentence.of(body), Tone.WAIT)
        case NoMember(sale, later):
            return _no_member(sale, wording, later=later)
        case AlreadyReturned(sale, on):
            title = wording.text(
                "Already returned on {day}",
                day=wording.figures.short_day(
                    on.astimezone(wording.figures.zone).date(), now.astimezone(wording.figures.zone).date()
                ),
            )
            time = wording.figures.time(on)
            body = wording.text(
                "All of {number} came back at {time}. No more can.", number=plain(sale.number), time=time
            )
            return MessageCardWords("prohibit", Sentence.of(title), Sentence.of(body), Tone.STOP)
        case NobodyHere():
            return _nobody(problem, wording)
        case OtherSystem(sale):
            title = wording.text("Sold with another loyalty system")
            body = wording.text(
                "Have the {points} of {number} put right there.",
                points=wording.points_name,
                number=plain(sale.number),
            )
            return MessageCardWords("receipt", Sentence.of(title), Sentence.of(body), Tone.WAIT)
        case NotFromHere(why, number):
            title, body = _not_from_here(why, plain(number), wording)
            return MessageCardWords("receipt", Sentence.of(title), Sentence.of(body), Tone.WAIT)
    assert_never(problem)


def _nobody(problem: NobodyHere, wording: Wording) -> MessageCardWords:
    if problem.unanswered:
        title = wording.text("The loyalty system does not answer")
        body = wording.text("Who this is cannot be found now. Scan the receipt, or type its number.")
        return MessageCardWords("cloud-slash", Sentence.of(title), Sentence.of(body), Tone.WAIT)
    if problem.stale:
        title = wording.text("This code has run out")
        body = wording.text("Ask for a fresh one, scan the receipt, or type its number.")
        return MessageCardWords("clock", Sentence.of(title), Sentence.of(body), Tone.WAIT)
    if problem.known:
        title = wording.text("No sales to this member here")
        body = wording.text("Nothing was sold to them at this till. Scan the receipt.")
    else:
        title = wording.text("No such member")
        body = wording.text("Nobody is known by this. Scan the receipt, or type its number.")
    return MessageCardWords("user", Sentence.of(title), Sentence.of(body), Tone.WAIT)


def _not_from_here(why: WhyNotFromHere, number: str, wording: Wording) -> tuple[str, str]:
    """Return title and body."""
    there = wording.text("Take the goods back where they were sold.")
    match why:
        case WhyNotFromHere.NOT_OURS:
            return wording.text("Receipt of another shop"), wording.text("No till of this shop wrote it.")
        case WhyNotFromHere.UNREADABLE:
            body = wording.text("Scan it again, or type its number.")
            return wording.text("The receipt cannot be read"), body
        case WhyNotFromHere.FUTURE:
            body = wording.text("{number} is dated later than now. Look at the till's clock.", number=number)
            return wording.text("A receipt of the future"), body
        case WhyNotFromHere.OTHER_CURRENCY:
            what = wording.text("{number} was paid in another currency.", number=number)
            return wording.text("Receipt in another currency"), wording.text("{a} {b}", a=what, b=there)
        case WhyNotFromHere.OFFLINE:
            body = wording.text(
                "{number} was sold at another till: the loyalty system must be asked. Try again.",
                number=number,
            )
            return wording.text("Only while online"), body
        case WhyNotFromHere.NOT_TOLD:
            what = wording.text(
                "The loyalty system does not tell what it booked for {number}.", number=number
            )
            return wording.text("Sold at another till"), wording.text("{a} {b}", a=what, b=there)
        case WhyNotFromHere.NOT_BOOKED:
            what = wording.text("The loyalty system has no sale {number}, or not yet.", number=number)
            return wording.text("Not known to the loyalty system"), wording.text("{a} {b}", a=what, b=there)
        case WhyNotFromHere.NOBODYS:
            what = wording.text("{number} was sold without a member at another till.", number=number)
            return wording.text("A sale without a member"), wording.text("{a} {b}", a=what, b=there)
        case WhyNotFromHere.RETURNED_ELSEWHERE:
            body = wording.text(
                "Goods of {number} came back at another till. Take the rest back there.", number=number
            )
            return wording.text("Returned at another till"), body
    assert_never(why)


def _no_member(sale: Sale, wording: Wording, *, later: bool) -> MessageCardWords:
    points, number = wording.points_name, plain(sale.number)
    if later:
        title = wording.text("Not known yet whose sale this is")
        body = wording.text(
            "{number} was made offline and is still to be posted. Return it once that is done.", number=number
        )
        return MessageCardWords("clock", Sentence.of(title), Sentence.of(body), Tone.WAIT)
    title = wording.text("A sale without a member")
    body = wording.text(
        "No {points} hang on {number}. Give the money back at your till; nothing is to be done here.",
        points=points,
        number=number,
    )
    return MessageCardWords("user", Sentence.of(title), Sentence.of(body))
