"""The pay panel in words: the amount to take, or what the till waits for."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never

from msgspec import Struct

from cashier_app.domain.identifier import NotRecognised, Unrecognised
from cashier_app.domain.member import Way
from cashier_app.domain.outcome import CodeAhead, CodeTooOld, CodeUsed
from cashier_app.services.pasted_bill import pasted_on_show
from cashier_app.services.till_view import (
    Choosing,
    ClaimShown,
    Failed,
    Finished,
    LookingUp,
    NoCode,
    NotFound,
    Posting,
    Serving,
    ServingUnseen,
    SeveralCodes,
    Step,
    TillView,
    WithoutMember,
)
from cashier_app.wording.figures import MINUS
from cashier_app.wording.sentences import Sentence
from cashier_app.wording.speech import Wording
from cashier_app.wording.ways import choice_keys

COUNTED_SECONDS = 15
"""From here on the seconds until the screen clears are counted in the panel."""


class Fill(StrEnum):
    """What the panel's colour says; word and icon change with it."""

    OFF = "off"
    PLAIN = "plain"
    SOLID = "solid"
    DONE = "done"
    AMBER = "amber"


class PayPanelWords(Struct, frozen=True):
    """The pay panel.

    Args:
        context: At the right of the title.
        hero: The largest thing on the screen: an amount, or one word where `hero_is_word`.
        left: Lower line at the left; `right` the one at the right.
        icon: Beside the title; empty for none.
        spoken: Title and hero as one thing for a screen reader.
    """

    title: Sentence
    hero: str
    fill: Fill
    spoken: str
    hero_is_word: bool = False
    context: Sentence | None = None
    left: Sentence | None = None
    right: Sentence | None = None
    icon: str = ""


def pay_panel(view: TillView, wording: Wording, *, enrols: bool = False) -> PayPanelWords:
    """Return the pay panel of any step. `enrols` where this till can add members."""
    match view.step:
        case Step.IDLE:
            return _idle(view, wording)
        case Step.LOOKING_UP | Step.BILL | Step.REWARD:
            return _deciding(view, wording)
        case Step.CHOOSING:
            return _choosing(view, wording)
        case Step.PROBLEM:
            return _problem(view, wording, enrols=enrols)
        case Step.PAY:
            return _paying(view, wording)
        case Step.DONE:
            return _idle(view, wording) if view.finished is None else _done(view, view.finished, wording)
        case Step.CLAIM:
            return _claiming(view, wording)
    assert_never(view.step)


def _claiming(view: TillView, wording: Wording) -> PayPanelWords:
    from cashier_app.wording.claims import claim_pay  # loaded with the first receipt

    shown = view.person
    return claim_pay(view, shown, wording) if isinstance(shown, ClaimShown) else _idle(view, wording)


def clears_in(seconds: int, wording: Wording) -> Sentence:
    """Say when the screen clears by itself; the window counts down from the view's `clears_after`."""
    return Sentence.of(wording.text("Clears in {n} s", n=wording.figures.count(seconds)))


def spoken_to_pay(view: TillView, wording: Wording) -> str:
    """Return label and amount as one thing, such as ``To pay 2,160 rupees``."""
    amount = wording.figures.spoken_money(view.quote.to_pay if view.quote else view.bill.money)
    return wording.text("To pay {money}", money=amount)


def spoken_bill(view: TillView, wording: Wording) -> str:
    """Return the bill for a screen reader, such as ``Bill, 2,360 rupees``."""
    return wording.text("Bill, {money}", money=wording.figures.spoken_money(view.bill.money))


def bill_label(view: TillView, wording: Wording) -> tuple[Sentence, Sentence | None]:
    """Return the label of the bill and the hint under it while nothing is typed."""
    empty = view.step is Step.BILL and view.bill.is_empty
    hint = Sentence.of(wording.text("Type amount")) if empty else None
    pasted = pasted_on_show(view)
    if pasted is not None and pasted.bill.lines:
        count = len(pasted.bill.lines)
        hint = Sentence.of(wording.plural("{n} line", "{n} lines", count, n=wording.figures.count(count)))
    return Sentence.of(wording.text("Bill")), hint


def _idle(view: TillView, wording: Wording) -> PayPanelWords:
    title, hero = wording.text("Next customer"), wording.text("Ready")
    counts = view.connection.counts
    if view.trouble:
        left = ""  # the panel above says what failed; whether all is posted may not be known
    elif counts.waiting + counts.needs_attention:
        left = sales_to_post(counts.waiting, counts.needs_attention, wording)
    else:
        left = wording.text("All sales are posted")
    return _word_panel(title, hero, Fill.OFF, wording, left=left)


