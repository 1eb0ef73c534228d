"""The striped frame of training: over everything, drawers too, so that no picture of the till lacks it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import draw_training_frame, painting, training_frame_region


def in_training(part: QWidget) -> bool:
    """Say whether the window of this part is one of training: it wears the frame."""
    frame = part.window().findChild(TrainingFrame, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return frame is not None and not frame.isHidden()


class TrainingFrame(QWidget):
    """Stripes round the window, through which every press goes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self._cut_out()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the middle free."""
        super().resizeEvent(event)
        self._cut_out()

    def _cut_out(self) -> None:
        # Without a mask the frame would be painted again with whatever changes beneath its empty middle.
        region = QRegion()
        for rect in training_frame_region(self.rect(), self._look):
            region += rect
        self.setMask(region)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the stripes."""
        with painting(self) as painter:
            draw_training_frame(painter, self.rect(), self._look)
