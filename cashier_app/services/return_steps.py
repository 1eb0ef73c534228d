"""What each key does to a return: pure steps from one `ReturnView` to the next, no waiting and no I/O."""

from __future__ import annotations

from msgspec.structs import replace

from cashier_app.domain.amount_entry import AmountEntry
from cashier_app.ports.journal import SaleLine
from cashier_app.services.return_view import ReturnStep, ReturnView
from cashier_app.services.returnable import Returnable
from cashier_app.services.returning import NotReturnable, Several

MAX_ENTRY = 32


def finding(view: ReturnView, listed: tuple[SaleLine, ...]) -> ReturnView:
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
    if view.step is not ReturnStep.AMOUNT or view.amount is None:
        return view
    left = view.amount.without_last()
    return with_amount(view, None if left.is_empty else left)


def marked(view: ReturnView, direction: int) -> ReturnView:
    """Return the screen with the sale above or below marked."""
    if view.step is not ReturnStep.FIND or not view.listed:
        return view
    return replace(view, marked=min(max(view.marked + direction, 0), len(view.listed) - 1))


def found(view: ReturnView, what: Returnable | Several | NotReturnable) -> ReturnView:
    """Return the screen once it is known what was asked for."""
    base = replace(view, busy=False, changed=False, trouble="", problem=None)
    match what:
        case Returnable():
            fresh = ReturnView(
                step=ReturnStep.AMOUNT, listed=view.listed, several=view.several, marked=view.marked
            )
            return with_amount(replace(fresh, found=what), None)
        case Several(lines):
            return replace(base, step=ReturnStep.FIND, listed=lines, several=True, marked=0)
        case problem:
            # What was typed stays, to be mended.
            return replace(
                base, step=ReturnStep.FIND, problem=problem, found=None, amount=None, plan=None, balance=None
            )


def with_amount(view: ReturnView, amount: AmountEntry | None) -> ReturnView:
    """Return the screen with this much coming back, and what it does; None for all that is left."""
    if view.found is None:
        return view
    goods = None if amount is None else amount.money
    return replace(view, amount=amount, plan=view.found.plan(goods), changed=False, trouble="")


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
    return with_amount(view, None) if view.step is ReturnStep.AMOUNT else view


def confirming(view: ReturnView) -> ReturnView:
    """Return the screen that asks once more, where something can come back."""
    if not can_return(view):
        return view
    return replace(view, step=ReturnStep.CONFIRM, changed=False, trouble="")


def can_return(view: ReturnView) -> bool:
    """Say whether what stands there can come back."""
    return (
        view.found is not None
        and view.plan is not None
        and view.plan.refused is None
        and view.found.takes(view.goods)
    )


def _entry(view: ReturnView) -> AmountEntry | None:
    """Return the amount as far as it is typed; None where none can be."""
    if view.step is not ReturnStep.AMOUNT or view.found is None or not view.found.parts:
        return None
    return view.amount or AmountEntry(view.found.sale.bill.currency)
