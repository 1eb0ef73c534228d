"""The till: who, money and keys side by side, placed once and only filled differently."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.ports.clock import Clock
from cashier_app.services.till_view import NotFound, Step, Target, TillView
from cashier_app.wording import Wording
from cashier_app.wording.buttons import escape_label, primary_label
from cashier_app.wording.pay_panel import COUNTED_SECONDS, clears_in
from cashier_app.wording.today import undo_label
from cashier_app.wording.trouble import is_saving
from ui.accessibility import announce
from ui.countdown import Countdown
from ui.screens.frame import Frame
from ui.screens.till_answers import can_confirm, has_money
from ui.screens.till_keypad import TillKeypad
from ui.screens.till_letters import TillLetters
from ui.screens.till_voice import TillVoice
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.metrics import Metrics
from ui.theme.motion import Motion
from ui.theme.painting import fill_background, painting
from ui.theme.tokens import LIGHT, Theme
from ui.till import Till
from ui.widgets.action_row import ActionRow
from ui.widgets.bill_panel import BillPanel
from ui.widgets.header import Header
from ui.widgets.last_sales import LastSales
from ui.widgets.pay_panel import PayPanel
from ui.widgets.today_panel import TodayPanel
from ui.widgets.who_column import WhoColumn

if TYPE_CHECKING:
    from cashier_app.wording.choices import ChoiceKind
    from ui.widgets.reward_panel import RewardPanel

_BUSY_MS = 150  # what takes less needs no words


class Place(Struct, frozen=True):
    """Whose till this is.

    Args:
        region: ISO 3166 letters by which typed phone numbers are grouped.
    """

    store: str
    till: str
    region: str


class TillScreen(QWidget):
    """Shows a `TillView` and sends what is pressed to the till. Keys come through the window's router.

    Args:
        till: Receives what is pressed.
        wording: The cashier's voice; the point name follows the program of the view.
        place: Whose till this is.
        clock: Gives the time of day for "as of" and the seconds of the countdown.
        motion: How long the few movements take.
        training: Whether the header says so, always.
    """

    camera_requested = Signal()
    claim_print_requested = Signal()
    paste_requested = Signal()
    queue_requested = Signal()
    menu_requested = Signal()
    cashier_requested = Signal()
    new_member_requested = Signal()
    undo_requested = Signal()
    change_back_requested = Signal()
    sale_picked = Signal(object)  # one of the last sales, a Sale
    look_changed = Signal()

    def __init__(
        self,
        till: Till,
        wording: Wording,
        *,
        place: Place,
        clock: Clock,
        motion: Motion,
        training: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._till, self._wording, self._clock = till, wording, clock
        self._look = DEFAULT_LOOK
        self._theme: Theme = LIGHT
        self._text_scale = 1.0
        self._view: TillView | None = None
        self._covered = False
        self._enrols = False
        self._undoes = False
        # Made in the order in which Tab visits them.
        self.who = WhoColumn(wording, place.region, clock.now, self)
        self.bill = BillPanel(self)
        self.today = TodayPanel(self)
        self.pay = PayPanel(motion, self)
        self.action_row = ActionRow(self)
        self.last_sales = LastSales(self)
        self.header = Header(wording, place.store, place.till, clock.now, training=training, parent=self)
        self.letters = TillLetters(self)
        self.keys = TillKeypad(self, self.look, self._keypad_pressed)
        self.countdown = Countdown(clock, self)
        self._voice = TillVoice(self.pay, lambda: self.reward)
        self._busy_due = QTimer(self)
        self._busy_due.setSingleShot(True)
        self._busy_due.setInterval(_BUSY_MS)
        self._busy_due.timeout.connect(self._show_busy)
        self._connect()

    # Made when first wanted: the first frame has no sale on it.

    @cached_property
    def reward(self) -> RewardPanel:
        """Return what may be taken off."""
        from ui.widgets.reward_panel import RewardPanel

        made = RewardPanel(self)
        made.hide()
        made.set_look(self._look)
        made.setGeometry(Frame.of(self._look.metrics).reward)
        made.choice_picked.connect(self._choose)
        self._visit_in_order((self.bill, made, *made.choices().values()))
        return made

    def set_theme(self, theme: Theme, text_scale: float = 1.0) -> None:
        """Take other colours, or another size of text, 1.0 to 1.5."""
        self._theme, self._text_scale = theme, text_scale
        self._arrange()

    def look(self) -> Look:
        """Return the colours and measures in use."""
        return self._look

    def wording(self) -> Wording:
        """Return the voice, with the point name of the program in force."""
        return self._wording

    def take_undo(self) -> None:
        """Offer to undo what was done last."""
        self._undoes = True
        self.last_sales.take_presses()
        if self._view is not None:
            self.show_view(self._view)

    def take_new_members(self) -> None:
        """Offer to add members, where the backend takes any."""
        self._enrols = True
        self.who.take_new_members()
        if self._view is not None:
            self.show_view(self._view)

    def confirm(self) -> None:
        """Do what Enter does: where nobody was found, that is to add them."""
        view = self._view
        if view is not None and self._adds(view):
            self.new_member_requested.emit()
        else:
            self._till.confirm()

    def set_covered(self, covered: bool) -> None:  # noqa: FBT001 - a setter, like Qt's
        """Leave the focus to a drawer that covers the till, or take it back."""
        self._covered = covered
        if not covered:
            self.framed().setFocus(Qt.FocusReason.OtherFocusReason)

    def show_keypad(self, shown: bool) -> None:  # noqa: FBT001 - a setter, like Qt's
        """Show the keypad, or the list of keys in its place."""
        self.keys.choose(shown)
        if self._view is not None:
            self._show_parts(self._view)
            self._show_keys(self._view)

    def shows_keypad(self) -> bool:
        """Return whether the keypad is shown and not the list of keys."""
        return self.keys.wanted

    def show_view(self, view: TillView) -> None:
        """Show a snapshot; what did not change is not moved."""
        before, self._view = self._view, view
        if view.program is not None and view.program.point_name != self._wording.point_name:
            self._wording = self._wording.with_point_name(view.program.point_name)
            self.who.set_wording(self._wording)
            self.header.set_wording(self._wording)
        wording, now = self._wording, self._clock.now()
        self.who.show_view(view)
        self.header.show_view(view)
        self.bill.show_view(view, wording)
        deciding = has_money(view)
        if deciding:
            self.reward.show_view(view, wording)
        else:
            self.today.show_view(view, wording, now)
        self._show_parts(view)
        self.pay.show_view(view, wording, enrols=self._adds(view))
        self.last_sales.show_view(view, wording, now)
        moved = before is None or (before.step, before.target) != (view.step, view.target)
        if moved and not self._covered:
            # First the focus, then the buttons: a focused button that goes dead would lose it anywhere.
            self.framed().setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_answers(before, view)
        self.countdown.follow(view)
        self._voice.follow(before, view)

    def framed(self) -> QWidget:
        """Return the element the keys go to; while paying that is none, and the pay panel has the focus."""
        match self._view.target if self._view else Target.SCAN:
            case Target.SCAN | Target.MANAGER | Target.VOUCHER:
                return self.who.scan_field
            case Target.MEMBERS:
                return self.who.choosing
            case Target.BILL:
                return self.bill
            case Target.DISCOUNT:
                return self.reward
            case Target.NOTHING:
                return self.pay

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the background."""
        with painting(self) as painter:
            fill_background(painter, self, self._look)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Work out every measure anew."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Paint again where the window came to another screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.update()

    # --- what is pressed --------------------------------------------------------------------------

    def _connect(self) -> None:
        till = self._till
        self.who.chosen.connect(till.choose)
        self.who.reward_picked.connect(till.pick_reward)
        self.who.without_member_requested.connect(till.without_member)
        self.who.switch_accepted.connect(till.another_member)
        self.who.camera_requested.connect(self.camera_requested)
        self.who.paste_requested.connect(self.paste_requested)
        self.who.claim_print_requested.connect(self.claim_print_requested)
        self.who.same_person_pressed.connect(till.same_person)
        self.header.queue_requested.connect(self.queue_requested)
        self.header.menu_requested.connect(self.menu_requested)
        self.header.cashier_requested.connect(self.cashier_requested)
        self.bill.pressed.connect(self._back_to_bill)
        self.who.new_member_requested.connect(self.new_member_requested)
        self.action_row.confirmed.connect(self.confirm)
        self.action_row.went_back.connect(till.back)
        self.action_row.undo_pressed.connect(self.undo_requested)
        self.who.change_back_requested.connect(self.change_back_requested)
        self.last_sales.undo_pressed.connect(self.undo_requested)
        self.letters.typed.connect(self._letter_typed)
        self.letters.deleted.connect(till.delete)
        self.last_sales.picked.connect(self.sale_picked)
        self.countdown.ran_out.connect(till.expire)
        self.countdown.ticked.connect(self._show_countdown)

    def _back_to_bill(self) -> None:
        if self._view is not None and self._view.step is Step.REWARD:
            self._till.back()

    def _choose(self, kind: ChoiceKind) -> None:
        from cashier_app.wording.choices import ChoiceKind

        match kind:
            case ChoiceKind.MAXIMUM:
                self._till.take_maximum()
            case ChoiceKind.OTHER:
                self._till.start_discount_entry()
            case ChoiceKind.NONE:
                self._till.take_nothing()

    def _letter_typed(self, character: str) -> None:
        self.countdown.begin_again()
        self._till.type_character(character)

    def _keypad_pressed(self, key: str) -> None:
        from ui.widgets.keypad import DELETE

        self.countdown.begin_again()
        if key == DELETE:
            self._till.delete()
        elif key == ".":
            self._till.press_point()
        else:
            for character in key:
                self._till.type_character(character)

    # --- what is shown ----------------------------------------------------------------------------

    def _show_answers(self, before: TillView | None, view: TillView) -> None:
        """Show what the keys do; while they wait for something, only if that takes a moment."""
        if view.busy and before is not None and not before.busy:
            self._busy_due.start()
        elif not (view.busy and self._busy_due.isActive()):
            self._busy_due.stop()
            self._show_actions(view)

    def _show_parts(self, view: TillView) -> None:
        """Show what has something to say at this step, or the letter keys in its place."""
        letters = self.letters.are_wanted(view, touch=self.keys.wanted)
        if letters and not self._covered:
            self.framed().setFocus(Qt.FocusReason.OtherFocusReason)  # before what has it is hidden
        self.letters.show_view(view, self._wording, self._look, touch=self.keys.wanted)
        deciding = has_money(view)
        if "reward" in self.__dict__:
            self.reward.setVisible(deciding and not letters)
        self.today.setVisible(not deciding)
        for part in (self.bill, self.pay):
            part.setVisible(not letters)
        self.keys.uncover(not letters)
        self._arrange_actions()

    def _show_busy(self) -> None:
        if self._view is not None and self._view.busy:
            if self.action_row.isAncestorOf(self.focusWidget()):
                self.framed().setFocus(Qt.FocusReason.OtherFocusReason)
            self._show_actions(self._view)
            announce(self.action_row.primary, self.action_row.primary.accessibleName())

    def _show_actions(self, view: TillView) -> None:
        self._show_keys(view)
        self.action_row.show_actions(
            escape_label(view, self._wording),
            primary_label(view, self._wording, enrols=self._adds(view)),
            enabled=can_confirm(view) or self._adds(view),
            can_go_back=not is_saving(view),
            undo=undo_label(self._wording) if self._undoes and view.step is Step.DONE else None,
        )

    def _adds(self, view: TillView) -> bool:
        """Say whether Enter adds the customer whom nobody knows as a member."""
        takes = self._enrols and view.can is not None and view.can.enrolling is not None
        return takes and view.step is Step.PROBLEM and isinstance(view.person, NotFound) and not view.busy

    def _show_keys(self, view: TillView) -> None:
        if not self.keys.wanted:
            self.keys.show_list(view, self._wording, enrols=self._adds(view))
        elif not self.letters.are_shown():
            self.keys.show_corner(view)

    def _show_countdown(self, left: int, total: int, fraction: float) -> None:
        done = self._view is not None and self._view.step is Step.DONE
        if total and (done or left <= COUNTED_SECONDS):
            self.pay.show_countdown(clears_in(left, self._wording), fraction if done else None)
        else:
            self.pay.show_countdown(None, None)

    def _visit_in_order(self, parts: tuple[QWidget, ...]) -> None:
        """Let Tab go from one to the next. Qt orders only what takes the focus at that moment."""
        policies = [part.focusPolicy() for part in parts]
        for part in parts:
            part.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for before, after in pairwise(parts):
            self.setTabOrder(before, after)
        for part, policy in zip(parts, policies, strict=True):
            part.setFocusPolicy(policy)

    # --- where it is shown ------------------------------------------------------------------------

    def _arrange(self) -> None:
        metrics = Metrics.of(max(1, self.width()), max(1, self.height()), self._text_scale)
        look = Look(self._theme, metrics)
        frame = Frame.of(metrics)
        if look != self._look:
            self._look = look
            spread_look(self, look)
            self.look_changed.emit()
        self.header.setGeometry(frame.header)
        self.who.setGeometry(frame.who)
        self.bill.setGeometry(frame.bill)
        if "reward" in self.__dict__:
            self.reward.setGeometry(frame.reward)
        self.today.setGeometry(frame.reward)
        self.pay.setGeometry(frame.pay)
        self.last_sales.setGeometry(frame.last_sales)
        self._arrange_actions()
        self.keys.arrange()
        self.update()

    def _arrange_actions(self) -> None:
        """Leave what the letter keys do not take; they cover more than the keypad, and leave a corner."""
        frame, letters = Frame.of(self._look.metrics), self.letters.are_shown()
        self.letters.arrange(self._look)
        self.last_sales.setVisible(not frame.last_sales.isEmpty() and not letters)
        actions = QRect(frame.actions)
        if letters:
            actions.setRight(frame.keys.right())
        self.action_row.setGeometry(actions)
