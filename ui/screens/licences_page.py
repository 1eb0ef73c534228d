"""The page of licences: what the program is made of, and the texts of each part."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QScrollArea, QWidget

from cashier_app.licences import Licences, LicenceText, LicensedPart, read_licences, texts_of
from cashier_app.ports.runner import Runner
from cashier_app.wording import Wording
from cashier_app.wording.licences import LicenceWords, PartLine, about_words, licence_words, licences_words
from ui.accessibility import announce
from ui.asking import Asking
from ui.key_words import Where
from ui.screens.drawer import Drawer
from ui.theme.look import Look
from ui.theme.motion import Motion
from ui.theme.typography import REGULAR
from ui.widgets.part_list import PartList
from ui.widgets.text import PlainLabel

_LINES = 3  # by an arrow


class LicencesPage(Drawer):
    """A drawer: the list, and over it the text of the part that was opened. Files are read by workers.

    Args:
        read: Returns all parts; blocking.
        texts: Returns the texts of one, by its name; blocking.
    """

    where = Where.LICENCES

    def __init__(
        self,
        wording: Wording,
        *,
        runner: Runner,
        motion: Motion,
        read: Callable[[], Licences] = read_licences,
        texts: Callable[[str], tuple[LicenceText, ...]] = texts_of,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(motion, parent)
        self._wording, self._read, self._texts = wording, read, texts
        self._found: Licences | None = None
        self._part: LicensedPart | None = None  # whose text is shown; None for the list or for all
        self._came: tuple[LicenceText, ...] | None = None
        self._trouble = ""
        self._left_at = 0  # of the list, px
        self._asking = Asking(runner, lambda: None, self._fail)
        self.close_button.clicked.disconnect()
        self.close_button.clicked.connect(self.go_back)
        self.intro = PlainLabel(role="body", colour="ink2", wrap=True, parent=self._panel)
        self.list = PartList()
        self.list.opened.connect(self._open)
        self._scroll = QScrollArea(self._panel)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self.list)
        self.text = QPlainTextEdit(self._panel)
        self.text.setReadOnly(True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setUndoRedoEnabled(False)
        self.text.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.text.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.text.hide()
        self._show()

    # --- what the window asks -----------------------------------------------------------------------

    def open_drawer(self) -> None:
        """Slide in with the list, read once."""
        self._show_list()
        super().open_drawer()
        if self._found is None:
            self._trouble = ""
            self._asking.ask(self._read, self._listed)

    def close_drawer(self) -> None:
        """Go away, and let the text go: it may be long."""
        if not self.isHidden():
            self._asking.forget()
            self._show_list()
            super().close_drawer()

    def first_focus(self) -> QWidget:
        """Return the list, or the text that is read."""
        return self.text if self.is_text() else self.list

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self._show()

    def is_text(self) -> bool:
        """Return whether a text is shown, and not the list."""
        return not self.text.isHidden()

    # --- keys -----------------------------------------------------------------------------------------

    def go_back(self) -> None:
        """Do what Esc does: from a text to the list, then away."""
        if not self.is_text():
            self.close_drawer()
            return
        self._asking.forget()
        self._show_list()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.verticalScrollBar().setValue(self._left_at)  # Qt brought the whole list in
        announce(self, self.title.text())

    def choose(self, character: str) -> None:
        """Mark the next part that begins with a letter."""
        row = None if self.is_text() or not self.list.rows else self.list.mark_letter(character)
        self._bring_in(row)

    def open_row(self) -> None:
        """Do what Enter does: open the marked part, or press the button with the focus."""
        if self.close_button.hasFocus():
            self.close_button.click()
        elif not self.is_text():
            self.list.open()

    def next_row(self) -> None:
        """Mark the part below, or read on."""
        self._move(+1)

    def previous_row(self) -> None:
        """Mark the part above, or read what was before."""
        self._move(-1)

    def turn_page(self, direction: int) -> None:
        """Show the next or the previous page."""
        if self.is_text():
            bar = self.text.verticalScrollBar()
            bar.setValue(bar.value() + direction * max(1, bar.pageStep() - 1))
        else:
            rows = max(1, self._scroll.height() // self.list.step() - 1)
            self._bring_in(self.list.mark_by(direction * rows))

    def _move(self, direction: int) -> None:
        if self.is_text():
            bar = self.text.verticalScrollBar()
            bar.setValue(bar.value() + direction * _LINES)
        else:
            self._bring_in(self.list.mark_by(direction))

    def _bring_in(self, row: QWidget | None) -> None:
        if row is not None and row is not self.list:
            self._scroll.ensureWidgetVisible(row, 0, self._look.px(8))

    # --- work -----------------------------------------------------------------------------------------

    def _listed(self, found: Licences) -> None:
        self._found = found
        self._show()
        announce(self, self.intro.text())

    def _open(self, place: int) -> None:
        found = self._found
        if found is None:
            return
        # The row that tells of all together stands behind the program's own.
        about = bool(found.about)
        self._part = None if about and place == 1 else found.parts[place - (1 if about and place else 0)]
        self._came, self._trouble = None, ""
        self._left_at = self._scroll.verticalScrollBar().value()
        self.text.show()
        self._scroll.hide()
        self._show()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        part = self._part
        if part is not None:
            self._asking.ask(lambda: self._texts(part.name), self._take_texts)

    def _take_texts(self, texts: tuple[LicenceText, ...]) -> None:
        self._came = texts
        self._show()

    def _fail(self, sentence: str) -> None:
        self._trouble = sentence
        self._show()
        announce(self, sentence, assertive=True)

    # --- what is shown --------------------------------------------------------------------------------

    def _show_list(self) -> None:
        self._part, self._came = None, None
        self.text.hide()
        self.text.clear()
        self._scroll.show()
        self._show()

    def _show(self) -> None:
        if self.is_text() and self._found is not None:
            self._show_text(self._words_of_text(self._found))
            return
        words = licences_words(self._found, self._wording)
        self.say(words.title, words.close)
        self.intro.set_text(self._trouble or words.intro.full)
        lines = list(words.parts)
        if words.about:
            lines.insert(1, PartLine(words.about, "", ""))
        self.list.show_lines(lines)
        self.list.setAccessibleName(words.title.full)
        self.arrange()

    def _words_of_text(self, found: Licences) -> LicenceWords:
        if self._part is None:
            return about_words(found, self._wording)
        return licence_words(self._part, self._came, self._trouble, self._wording)

    def _show_text(self, words: LicenceWords) -> None:
        self.say(words.title, words.back)
        self.intro.set_text(words.intro.full)
        if self.text.toPlainText() != words.text:
            self.text.setPlainText(words.text)
        self.text.setAccessibleName(words.title.full)
        self.arrange()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self.list.set_look(look)
        self.text.setFont(look.font("body", REGULAR))
        super().set_look(look)

    def arrange_inside(self, inside: QRect) -> None:
        """Place what is said above, and below it the list or the text, px."""
        px = self._look.px
        high = self.intro.heightForWidth(inside.width()) if self.intro.text() else 0
        self.intro.setVisible(high > 0)
        self.intro.setGeometry(inside.left(), inside.top(), inside.width(), high)
        top = inside.top() + (high + px(12) if high else 0)
        room = QRect(inside.left(), top, inside.width(), max(1, inside.bottom() + 1 - top))
        self._scroll.setGeometry(room)
        self.text.setGeometry(room)
        bar = self._scroll.verticalScrollBar().sizeHint().width() + px(4)
        self.list.resize(max(1, room.width() - bar), self.list.wanted_height())
        self.list.arrange()
