"""Vouchers and a member's own offers, in words: what is asked, why not, and until when."""

from __future__ import annotations

from typing import assert_never

from cashier_app.domain.money import Money
from cashier_app.domain.personal_offer import OfferKind, PersonalOffer
from cashier_app.domain.vouchers import VoucherRefused, WhyNoVoucher
from cashier_app.services.till_view import Serving, TillView
from cashier_app.services.voucher_view import (
    KEY,
    VoucherGood,
    VoucherNot,
    WhyNotAsked,
    is_taken,
    personal_offers,
    pickable,
)
from cashier_app.wording.refusals import refusal_rows
from cashier_app.wording.sentences import Row, Sentence, Tone, name_in_sentence, plain
from cashier_app.wording.speech import Wording

_LONGEST_NAME = 60
_FITS_A_ROW = 16


def voucher_rows(view: TillView, wording: Wording) -> tuple[Row, ...]:
    """Return why a voucher gives nothing, to be read before the reasons; nothing where it gives something."""
    match view.voucher:
        case VoucherNot(VoucherRefused() as refused, bill):
            return (Row("warning", _refused(refused, bill, wording), Tone.WAIT),)
        case VoucherNot(WhyNotAsked() as why):
            return (Row("warning", _not_asked(why, wording), Tone.WAIT),)
        case VoucherGood(offer) if view.quote is not None and not is_taken(view):
            reward_id = offer.reward.reward_id
            option = next((one for one in view.quote.rewards if one.reward.reward_id == reward_id), None)
            return () if option is None or option.refusal is None else refusal_rows(option.refusal, wording)
        case _:
            return ()


def offer_notes(view: TillView, serving: Serving, wording: Wording) -> tuple[Row, ...]:
    """Return the member's own offers that come by themselves, or that cannot be pressed now, as notes."""
    pressed = pickable(view)
    return tuple(
        Row(_icon(one), _offer(one, wording), Tone.GOOD)
        for one in personal_offers(view, serving)
        if KEY + one.voucher not in pressed and not _is_here(one, view)
    )


def offers_to_press(view: TillView, serving: Serving) -> tuple[PersonalOffer, ...]:
    """Return the member's own offers whose voucher can be looked up now."""
    pressed = pickable(view)
    return tuple(
        one for one in personal_offers(view, serving) if one.voucher and KEY + one.voucher in pressed
    )


def offer_name(offer: PersonalOffer, wording: Wording) -> str:
    """Return what an offer is called: the backend's words as plain text, or what the occasion is."""
    return plain(offer.title) or _occasion(offer, wording)


def offer_in_row(offer: PersonalOffer, wording: Wording) -> tuple[str, str]:
    """Return an offer as it fits beside its last day: its name, or what the occasion is, and that day."""
    name = offer_name(offer, wording)
    until = wording.text("to {day}", day=wording.figures.short_day(offer.until)) if offer.until else ""
    return (name if len(name) <= _FITS_A_ROW else _occasion(offer, wording)), until


def offer_until(offer: PersonalOffer, wording: Wording) -> str:
    """Return until when an offer holds; empty where it always does."""
    return wording.text("until {day}", day=wording.figures.day(offer.until)) if offer.until else ""


def code_row(wording: Wording) -> tuple[str, str]:
    """Return the row that asks for a code: its name, and the key that does the same."""
    return wording.text("Voucher code"), wording.text("key +")


def _is_here(offer: PersonalOffer, view: TillView) -> bool:
    return isinstance(view.voucher, VoucherGood) and view.voucher.offer.code == offer.voucher


def _icon(offer: PersonalOffer) -> str:
    return "gift" if offer.kind is OfferKind.BIRTHDAY else "star"


def _occasion(offer: PersonalOffer, wording: Wording) -> str:
    match offer.kind:
        case OfferKind.BIRTHDAY:
            return wording.text("Birthday offer")
        case OfferKind.WIN_BACK:
            return wording.text("Welcome back")
        case OfferKind.OTHER:
            return wording.text("Offer for this member")
    assert_never(offer.kind)


