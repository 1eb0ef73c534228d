"""Big text that steps down in size until it fits: amounts, figures and the word of a state. Never elided."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import ink_box, painting, snapped, text_outline
from ui.theme.typography import MEDIUM, SEMIBOLD, font, font_for_text

# Percent of the size. Inter's tabular figures are cut wide (0.645 of the size, with a foot under the 1);
# this brings them back to 0.615, so that the usual amounts fit at full size.
FIGURE_SPACING = -3
WORD_SPACING = -2
LETTER_SPACING = -1  # currencies written in letters: closer, they run into each other

_LAST_RESORT = (28, 24, 20, 16)  # below the steps of the specification, rather than cut a figure off
_CARET = 3
_CARET_GAP = 4


class _SteppedText(QWidget):
    """Text in the largest of the allowed sizes that fits the widget, in the middle of its height."""

    def __init__(self, text: str, *, role: str, spacing: float, colour: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._text = text
        self._role = role
        self._spacing = spacing  # percent of the size
        self._colour = colour
        self._fitted: tuple[QSize, QFont] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(text)

    def text(self) -> str:
        """Return the whole text."""
        return self._text

    def set_colour(self, token: str) -> None:
        """Paint in the colour of another token."""
        if token != self._colour:
            self._colour = token
            self.update()

    def set_role(self, role: str) -> None:
        """Start from the size of another type role, such as "hero"."""
        if role != self._role:
            self._role = role
            self._refit()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self._refit()

    def fitting_font(self) -> QFont:
        """Return the largest allowed font in which everything fits the widget."""
        if self._fitted is None or self._fitted[0] != self.size():
            self._fitted = self.size(), self._find_font()
        return self._fitted[1]

    def lowest_ink(self) -> float:
        """Return how far down the text reaches in the widget, px: below the baseline where a comma hangs."""
        made = self.fitting_font()
        return self._baseline(made) + max(0.0, ink_box(self._text, made).bottom())

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        made = self._font(self._look.metrics.type_size(self._role))
        return QSize(int(self._ink_width(made)) + 1, round(QFontMetricsF(made).height()))

    def minimumSizeHint(self) -> QSize:
        """Return the least size, px."""
        return QSize(1, 1)

    def _refit(self) -> None:
        self._fitted = None
        self.updateGeometry()
        self.update()

    def _find_font(self) -> QFont:
        largest = self._look.metrics.type_size(self._role)
        steps = self._look.metrics.steps_down(largest)
        made = self._font(largest)
        for size in (*steps, *map(self._look.px, _LAST_RESORT)):
            made = self._font(size)
            if self._ink_width(made) <= self.width() and self._ink_height(made) <= self.height():
                break
        return made

    def _font(self, size_px: int) -> QFont:
        return font_for_text(self._text, font(size_px, SEMIBOLD, self._spacing))

    def _ink_width(self, made: QFont) -> float:
        return ink_box(self._text, made).width()

    def _ink_height(self, made: QFont) -> float:
        """Return the height needed so that capitals stand in the middle and nothing is cut off, px."""
        metrics = QFontMetricsF(made)
        ink = ink_box(self._text, made)
        half = metrics.capHeight() / 2
        return 2 * max(half, -ink.top() - half, ink.bottom() + half)

    def _baseline(self, made: QFont) -> float:
        return (self.height() + QFontMetricsF(made).capHeight()) / 2

    def _fill(self, painter: QPainter, made: QFont, words: str, start: float, colour: QColor) -> None:
        """Fill the outline of words on the baseline, from `start`, px."""
        outline = text_outline(words, made).translated(start, self._baseline(made))
        painter.fillPath(outline, colour)


class AmountText(_SteppedText):
    """An amount at the right edge of its widget, whatever its size.

    The right edge is that of the last glyph's ink: side bearings differ by several px between sizes.
    """

    def __init__(
        self,
        text: str = "",
        *,
        role: str = "figure",
        colour: str = "ink",
        spacing: float = FIGURE_SPACING,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, role=role, spacing=spacing, colour=colour, parent=parent)
        self._tail = ""
        self._tail_colour = "ink3"
        self._caret = False

    def set_amount(self, text: str, *, tail: str = "", caret: bool = False) -> None:
        """Show an amount.

        Args:
            text: The whole amount with sign and currency, such as "₹2,360.00".
            tail: Its ending that was not typed and is painted dim, such as ".00".
            caret: Whether a caret stands after what was typed.
        """
        if not text.endswith(tail):
            tail = ""
        if (text, tail, caret) != (self._text, self._tail, self._caret):
            self._text, self._tail, self._caret = text, tail, caret
            self.setAccessibleName(text)
            self._refit()

    def set_tail_colour(self, token: str) -> None:
        """Paint the untyped ending in the colour of another token."""
        if token != self._tail_colour:
            self._tail_colour = token
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        if not self._text:
            return
        made, typed = self.fitting_font(), self._text.removesuffix(self._tail)
        with painting(self) as painter:
            right = float(self.width())
            if self._tail:
                start = right - ink_box(self._tail, made).right()
                self._draw(painter, made, self._tail, start, self._tail_colour)
                right = start + ink_box(self._tail, made).left() if self._caret else start
            if self._caret:
                right = self._draw_caret(painter, made, right)
            natural = self._tail and not self._caret  # one amount in two colours
            width = QFontMetricsF(made).horizontalAdvance(typed) if natural else ink_box(typed, made).right()
            self._draw(painter, made, typed, right - width, self._colour)

    def _draw(self, painter: QPainter, made: QFont, words: str, start: float, token: str) -> None:
        """Draw words whose first glyph's box begins at `start`, px."""
        self._fill(painter, made, words, start, self._look.colour(token))

    def _draw_caret(self, painter: QPainter, made: QFont, right: float) -> float:
        """Draw the caret as far from the ink at either side, and return where that at its left ends, px."""
        width, gap = self._look.px(_CARET), self._look.px(_CARET_GAP)
        height = QFontMetricsF(made).capHeight() * 1.28
        x = right - width - (gap if self._tail else 0)
        bar = QRectF(x, (self.height() - height) / 2, width, height)
        painter.fillRect(snapped(painter, bar), self._look.colour("accent"))
        return x - gap

    def _font(self, size_px: int) -> QFont:
        spacing = self._spacing
        if any(character.isalpha() for character in self._text):
            spacing = max(spacing, LETTER_SPACING)
        return font_for_text(self._text, font(size_px, SEMIBOLD, spacing))

    def _ink_width(self, made: QFont) -> float:
        caret = self._look.px(_CARET + 2 * _CARET_GAP) if self._caret else 0
        return super()._ink_width(made) + caret


