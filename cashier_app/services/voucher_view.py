"""A voucher on the bill on show: asked about, good or refused; pure steps from one snapshot to the next."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.choice import TakeMaximum, TakeReward
from cashier_app.domain.money import Money, zero
from cashier_app.services.till_view import NoticeKind, Serving, Step, Target, TillView

if TYPE_CHECKING:
    from cashier_app.domain.personal_offer import PersonalOffer
    from cashier_app.domain.program import Program
    from cashier_app.domain.vouchers import VoucherOffer, VoucherRefused

KEY = "voucher:"
"""Before a voucher's code among what can be marked or pressed; alone it asks for one. No id has a colon."""

MOST_OFFERS = 2


class WhyNotAsked(StrEnum):
    """Why a voucher was not looked up at all, or without an answer."""

    OFFLINE = "offline"
    NO_MEMBER = "no member"
    NO_BILL = "no bill"
    NOT_A_CODE = "not a code"
    NOT_HERE = "not here"


class VoucherAsked(Struct, frozen=True):
    """The backend is being asked about a code."""

    code: str


class VoucherGood(Struct, frozen=True):
    """A voucher that is good for this member and this very bill; whether it is taken, the choice says."""

    offer: VoucherOffer
    bill: Money


class VoucherNot(Struct, frozen=True):
    """A voucher that is good for nothing on this bill."""

    why: VoucherRefused | WhyNotAsked
    bill: Money


VoucherShown = VoucherAsked | VoucherGood | VoucherNot


def is_code(text: str) -> bool:
    """Say whether a text may be a voucher code: printable ASCII without blanks, of a length that is asked."""
    from cashier_app.domain.vouchers import MAX_CODE  # with the first voucher

    return 0 < len(text) <= MAX_CODE and text.isascii() and text.isprintable() and " " not in text


def why_not_asked(view: TillView) -> WhyNotAsked | None:
    """Return why no voucher can be looked up now, or None."""
    if view.can is not None and not view.can.vouchers:
        return WhyNotAsked.NOT_HERE
    if not isinstance(view.person, Serving):
        return WhyNotAsked.NO_MEMBER
    if not view.person.fresh or view.can is None:
        return WhyNotAsked.OFFLINE
    return WhyNotAsked.NO_BILL if view.bill.money == zero(view.bill.currency) else None


def with_voucher(program: Program, voucher: VoucherShown | None) -> Program:
    """Return the program with what a good voucher gives among its rewards, the first of them."""
    if not isinstance(voucher, VoucherGood):
        return program
    return replace(program, rewards=(voucher.offer.reward, *program.rewards))


def is_taken(view: TillView) -> bool:
    """Say whether the voucher on show is what is chosen."""
    voucher = view.voucher
    return isinstance(voucher, VoucherGood) and view.choice == TakeReward(voucher.offer.reward.reward_id)


def voucher_used(view: TillView) -> str:
    """Return the code of the voucher that the quote on show takes something off with; empty for none."""
    voucher, quote = view.voucher, view.quote
    if not isinstance(voucher, VoucherGood) or quote is None or quote.reward is None:
        return ""
    return voucher.offer.code if quote.reward.reward_id == voucher.offer.reward.reward_id else ""


def of_this_bill(view: TillView) -> TillView:
    """Return the screen without a voucher that was looked up for another amount."""
    voucher = view.voucher
    if not isinstance(voucher, VoucherGood | VoucherNot) or voucher.bill == view.bill.money:
        return view
    return without_voucher(view)


def without_voucher(view: TillView) -> TillView:
    """Return the screen without the voucher; not quoted yet."""
    return replace(view, voucher=None, choice=TakeMaximum() if is_taken(view) else view.choice)


def lost_voucher(before: TillView, after: TillView) -> NoticeKind | None:
    """Return the remark that a voucher fell away while the sale goes on, or None."""
    if not isinstance(before.voucher, VoucherGood) or isinstance(after.voucher, VoucherGood | VoucherAsked):
        return None
    goes_on = after.step in {Step.BILL, Step.REWARD} or (
        after.step is Step.IDLE and after.bill.money != zero(after.bill.currency)
    )
    return NoticeKind.VOUCHER_DROPPED if goes_on else None


# Typing a code.
def typing(view: TillView) -> TillView:
    """Return the screen in whose scan field a code is typed."""
    return replace(view, target=Target.VOUCHER, entry="", trouble="")


def not_typing(view: TillView) -> TillView:
    """Return the screen as it was before a code was typed."""
    if view.target is not Target.VOUCHER:
        return view
    target = Target.DISCOUNT if view.step is Step.REWARD else Target.BILL
    return replace(view, target=target, entry="")


def with_code_character(view: TillView, character: str) -> TillView:
    """Return the screen after a character of the code; what no code holds is ignored."""
    return replace(view, entry=view.entry + character) if is_code(view.entry + character) else view


# What the backend has for this member.
def personal_offers(view: TillView, person: Serving) -> tuple[PersonalOffer, ...]:
    """Return the member's own offers, those that run out first, at most two; none that ran out already."""
    today = view.occasion.at.date()
    kept = [one for one in person.account.offers if one.until is None or one.until >= today]
    soonest = sorted(kept, key=lambda one: (one.until is None, one.until or today))
    return tuple(soonest[:MOST_OFFERS])


def in_order(view: TillView, rewards: Iterable[str]) -> list[str]:
    """Return all that can be marked or pressed, from the top: the member's own offers, rewards, a code."""
    extra = pickable(view)
    return [*extra[:-1], *rewards, *extra[-1:]]


def pickable(view: TillView) -> tuple[str, ...]:
    """Return what can be marked or pressed beside the rewards: offers with a code, and typing one."""
    choosing = view.step in {Step.BILL, Step.REWARD} and not is_taken(view)
    if not choosing or why_not_asked(view) is not None or not isinstance(view.person, Serving):
        return ()
    here = view.voucher.offer.code if isinstance(view.voucher, VoucherGood) else ""
    codes = [one.voucher for one in personal_offers(view, view.person) if one.voucher not in {"", here}]
    return (*(KEY + code for code in codes), KEY)
