"""A whole day at a till in one process, whose loyalty system repeats secrets in its errors.

Run as ``python -m tests.end_to_end.leaking_run CONFIG DATA STORE PICTURES DOOR [LEAKS]``, with two phone
numbers and a secret on stdin, a line each. A test looks through all that is left behind.
"""

from __future__ import annotations

import logging
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

import ui.application
from cashier_app.data_folder import JOURNAL_FILE
from cashier_app.domain.sale import Effect
from cashier_app.security import credentials
from cashier_app.services.till_view import Step
from cashier_app.storage import effect_rows
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.kept_key import FileKeyStore
from ui.__main__ import main
from ui.main_window import MainWindow
from ui.screens.backend_drawer import BackendPage

PATIENCE_MS = 20_000


class Day:
    """What is done at the till, from the first customer to the evening.

    Args:
        arguments: Paths, the two phone numbers, and whether leaks are planted.
        secret: Typed into the settings page, refused there.
    """

    def __init__(self, window: MainWindow, arguments: dict[str, str], secret: str) -> None:
        self._window, self._arguments, self._secret = window, arguments, secret
        self._pictures = Path(arguments["pictures"])
        self._pictures.mkdir()

    def run(self) -> None:
        try:
            window = self._window
            if self._arguments.get("leaks"):
                effect_rows.without_person = _in_clear
            self._until(lambda: window.ways.backend is not None)
            self._sell(self._arguments["first"], "found")
            self._door("echo")
            self._sell(self._arguments["second"], "not reached")
            self._sign_in_that_fails()
            self._crash()
            if self._arguments.get("leaks"):
                self._plant()
            self._pictured("at the end")
        finally:
            QApplication.exit(0)  # not `quit`: the window would ask about sales that wait

    def _sell(self, phone: str, name: str) -> None:
        till = self._window._till
        till.clear_all()
        for digit in phone:
            till.type_character(digit)
        till.confirm()
        self._until(lambda: till.view.step not in {Step.IDLE, Step.LOOKING_UP})
        self._pictured(name)
        if till.view.step is Step.PROBLEM:
            till.confirm()
        for digit in "2360":
            till.type_character(digit)
        self._until(self._confirmed)
        self._pictured(f"{name}, sold")
        sys.stdout.write(f"sold {name}: {till.view.step.value}\n")
        self._window.ways.show_queue()
        self._pictured(f"{name}, queue")
        self._window.drawers.close()

    def _confirmed(self) -> bool:
        """Press Enter unless the sale is done; say whether it is."""
        till = self._window._till
        if till.view.step is not Step.DONE:
            till.confirm()
        return till.view.step is Step.DONE

    def _sign_in_that_fails(self) -> None:
        window = self._window
        window.ways.show_backend()
        assert window.ways.backend is not None
        drawer = window.drawers.backend_page(window.ways.backend)
        self._until(drawer.buttons.change.isEnabled)
        drawer.try_now()
        self._until(lambda: not drawer._asking.busy)
        self._pictured("tried now")
        drawer.choose("C")
        self._until(lambda: drawer.page is BackendPage.FORM)
        drawer.form.edit("secret token").setText(self._secret)
        drawer.form.edit("by").setText("Mira")
        drawer.try_out()
        self._until(lambda: not drawer._asking.busy)
        self._pictured("tried out")
        sys.stdout.write(f"tried out: {drawer.results.texts()[0]}\n")
        drawer.close_drawer()
        self._pictured("closed")

    def _crash(self) -> None:
        """Fail as a bug would, with a secret at hand and a phone number in its words."""
        secret, accounts = self._secret, dict[str, str]()
        try:
            accounts["+91" + self._arguments["first"]] += secret
        except LookupError:
            sys.excepthook(*sys.exc_info())  # as Qt calls it for a slot that fails

    def _plant(self) -> None:
        """Leak in every way that the search must find."""
        logging.getLogger(__name__).error("the token is %s", self._secret)
        sys.stdout.write(f"called {self._arguments['first']}\n")
        self._window.setToolTip(self._secret)
        picture = self._window.grab().toImage()
        picture.setText("Comment", self._secret)
        picture.save(str(self._pictures / "planted.png"))
        data = Path(self._arguments["data"])
        (data / "note.txt").write_bytes(self._secret.encode("utf-16-le"))
        journal = SqliteJournal(data / JOURNAL_FILE, "2")
        journal.remember("planted", self._secret)
        journal.close()

    def _pictured(self, name: str) -> None:
        """Keep a picture, and every text a person or a screen reader can get out of the window."""
        self._window.grab().save(str(self._pictures / f"{name}.png"))
        texts: list[str] = []
        for widget in (self._window, *self._window.findChildren(QWidget)):
            texts += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
            texts += [widget.windowTitle(), widget.objectName()]
            if isinstance(widget, QLineEdit):
                texts += [widget.displayText(), widget.placeholderText()]
                continue
            for read in ("text", "words", "detail", "shown_text"):
                reads = getattr(widget, read, None)
                if callable(reads):
                    texts.append(str(reads()))
        (self._pictures / f"{name}.txt").write_text("\n".join(texts), encoding="utf-8")

    def _door(self, mode: str) -> None:
        urllib.request.urlopen(f"{self._arguments['door']}?{mode}", timeout=5).close()  # noqa: S310 - loopback

    def _until(self, holds: Callable[[], bool]) -> None:
        for _ in range(PATIENCE_MS // 5):
            if holds():
                return
            QTest.qWait(5)
        raise TimeoutError("the till did not come to it")


def _in_clear(effect: Effect) -> Effect:
    """Hide nobody: a planted leak."""
    return effect


def arguments() -> dict[str, str]:
    names = ("config", "data", "store", "pictures", "door", "leaks")
    return dict(zip(names, sys.argv[1:], strict=False))


if __name__ == "__main__":
    given = arguments()
    given["first"], given["second"], typed = (sys.stdin.readline().strip() for _ in range(3))
    credentials.KeyStore = lambda: FileKeyStore(Path(given["store"]))  # type: ignore[assignment,misc]
    built = ui.application.build_window

    def build(*parts: object, **how: object) -> MainWindow:
        window: MainWindow = built(*parts, **how)  # type: ignore[arg-type]
        window._day = Day(window, given, typed)  # type: ignore[attr-defined]
        QTimer.singleShot(0, window, window._day.run)  # type: ignore[attr-defined]
        return window

    ui.application.build_window = build
    code = main(["--config", given["config"], "--data", given["data"], "--size", "1024x600"])
    command_line = Path("/proc/self/cmdline")
    sys.stdout.write(command_line.read_text() if command_line.exists() else "")
    sys.exit(code)