class WordText(_SteppedText):
    """A big word or figure at the left edge of its widget, with an optional smaller unit after it."""

    def __init__(
        self,
        text: str = "",
        *,
        unit: str = "",
        role: str = "word",
        colour: str = "ink",
        unit_colour: str = "ink2",
        spacing: float = WORD_SPACING,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, role=role, spacing=spacing, colour=colour, parent=parent)
        self._unit = ""
        self._unit_colour = unit_colour
        self.set_text(text, unit)

    def set_text(self, text: str, unit: str = "") -> None:
        """Show another word, and a unit at half its size on the same line."""
        self._text, self._unit = text, unit
        self.setAccessibleName(f"{text} {unit}".rstrip())
        self._refit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        if not self._text:
            return
        made = self.fitting_font()
        ink = ink_box(self._text, made)
        with painting(self) as painter:
            self._fill(painter, made, self._text, -ink.left(), self._look.colour(self._colour))
            if self._unit:
                painter.setFont(self._unit_font(made))
                painter.setPen(self._look.colour(self._unit_colour))
                start = QPointF(ink.width() + self._unit_gap(made), self._baseline(made))
                painter.drawText(start, self._unit)

    def _unit_font(self, made: QFont) -> QFont:
        return font_for_text(self._unit, font(round(made.pixelSize() / 2), MEDIUM))

    @staticmethod
    def _unit_gap(made: QFont) -> float:
        return made.pixelSize() * 0.22

    def _ink_width(self, made: QFont) -> float:
        width = super()._ink_width(made)
        if self._unit:
            unit = QFontMetricsF(self._unit_font(made)).horizontalAdvance(self._unit)
            width += self._unit_gap(made) + unit
        return width
