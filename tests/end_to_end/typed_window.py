"""The program with its real window, told over stdin what to focus, telling on stdout what it shows."""

from __future__ import annotations

import json
import sys
import threading
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMenu, QPushButton, QVBoxLayout

import ui.application
from cashier_app.services.till_view import Serving, TillView
from ui.__main__ import main
from ui.background import Background
from ui.main_window import MainWindow


def say(**what: object) -> None:
    """Write one line of JSON."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


class Enquiry(QDialog):
    """A window of its own with a text field and a default button, as a dialog has them."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.field, self.button = QLineEdit(), QPushButton("OK")
        self.button.setDefault(True)
        self.button.clicked.connect(lambda: say(pressed="default button"))
        layout = QVBoxLayout(self)
        layout.addWidget(self.field)
        layout.addWidget(self.button)
        self.field.textChanged.connect(lambda text: say(field=text))


class Listener:
    """Does what stdin says, one word a line, and answers with that word."""

    def __init__(self, window: MainWindow, background: Background) -> None:
        self._window, self._background = window, background
        self._enquiry = Enquiry(window)
        self._menu: QMenu | None = None
        window._till.subscribe(self._shown)
        window.wedge.scanned.connect(lambda text: say(scanned=text))
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in sys.stdin:
            self._background.post(partial(self._do, line.strip()))

    def _do(self, word: str) -> None:
        enquiry = self._enquiry
        match word:
            case "field" | "button":
                enquiry.field.clear()
                enquiry.show()
                enquiry.activateWindow()
                (enquiry.field if word == "field" else enquiry.button).setFocus()
            case "till":
                self._back_to_till()
            case "block":
                # Keys pressed meanwhile wait in the window system's queue.
                say(done=word)
                threading.Event().wait(0.4)
                return
            case "deaf" | "hear":
                self._listen_to_keys(word == "hear")
                say(done=word)
                return
            case "menu":
                self._open_menu()
                say(done=word)
                return
            case "end":
                QApplication.quit()
        QTimer.singleShot(0, lambda: self._when_focused(word))

    def _back_to_till(self) -> None:
        self._enquiry.hide()
        if self._menu is not None:
            self._menu.close()
        self._window._till.clear_all()
        self._window.activateWindow()

    def _listen_to_keys(self, listen: bool) -> None:  # noqa: FBT001 - two words of stdin
        for watched in (self._window.windowHandle(), self._enquiry.windowHandle()):
            watched.removeEventFilter(self._window.wedge)
            if listen:
                self._window.wedge.filter_window(watched)

    def _open_menu(self) -> None:
        window = self._window
        self._menu = menu = QMenu(window)
        for name in "LC1":
            menu.addAction("&" + name).triggered.connect(lambda _, name=name: say(menu=name))
        menu.popup(window.mapToGlobal(window.rect().center()))

    def _when_focused(self, word: str, patience: int = 600) -> None:
        wanted = self._enquiry if word in {"field", "button"} else self._window
        handle = wanted.windowHandle()
        if QApplication.focusWindow() is handle or patience == 0:
            say(done=word, focused=patience > 0)
        else:
            if patience % 10 == 0:
                wanted.activateWindow()  # asked before the server had mapped it, that is forgotten
            QTimer.singleShot(5, lambda: self._when_focused(word, patience - 1))

    def _shown(self, view: TillView) -> None:
        person = view.person.member.name if isinstance(view.person, Serving) else type(view.person).__name__
        say(step=view.step.value, person=person, entry=view.entry, bill=view.bill.units)


def listen(build: Any) -> Any:  # noqa: ANN401 - wraps whatever the program builds
    """Return a builder of windows that are listened to."""

    def built(till: Any, session: Any, background: Background, **how: Any) -> MainWindow:  # noqa: ANN401
        window: MainWindow = build(till, session, background, **how)
        window._listener = Listener(window, background)  # type: ignore[attr-defined]
        return window

    return built


if __name__ == "__main__":
    ui.application.build_window = listen(ui.application.build_window)
    sys.exit(main(sys.argv[1:]))