def sales_to_post(waiting: int, needs_attention: int, wording: Wording) -> str:
    """Say how many sales are not posted yet; those that need a person come first."""
    count = wording.figures.count
    if needs_attention:
        return wording.plural(
            "{n} sale needs attention",
            "{n} sales need attention",
            needs_attention,
            n=count(needs_attention),
        )
    return wording.plural("{n} sale will be posted", "{n} sales will be posted", waiting, n=count(waiting))


def _deciding(view: TillView, wording: Wording) -> PayPanelWords:
    quote = view.quote
    money = quote.to_pay if quote else view.bill.money
    left, right = _gains(view, wording)
    context = None
    if quote is not None and quote.discount:
        context = Sentence.of(
            wording.text(
                "{money} without {points}",
                money=wording.figures.money(quote.bill),
                points=wording.points_name,
            ),
            wording.figures.money(quote.bill),
        )
    waiting = not view.bill.money or isinstance(view.person, LookingUp)
    return PayPanelWords(
        title=Sentence.of(wording.text("To pay")),
        hero=wording.figures.money(money),
        fill=Fill.OFF if waiting else Fill.PLAIN,
        spoken=spoken_to_pay(view, wording),
        context=context,
        left=left if view.bill.money else None,
        right=right if view.bill.money else None,
    )


def _gains(view: TillView, wording: Wording) -> tuple[Sentence | None, Sentence | None]:
    """Return what the sale earns and the balance after it, as far as that is known."""
    quote = view.quote
    if isinstance(view.person, WithoutMember):
        return Sentence.of(wording.text("Earns nothing")), None
    if quote is None or isinstance(view.person, LookingUp):
        return None, None
    from cashier_app.domain.reasons import MemberBlocked  # loaded behind the first frame

    points = wording.points(quote.earns)
    unsure = isinstance(view.person, ServingUnseen) or not (
        isinstance(view.person, Serving) and view.person.fresh
    )
    if not quote.earns:
        left = Sentence.of(wording.text("Earns nothing"))
        if unsure or isinstance(quote.refusal, MemberBlocked):
            return left, None
    elif unsure:
        full = wording.text("Earns about {points}, posted later", points=points)
        return Sentence.of(full, wording.text("Earns about {points}", points=points)), None
    elif view.can is not None and view.can.earns_later:
        return Sentence.of(wording.text("Earns about {points}", points=points)), None
    else:
        left = Sentence.of(wording.text("Earns {points}", points=points))
    after = wording.figures.points(quote.balance_after)
    return left, Sentence.of(wording.text("Balance after {n}", n=after))


def _paying(view: TillView, wording: Wording) -> PayPanelWords:
    quote, figures = view.quote, wording.figures
    money = quote.to_pay if quote else view.bill.money
    left, right = _gains(view, wording)
    if view.hold_over:
        left, right = Sentence.of(wording.text("Hold ended. Enter holds again.")), None
    context = None
    if quote is not None and quote.discount:
        values = {"bill": figures.money(quote.bill), "discount": figures.money(quote.discount)}
        full = wording.text("Bill {bill} {minus} {discount}", minus=MINUS, **values)
        context = Sentence.of(full, wording.text("Bill {bill}", bill=values["bill"]))
    title = wording.text("Take payment") if money else wording.text("Nothing left to pay")
    spoken = wording.joined((title, figures.spoken_money(money)))
    return PayPanelWords(
        Sentence.of(title), figures.money(money), Fill.SOLID, spoken, False, context, left, right
    )


def _choosing(view: TillView, wording: Wording) -> PayPanelWords:
    count = len(view.person.found) if isinstance(view.person, Choosing) else 2
    return _word_panel(
        wording.text("Which one?"),
        choice_keys(count, wording),
        Fill.PLAIN,
        wording,
        left=wording.text("Ask for the first name"),
    )


def _not_taken(
    person: CodeAhead | CodeUsed | CodeTooOld | Unrecognised, wording: Wording
) -> tuple[str, str, bool]:
    """Return title, icon, and whether to scan again rather than mend what was typed."""
    match person:
        case CodeAhead():
            return wording.text("Two clocks differ"), "hourglass-medium", True
        case CodeUsed():
            return wording.text("Code used before"), "hourglass-medium", True
        case CodeTooOld():
            return wording.text("Code too old"), "hourglass-medium", True
        case Unrecognised(NotRecognised.CHECK_DIGIT, _, _):
            return wording.text("A wrong digit"), "identification-card", False
        case Unrecognised(NotRecognised.BAD_PHONE | NotRecognised.PHONE_EXTENSION, _, _):
            return wording.text("Not a whole number"), "phone", False
        case Unrecognised(NotRecognised.EMPTY, _, _):
            return wording.text("Nothing to look up"), "qr-code", True
        case Unrecognised(NotRecognised.CHANGED_CASE | NotRecognised.UNREADABLE_CHARACTERS, _, _):
            return wording.text("Not read right"), "prohibit", True
        case Unrecognised():
            return wording.text("Not a loyalty code"), "prohibit", True


