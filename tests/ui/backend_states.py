"""The page of the loyalty system in every state worth a picture."""

from __future__ import annotations

from cashier_app.backend_setup import TriedOut
from tests.ui.fake_backend_setup import REFUSED, FakeBackendSetup
from ui.main_window import MainWindow
from ui.screens.backend_drawer import BackendPage

STATES = (
    "backend",
    "backend-tried",
    "backend-kinds",
    "backend-form",
    "backend-works",
    "backend-refused",
    "backend-locked",
)


def open_in(window: MainWindow, name: str) -> None:
    """Bring a window that is shown into one of the states."""
    setup = FakeBackendSetup()
    window.ways.backend = setup
    if name == "backend-locked":
        setup.passphrase = "four made up words"
    if name == "backend-refused":
        setup.answer = TriedOut(REFUSED, setup.answer.capabilities)
    window.ways.show_backend()
    drawer = window.drawers.backend_page(setup)
    match name:
        case "backend-tried":
            drawer.try_now()
        case "backend-kinds":
            drawer.choose("A")
        case "backend-form" | "backend-works" | "backend-refused":
            drawer.choose("C")
            assert drawer.page is BackendPage.FORM
            if name != "backend-form":
                drawer.form.edit("secret access token").setText("EAAA-made-up")
                drawer.form.edit("by").setText("Mira")
                drawer.try_out()
