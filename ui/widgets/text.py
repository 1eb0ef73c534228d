"""Text on one line or wrapped: always plain, never a mnemonic, elided only where that is allowed."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import LEFT, draw_line, painting, text_width
from ui.theme.typography import REGULAR, font_for_text


class PlainLabel(QLabel):
    """A label that shows its text as it is.

    Args:
        text: What to show.
        role: A type role such as "body" or "label".
        weight: 400, 500 or 600.
        colour: A colour token such as "ink2".
        wrap: Whether it may take several lines; they then stand 1.4 of the size apart.
        parent: The owning widget.
    """

    def __init__(
        self,
        text: str = "",
        *,
        role: str = "body",
        weight: int = REGULAR,
        colour: str = "ink",
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        )
        self.setWordWrap(wrap)
        self._look = DEFAULT_LOOK
        self._role = role
        self._weight = weight
        self._colour = colour
        self.setText(text)
        self.setAccessibleName(text)
        self._restyle()

    def set_text(self, text: str) -> None:
        """Show another text."""
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)
            self._restyle()

    def set_colour(self, token: str) -> None:
        """Paint in the colour of another token."""
        if token != self._colour:
            self._colour = token
            self._recolour()
            self.update()

    def set_role(self, role: str, weight: int = REGULAR) -> None:
        """Take another type role and weight."""
        if (role, weight) != (self._role, self._weight):
            self._role, self._weight = role, weight
            self._restyle()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        if look != self._look:
            self._look = look
            self._restyle()

    @property
    def colour(self) -> str:
        """Return the token the text is painted in."""
        return self._colour

    def hasHeightForWidth(self) -> bool:
        """Return whether the height depends on the width."""
        return self.wordWrap()

    def heightForWidth(self, width: int) -> int:
        """Return the height wanted at this width, px."""
        if not self.wordWrap():
            return super().heightForWidth(width)
        from ui.theme.paragraph import Paragraph  # no text of the first frame is wrapped

        return Paragraph(self.text(), self.font(), width).height

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint one line as Qt does; set wrapped lines ourselves, further apart, from the top."""
        if not self.wordWrap():
            super().paintEvent(event)
            return
        from ui.theme.paragraph import Paragraph

        box = self.contentsRect()
        with painting(self) as painter:
            painter.setPen(self._look.colour(self._colour))
            lines = Paragraph(self.text(), self.font(), box.width())
            lines.draw(painter, QPointF(box.topLeft()))

    def _restyle(self) -> None:
        wanted = font_for_text(self.text(), self._look.font(self._role, self._weight))
        if wanted != self.font():
            self.setFont(wanted)
        self._recolour()
        self.update()

    def _recolour(self) -> None:
        palette = self.palette()
        colour = self._look.colour(self._colour)
        if palette.color(QPalette.ColorRole.WindowText) != colour:
            palette.setColor(QPalette.ColorRole.WindowText, colour)
            self.setPalette(palette)


class ElidedLabel(PlainLabel):
    """One line that takes its short form, then elides, where it does not fit.

    The whole text stays in the accessible name, and in the tooltip while something is cut off.
    """

    def __init__(
        self,
        text: str = "",
        *,
        short: str = "",
        role: str = "body",
        weight: int = REGULAR,
        colour: str = "ink",
        align: Qt.AlignmentFlag = LEFT,
        parent: QWidget | None = None,
    ) -> None:
        self._short = short
        self._align = align
        super().__init__(text, role=role, weight=weight, colour=colour, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str, short: str = "") -> None:
        """Show another text; `short` is tried before anything is cut off."""
        if short != self._short:
            self._short = short
            self.update()
        super().set_text(text)

    def shown_text(self) -> str:
        """Return what fits now: the text, its short form or an elided one."""
        return self.text_within(self.contentsRect().width())

    def text_within(self, room: int) -> str:
        """Return what fits a width, px: the text, its short form or an elided one."""
        for candidate in (self.text(), self._short):
            if candidate and text_width(candidate, self.font()) <= room + 0.5:
                return candidate
        shortest = self._short or self.text()
        return QFontMetricsF(self.font()).elidedText(shortest, Qt.TextElideMode.ElideRight, room)

    def is_elided(self) -> bool:
        """Return whether part of the text is cut off; a short form counts as whole."""
        return self.shown_text() not in {self.text(), self._short}

    def sizeHint(self) -> QSize:  # the whole text, so that layouts give it room when there is some
        """Return the wanted size, px."""
        width = text_width(self.text(), self.font())
        return QSize(int(width) + 2, self._line_height())

    def minimumSizeHint(self) -> QSize:
        """Return the least size, px."""
        return QSize(1, self._line_height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        shown = self.shown_text()
        with painting(self) as painter:
            box = QRectF(self.contentsRect())
            colour = self._look.colour(self._colour)
            draw_line(painter, box, shown, self.font(), colour, self._align, flush=True)
        # Only what was painted can be pointed at; measuring at every change of text cost the start 7 ms.
        self._explain(whole=shown in {self.text(), self._short})

    def _line_height(self) -> int:
        return round(QFontMetricsF(self.font()).height())

    def _recolour(self) -> None:
        """Do nothing: this label paints itself, and needs no palette."""

    def _explain(self, *, whole: bool) -> None:
        if whole:
            if self.toolTip():
                self.setToolTip("")
            return
        from html import escape

        # Tooltips guess at rich text: a name such as "<b>x" must come out as it is.
        self.setToolTip(f"<span>{escape(self.text())}</span>")
