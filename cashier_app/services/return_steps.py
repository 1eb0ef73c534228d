"""What each key does to a return: pure steps from one `ReturnView` to the next, no waiting and no I/O."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cashier_app.domain.amount_entry import AmountEntry
from cashier_app.domain.bill import bill_of
from cashier_app.services.pasted_bill import PastedBill, as_typed
from cashier_app.services.return_lines import all_lines, line_marked, planned
from cashier_app.services.return_view import NewBill, ReturnStep, ReturnView, lines_left
from cashier_app.services.returnable import Returnable
from cashier_app.services.searched_sales import ListedSale, NotReturnable, Several

if TYPE_CHECKING:
    from cashier_app.services.exchanging import ExchangeTerms

MAX_ENTRY = 32


def finding(view: ReturnView, listed: tuple[ListedSale, ...]) -> ReturnView:
    """Return the screen that asks which sale it is, with these to choose from."""
    return ReturnView(listed=listed, remark=view.remark)


def with_character(view: ReturnView, character: str) -> ReturnView:
    """Return the screen after a character of a number, an amount or a time."""
    if not (character.isascii() and character.isprintable()) or len(view.entry) >= MAX_ENTRY:
        return view
    entry = "" if view.problem is not None else view.entry
    return replace(view, entry=entry + character, problem=None, trouble="")


def without_last(view: ReturnView) -> ReturnView:
    """Return the screen after Backspace; an amount emptied is all that is left again."""
    if view.step is ReturnStep.FIND:
        return replace(view, entry=view.entry[:-1], problem=None, trouble="")
    if view.step is ReturnStep.EXCHANGE and view.exchange is not None:
        return _with_new_bill(view, replace(view.exchange, bill=view.exchange.bill.without_last()))
    if view.step is not ReturnStep.AMOUNT or view.amount is None:
        return view
    left = view.amount.without_last()
    return all_lines(view) if left.is_empty else with_amount(view, left)


def marked(view: ReturnView, direction: int) -> ReturnView:
    """Return the screen with the sale, or the line, above or below marked."""
    if view.step is ReturnStep.AMOUNT and view.by_lines:
        return line_marked(view, direction)
    if view.step is not ReturnStep.FIND or not view.listed:
        return view
    if view.problem is not None and not view.entry:
        # What was wrong is put away, and the mark shown again where it stood.
        return replace(view, problem=None)
    return replace(view, marked=min(max(view.marked + direction, 0), len(view.listed) - 1))


def found(view: ReturnView, what: Returnable | Several | NotReturnable) -> ReturnView:
    """Return the screen once it is known what was asked for."""
    base = replace(view, busy=False, changed=False, trouble="", problem=None)
    match what:
        case Returnable():
            fresh = ReturnView(
                step=ReturnStep.AMOUNT, listed=view.listed, several=view.several, of_member=view.of_member
            )
            if what.untold is not None:
                asked = what.untold.effect.bill
                typed = None if asked == what.left else as_typed(bill_of(asked))
                return replace(
                    fresh, step=ReturnStep.CONFIRM, found=what, amount=typed, plan=what.untold_plan
                )
            return all_lines(replace(fresh, found=what))
        case Several(lines, of_member):
            # What was typed may be a phone number: it goes with the question.
            return ReturnView(listed=lines, several=True, of_member=of_member, remark=view.remark)
        case problem:
            # What was typed stays, to be mended.
            return replace(
                base, step=ReturnStep.FIND, problem=problem, found=None, amount=None, plan=None, balance=None
            )


def with_amount(view: ReturnView, amount: AmountEntry | None) -> ReturnView:
    """Return the screen with this much coming back, and what it does; None for what is picked, or all."""
    return planned(replace(view, amount=amount))


def with_digit(view: ReturnView, digit: str) -> ReturnView:
    """Return the screen after a digit of the amount; the first one replaces all that is left."""
    entry = _entry(view)
    return view if entry is None else with_amount(view, entry.with_digit(digit))


def with_point(view: ReturnView) -> ReturnView:
    """Return the screen after the decimal point."""
    entry = _entry(view)
    return view if entry is None else with_amount(view, entry.with_point())


def an_amount_instead(view: ReturnView) -> ReturnView:
    """Return the screen with an empty amount, to be typed."""
    entry = _entry(view)
    return view if entry is None else with_amount(view, AmountEntry(entry.currency))


def everything(view: ReturnView) -> ReturnView:
    """Return the screen with all that is left coming back."""
    return all_lines(view) if view.step is ReturnStep.AMOUNT else view


def with_balance(view: ReturnView, balance: Decimal | None) -> ReturnView:
    """Return the screen once the member's balance is known: points that were spent may not be there any more.

    Where that changes what was about to be confirmed, it is shown again first.
    """
    if view.found is None or view.found.untold is not None or view.step is ReturnStep.DONE:
        return view
    plan = view.found.plan(view.back, balance)
    known = replace(view, balance=balance, plan=plan)
    if plan == view.plan or view.step is not ReturnStep.CONFIRM:
        return known
    return replace(known, step=ReturnStep.EXCHANGE if view.exchange else ReturnStep.AMOUNT, changed=True)


def seen_again(view: ReturnView, found: Returnable) -> ReturnView:
    """Return the screen with the sale as it stands by now, to be looked at again."""
    step = ReturnStep.EXCHANGE if view.exchange is not None else ReturnStep.AMOUNT
    now = replace(view, found=found, step=step, busy=False)
    fits = not view.picks or all(
        picked <= left for picked, left in zip(view.picks, lines_left(found), strict=False)
    )
    return replace(planned(now) if fits else all_lines(now), changed=True)


def exchanging(view: ReturnView, terms: ExchangeTerms) -> ReturnView:
    """Return the screen that asks for the bill of what is bought instead."""
    currency = terms.program.currency
    bill = NewBill(terms, AmountEntry(currency))
    return replace(view, step=ReturnStep.EXCHANGE, busy=False, exchange=bill, changed=False, trouble="")


def with_bill_digit(view: ReturnView, character: str) -> ReturnView:
    """Return the screen after a digit or the point of the new bill."""
    if view.exchange is None:
        return view
    entry = view.exchange.bill
    typed = entry.with_point() if character == "." else entry.with_digit(character)
    return _with_new_bill(view, replace(view.exchange, bill=typed))


def with_pasted_bill(view: ReturnView, pasted: PastedBill) -> ReturnView:
    """Return the screen with a new bill that came with its lines."""
    if view.exchange is None:
        return view
    return _with_new_bill(view, replace(view.exchange, bill=as_typed(pasted.bill), pasted=pasted))


def without_exchange(view: ReturnView) -> ReturnView:
    """Return the screen of the return alone."""
    return replace(view, step=ReturnStep.AMOUNT, exchange=None, changed=False, trouble="")


def _with_new_bill(view: ReturnView, new: NewBill) -> ReturnView:
    whole = new.pasted.bill if new.pasted is not None else None
    if whole is None or whole.total != new.bill.money:
        new, whole = replace(new, pasted=None), bill_of(new.bill.money)
    quoted = new.terms.quoted(whole) if new.bill.money.minor else None
    return replace(view, exchange=replace(new, quote=quoted), trouble="")


def confirming(view: ReturnView) -> ReturnView:
    """Return the screen that asks once more, where something can come back."""
    if not can_return(view) or (view.exchange is not None and view.exchange.quote is None):
        return view
    return replace(view, step=ReturnStep.CONFIRM, changed=False, trouble="")


def can_return(view: ReturnView) -> bool:
    """Say whether what stands there can come back."""
    return (
        view.found is not None
        and view.plan is not None
        and view.plan.refused is None
        and view.found.takes(view.back)
    )


def can_exchange(view: ReturnView) -> bool:
    """Say whether something else can be bought in its place: for the member it was sold to."""
    asks = view.step is ReturnStep.AMOUNT and can_return(view)
    return asks and view.found is not None and not view.found.nobodys


def _entry(view: ReturnView) -> AmountEntry | None:
    """Return the amount as far as it is typed; None where none can be."""
    if view.step is not ReturnStep.AMOUNT or view.found is None or not view.found.parts:
        return None
    return view.amount or AmountEntry(view.found.sale.bill.currency)
