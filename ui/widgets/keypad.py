"""The keypad: twelve large keys that never take the focus."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import CENTRE, draw_frame, draw_icon, draw_line, painting
from ui.theme.typography import MEDIUM
from ui.widgets.painted_button import PaintedButton

DELETE = "delete"

_PHONE_ORDER = ("1", "2", "3", "4", "5", "6", "7", "8", "9")
_CALCULATOR_ORDER = ("7", "8", "9", "4", "5", "6", "1", "2", "3")
_COLUMNS, _ROWS = 3, 4


class KeypadKey(PaintedButton):
    """One key: a figure, a sign, or the delete icon."""

    def __init__(self, value: str, spoken: str = "", parent: QWidget | None = None) -> None:
        super().__init__(spoken or value, parent)
        self._value = value
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def value(self) -> str:
        """Return what the key types, or DELETE."""
        return self._value

    def set_value(self, value: str) -> None:
        """Make the key type something else."""
        if value != self._value:
            self._value = value
            self.setAccessibleName(value)
            self.update()

    def minimumSizeHint(self) -> QSize:
        """Return the least size, px."""
        return QSize(self._look.px(48), self._look.px(48))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        look = self._look
        fill, ink = "key", "ink"
        if not self.isEnabled():
            fill, ink = "sunken", "disabled"
        elif self.isDown():
            fill = "key_press"
        elif self.shows_hover():
            fill = "sunken"
        with painting(self) as painter:
            box = QRectF(self.rect())
            draw_frame(
                painter, box, look.metrics.radius_control, fill=look.colour(fill), edge=look.colour("line")
            )
            if self._value == DELETE:
                side = look.px(24)
                place = QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side)
                draw_icon(painter, place, "backspace", ink, look)
            else:
                font = look.font("keypad_digit", MEDIUM)
                draw_line(painter, box, self._value, font, look.colour(ink), CENTRE)


class Keypad(QWidget):
    """Three by four keys that fill the widget; they answer on the down event.

    Args:
        delete_name: The spoken name of the delete key.
        parent: The owning widget.
    """

    pressed_key = Signal(str)  # "0" to "9", the text of the lower left key, or DELETE

    def __init__(self, delete_name: str = "Delete", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._digits = [KeypadKey(value, parent=self) for value in _PHONE_ORDER]
        self._corner = KeypadKey(".", parent=self)
        self._zero = KeypadKey("0", parent=self)
        self._delete = KeypadKey(DELETE, delete_name, parent=self)
        for key in self.keys():
            key.pressed.connect(lambda key=key: self.pressed_key.emit(key.value()))

    def keys(self) -> list[KeypadKey]:
        """Return the keys row by row."""
        return [*self._digits, self._corner, self._zero, self._delete]

    def set_corner(self, text: str) -> None:
        """Set the lower left key: ".", "00" or "+"; with nothing it is away."""
        self._corner.set_value(text)
        self._corner.setVisible(bool(text))

    def set_calculator_order(self, on: bool) -> None:  # noqa: FBT001  # a setter, like Qt's
        """Put 7-8-9 on top instead of 1-2-3."""
        for key, value in zip(self._digits, _CALCULATOR_ORDER if on else _PHONE_ORDER, strict=True):
            key.set_value(value)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        for key in self.keys():
            key.set_look(look)
        self._place()

    def minimumSizeHint(self) -> QSize:
        """Return the least size, px."""
        gap, least = self._look.metrics.keypad_gap, self._look.px(48)
        return QSize(_COLUMNS * least + (_COLUMNS - 1) * gap, _ROWS * least + (_ROWS - 1) * gap)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """Lay the keys out so that they end exactly at the widget's edges."""
        gap = self._look.metrics.keypad_gap
        lefts = _starts(self.width(), _COLUMNS, gap)
        tops = _starts(self.height(), _ROWS, gap)
        for index, key in enumerate(self.keys()):
            column, row = index % _COLUMNS, index // _COLUMNS
            left, top = lefts[column], tops[row]
            key.setGeometry(QRect(left, top, lefts[column + 1] - gap - left, tops[row + 1] - gap - top))


def _starts(length: int, count: int, gap: int) -> list[int]:
    """Return where each of `count` equal parts starts, and the end of the last plus a gap."""
    step = (length + gap) / count
    return [round(index * step) for index in range(count + 1)]
