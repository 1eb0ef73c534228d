"""What is taken off the bill: the most, less, nothing or a reward, until the payment begins."""

from __future__ import annotations

from msgspec.structs import replace

from cashier_app.domain.amount_entry import AmountEntry
from cashier_app.domain.choice import TakeMaximum, TakeNothing
from cashier_app.services import till_steps as steps
from cashier_app.services.alternatives import rule_chosen
from cashier_app.services.payment import Payment
from cashier_app.services.stage import Stage
from cashier_app.services.till_settings import TillSettings
from cashier_app.services.till_view import Step, Target, TillView
from cashier_app.services.vendor_offer import VendorOffers

_CHOOSING = {Step.BILL, Step.REWARD}


class Deciding:
    """Takes the cashier's choice and leads from the bill to the payment. One thread only.

    Args:
        offers: Asks a backend that quotes by itself, before the choice is final.
        payment: Begins once it is.
        settings: From which bill on it is asked twice.
    """

    def __init__(self, stage: Stage, offers: VendorOffers, payment: Payment, settings: TillSettings) -> None:
        self._stage, self._offers, self._payment, self._settings = stage, offers, payment, settings
        self._quoted_at = stage.view.occasion.at

    @property
    def view(self) -> TillView:
        """Return the snapshot on show."""
        return self._stage.view

    def go_on(self) -> None:
        """Go on from the bill, or from what is chosen, to the payment."""
        if self.view.step is Step.REWARD:
            self._offers.first(self._payment.begin)
        elif not self._asks_again():
            self._offers.first(self._leave)

    def cancel(self) -> None:
        """Stop waiting for an offer."""
        self._offers.cancel()

    def take_maximum(self) -> None:
        """Take the most that is allowed and go to the payment."""
        if self._may_choose() and self.view.quote and self.view.quote.maximum:
            self._offers.first(self._take_maximum)

    def _take_maximum(self) -> None:
        self._stage.show(steps.chosen(self.view, TakeMaximum(rule_chosen(self.view.choice))))
        self._leave_bill(to_payment=True)

    def take_nothing(self) -> None:
        """Use no points and go to the payment."""
        if self._may_choose():
            self._stage.show(steps.chosen(self.view, TakeNothing()))
            self._leave_bill(to_payment=True)

    def start_discount_entry(self) -> None:
        """Let a smaller discount be typed."""
        usable = self.view.quote is not None and bool(self.view.quote.maximum)
        if self._may_choose() and usable and steps.takes_other_amounts(self.view) and not self._asks_again():
            self._offers.first(self._frame_discount)

    def _frame_discount(self) -> None:
        framed = replace(self.view, step=Step.REWARD, target=Target.DISCOUNT)
        self._stage.show(steps.with_discount(framed, AmountEntry(self._settings.currency)))

    def nudge(self, direction: int) -> None:
        """Take one step less (-1) or more (+1)."""
        if self.view.step is Step.REWARD and not self.view.busy:
            self._stage.show(steps.nudged(self.view, direction))

    def mark(self, direction: int) -> None:
        """Mark the next (+1) member or reward, or the one before (-1)."""
        if not self.view.busy:
            self._stage.show(steps.marked(self.view, direction))

    def pick(self, reward_id: str) -> None:
        """Take a catalogue reward instead of points off, or give it back."""
        if not self.view.busy:
            self._stage.show(steps.picked(self.view, reward_id))

    def follow_the_clock(self) -> None:
        """Quote again when a minute has passed: what holds only at some hours may have begun or ended."""
        before = self._quoted_at
        view = self.view
        self._quoted_at = view.occasion.at
        if self._quoted_at != before and view.step in _CHOOSING and not view.busy:
            again = steps.requoted(view)
            if again.quote != view.quote:
                self._stage.show(again)

    def _may_choose(self) -> bool:
        view = self.view
        choosing = view.step in _CHOOSING and view.here_before is None
        return choosing and not view.busy and not steps.empty_bill(view)

    def _leave(self) -> None:
        self._leave_bill(to_payment=not steps.can_redeem(self.view))

    def _leave_bill(self, *, to_payment: bool) -> None:
        view = self.view
        if steps.empty_bill(view) or self._asks_again():
            return
        if to_payment:
            self._payment.begin()
        else:
            self._stage.show(steps.requoted(replace(view, step=Step.REWARD, target=Target.DISCOUNT)))

    def _asks_again(self) -> bool:
        """Ask about an unusually high bill, once; say whether it was asked now."""
        view = self.view
        if view.bill.money <= self._settings.unusual_bill or view.confirm_bill or view.step is not Step.BILL:
            return False
        self._stage.show(replace(view, confirm_bill=True))
        return True
