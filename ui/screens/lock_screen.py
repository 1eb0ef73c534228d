"""The lock: who is at the till, and their PIN. It covers everything but the frame of training.

The till's own frame: people where the customer is, the PIN where the money is, keys where they are always.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QAccessible, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from cashier_app.services.till_view import TillView
from cashier_app.wording import Wording
from cashier_app.wording.staff import LockWords, pages_names
from ui.accessibility import install_roles
from ui.screens.frame import Frame
from ui.tab_round import tab_round, tab_stops
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.painting import fill_background, painting
from ui.widgets.action_row import ActionRow
from ui.widgets.header import Header
from ui.widgets.keypad import DELETE, Keypad
from ui.widgets.panel import PanelKind
from ui.widgets.people_list import PeopleList
from ui.widgets.pin_panel import PinPanel


class LockPlace(Struct, frozen=True):
    """Whose till is locked.

    Args:
        now: The time of day, UTC.
    """

    store: str
    till: str
    now: Callable[[], datetime]
    training: bool = False


class LockScreen(QWidget):
    """Shows `LockWords` and tells what is pressed. It knows nothing of the sale behind it."""

    accessible_role = QAccessible.Role.Dialog
    picked = Signal(int)  # a place among the people
    typed = Signal(str)  # one digit
    deleted = Signal()
    confirmed = Signal()
    went_back = Signal()
    lock_requested = Signal()

    def __init__(self, wording: Wording, place: LockPlace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        install_roles()
        self._look = DEFAULT_LOOK
        self._words: LockWords | None = None
        self._under = False
        # Made in the order in which Tab visits them.
        self.people = PeopleList(pages_names(wording), self)
        self.pin = PinPanel(self)
        self.action_row = ActionRow(self)
        self.header = Header(
            wording, place.store, place.till, place.now, training=place.training, parent=self
        )
        self.keypad = Keypad(parent=self)
        self.keypad.set_corner("")
        # What waits is told, but nothing opens from here.
        self.header.menu.hide()
        self.header.queue.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.header.queue.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.people.picked.connect(self.picked)
        self.pin.lock_now.clicked.connect(self.lock_requested)
        self.keypad.pressed_key.connect(self._keypad_pressed)
        self.action_row.confirmed.connect(self.open_row)
        self.action_row.went_back.connect(self.went_back)
        self.hide()

    def show_words(self, words: LockWords) -> None:
        """Show the lock as it stands, with the focus where the keys go."""
        before, self._words = self._words, words
        types = words.digits is not None
        self.people.show_people(words.title, words.people, words.marked)
        self.people.set_kind(PanelKind.PLAIN if types or not words.people else PanelKind.FRAMED)
        self.pin.show_words(words)
        self.setAccessibleName(words.head.full)
        if before is None or (before.digits is None) != (words.digits is None) or not self._has_focus():
            self.take_focus()
        # First the focus, then the buttons: a focused button that goes dead would lose it anywhere.
        if not words.can_confirm and self.action_row.primary.hasFocus():
            self.take_focus()
        self.action_row.show_actions(words.escape, words.primary, enabled=words.can_confirm)
        self.keypad.setEnabled(words.takes_digits)

    def follow(self, view: TillView) -> None:
        """Keep connection and queue up to date; whoever is at the till is asked for here."""
        self.header.show_view(replace(view, cashier=None))

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self.header.set_wording(wording)

    def take_focus(self) -> None:
        """Give the focus to what the keys go to."""
        if self.isHidden() or self._under:
            return
        types = self._words is not None and self._words.digits is not None
        (self.pin if types else self.people).setFocus(Qt.FocusReason.OtherFocusReason)

    def go_under(self, under: bool) -> None:  # noqa: FBT001 - a setter, like Qt's
        """Leave the focus to what was opened over the lock, or take it back."""
        self._under = under
        self.take_focus()

    def _has_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus) and focus.isVisible()

    # --- keys -------------------------------------------------------------------------------------

    def choose(self, character: str) -> None:
        """Take a digit: of the PIN, or of a person."""
        words = self._words
        if words is None or not (character.isascii() and character.isdigit()):
            return
        if words.digits is not None:
            self.typed.emit(character)
            return
        place = self.people.place_of(character)
        if place is not None:
            self.picked.emit(place)

    def delete(self) -> None:
        """Take the last digit back."""
        self.deleted.emit()

    def open_row(self) -> None:
        """Do what Enter does: take the marked person, or check the PIN."""
        words = self._words
        if words is None:
            return
        if words.digits is not None:
            self.confirmed.emit()
        elif self.people.marked() >= 0:
            self.picked.emit(self.people.marked())

    def go_back(self) -> None:
        """Do what Esc does."""
        if self._words is not None and self._words.escape is not None:
            self.went_back.emit()

    def next_row(self) -> None:
        """Mark the person below."""
        self._mark(+1)

    def previous_row(self) -> None:
        """Mark the person above."""
        self._mark(-1)

    def turn_page(self, direction: int) -> None:
        """Show the people after (+1) or before (-1)."""
        self.people.turn(direction)

    def _mark(self, direction: int) -> None:
        if self._words is not None and self._words.digits is None:
            self.people.mark_by(direction)
            self._enable_choosing()

    def _enable_choosing(self) -> None:
        self.action_row.primary.setEnabled(self.people.marked() >= 0)

    def _keypad_pressed(self, key: str) -> None:
        if key == DELETE:
            self.deleted.emit()
        else:
            self.choose(key)

    # --- places -----------------------------------------------------------------------------------

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def focusNextPrevChild(self, next_one: bool) -> bool:  # noqa: FBT001, N802 - Qt's signature
        """Send Tab round inside the lock: what lies behind is nobody's."""
        tab_round(tab_stops(self), forwards=next_one)
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let no press through."""
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the background, so that nothing shines through."""
        with painting(self) as painter:
            fill_background(painter, self, self._look)

    def _arrange(self) -> None:
        frame = Frame.of(self._look.metrics)
        self.header.setGeometry(frame.header)
        self.people.setGeometry(frame.who)
        top, bottom = frame.bill.top(), frame.pay.top() + frame.pay.height()
        self.pin.setGeometry(QRect(frame.bill.left(), top, frame.bill.width(), bottom - top))
        self.action_row.setGeometry(frame.actions)
        self.keypad.setGeometry(frame.keys)
        self.update()
