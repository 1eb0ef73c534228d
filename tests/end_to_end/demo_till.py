"""The demo shop with its window, served by real keys: all real but the screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from cashier_app.demo_shop import DemoShop
from cashier_app.services.desk_settings import DeskSettings
from cashier_app.services.till_view import Posting, Serving, Step
from tests.ui.till_host import Hands
from ui.application import build_window
from ui.background import Background
from ui.gate import Gate
from ui.staff_link import StaffLink
from ui.theme.motion import STILL

RAVIS_CODE, RAVI = "LC1:RAVI5N8C2H6ZD4KP", "mem-ravi"
PATIENCE_MS = 15_000


class DemoTill:
    """One demo shop on a folder of its own. Made first, furnished with what a test needs, then opened.

    Args:
        signs_in: How its people sign in; where not given, nobody does.
    """

    def __init__(self, folder: Path, qtbot: QtBot, *, signs_in: DeskSettings | None = None) -> None:
        self._qtbot = qtbot
        self.background = Background()
        self.shop = DemoShop(folder)
        self.link: StaffLink | None = None
        if signs_in is not None:
            self.shop.till.staff = signs_in
            self.link = StaffLink(self.shop.till, self.background)
        till = self.shop.till
        self.session = self.link.session if self.link else till.new_session(self.background)
        self.window = build_window(till, self.session, self.background, motion=STILL, staff=self.link)
        qtbot.addWidget(self.window)
        self.hands = Hands(self.window)
        if self.link is not None:
            self.link.stand_before(self.window)

    def open(self) -> None:
        """Show the window and start what stands behind it."""
        self.window.resize(1280, 800)
        self.window.show()
        self.session.start()
        if self.link is not None:
            self.link.start()

    def open_for_sale(self) -> None:
        """Show the window, and wait until the till knows what it may sell for points."""
        self.open()
        self.until(lambda: self.session.view.program is not None)

    @property
    def gate(self) -> Gate:
        """Return what stands before the window, where people sign in."""
        assert self.link is not None
        assert self.link.gate is not None
        return self.link.gate

    def until(self, holds: Callable[[], bool]) -> None:
        """Let the window work until this holds."""
        self._qtbot.waitUntil(holds, timeout=PATIENCE_MS)

    def serve(self, code: str = RAVIS_CODE) -> None:
        """Scan a code, and wait until its member is served."""
        self.hands.scan(code)
        self.until(lambda: isinstance(self.session.view.person, Serving))

    def until_done(self) -> str:
        """Wait for the end of a sale, and return the sale's id."""
        self.until(lambda: self.session.view.step is Step.DONE)
        assert self.session.view.finished is not None
        return self.session.view.finished.sale.sale_id

    def until_posted(self) -> None:
        """Wait until the sale just made has been posted."""

        def is_posted() -> bool:
            finished = self.session.view.finished
            return finished is not None and finished.posting is Posting.POSTED

        self.until(is_posted)

    def coins(self, member_id: str = RAVI) -> int:
        """Return what the shop's server says somebody has."""
        row = self.shop.server.ledger.member(member_id)
        assert row is not None
        return row.balance

    def close(self) -> None:
        """Close everything."""
        self.window.closing.answer()
        self.window.close()
        self.background.close()
        if self.window.ways.day is not None:
            self.window.ways.day.close()
        self.shop.till.close()
