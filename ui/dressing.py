"""What the window wears: the colours somebody chose, or the system's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ui.main_window import MainWindow
from ui.theme.style import apply_colours, apply_theme
from ui.theme.tokens import DARK, LIGHT, Theme, high_contrast

if TYPE_CHECKING:
    from cashier_app.wording.menu import Colours


class Dressing:
    """Dresses the window, again whenever somebody chooses, or the system changes while nobody chose."""

    def __init__(self, application: QApplication, window: MainWindow, wanted: Colours) -> None:
        self._application, self._window = application, window
        self.wanted = wanted
        hints = application.styleHints()
        hints.colorSchemeChanged.connect(self._follow)
        hints.accessibility().contrastPreferenceChanged.connect(self._dress)
        # The sheet is for tooltips and what scrolls: it follows the first frame.
        theme = self._theme()
        apply_colours(application, theme)
        window.set_theme(theme)

    def take(self, wanted: Colours) -> None:
        """Wear what somebody chose."""
        self.wanted = wanted
        self._dress()

    def _follow(self) -> None:
        if self.wanted == "system":
            self._dress()

    def _dress(self) -> None:
        apply_theme(self._application, self._theme())
        self._window.set_theme(self._theme())

    def _theme(self) -> Theme:
        hints = self._application.styleHints()
        by_system = self.wanted == "system" and hints.colorScheme() is Qt.ColorScheme.Dark
        theme: Theme = DARK if self.wanted == "dark" or by_system else LIGHT
        if hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast:
            theme = high_contrast(theme)
        return theme
