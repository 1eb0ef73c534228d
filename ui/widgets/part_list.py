"""The parts the program is made of, row by row: one is marked, and each opens its licence."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QPaintEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording.licences import PartLine
from ui.accessibility import announce
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.painting import RIGHT, draw_frame, draw_line, painting, text_width
from ui.theme.typography import MEDIUM, REGULAR
from ui.widgets.painted_button import PaintedButton

_ROW, _GAP, _SIDE = 48, 6, 14
_LEAST_LICENCE = 0.4
"""How much of a row the licence may have where the name is long."""


class PartButton(PaintedButton):
    """Paints one part: name and version at the left, the licence at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._line = PartLine("", "", "")
        self._marked = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the list has it

    def show_line(self, line: PartLine, *, marked: bool) -> None:
        """Show another part."""
        self._line, self._marked = line, marked
        said = f"{line.name} {line.version}".strip()
        self.setAccessibleName(f"{said}: {line.licence}" if line.licence else said)
        self.update()

    def is_marked(self) -> bool:
        """Return whether Enter opens this one."""
        return self._marked

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return QSize(self._look.px(300), self._look.px(_ROW))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole row."""
        look, line, side = self._look, self._line, self._look.px(_SIDE)
        fill, edge, width = ("accent_tint", "accent", 2) if self._marked else ("surface", "edge", 1)
        if self.isDown():
            fill = "key_press"
        elif self.shows_hover() and not self._marked:
            fill = "sunken"
        with painting(self) as painter:
            draw_frame(
                painter,
                QRectF(self.rect()),
                look.metrics.radius_control,
                fill=look.colour(fill),
                edge=look.colour(edge),
                width=look.px(width),
            )
            inside = QRectF(self.rect()).adjusted(side, 0, -side, 0)
            body, name = look.font("body", REGULAR), look.font("body", MEDIUM)
            licence = min(
                text_width(line.licence, body) + 1,
                max(inside.width() * _LEAST_LICENCE, inside.width() - text_width(line.name, name) - side),
            )
            room = max(1.0, inside.width() - licence - side)
            left = QRectF(inside.left(), inside.top(), room, inside.height())
            draw_line(painter, left, line.name, name, look.colour("ink"))
            after = min(left.width(), text_width(line.name, name) + look.px(8))
            version = left.adjusted(after, 0, 0, 0)
            if text_width(line.version, body) <= version.width():
                draw_line(painter, version, line.version, body, look.colour("ink2"))
            right = QRectF(inside.right() - licence, inside.top(), licence, inside.height())
            draw_line(painter, right, line.licence, body, look.colour("ink2"), RIGHT)


class PartList(QWidget):
    """All rows below each other, as high as they need to be: what scrolls is around it."""

    accessible_role = QAccessible.Role.List
    opened = Signal(int)  # the place of a row, from 0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._lines: tuple[PartLine, ...] = ()
        self._marked = 0
        self.rows: list[PartButton] = []
        self.setProperty("scrolled", "true")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_lines(self, lines: Sequence[PartLine]) -> None:
        """Show other parts; what is marked stays marked."""
        self._lines = tuple(lines)
        self._marked = min(self._marked, max(0, len(self._lines) - 1))
        while len(self.rows) > len(lines):
            gone = self.rows.pop()
            gone.hide()
            gone.deleteLater()
        while len(self.rows) < len(lines):
            self.rows.append(self._new_row(len(self.rows)))
        self._show()

    def open(self, place: int | None = None) -> None:
        """Mark a row and tell that it is opened: the marked one when none is named."""
        if self._lines:
            self.mark(self._marked if place is None else place)
            self.opened.emit(self._marked)

    def mark(self, place: int) -> QWidget:
        """Mark a row, the nearest one there is, and return it."""
        self._marked = min(max(place, 0), max(0, len(self._lines) - 1))
        self._show()
        if not self.rows:
            return self
        row = self.rows[self._marked]
        announce(self, row.accessibleName())
        return row

    def mark_by(self, step: int) -> QWidget:
        """Mark the row so many below, or above where that is negative, and return it."""
        return self.mark(self._marked + step)

    def mark_letter(self, letter: str) -> QWidget | None:
        """Mark the next row whose name begins with a letter, and return it; None where none does."""
        count = len(self._lines)
        places = [(self._marked + 1 + step) % count for step in range(count)]
        found = (at for at in places if self._lines[at].name.upper().startswith(letter.upper()))
        place = next(found, None)
        return None if place is None else self.mark(place)

    def marked(self) -> int:
        """Return the place of the marked row, from 0."""
        return self._marked

    def step(self) -> int:
        """Return how far rows are apart, px."""
        return self._look.px(_ROW + _GAP)

    def wanted_height(self) -> int:
        """Return the height of all rows, px."""
        return max(1, len(self.rows) * self.step() - self._look.px(_GAP))

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        self.arrange()

    def arrange(self) -> None:
        """Put the rows in their places."""
        for place, row in enumerate(self.rows):
            row.setGeometry(0, place * self.step(), self.width(), self._look.px(_ROW))

    def _new_row(self, place: int) -> PartButton:
        row = PartButton(self)
        row.set_look(self._look)
        row.clicked.connect(lambda: self.open(place))
        row.show()
        return row

    def _show(self) -> None:
        for place, (row, line) in enumerate(zip(self.rows, self._lines, strict=True)):
            row.show_line(line, marked=place == self._marked)
        self.arrange()
