"""The mark of training on every window, whoever opens it: the frame, and the word in the title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from cashier_app.wording.training_mark import training_title
from ui.widgets.training_frame import TrainingFrame

if TYPE_CHECKING:
    from ui.main_window import MainWindow

_UNMARKED = (Qt.WindowType.ToolTip, Qt.WindowType.Popup, Qt.WindowType.SplashScreen)
_MOMENTS = frozenset({QEvent.Type.Show, QEvent.Type.WindowTitleChange, QEvent.Type.Resize})


class WindowMarks(QObject):
    """Marks each window when it is shown, and again when its title changes. It lives as long as the window.

    Tooltips and lists that drop down are parts of a window, and carry nothing.

    Args:
        application: Whose windows they are.
        window: Whose look and voice they take.
    """

    def __init__(self, application: QApplication, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        # A dialog of the system has neither our frame nor, on every system, our title.
        QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Mark a window."""
        if event.type() in _MOMENTS and isinstance(watched, QWidget) and watched.isWindow():
            # Not while it is being made: one that brings a frame of its own has it by the time it is shown.
            seen = event.type() is QEvent.Type.Show or watched.isVisible()
            if seen and watched.windowType() not in _UNMARKED:
                self._mark(watched)
        return False

    def _mark(self, window: QWidget) -> None:
        screen = self._window.screen_of_till
        title = training_title(window.windowTitle(), screen.wording())
        if title != window.windowTitle():
            window.setWindowTitle(title)
        frame = window.findChild(
            TrainingFrame, options=Qt.FindChildOption.FindDirectChildrenOnly
        ) or TrainingFrame(window)
        if window is not self._window:
            frame.set_look(screen.look())
        frame.setGeometry(window.rect())
        frame.show()
        frame.raise_()