def _offer(offer: PersonalOffer, wording: Wording) -> Sentence:
    # The day is what must not be cut off.
    name, until = offer_name(offer, wording), offer_until(offer, wording)
    if len(name) > _LONGEST_NAME:
        name = name[: _LONGEST_NAME - 1].rstrip() + "…"
    if not until:
        return Sentence.of(name, _occasion(offer, wording))
    occasion = _occasion(offer, wording)
    return Sentence.of(
        wording.text("{offer}, {until}", offer=name, until=until),
        wording.text("{offer}, {until}", offer=occasion, until=until),
    )


def _refused(refused: VoucherRefused, bill: Money, wording: Wording) -> Sentence:  # noqa: C901 - a case a reason
    text, figures = wording.text, wording.figures
    match refused.because:
        case WhyNoVoucher.UNKNOWN:
            return Sentence.of(text("No voucher has this code"))
        case WhyNoVoucher.USED:
            return Sentence.of(text("This voucher was used already"), text("Voucher used already"))
        case WhyNoVoucher.EXPIRED if refused.on is not None:
            day = figures.day(refused.on)
            return Sentence.of(text("This voucher ran out on {day}", day=day), text("Ran out {day}", day=day))
        case WhyNoVoucher.EXPIRED:
            return Sentence.of(text("This voucher has run out"), text("Voucher ran out"))
        case WhyNoVoucher.NOT_YET if refused.on is not None:
            day = figures.day(refused.on)
            return Sentence.of(text("This voucher is good from {day}", day=day), text("From {day}", day=day))
        case WhyNoVoucher.NOT_YET:
            return Sentence.of(text("This voucher is not good yet"), text("Voucher not good yet"))
        case WhyNoVoucher.OTHER_MEMBER:
            return Sentence.of(text("This voucher is another member's"), text("Another member's voucher"))
        case WhyNoVoucher.BILL_TOO_SMALL if refused.minimum is not None and refused.minimum > bill:
            more, least = figures.money(refused.minimum - bill), figures.money(refused.minimum)
            full = text("Voucher from {least} on: {more} more", least=least, more=more)
            return Sentence.of(full, text("{more} more for the voucher", more=more))
        case WhyNoVoucher.BILL_TOO_SMALL:
            return Sentence.of(text("The bill is too small for this voucher"), text("Bill too small"))
        case WhyNoVoucher.NOT_COMBINABLE:
            points = wording.points_name
            full = text("This voucher cannot be used together with {points}", points=points)
            return Sentence.of(full, text("Not with {points}", points=points))
        case WhyNoVoucher.NOT_ALLOWED:
            said = name_in_sentence(refused.detail)
            full = text("This voucher is not good here")
            if said and len(said) <= _LONGEST_NAME:
                return Sentence.of(text("Voucher refused: {detail}", detail=said), full)
            return Sentence.of(full)
    assert_never(refused.because)


def _not_asked(why: WhyNotAsked, wording: Wording) -> Sentence:
    text = wording.text
    match why:
        case WhyNotAsked.OFFLINE:
            return Sentence.of(text("Vouchers cannot be checked while offline"), text("Not while offline"))
        case WhyNotAsked.NO_MEMBER:
            return Sentence.of(
                text("A member's sale uses a voucher up. F3 adds the member"), text("F3: member first")
            )
        case WhyNotAsked.NO_BILL:
            return Sentence.of(text("Type the bill first, then the voucher"), text("Bill first"))
        case WhyNotAsked.NOT_A_CODE:
            return Sentence.of(text("This is no voucher code"), text("No voucher code"))
        case WhyNotAsked.NOT_HERE:
            return Sentence.of(text("The loyalty system here has no vouchers"), text("No vouchers here"))
    assert_never(why)