def _problem(view: TillView, wording: Wording, *, enrols: bool) -> PayPanelWords:
    scan, kind = wording.text("Scan again"), wording.text("Type again")
    or_type, go_on = wording.text("Or type the phone number"), wording.text("Or go on without a member")
    match view.person:
        case NotFound(_, way) if not enrols:
            hero = scan if way is Way.WALLET_CODE else kind
            return _word_panel(wording.text("Not found"), hero, Fill.PLAIN, wording, left=go_on)
        case NotFound():
            ask = wording.text("Ask: would you like to collect {points}?", points=wording.points_name)
            return _word_panel(
                wording.text("Not found"), wording.text("New here?"), Fill.PLAIN, wording, left=ask
            )
        case CodeAhead() | CodeUsed() | CodeTooOld() | Unrecognised():
            title, icon, again = _not_taken(view.person, wording)
            hero, left = (scan, or_type) if again else (kind, go_on)
        case SeveralCodes(count):
            n = wording.figures.count(count)
            title = wording.plural("{n} code in view", "{n} codes in view", count, n=n)
            hero, left, icon = wording.text("Show one"), or_type, "qr-code"
        case NoCode():
            title, hero, left, icon = wording.text("No code seen"), scan, or_type, "qr-code"
        case Failed():
            title, hero = wording.text("Not looked up"), wording.text("Try again")
            left, icon = go_on, "warning"
        case _:
            return _idle(view, wording)
    return _word_panel(title, hero, Fill.AMBER, wording, left=left, icon=icon)


def _done(view: TillView, finished: Finished, wording: Wording) -> PayPanelWords:
    figures, sale = wording.figures, finished.sale
    later = finished.posting in {Posting.WAITING, Posting.NEEDS_ATTENTION}
    title = brief = wording.text("Done")
    if finished.posting is Posting.WAITING:
        title = wording.text("Done, will be posted")
    elif finished.posting is Posting.NEEDS_ATTENTION:
        title, brief = wording.text("Done, needs attention"), wording.text("Needs attention")
    paid = wording.text("Paid {money}", money=figures.money(sale.paid))
    hero, is_word, context = figures.money(sale.paid), False, wording.text("Paid")
    spoken_hero = figures.spoken_money(sale.paid)
    # While a person has to decide, nobody is promised points: they may never be booked.
    if finished.earned > 0 and finished.posting is not Posting.NEEDS_ATTENTION:
        points = wording.signed_points(finished.earned)
        hero, is_word, context = points, True, paid
        if later or earns_later(view, finished):
            hero = wording.text("About {points}", points=points)
        spoken_hero = hero
    return PayPanelWords(
        title=Sentence.of(title, brief),
        hero=hero,
        fill=Fill.AMBER if later else Fill.DONE,
        spoken=wording.joined((title, spoken_hero)),
        hero_is_word=is_word,
        context=Sentence.of(context),
        left=_after(view, finished, wording),
        right=clears_in(view.clears_after, wording) if view.clears_after is not None else None,
        icon="warning" if finished.posting is Posting.NEEDS_ATTENTION else "check-circle",
    )


def earns_later(view: TillView, finished: Finished) -> bool:
    """Say whether the backend books what this sale earned some time after it took the sale."""
    return view.can is not None and view.can.earns_later and finished.earned > 0


def _after(view: TillView, finished: Finished, wording: Wording) -> Sentence | None:
    """Say what became of the points, as far as the backend has answered."""
    match finished.posting:
        case Posting.NOTHING_TO_POST:
            return Sentence.of(wording.text("Without a member"))
        case Posting.POSTING:
            return Sentence.of(wording.text("Posting…"))
        case Posting.WAITING:
            full = wording.text("{Points} will follow. Nothing to do.", Points=wording.points_capital)
            return Sentence.of(full, wording.text("Nothing to do."))
        case Posting.NEEDS_ATTENTION:
            return Sentence.of(wording.text("F7 shows what happened"))
        case Posting.POSTED if earns_later(view, finished):
            return Sentence.of(wording.text("{Points} will follow", Points=wording.points_capital))
        case Posting.POSTED:
            if finished.balance is None:
                return Sentence.of(wording.text("Posted"))
            balance = wording.points(finished.balance)
            full = wording.text("New balance {points}", points=balance)
            return Sentence.of(full, wording.text("Now {points}", points=balance))
    assert_never(finished.posting)


def _word_panel(
    title: str, hero: str, fill: Fill, wording: Wording, *, left: str, icon: str = ""
) -> PayPanelWords:
    return PayPanelWords(
        title=Sentence.of(title),
        hero=hero,
        fill=fill,
        spoken=wording.joined((title, hero)),
        hero_is_word=True,
        left=Sentence.of(left) if left else None,
        icon=icon,
    )
