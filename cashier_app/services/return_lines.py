"""Picking lines of a sale that comes back: pure steps from one `ReturnView` to the next."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from cashier_app.services.return_view import ReturnStep, ReturnView, lines_left

NONE = Decimal(0)
_ONE = Decimal(1)


def planned(view: ReturnView) -> ReturnView:
    """Return the screen with what the goods chosen do."""
    if view.found is None:
        return view
    plan = view.found.plan(view.back, view.balance)
    return replace(view, plan=plan, changed=False, trouble="")


def all_lines(view: ReturnView) -> ReturnView:
    """Return the screen with all that is left coming back, of every line where there are lines."""
    if view.found is None:
        return view
    return planned(replace(view, picks=lines_left(view.found), amount=None))


def switched(view: ReturnView, place: int) -> ReturnView:
    """Return the screen with this line picked, or left."""
    left = _left(view, place)
    if not left:
        return view
    return _with_pick(view, place, NONE if view.picks[place] else left)


def counted(view: ReturnView, place: int, direction: int) -> ReturnView:
    """Return the screen with one more (+1) or one less (-1) of this line; it goes round at either end."""
    left = _left(view, place)
    if not left:
        return view
    return _with_pick(view, place, next_count(view.picks[place], left, direction))


def next_count(picked: Decimal, left: Decimal, direction: int) -> Decimal:
    """Return the next quantity of one line: whole ones from 1 up, then all that is left of it."""
    whole = int(picked)
    if direction > 0:
        return min(left, whole + _ONE) if picked < left else min(left, _ONE)
    below = Decimal(whole - 1 if picked == whole else whole)
    return below if below > 0 else left


def line_marked(view: ReturnView, direction: int) -> ReturnView:
    """Return the screen with the line above or below marked."""
    return replace(view, marked=min(max(view.marked + direction, 0), len(view.picks) - 1))


def _left(view: ReturnView, place: int) -> Decimal:
    choosing = view.step is ReturnStep.AMOUNT and view.by_lines and view.found is not None
    if not choosing or view.found is None or not 0 <= place < len(view.picks):
        return NONE
    return lines_left(view.found)[place]


def _with_pick(view: ReturnView, place: int, picked: Decimal) -> ReturnView:
    picks = (*view.picks[:place], picked, *view.picks[place + 1 :])
    return planned(replace(view, picks=picks, marked=place))
