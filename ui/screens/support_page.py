"""The page of support: what is wrong here, what a file for support would hold, and what saves it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from cashier_app.errors import KnownError
from cashier_app.ports.runner import Runner
from cashier_app.services.support_bundle import file_name
from cashier_app.wording import Sentence, Tone, Wording
from cashier_app.wording.support import SupportNews, save_support_words, support_words
from ui.accessibility import announce
from ui.key_words import Where
from ui.screens.drawer import Drawer
from ui.screens.support_file import ask_for_support_file
from ui.support import Support, SupportLook
from ui.theme.look import Look
from ui.theme.motion import Motion
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.support_list import SupportList
from ui.widgets.text import PlainLabel

_NOTE_INK = {Tone.GOOD: "accent_text", Tone.WAIT: "amber_text", Tone.STOP: "red_text"}
_SCRIPTS = {
    "Arabic": QFontDatabase.WritingSystem.Arabic,
    "Devanagari": QFontDatabase.WritingSystem.Devanagari,
    "Tamil": QFontDatabase.WritingSystem.Tamil,
    "Chinese": QFontDatabase.WritingSystem.SimplifiedChinese,
    "Japanese": QFontDatabase.WritingSystem.Japanese,
    "Korean": QFontDatabase.WritingSystem.Korean,
}
_FOOT, _GAP = 60, 8


class SupportPage(Drawer):
    """A drawer. It looks when it opens; nothing is written before somebody saves.

    Args:
        support: Looks and writes, on workers.
    """

    where = Where.SUPPORT

    def __init__(
        self,
        support: Support,
        wording: Wording,
        *,
        runner: Runner,
        motion: Motion,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(motion, parent)
        self._support, self._wording, self._runner = support, wording, runner
        self._found: SupportLook | None = None
        self._news = SupportNews()
        self._asked = 0
        self._said = Sentence.of("")
        self.promise = PlainLabel(role="body", colour="ink2", wrap=True, parent=self._panel)
        self.list = SupportList()
        self.note = PlainLabel(role="body", colour="ink2", wrap=True, parent=self._panel)
        self.again_button = ActionButton(kind=ButtonKind.SECONDARY, key="R", parent=self._panel)
        self.again_button.clicked.connect(self.look)
        self.save_button = ActionButton(kind=ButtonKind.PRIMARY, key="S", parent=self._panel)
        self.save_button.clicked.connect(self.save)
        self._show()

    @cached_property
    def _scroll(self) -> QScrollArea:
        area = QScrollArea(self._panel)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.list)
        area.show()
        return area

    def open_drawer(self) -> None:
        """Slide in and begin to look."""
        super().open_drawer()
        self.look()

    def first_focus(self) -> QWidget:
        """Return what the keys are for first: saving, once there is something to save."""
        return self.save_button if self.save_button.isEnabled() else self.close_button

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self._show()

    def found(self) -> SupportLook | None:
        """Return what the last look found."""
        return self._found

    # --- keys -------------------------------------------------------------------------------------

    def choose(self, character: str) -> None:
        """Take the letter of a button."""
        for button in (self.again_button, self.save_button):
            if button.key() == character and button.isEnabled():
                button.click()

    def open_row(self) -> None:
        """Do what Enter does: the button with the focus, or save."""
        focus = self.focusWidget()
        if isinstance(focus, ActionButton) and focus.isVisible() and focus.isEnabled():
            focus.click()
        elif self.save_button.isEnabled():
            self.save_button.click()

    def next_row(self) -> None:
        """Show what is below."""
        self._move(+1)

    def previous_row(self) -> None:
        """Show what is above."""
        self._move(-1)

    # --- work -------------------------------------------------------------------------------------

    def look(self) -> None:
        """Look at the till again; what was found before is shown until then."""
        if self._news.busy:
            return
        self._asked += 1
        asked = self._asked
        scripts = {name: bool(QFontDatabase.families(system)) for name, system in _SCRIPTS.items()}
        self.show_busy()
        self._runner.run(
            lambda: self._support.look(scripts),
            lambda found: self._came(asked, found),
            lambda error: self._failed(error, asked),
        )

    def save(self) -> None:
        """Ask where the file goes, and write what is listed."""
        found = self._found
        if found is None or self._news.busy:
            return
        bundle = found.bundle
        name = file_name(bundle.made_at, training=bundle.training)

        def chosen(path: Path, replace: bool) -> None:  # noqa: FBT001 - a callback
            self._runner.run(
                lambda: self._support.save(path, bundle, replace=replace),
                lambda _: self.show_saved(path.name),
                self._failed,
            )

        ask_for_support_file(self, save_support_words(self._wording), name, chosen)

    def _came(self, asked: int, found: SupportLook) -> None:
        if asked == self._asked:
            self._found = found
            self._tell(SupportNews())
            if self.isVisible() and not self.again_button.hasFocus():
                self.save_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_saved(self, name: str) -> None:
        """Say that the file was written."""
        self._tell(SupportNews(saved=name))

    def show_busy(self) -> None:
        """Say that the till is looked at."""
        self._news = SupportNews(busy=True)
        self._show()

    def _failed(self, error: BaseException, asked: int | None = None) -> None:
        if not isinstance(error, KnownError):
            self._news = SupportNews()
            self._show()
            raise error
        if asked is None or asked == self._asked:
            self._tell(SupportNews(trouble=error.sentence))

    def _tell(self, news: SupportNews) -> None:
        self._news = news
        self._show()
        if not self.isHidden():
            announce(self, self._said.full, assertive=bool(news.trouble))

    # --- what is shown ----------------------------------------------------------------------------

    def _show(self) -> None:
        found = self._found
        words = support_words(
            found.bundle if found else None, found.findings if found else (), self._news, self._wording
        )
        self.say(words.title, words.close)
        self.promise.set_text(words.promise.full)
        self.list.show_words(words)
        self._said = words.note
        self.note.set_colour(_NOTE_INK.get(words.note_tone, "ink2"))
        self.again_button.set_words(words.again.full, words.again.short)
        self.save_button.set_words(words.save.full, words.save.short)
        self.again_button.setEnabled(not self._news.busy)
        self.save_button.setEnabled(found is not None and not self._news.busy)
        self.arrange()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self.list.set_look(look)
        super().set_look(look)

    def arrange_inside(self, inside: QRect) -> None:
        """Place the promise, the list and the foot, px."""
        px = self._look.px
        high = self.promise.heightForWidth(inside.width())
        self.promise.setGeometry(inside.left(), inside.top(), inside.width(), high)
        top = inside.top() + high + px(8)
        foot = inside.bottom() + 1 - px(_FOOT)
        self._scroll.setGeometry(inside.left(), top, inside.width(), max(1, foot - px(12) - top))
        self._fit_list()
        right = inside.right() + 1
        for button in (self.save_button, self.again_button):
            width = max(px(150), button.sizeHint().width())
            button.setGeometry(right - width, foot, width, px(_FOOT))
            right -= width + px(_GAP)
        room = max(1, right - px(8) - inside.left())
        self.note.set_text(self._said.full)
        if self.note.heightForWidth(room) > px(_FOOT):
            self.note.set_text(self._said.short)
        high = min(px(_FOOT), self.note.heightForWidth(room))
        self.note.setGeometry(inside.left(), foot + (px(_FOOT) - high) // 2, room, high)

    def _fit_list(self) -> None:
        width = self._scroll.width()
        if self.list.height_for(width) > self._scroll.height():
            width -= self._scroll.verticalScrollBar().sizeHint().width() + self._look.px(4)
        self.list.resize(width, max(self.list.height_for(width), self._scroll.viewport().height()))

    def _move(self, direction: int) -> None:
        bar = self._scroll.verticalScrollBar()
        bar.setValue(bar.value() + direction * self._look.px(88))
