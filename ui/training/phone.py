"""The practice phone: a window that shows a pass with a code that changes, to be held before a camera."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent

from cashier_app.domain.lesson import Code, HoldUp
from cashier_app.practice_opening import KINDS, ROTATING_KINDS, practice_wording
from cashier_app.services.practice_phone import PhoneCode, PhoneView, PracticePhone, Showing
from cashier_app.wording.practice_pass import kind_name, phone_words
from cashier_app.wording.practice_sheet import caption
from cashier_app.wording.training_mark import training_title, training_word
from ui.training.material_window import MaterialWindow, why_not_shown
from ui.training.pass_card import CountdownRing, PassCard
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.text import PlainLabel

if TYPE_CHECKING:
    from cashier_app.domain.practice_pass import PassHolder
    from cashier_app.ports.clock import Clock
    from cashier_app.ports.runner import Runner
    from cashier_app.practice_opening import PracticeMaterial
    from cashier_app.scanning.printed_codes import PrintedCode
    from cashier_app.wording import Wording
    from cashier_app.wording.practice_pass import PassWords, PhoneWords

_WINDOW: Final = QSize(708, 526)
_LOOK_MS: Final = 250


class PhoneWindow(MaterialWindow):
    """A customer's phone. Shows the first member of the lessons until somebody is asked for.

    Args:
        material: Members and codes; asked on a worker.
        store: Whose passes it holds.
        clock: Makes codes old.
    """

    def __init__(
        self, material: PracticeMaterial, wording: Wording, store: str, runner: Runner, clock: Clock
    ) -> None:
        self._wording, self._material, self._runner, self._clock = wording, material, runner, clock
        super().__init__(training_title(wording.text("Practice phone"), wording), _WINDOW)
        self._people: dict[str, tuple[PassHolder, PassWords]] = {}
        self._phone: PracticePhone | None = None
        self._asked: tuple[HoldUp, str] | None = None
        self._kind = KINDS[0]
        self._drawn: object = None
        self.card = PassCard(store, training_word(wording), self)
        self.ring = CountdownRing(self)
        self.about = PlainLabel(role="body", colour="ink2", wrap=True, parent=self)
        self.screenshot = ActionButton(key="S", parent=self)
        self.old = ActionButton(key="O", parent=self)
        self.network = ActionButton(key="N", parent=self)
        self.member = ActionButton(key="M", parent=self)
        self.kinds = [
            ActionButton(kind_name(kind, wording), kind=ButtonKind.CHOICE, key=str(number), parent=self)
            for number, kind in enumerate(ROTATING_KINDS, start=1)
        ]
        self.on_top = ActionButton(kind=ButtonKind.CHOICE, key="T", parent=self)
        self.on_top.setAutoExclusive(False)
        self.screenshot.clicked.connect(self.take_screenshot)
        self.old.clicked.connect(self.show_old)
        self.network.clicked.connect(self.switch_network)
        self.member.clicked.connect(self.next_member)
        self.on_top.clicked.connect(self.switch_on_top)
        for button, kind in zip(self.kinds, ROTATING_KINDS, strict=True):
            button.clicked.connect(lambda _=False, kind=kind: self.take_kind(kind))
        for button in (*self.kinds, self.screenshot, self.old, self.network, self.member, self.on_top):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        nobody = PhoneView("", Showing.LIVE, PhoneCode(None))
        self._name_buttons(phone_words(nobody, wording))
        self.ring.hide()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.tick)
        runner.run(self._load, self._loaded, self._failed)

    # --- what somebody asks for -----------------------------------------------------------------------

    def hold_up(self, held_up: HoldUp, text: str = "") -> None:
        """Show this code, in front; keys stay with the till. `text` is what it says, where that is known."""
        if self._phone is None:
            self._asked = (held_up, text)
        elif held_up.member in self._people:
            self._phone.hold_up(held_up, text)
            self.tick()
        self.open_beside(take_keys=False)

    def put_away(self) -> None:
        """Show nothing any more."""
        self.close()

    def take_screenshot(self) -> None:
        """Keep the code on show as a picture, or go back to the card."""
        if self._phone is not None:
            self._phone.take_screenshot()
            self.tick()

    def show_old(self) -> None:
        """Show a screenshot that is too old."""
        self._change(Code.STALE)

    def switch_network(self) -> None:
        """Lose the network, or find it again."""
        if self._phone is not None:
            self._phone.switch_network()
            self.tick()

    def next_member(self) -> None:
        """Take the phone of the next member."""
        if self._phone is not None:
            names = list(self._people)
            after = names[(names.index(self._phone.member_id) + 1) % len(names)]
            self._phone.hold_up(HoldUp(after, Code.FRESH))
            self.tick()

    def take_kind(self, kind: str) -> None:
        """Show another kind of code."""
        self._kind = kind
        self.tick()

    def switch_on_top(self) -> None:
        """Keep the window before all others, or not."""
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint, not self.stays_on_top())
        self.show()  # Qt hides a window whose flags change
        self.tick()

    def stays_on_top(self) -> bool:
        """Return whether the window stays before all others."""
        return bool(self.windowFlags() & Qt.WindowType.WindowStaysOnTopHint)

    # --- what is on show ------------------------------------------------------------------------------

    def view(self) -> PhoneView | None:
        """Return what the phone shows; None before members are read."""
        return self._phone.view() if self._phone is not None else None

    def tick(self) -> None:
        """Show what is so now: the seconds left, and a new code when it is time."""
        view = self.view()
        if view is None:
            return
        words = phone_words(view, self._wording)
        self.ring.setVisible(view.left is not None)
        self.ring.show_left(words.in_ring, view.share, warns=view.showing is Showing.WITHOUT_NETWORK)
        self.about.set_text(words.about)
        self.about.set_colour("amber_text" if words.warns else "ink2")
        self._name_buttons(words)
        self.on_top.set_selected(self.stays_on_top())
        for button, kind in zip(self.kinds, ROTATING_KINDS, strict=True):
            button.set_selected(kind == self._kind)
        self._draw(view)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the keycaps say; Esc puts the phone away."""
        acts = {
            Qt.Key.Key_S: self.take_screenshot,
            Qt.Key.Key_O: self.show_old,
            Qt.Key.Key_N: self.switch_network,
            Qt.Key.Key_M: self.next_member,
            Qt.Key.Key_T: self.switch_on_top,
            Qt.Key.Key_Escape: self.put_away,
        }
        act = acts.get(Qt.Key(event.key()))
        if act is not None:
            act()
        elif event.text() in {"1", "2", "3"}:
            self.take_kind(ROTATING_KINDS[int(event.text()) - 1])
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to count."""
        super().showEvent(event)
        self._timer.start()
        self.tick()

    def hideEvent(self, event: QHideEvent) -> None:
        """Count no more."""
        super().hideEvent(event)
        self._timer.stop()

    def _change(self, code: Code) -> None:
        if self._phone is not None:
            self._phone.hold_up(HoldUp(self._phone.member_id, code))
            self.tick()

    def _load(self) -> dict[str, tuple[PassHolder, PassWords]]:
        wording = practice_wording(self._wording, self._material)
        return {one.member_id: (one, self._material.words(one, wording)) for one in self._material.members}

    def _loaded(self, people: dict[str, tuple[PassHolder, PassWords]]) -> None:
        self._people = people
        life = timedelta(seconds=self._material.codes.life_seconds)
        self._phone = PracticePhone(next(iter(people)), life, self._clock)
        if self._asked is not None and self._asked[0].member in people:
            self._phone.hold_up(*self._asked)
        self.tick()

    def _failed(self, error: BaseException) -> None:
        self.about.set_text(why_not_shown(error, self._wording))
        self.about.set_colour("amber_text")

    def _name_buttons(self, words: PhoneWords) -> None:
        self.screenshot.set_words(words.screenshot)
        self.old.set_words(words.old)
        self.network.set_words(words.network)
        self.member.set_words(words.next_member)
        self.on_top.set_words(words.on_top)

    def _draw(self, view: PhoneView) -> None:
        """Have the code drawn on a worker, once for each change of it."""
        wanted = (view.member_id, view.code, self._kind)
        if wanted == self._drawn:
            return
        self._drawn = wanted
        holder, words = self._people[view.member_id]
        kind, made_at, text = self._kind, view.code.made_at, view.code.text

        def work() -> PrintedCode:
            if text:
                return self._material.code_of(text, kind)
            if made_at is None:
                return self._material.fixed_code(holder, kind)
            return self._material.rotating_code(holder.member_id, made_at, kind)

        def done(code: PrintedCode) -> None:
            if wanted == self._drawn:
                self.card.show_pass(words, code, caption(self._wording, kind_name(kind, self._wording)))

        self._runner.run(work, done, self._failed)

    def _arrange(self) -> None:
        super()._arrange()
        px, edge = self._look.px, self.inset()
        gap, high, wide = px(8), px(44), px(206)
        side = self.width() - edge - wide
        self.card.setGeometry(edge, edge, side - px(16) - edge, self.height() - 2 * edge)
        ring = px(52)
        self.ring.setGeometry(side, edge, ring, ring)
        beside = ring + px(10) if self.ring.isVisibleTo(self) else 0
        acts = (self.screenshot, self.old, self.network, self.member, self.on_top)
        top = self.height() - edge - len(acts) * (high + gap) + gap
        for place, button in enumerate(acts):
            button.setGeometry(side, top + place * (high + gap), wide, high)
        top -= px(12) + len(self.kinds) * (high + gap)
        self.about.setGeometry(side + beside, edge + px(2), wide - beside, top - edge - px(6))
        for place, button in enumerate(self.kinds):
            button.setGeometry(side, top + place * (high + gap), wide, high)
