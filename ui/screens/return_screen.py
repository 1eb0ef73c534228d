"""Goods that come back: the till's own frame over the till, with the sale behind it untouched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from cashier_app.domain.money import Currency
from cashier_app.domain.sale import Sale
from cashier_app.services.return_view import ReturnStep, ReturnView
from cashier_app.services.returnable import Returnable
from cashier_app.wording import Wording
from cashier_app.wording.find_member import find_actions
from cashier_app.wording.return_exchange import new_bill
from cashier_app.wording.return_lines import return_lines
from cashier_app.wording.return_list import return_list
from cashier_app.wording.return_pay import (
    return_can_confirm,
    return_escape,
    return_keys,
    return_pay,
    return_primary,
)
from cashier_app.wording.returns import (
    return_bill,
    return_card,
    return_field,
    return_message,
    return_no_bill,
    return_remark,
    return_sum,
    return_title,
)
from ui.accessibility import announce
from ui.key_words import Where
from ui.screens.frame import Frame
from ui.screens.over_till import OverTill
from ui.theme.motion import Motion
from ui.till import Returns
from ui.widgets.bill_panel import BillPanel
from ui.widgets.keypad import DELETE
from ui.widgets.message_card import MessageCard
from ui.widgets.offered import Offered
from ui.widgets.pay_panel import PayPanel
from ui.widgets.return_card import ReturnCard
from ui.widgets.return_lines import ReturnLines
from ui.widgets.return_panel import ReturnSum, SoldList
from ui.widgets.scan_field import ScanField, ScanFieldContent


class ReturnPlace(Struct, frozen=True):
    """Where goods come back.

    Args:
        currency: What it counts in.
        now: The time of day, UTC.
        keypad: Whether the keypad is shown and not the list of keys.
    """

    till: str
    currency: Currency
    now: Callable[[], datetime]
    keypad: Callable[[], bool]
    training: bool = False


class ReturnScreen(OverTill):
    """Which sale, how much of it, and what to give back.

    Args:
        returns: Takes goods back; shows its views here.
        place: Whose till this is.
    """

    where = Where.RETURN

    def __init__(
        self,
        returns: Returns,
        wording: Wording,
        place: ReturnPlace,
        *,
        motion: Motion,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(wording, place, motion=motion, parent=parent)
        self._returns, self._place = returns, place
        self._view = ReturnView()
        inside = self._panel
        title = return_title(wording)
        self.setAccessibleName(title)
        # Made in the order in which Tab visits them.
        self.field = ScanField(return_field(self._view, wording).spoken, title, inside)
        self.message = MessageCard(find_actions(wording), inside)
        self.card = ReturnCard(inside)
        self.bill = BillPanel(inside)
        self.list = SoldList(inside)
        self.lines = ReturnLines(inside)
        self.sum = ReturnSum(inside)
        self.pay = PayPanel(motion, inside)
        self.make_frame(title)
        self._connect()
        returns.subscribe(self.show_view)

    @property
    def returns(self) -> Returns:
        """Return what takes the goods back."""
        return self._returns

    def begin(self, sale: Sale | None) -> None:
        """Start anew: with the sale just made, or with the question which it is."""
        self._returns.begin(sale)

    def show_view(self, view: ReturnView) -> None:
        """Show a snapshot."""
        before, self._view = self._view, view
        if view.closed:
            self.close_drawer()
            return
        self.fill()
        if before.step is not view.step and not self.isHidden():
            self.framed().setFocus(Qt.FocusReason.OtherFocusReason)
        if before.step is not view.step or before.plan != view.plan:
            announce(self.pay, self.pay.accessibleName())
        if view.problem is not None and before.problem != view.problem:
            announce(self.message, f"{self.message.accessibleName()}. {self.message.accessibleDescription()}")

    # --- what the window asks of a drawer -----------------------------------------------------------

    def go_back(self) -> None:
        """Do what Esc does."""
        self._returns.back()

    def open_row(self) -> None:
        """Do what Enter does."""
        self._returns.confirm()

    def choose(self, character: str) -> None:
        """Take one typed character."""
        self._returns.type(character)

    def delete(self) -> None:
        """Take the last typed character back."""
        self._returns.delete()

    def next_row(self) -> None:
        """Mark the sale below."""
        self._returns.mark_next()

    def previous_row(self) -> None:
        """Mark the sale above."""
        self._returns.mark_previous()

    def amount_instead(self) -> None:
        """Let an amount be typed."""
        self._returns.amount_instead()

    def accept_receipt(self) -> None:
        """Load the receipt scanned meanwhile."""
        self._returns.accept_receipt()

    def take_scan(self, text: str) -> bool:
        """Take a receipt; nothing else is used while goods come back."""
        return not self.isHidden() and self._returns.scan(text)

    def take_picture(self, codes: Callable[[], Sequence[str]]) -> bool:
        """Look for a receipt in a picture."""
        if self.isHidden():
            return False
        self._returns.read_picture(codes)
        return True

    def places(self, frame: Frame) -> dict[QWidget, QRect]:
        """Return where the money panels stand."""
        return {
            self.bill: frame.bill,
            self.list: frame.reward,
            self.lines: frame.reward,
            self.sum: frame.reward,
            self.pay: frame.pay,
        }

    def cards(self) -> tuple[QWidget, ...]:
        """Return what takes turns below the scan field."""
        return self.message, self.card

    # --- what is shown ------------------------------------------------------------------------------

    def fill(self) -> None:
        """Show the snapshot as it stands now."""
        view, wording, now = self._view, self._wording, self._place.now()
        found = view.found if view.step is not ReturnStep.FIND else None
        self._fill_field()
        self.message.setVisible(found is None)
        self.list.setVisible(found is None)
        self.card.setVisible(found is not None)
        self.lines.setVisible(found is not None and view.by_lines)
        self.sum.setVisible(found is not None and not view.by_lines)
        if found is None:
            self.message.show_message(return_message(view, wording, now), Offered.NOTHING)
            self.list.show_words(return_list(view, wording, now), view.marked if view.takes_marked else -1)
            self.bill.show_sold(None, return_no_bill(self._place.currency, wording))
        else:
            self.card.show_words(return_card(view, found, wording, now))
            if view.by_lines:
                self.lines.show_words(return_lines(view, found, wording), framed=self._picks_lines())
            else:
                self.sum.show_words(return_sum(view, found, wording), framed=self._types_amount())
            self._fill_bill(view, found)
        online = self._till_view is None or self._till_view.connection.online
        self.pay.show_words(return_pay(view, wording, online=online))
        self._fill_keys()
        self._fill_toast()

    def _fill_bill(self, view: ReturnView, found: Returnable) -> None:
        new = new_bill(view, self._wording)
        if new is None:
            words = return_bill(found, self._place.till, self._wording, self._place.now())
            self.bill.show_sold(words, ("", ""))
        else:
            label, hint, typed, dim = new
            self.bill.show_typed(label, hint, typed, dim, framed=view.step is ReturnStep.EXCHANGE)

    def _fill_field(self) -> None:
        words = return_field(self._view, self._wording)
        self.field.show_content(
            ScanFieldContent(
                words.icon,
                words.shown or words.hint.full,
                typed=bool(words.shown),
                framed=self._view.step is ReturnStep.FIND,
            )
        )
        if self.field.is_elided() and not words.shown:
            self.field.show_content(
                ScanFieldContent(words.icon, words.hint.short, framed=self._view.step is ReturnStep.FIND)
            )

    def _fill_keys(self) -> None:
        view, wording = self._view, self._wording
        saving = view.busy and view.step is ReturnStep.CONFIRM
        self.show_answers(
            return_escape(view, wording),
            return_primary(view, wording),
            enabled=return_can_confirm(view),
            can_go_back=not saving,
        )
        decimals = view.found.sale.bill.currency.decimals if view.found is not None else 0
        finding = view.step is ReturnStep.FIND
        self.show_keypad(
            return_keys(view, wording),
            corner="-" if finding else "." if decimals else "00",
            enabled=finding or view.step is ReturnStep.EXCHANGE or self._types_amount(),
        )

    def _fill_toast(self) -> None:
        remark = self._view.remark
        if remark is None:
            self.toast.hide()
        else:
            self.show_remark(remark.sequence, return_remark(remark, self._wording))

    def framed(self) -> QWidget:
        """Return the element the keys go to."""
        match self._view.step:
            case ReturnStep.FIND:
                return self.field
            case ReturnStep.EXCHANGE:
                return self.bill
            case ReturnStep.AMOUNT if self._picks_lines():
                return self.lines
            case ReturnStep.AMOUNT if self._types_amount():
                return self.sum
            case _:
                return self.pay

    def _types_amount(self) -> bool:
        view = self._view
        amounts = view.step is ReturnStep.AMOUNT and not view.by_lines
        return amounts and view.found is not None and view.found.parts

    def _picks_lines(self) -> bool:
        view = self._view
        picks = view.step is ReturnStep.AMOUNT and view.by_lines
        return picks and view.found is not None and view.found.parts

    def _keypad_pressed(self, key: str) -> None:
        if key == DELETE:
            self._returns.delete()
            return
        for character in key:
            self._returns.type(character)

    def _connect(self) -> None:
        returns = self._returns
        self.action_row.confirmed.connect(returns.confirm)
        self.action_row.went_back.connect(returns.back)
        self.list.picked.connect(returns.pick)
        self.card.all_of_it_pressed.connect(returns.everything)
        self.card.amount_pressed.connect(returns.amount_instead)
        self.card.exchange_pressed.connect(returns.exchange)
        self.lines.switched.connect(returns.switch_line)
        self.lines.counted.connect(returns.count_line)
        self.keypad.pressed_key.connect(self._keypad_pressed)
        self.toast.acted.connect(returns.accept_receipt)
        self.toast.expired.connect(returns.hush)
