"""What is scanned and typed at the very first frame, before database and backend are open, is honoured."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cashier_app.demo_shop import DemoShop
from cashier_app.services.till_view import Serving, Step
from ui.application import build_window
from ui.background import Background
from ui.theme.motion import STILL

CODE = "LC1:PRYA7K2M4Q9XW3TB"


def test_a_scan_and_a_bill_at_the_first_frame_are_served(qtbot: QtBot, tmp_path: Path) -> None:
    shop = DemoShop(tmp_path)
    background = Background()
    session = shop.till.new_session(background)
    window = build_window(shop.till, session, background, motion=STILL)
    qtbot.addWidget(window)
    try:
        window.resize(1280, 800)
        with qtbot.waitExposed(window):
            window.show()
        # Nothing was started yet: no program, no database, no server.
        for character in CODE:
            QTest.keyClick(window.windowHandle(), character)
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)
        assert session.view.step is Step.LOOKING_UP
        for digit in "2360":
            session.type_character(digit)
        session.start()
        qtbot.waitUntil(lambda: isinstance(session.view.person, Serving), timeout=10_000)
        qtbot.waitUntil(lambda: session.view.quote is not None, timeout=10_000)
        view = session.view
        assert isinstance(view.person, Serving)
        assert view.person.member.name == "Priya Raghunathan"
        assert view.quote is not None
        assert view.quote.to_pay.minor == 216_000
    finally:
        window.close()
        background.close()
        shop.till.close()
