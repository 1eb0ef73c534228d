"""What the till's screen answers for a snapshot: whether Enter does something, whether a sale is on show."""

from __future__ import annotations

from cashier_app.services.till_view import ClaimShown, Step, Target, TillView

_MONEY = (Step.LOOKING_UP, Step.BILL, Step.REWARD, Step.PAY, Step.DONE)


def has_money(view: TillView) -> bool:
    """Return whether a sale is on the screen, so that the reward panel has something to say."""
    return view.step in _MONEY


def can_confirm(view: TillView) -> bool:
    """Return whether Enter does something now."""
    if view.busy:
        return False
    if view.target is Target.VOUCHER:
        return bool(view.entry)
    match view.step:
        case Step.IDLE | Step.PROBLEM:
            return bool(view.entry) or bool(view.bill.money)
        case Step.LOOKING_UP:
            return False
        case Step.BILL:
            return bool(view.bill.money) or view.here_before is not None
        case Step.CLAIM:
            return _can_credit(view)
        case Step.CHOOSING | Step.REWARD | Step.PAY | Step.DONE:
            return True


def _can_credit(view: TillView) -> bool:
    from cashier_app.wording.claims import can_credit  # loaded with the first receipt

    return isinstance(view.person, ClaimShown) and can_credit(view, view.person)
