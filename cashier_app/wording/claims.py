"""Sales made without a member, in words: the code on the receipt, whose a sale is, why it is nobody's."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.sale import Sale
from cashier_app.services.claims import NotClaimable, Offer, WhyNotClaimed
from cashier_app.services.receipt_codes import ReceiptCodes
from cashier_app.services.till_view import Choosing, ClaimShown, TillView, WhoClaims
from cashier_app.wording.pay_panel import Fill, PayPanelWords
from cashier_app.wording.problems import MessageCardWords
from cashier_app.wording.sentences import Sentence, Tone, name_in_sentence, plain
from cashier_app.wording.speech import Wording
from cashier_app.wording.training_mark import training_line
from cashier_app.wording.ways import choice_keys

if TYPE_CHECKING:
    from cashier_app.wording.people import ChoosingWords


class ReceiptCardWords(Struct, frozen=True):
    """The card that shows the codes of a sale just finished.

    Args:
        code: The claim code, to be read out or written down.
        receipt: What the QR code says.
        rows: The QR code itself, as `ReceiptCodes` has it.
        key: Of the button that prints it.
    """

    title: Sentence
    code: str
    body: Sentence
    receipt: str
    rows: tuple[str, ...]
    print_label: Sentence
    key: str
    spoken: str


class SlipWords(Struct, frozen=True):
    """A slip of paper for the customer.

    Args:
        store: At its head.
        facts: What was sold and when, as pairs.
        code: The claim code; empty where nobody may claim the sale.
        rows: The QR code, as `ReceiptCodes` has it.
        number: Of the sale.
        bars: The number as Code 128, as `ReceiptCodes` has it.
        mark: What must not be missed, at the very top: TRAINING.
    """

    store: str
    facts: tuple[tuple[str, str], ...]
    title: str
    code: str
    body: str
    rows: tuple[str, ...]
    number: str = ""
    bars: str = ""
    mark: str = ""


def receipt_card(codes: ReceiptCodes, wording: Wording) -> ReceiptCardWords:
    """Return the card beside a finished sale that may still be claimed."""
    count = wording.figures.count(codes.days)
    good = wording.plural(
        "Receipt gets a claim code, good for {n} day",
        "Receipt gets a claim code, good for {n} days",
        codes.days,
        n=count,
    )
    brief = wording.plural("Claim code, {n} day", "Claim code, {n} days", codes.days, n=count)
    title = wording.text("Without a member")
    return ReceiptCardWords(
        title=Sentence.of(title),
        code=codes.claim,
        body=Sentence.of(good, brief),
        receipt=codes.receipt,
        rows=codes.rows,
        print_label=Sentence.of(wording.text("Print claim code"), wording.text("Print")),
        key="P",
        spoken=wording.joined((title, codes.claim, good)),
    )


def claim_slip(
    sale: Sale, codes: ReceiptCodes, store: str, wording: Wording, *, training: bool = False
) -> SlipWords:
    """Return the slip of a finished sale."""
    figures = wording.figures
    day = figures.day(sale.at.astimezone(figures.zone).date())
    facts = (
        (wording.text("Sale"), plain(sale.number)),
        (wording.text("Day"), wording.joined((day, figures.time(sale.at)))),
        (wording.text("Paid"), figures.money(sale.paid)),
    )
    title = wording.text("Your receipt code")
    body = wording.text("Show this when goods come back.")
    if sale.claim_until is not None:
        title = wording.text("Collect {points} for this sale", points=wording.points_name)
        count = figures.count(codes.days)
        body = wording.plural(
            "Show this with your card within {n} day.",
            "Show this with your card within {n} days.",
            codes.days,
            n=count,
        )
    mark = training_line(wording) if training else ""
    number = plain(codes.number)
    return SlipWords(plain(store), facts, title, codes.claim, body, codes.rows, number, codes.bars, mark)


def claim_card(shown: ClaimShown, wording: Wording, now: datetime) -> MessageCardWords:
    """Return the card of a sale somebody may claim, or why not. `now` is UTC."""
    if shown.refused is not None:
        return _refused_card(shown.refused, wording, now)
    if shown.sale is None:
        reading = wording.text("Reading the receipt…")
        return MessageCardWords("receipt", Sentence.of(reading), Sentence.of(""))
    title = _sale_title(shown.sale, wording, now)
    who = shown.who
    if shown.looked_for:
        return MessageCardWords("receipt", title, Sentence.of(wording.text("Looking up…")))
    if who is None:
        return MessageCardWords("receipt", title, Sentence.of(wording.text("Who is it for?")), finder=True)
    if who.missing:
        body = wording.text("{shown} is not known here. Read the number back.", shown=plain(who.missing))
        return MessageCardWords("user", title, Sentence.of(body), Tone.WAIT, finder=True)
    return MessageCardWords("user", title, _for_whom(who, wording))


def claiming_members(shown: ClaimShown, wording: Wording, now: datetime) -> ChoosingWords:
    """Return the members who share the number of whoever claims; a digit takes one. `now` is UTC."""
    from cashier_app.wording.people import choosing_card

    words = choosing_card(Choosing("", shown.several, marked=-1), wording)
    title = _sale_title(shown.sale, wording, now) if shown.sale else words.title
    return replace(words, title=title, same=None)


def claim_pay(view: TillView, shown: ClaimShown, wording: Wording) -> PayPanelWords:
    """Return the pay panel while a sale is being claimed."""
    if shown.refused is not None:
        title, hero = wording.text("Not credited"), wording.text("Nothing changed")
        return _panel(title, hero, Fill.AMBER, wording, icon="warning")
    if shown.several:
        title, hero = wording.text("Which one?"), choice_keys(len(shown.several), wording)
        return _panel(title, hero, Fill.PLAIN, wording, left=wording.text("Ask for the first name"))
    if shown.offer is None or shown.who is None:
        title, hero = wording.text("Sale without a member"), wording.text("Who is it for?")
        fill = Fill.OFF if view.busy else Fill.PLAIN
        return _panel(title, hero, fill, wording, left=wording.text("Scan the card or type the number"))
    hero = earned_words(shown.offer, wording)
    number = plain(shown.sale.number) if shown.sale else ""
    title = wording.text("Credit sale {number}", number=number)
    left = "" if shown.who.fresh else wording.text("Posted when we are online")
    return _panel(title, hero, Fill.PLAIN, wording, left=left)


def earned_words(offer: Offer, wording: Wording) -> str:
    """Say what a claim earns, such as ``+10 coins`` or ``About +10 coins``."""
    if not offer.points:
        return wording.text("Earns nothing")
    points = wording.signed_points(offer.points)
    return wording.text("About {points}", points=points) if offer.about else points


def claim_primary(view: TillView, shown: ClaimShown, wording: Wording) -> Sentence:
    """Return what Enter does while a sale is being claimed."""
    if view.busy:
        return Sentence.of(wording.text("One moment…"))
    if view.entry:
        return Sentence.of(wording.text("Find member"))
    if shown.refused is not None:
        return Sentence.of(wording.text("Close"))
    if shown.several:
        return Sentence.of(wording.text("Choose"))
    if shown.who is None or shown.who.missing:
        return Sentence.of(wording.text("Find member"))
    name = name_in_sentence(shown.who.name.split(maxsplit=1)[0]) if shown.who.name.strip() else ""
    full = wording.text("Credit to {name}", name=name) if name else wording.text("Credit the sale")
    return Sentence.of(full, wording.text("Credit"))


def can_credit(view: TillView, shown: ClaimShown) -> bool:
    """Say whether Enter does something while a sale is being claimed."""
    named = shown.who is not None and not shown.who.missing and shown.offer is not None
    return bool(view.entry) or named or shown.refused is not None


def why_not(refused: NotClaimable, wording: Wording, now: datetime) -> tuple[str, str]:
    """Say in a title and one sentence why a sale cannot be claimed. `now` is UTC."""
    return _of_code(refused, wording) or _of_sale(refused, wording, now)


def _refused_card(refused: NotClaimable, wording: Wording, now: datetime) -> MessageCardWords:
    title, body = why_not(refused, wording, now)
    return MessageCardWords("receipt", Sentence.of(title), Sentence.of(body), Tone.WAIT)


def _of_code(refused: NotClaimable, wording: Wording) -> tuple[str, str] | None:
    match refused.why:
        case WhyNotClaimed.DAMAGED:
            title = wording.text("The receipt code is damaged")
            return title, wording.text("Scan it again, or type the claim code under it.")
        case WhyNotClaimed.FOREIGN:
            return (
                wording.text("Receipt of another shop"),
                wording.text("No till of this shop printed it, or its till does not share the claim key."),
            )
        case WhyNotClaimed.OTHER_TILL:
            title = wording.text("Sale of another till")
            return title, wording.text(
                "Scan the square code on the receipt: typed codes count at their own till."
            )
        case WhyNotClaimed.WRONG_CODE:
            title = wording.text("This claim code is not right")
            return title, wording.text("Read it again from the receipt.")
        case WhyNotClaimed.TOO_OFTEN:
            wait = wording.age(refused.seconds)
            title = wording.text("Too many wrong codes")
            return title, wording.text("Type again in {time}, or scan the receipt.", time=wait)
        case WhyNotClaimed.CODE_CHANGES:
            title = wording.text("This card changes its code")
            return title, wording.text("While offline, type the phone number instead.")
        case _:
            return None


def _of_sale(refused: NotClaimable, wording: Wording, now: datetime) -> tuple[str, str]:
    title = _sale_title(refused.sale, wording, now).full if refused.sale else wording.text("Not credited")
    match refused.why:
        case WhyNotClaimed.OTHER_CURRENCY:
            body = wording.text("This sale was in another currency than this till's.")
        case WhyNotClaimed.HAD_MEMBER:
            body = wording.text("This sale was rung up for a member already.")
        case WhyNotClaimed.NEVER:
            body = wording.text("Sales without a member could not be claimed then.")
        case WhyNotClaimed.OVER:
            body = _over(refused, wording, now)
        case WhyNotClaimed.AHEAD:
            body = wording.text("This receipt is from the future. One till's clock is wrong.")
        case _:
            body = _of_what_followed(refused.why, wording)
    return title, body


def _of_what_followed(why: WhyNotClaimed, wording: Wording) -> str:
    match why:
        case WhyNotClaimed.CLAIMED:
            return wording.text("This claim code was used. The sale counts for a member already.")
        case WhyNotClaimed.RETURNED:
            return wording.text("Goods of this sale came back. It cannot be claimed any more.")
        case WhyNotClaimed.PART:
            return wording.text("Some of it came back, and what is left cannot be told apart. Claim nothing.")
        case WhyNotClaimed.OWN_TILL:
            return wording.text(
                "This loyalty system cannot tell which till is first. Claim it where it was sold."
            )
        case WhyNotClaimed.BLOCKED:
            return wording.text("This member is blocked. Nothing may be earned.")
        case _:
            return wording.text("This sale cannot be claimed.")


def _over(refused: NotClaimable, wording: Wording, now: datetime) -> str:
    until = refused.sale.claim_until if refused.sale else None
    if until is None:
        return wording.text("This claim code has run out.")
    figures = wording.figures
    day = figures.short_day(until.astimezone(figures.zone).date(), now.astimezone(figures.zone).date())
    return wording.text("This claim code ran out on {day}.", day=day)


def _sale_title(sale: Sale, wording: Wording, now: datetime) -> Sentence:
    figures = wording.figures
    local, today = sale.at.astimezone(figures.zone).date(), now.astimezone(figures.zone).date()
    day, number = figures.short_day(local, today), plain(sale.number)
    money = figures.money(sale.bill)
    full = wording.text("Sale {number} of {day}, {money}", number=number, day=day, money=money)
    return Sentence.of(full, wording.text("Sale {number}", number=number))


def _for_whom(who: WhoClaims, wording: Wording) -> Sentence:
    name = name_in_sentence(who.name) or plain(who.seen_as)
    if not name:
        return Sentence.of(wording.text("For the card just scanned, looked up when we are online."))
    if who.tier:
        return Sentence.of(wording.text("For {name}, {tier}", name=name, tier=plain(who.tier)))
    return Sentence.of(wording.text("For {name}", name=name))


def _panel(
    title: str, hero: str, fill: Fill, wording: Wording, *, left: str = "", icon: str = ""
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
