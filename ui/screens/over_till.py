"""A page over the till that looks like the till: who, money and keys stay where they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from cashier_app.services.till_view import TillView
from cashier_app.wording import Sentence, Wording
from cashier_app.wording.buttons import KeyWords
from cashier_app.wording.problems import ToastWords
from ui.accessibility import announce
from ui.screens.drawer import Drawer
from ui.screens.frame import Frame
from ui.theme.look import Look
from ui.theme.motion import Motion
from ui.widgets.action_row import ActionRow
from ui.widgets.header import Header
from ui.widgets.key_list import KeyList
from ui.widgets.keypad import Keypad
from ui.widgets.last_sales import LastSales
from ui.widgets.scan_field import ScanField
from ui.widgets.toast import Toast


class PlaceOverTill(Protocol):
    """Whose till a page lies over."""

    @property
    def till(self) -> str:
        """Its number."""

    @property
    def now(self) -> Callable[[], datetime]:
        """The time of day, UTC."""

    @property
    def keypad(self) -> Callable[[], bool]:
        """Whether the keypad is shown and not the list of keys."""

    @property
    def training(self) -> bool:
        """Whether nothing here is real."""


class OverTill(Drawer):
    """Covers the till. Whoever derives makes `field`, its own parts, then the frame, as Tab visits them.

    Args:
        place: Whose till this is.
    """

    ground = "bg"
    keeps_behind_lock = True
    field: ScanField

    def __init__(
        self, wording: Wording, place: PlaceOverTill, *, motion: Motion, parent: QWidget | None = None
    ) -> None:
        super().__init__(motion, parent)
        self._wording, self._over = wording, place
        self._moves = False  # it is where the till is: nothing slides
        self._till_view: TillView | None = None
        self._said = 0
        for part in (self.title, self.close_button):
            part.hide()

    def make_frame(self, head: str) -> None:
        """Make what every such page has; `head` stands where the till names its store."""
        inside, place = self._panel, self._over
        self.action_row = ActionRow(inside)
        self.last_sales = LastSales(inside)
        self.keypad = Keypad(parent=inside)
        self.keys = KeyList(parent=inside)
        self.header = Header(
            self._wording, head, place.till, place.now, training=place.training, parent=inside
        )
        self.toast = Toast(inside)

    # --- what whoever derives says --------------------------------------------------------------------

    def fill(self) -> None:
        """Show the snapshot as it stands now."""
        raise NotImplementedError

    def framed(self) -> QWidget:
        """Return the element the keys go to."""
        raise NotImplementedError

    def places(self, frame: Frame) -> dict[QWidget, QRect]:
        """Return where the parts of this page stand that are not of every page."""
        raise NotImplementedError

    def cards(self) -> tuple[QWidget, ...]:
        """Return what takes turns below the scan field."""
        raise NotImplementedError

    def covers_keys(self) -> bool:
        """Say whether something lies over money and keys, so that only the two buttons are left below."""
        return False

    # --- what the window asks of a drawer -------------------------------------------------------------

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self.header.set_wording(wording)
        self.fill()

    def follow(self, before: TillView, view: TillView) -> None:
        """Keep connection, queue and last sales up to date."""
        del before
        self._till_view = view
        self.header.show_view(view)
        self.last_sales.show_view(view, self._wording, self._over.now())
        self.fill()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        self.fill()

    def first_focus(self) -> QWidget:
        """Return what the keys go to."""
        return self.framed()

    def panel_width(self) -> int:
        """Return the width of the panel, px: the whole window."""
        return self.width()

    def arrange(self) -> None:
        """Put everything where it stands on the till."""
        if "toast" not in self.__dict__:
            return  # asked by the base before all is made
        self._panel.setGeometry(self.rect())
        frame, covered = Frame.of(self._look.metrics), self.covers_keys()
        actions = QRect(frame.actions)
        if covered:
            actions.setRight(frame.keys.right())
        shared: dict[QWidget, QRect] = {
            self.header: frame.header,
            self.action_row: actions,
            self.last_sales: frame.last_sales,
            self.keypad: frame.keys,
            self.keys: frame.keys,
        }
        for part, place in (shared | self.places(frame)).items():
            part.setGeometry(place)
        self.last_sales.setVisible(not frame.last_sales.isEmpty() and not covered)
        self._arrange_who(frame.who)

    # --- what is shown --------------------------------------------------------------------------------

    def show_answers(
        self, escape: Sentence | None, primary: Sentence, *, enabled: bool, can_go_back: bool
    ) -> None:
        """Say what Esc and Enter do; a button that goes dead loses the focus to what the keys go to."""
        if not enabled and self.action_row.primary.hasFocus():
            self.framed().setFocus(Qt.FocusReason.OtherFocusReason)
        self.action_row.show_actions(escape, primary, enabled=enabled, can_go_back=can_go_back)

    def show_keypad(self, keys: Iterable[KeyWords], *, corner: str, enabled: bool) -> None:
        """Show the keypad with this key at its corner, or the list of keys in its place."""
        keypad = self._over.keypad()
        self.keypad.setVisible(keypad and not self.covers_keys())
        self.keys.setVisible(not keypad)
        self.keypad.setEnabled(enabled)
        self.keypad.set_corner(corner)
        self.keys.set_keys([(words.key, words.sentence) for words in keys])

    def show_remark(self, sequence: int, said: ToastWords) -> None:
        """Show a passing remark once, by its number."""
        if sequence != self._said:
            self._said = sequence
            action = said.action.full if said.action is not None else ""
            self.toast.show_words(said.sentence.full, short=said.sentence.short, action=action, key=said.key)
            announce(self.toast, said.sentence.full, assertive=True)

    def _arrange_who(self, who: QRect) -> None:
        metrics = self._look.metrics
        self.field.setGeometry(who.left(), who.top(), who.width(), metrics.scan_height)
        top = who.top() + metrics.scan_height + metrics.panel_gap
        card = QRect(who.left(), top, who.width(), who.top() + who.height() - top)
        for part in self.cards():
            part.setGeometry(card)
        inset, high = self._look.px(8), self.toast.sizeHint().height()
        self.toast.setGeometry(
            card.left() + inset, card.bottom() + 1 - inset - high, card.width() - 2 * inset, high
        )
