"""Free play: what a trainer lets go wrong while somebody sells freely. Everything acts at once."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtCore import QRect, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from cashier_app.domain.free_play import Preset, Trouble, preset_of, with_preset
from cashier_app.domain.member import Member
from cashier_app.errors import KnownError
from cashier_app.ports.free_play import FreePlay
from cashier_app.ports.runner import Runner
from cashier_app.services.till_view import Serving, TillView
from cashier_app.wording import Wording
from cashier_app.wording import free_play as words_of
from cashier_app.wording.free_play import Dial, Switch
from cashier_app.wording.sentences import Sentence
from ui.accessibility import announce
from ui.asking import Asking
from ui.key_words import Where
from ui.screens.drawer import Drawer
from ui.theme.motion import Motion
from ui.theme.typography import MEDIUM
from ui.training.dial import DialRow
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.text import ElidedLabel
from ui.widgets.toast import Toast

LOOK_MS = 500
_BUTTON, _GAP, _FOOT = 48, 8, 48
_PRESET_KEYS = {
    Preset.ALL_WELL: "0",
    Preset.SATURDAY_NOON: "1",
    Preset.BAD_MOBILE: "2",
    Preset.BACKEND_RESTARTS: "3",
}
_SWITCH_KEYS = {Switch.DOWN: "N", Switch.PORTAL: "G"}


class FreePlayPage(Drawer):
    """A drawer over the till, which goes on behind it: what is set here stays when it closes.

    Args:
        play: The practice loyalty system.
        refresh: Reads the served member's account again, after something was done to it.
    """

    changed = Signal()  # something was staged or ended
    where = Where.FREE_PLAY

    def __init__(
        self,
        play: FreePlay,
        wording: Wording,
        refresh: Callable[[], None],
        *,
        runner: Runner,
        motion: Motion,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(motion, parent)
        self._play, self._wording, self._refresh = play, wording, refresh
        self._asking = Asking(runner, self._show_acts, self._fail)
        self._serving: Member | None = None
        self._waiting = 0
        self.presets = {preset: self._preset_button(preset) for preset in Preset}
        self.dials = {dial: self._dial_row(dial) for dial in Dial}
        self.switches = {switch: self._switch_button(switch) for switch in Switch}
        self.lose_next = self._button("A", self._lose_next)
        self.spend = self._button("B", self._spend)
        self.block = self._button("L", self._block)
        self.asked = ElidedLabel(role="body", weight=MEDIUM, colour="ink2", parent=self._panel)
        self.note = ElidedLabel(role="body", colour="ink2", parent=self._panel)
        self.toast = Toast(self._panel)
        self._look_again = QTimer(self)
        self._look_again.setInterval(LOOK_MS)
        self._look_again.timeout.connect(self._show)
        self._show()

    # --- what the window asks -----------------------------------------------------------------------

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self._show()

    def follow(self, before: TillView, view: TillView) -> None:
        """Know who is served and what waits; `before` does not matter here."""
        del before
        self._serving = view.person.member if isinstance(view.person, Serving) else None
        counts = view.connection.counts
        self._waiting = counts.waiting + counts.needs_attention
        self._show()

    def first_focus(self) -> QWidget:
        """Return what the page begins with: the first slider."""
        return self.dials[Dial.DELAY].slider

    def refuse_scan(self) -> bool:
        """Say that a scan is not used here; return whether that is so."""
        if self.isHidden():
            return False
        self._tell(words_of.scan_not_used_play(self._wording))
        return True

    def choose(self, character: str) -> None:
        """Press the button with this key."""
        acts = (self.lose_next, self.spend, self.block)
        for button in (*self.presets.values(), *self.switches.values(), *acts):
            if button.key() == character and button.isVisible() and button.isEnabled():
                button.click()
                return

    def open_row(self) -> None:
        """Do what Enter does: press the button with the focus; on a slider, go back to selling."""
        focus = self.focusWidget()
        if isinstance(focus, QAbstractButton) and focus.isEnabled():
            focus.click()
        else:
            self.close_drawer()

    def next_row(self) -> None:
        """Go on to what stands behind, where the arrows are nobody else's."""
        self.focusNextPrevChild(True)

    def previous_row(self) -> None:
        """Go back to what stands before."""
        self.focusNextPrevChild(False)

    def all_well(self) -> None:
        """End all troubles, and free whom they blocked."""
        self._asking.ask(self._play.end, lambda _: self._done(None))

    # --- what is done -------------------------------------------------------------------------------

    def _set(self, dial: Dial, value: int) -> None:
        self._stage(replace(self._play.trouble, **{dial.value: value}))

    def _switch(self, switch: Switch) -> None:
        now = self._play.trouble
        self._stage(replace(now, **{switch.value: not getattr(now, switch.value)}))

    def _pick(self, preset: Preset) -> None:
        if preset is Preset.ALL_WELL:
            self.all_well()
        else:
            self._stage(with_preset(self._play.trouble, preset))

    def _lose_next(self) -> None:
        now = self._play.trouble
        if self._stage(replace(now, lose_next=now.lose_next + 1)):
            self._tell(words_of.lost_words(self._wording))

    def _stage(self, trouble: Trouble) -> bool:
        try:
            self._play.stage(trouble)
        except KnownError as error:
            self._fail(error.sentence)
            return False
        self._show()
        self.changed.emit()
        return True

    def _spend(self) -> None:
        member, wording = self._serving, self._wording
        if member is not None:
            self._asking.ask(
                lambda: self._play.spend_elsewhere(member.member_id),
                lambda spent: self._done(words_of.spent_words(wording.points(spent), member.name, wording)),
            )

    def _block(self) -> None:
        member, wording = self._serving, self._wording
        if member is not None:
            blocked = member.blocked_since is None

            def done(_: None) -> None:
                self._done(words_of.blocked_words(member.name, wording, blocked=blocked))
                self._refresh()  # a sale under way learns of it, as it would of nothing else

            self._asking.ask(lambda: self._play.block(member.member_id, blocked=blocked), done)

    def _done(self, said: Sentence | None) -> None:
        if said is not None:
            self._tell(said)
        self._show()
        self.changed.emit()

    def _fail(self, sentence: str) -> None:
        self._tell(Sentence.of(sentence))
        self._show()

    def _tell(self, said: Sentence) -> None:
        self.toast.show_words(said.full, short=said.short)
        announce(self.toast, said.full)
        self.arrange()

    # --- what is shown ------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to count along."""
        super().showEvent(event)
        self._look_again.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop counting: nobody sees it."""
        self._look_again.stop()
        self.toast.hide()
        super().hideEvent(event)

    def _show(self) -> None:
        trouble = self._play.trouble
        words = words_of.free_play_words(
            trouble, self._play.asked(), self._waiting, self._serving, self._wording
        )
        self.say(words.title, words.close)
        here = preset_of(trouble)
        for preset, button in self.presets.items():
            button.set_words(words.presets[preset].full, words.presets[preset].short)
            button.set_selected(preset is here and (preset is not Preset.ALL_WELL or trouble.is_none))
        for dial, row in self.dials.items():
            row.show_words(words.dials[dial], int(getattr(trouble, dial.value)))
        for switch, button in self.switches.items():
            button.set_words(words.switches[switch].full, words.switches[switch].short)
            button.set_selected(bool(getattr(trouble, switch.value)))
        for act, said in (
            (self.lose_next, words.lose_next),
            (self.spend, words.spend),
            (self.block, words.block),
        ):
            act.set_words(said.full, said.short)
        self.note.set_text(words.nobody)
        self.asked.set_text(words.asked.full, words.asked.short)
        self._show_acts()
        self.arrange()

    def _show_acts(self) -> None:
        for act in (self.spend, self.block):
            enabled = self._serving is not None and not self._asking.busy
            if not enabled and act.hasFocus():
                self.first_focus().setFocus()
            act.setEnabled(enabled)

    # --- places -------------------------------------------------------------------------------------

    def arrange_inside(self, inside: QRect) -> None:
        """Place presets, sliders, switches and the foot, px."""
        px = self._look.px
        gap, tall = px(_GAP), px(_BUTTON)
        top = inside.top()
        self._in_a_row(list(self.presets.values()), QRect(inside.left(), top, inside.width(), tall))
        top += tall + gap
        foot = px(_FOOT)
        below = 2 * (tall + gap) + foot + gap
        # A wide and low window has room for two beside each other, and a finger for each.
        columns = 2 if self._look.metrics.compact else 1
        lines = len(self.dials) // columns
        high = min(px(56), max(tall, (inside.bottom() + 1 - below - top) // lines))
        wide = (inside.width() - (columns - 1) * px(32)) // columns
        for place, row in enumerate(self.dials.values()):
            column, down = divmod(place, lines)
            row.setGeometry(inside.left() + column * (wide + px(32)), top + down * high, wide, high)
        top += lines * high + gap
        self._in_a_row(
            [*self.switches.values(), self.lose_next], QRect(inside.left(), top, inside.width(), tall)
        )
        top += tall + gap
        self._in_a_row([self.spend, self.block], QRect(inside.left(), top, inside.width(), tall))
        line = QRect(inside.left(), inside.bottom() + 1 - foot, inside.width(), foot)
        half = line.width() // 2
        self.asked.setGeometry(line.left(), line.top(), line.width(), foot)
        if self.note.text():
            asked = min(half, self.asked.sizeHint().width() + px(24))
            self.note.setGeometry(line.left() + asked, line.top(), line.width() - asked, foot)
            self.asked.setGeometry(line.left(), line.top(), asked - px(12), foot)
        self.note.setVisible(bool(self.note.text()))
        self.toast.setGeometry(line.left(), line.bottom() + 1 - px(56), min(line.width(), px(560)), px(56))
        if not self.toast.isHidden():
            self.toast.raise_()

    def _in_a_row(self, buttons: list[ActionButton], row: QRect) -> None:
        gap, count = self._look.px(_GAP), len(buttons)
        room = row.width() - gap * (count - 1)
        for place, button in enumerate(buttons):
            left = room * place // count + place * gap
            right = room * (place + 1) // count + place * gap
            button.setGeometry(row.left() + left, row.top(), right - left, row.height())

    # --- inside -------------------------------------------------------------------------------------

    def _preset_button(self, preset: Preset) -> ActionButton:
        button = ActionButton(kind=ButtonKind.CHOICE, key=_PRESET_KEYS[preset], parent=self._panel)
        button.clicked.connect(lambda: self._pick(preset))
        return button

    def _dial_row(self, dial: Dial) -> DialRow:
        row = DialRow(self._panel)
        row.moved.connect(lambda value: self._set(dial, value))
        return row

    def _switch_button(self, switch: Switch) -> ActionButton:
        button = self._button(_SWITCH_KEYS[switch], lambda: self._switch(switch))
        button.setCheckable(True)
        return button

    def _button(self, key: str, act: Callable[[], None]) -> ActionButton:
        button = ActionButton(kind=ButtonKind.SECONDARY, key=key, parent=self._panel)
        button.clicked.connect(act)
        return button
