"""Parts of the cards in the who column: the head with the name, and rows of an icon and a sentence."""

from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QWidget

from cashier_app.wording.sentences import Row, Sentence, Tone
from ui.theme.look import Look, spread_look
from ui.theme.typography import MEDIUM, REGULAR, SEMIBOLD
from ui.widgets.icon_view import IconView
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.text import ElidedLabel, PlainLabel

TONE_COLOURS = {
    Tone.PLAIN: "ink2",
    Tone.MUTED: "ink2",
    Tone.GOOD: "accent_text",
    Tone.WAIT: "amber_text",
    Tone.STOP: "red_text",
}


class MaskedLabel(ElidedLabel):
    """A line with hidden digits: its dots stand at the height of figures, beside which they are read."""

    def setFont(self, font: QFont | str | Sequence[str]) -> None:  # noqa: N802  # Qt override
        """Take a font, and from it the signs that go with figures."""
        raised = QFont(font)
        raised.setFeature(QFont.Tag("case"), 1)
        super().setFont(raised)


class MemberHead(Panel):
    """Name and way on the accent's tint; on red, with the reason, when the member is blocked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.HEAD, radius="control", parent=parent)
        self.name = ElidedLabel(role="title", weight=SEMIBOLD, parent=self)
        self.icon = IconView(size=18, parent=self)
        self.line = MaskedLabel(role="body", colour="ink2", parent=self)
        self.stop_icon = IconView("prohibit", colour="red_text", size=22, parent=self)
        self.stop_title = ElidedLabel(role="label", weight=SEMIBOLD, colour="red_text", parent=self)
        self.stop_words = PlainLabel(role="body", colour="red_text", wrap=True, parent=self)

    def show_person(
        self, name: str, icon: str, line: Sentence, warning: tuple[Sentence, Sentence] | None = None
    ) -> None:
        """Show another person; a warning is its title and what it means."""
        blocked = warning is not None
        self.set_kind(PanelKind.RED_HEAD if blocked else PanelKind.HEAD)
        self.name.set_text(name)
        self.icon.set_icon(icon, "ink2")
        self.line.set_text(line.full, line.short)
        if warning is not None:
            title, words = warning
            self.stop_title.set_text(title.full)
            self.stop_words.set_text(words.full)
        for part in (self.stop_icon, self.stop_title, self.stop_words):
            part.setVisible(blocked)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        spread_look(self, look)

    def place(self, at: QRect, *, compact: bool) -> int:
        """Take this width, arrange the inside and return the height used, px."""
        px = self.look.px
        side = px(12 if compact else 16)
        width = max(1, at.width() - 2 * side)
        name_at, line_at = px(8 if compact else 14), px(36 if compact else 46)
        self.name.setGeometry(side, name_at, width, px(27 if compact else 32))
        # A long name is made smaller before any of it is cut off.
        self.name.set_role("title", SEMIBOLD)
        if self.name.is_elided():
            self.name.set_role("body_large", SEMIBOLD)
        self.icon.setGeometry(side, line_at, px(20), px(24))
        self.line.setGeometry(side + px(28), line_at, max(1, width - px(28)), px(24))
        height = px(66 if compact else 82)
        if not self.stop_title.isHidden():
            height = self._place_warning(side, width, line_at + px(24 + (6 if compact else 10)))
        self.setGeometry(at.x(), at.y(), at.width(), height)
        return height

    def _place_warning(self, side: int, width: int, top: int) -> int:
        px = self.look.px
        self.stop_icon.setGeometry(side, top, px(24), px(26))
        self.stop_title.setGeometry(side + px(32), top, max(1, width - px(32)), px(26))
        words = max(self.stop_words.heightForWidth(width), 1)
        self.stop_words.setGeometry(side, top + px(28), width, words)
        return top + px(28) + words + px(12)


class NoteRow(QWidget):
    """An icon and a sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.icon = IconView(size=22, parent=self)
        self.words = ElidedLabel(role="body", parent=self)

    def show_row(self, row: Row) -> None:
        """Say something else."""
        colour = TONE_COLOURS[row.tone]
        strong = row.tone in {Tone.GOOD, Tone.WAIT, Tone.STOP}
        self.icon.set_icon(row.icon, colour)
        self.words.set_role("body", MEDIUM if strong else REGULAR)
        self.words.set_colour(colour)
        self.words.set_text(row.sentence.full, row.sentence.short)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        spread_look(self, look)

    def place(self, at: QRect, look: Look) -> None:
        """Take this place and arrange the inside."""
        self.setGeometry(at)
        indent = look.px(32)
        self.icon.setGeometry(0, 0, look.px(22), at.height())
        self.words.setGeometry(indent, 0, max(1, at.width() - indent), at.height())
