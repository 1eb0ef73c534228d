"""The tour: lesson zero played by itself in the real window, and the ledger asked at the end."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from cashier_app.demo_shop import DemoShop
from cashier_app.documents.lesson_document import load_lesson
from cashier_app.lesson_opening import open_lesson_room
from cashier_app.paths import resources
from cashier_app.ports.runner import Runner
from cashier_app.services.till_session import TillSession
from cashier_app.services.till_view import Finished, Posting, Step, TillView
from ui.main_window import MainWindow
from ui.probe import BlockProbe
from ui.training.coach import Coach, Teaching
from ui.training.demonstration import AT_ONCE, TO_BE_READ
from ui.training.hands import LOOK_MS, Pause, Steps, Wait

LESSON = "00-tour.toml"
CUSTOMERS = ("wallet picture", "phone number", "capped", "network down")
_WITHOUT_PICTURE = frozenset({"offline-member"})

Say = Callable[[str], None]


class Tour(QObject):
    """Plays the tour. `finished` carries the exit code: 0 only when every sale is in the ledger exactly once.

    Args:
        window: The till's window; below the till it gets the captions.
        shop: The demo shop, whose network the tour takes down and whose ledger it asks.
        say: Gets one JSON line a sale, and one for the end.
        screenshots: Folder for a PNG at each step; None takes none.
    """

    finished = Signal(int)

    def __init__(
        self,
        window: MainWindow,
        session: TillSession,
        shop: DemoShop,
        runner: Runner,
        say: Say,
        screenshots: Path | None,
    ) -> None:
        super().__init__(window)
        self._session, self._shop, self._say = session, shop, say
        self._album = Album(window, screenshots)
        self._probe = BlockProbe(self)
        self._sales: list[Finished] = []
        self._told: set[str] = set()
        self._started = 0.0
        self._seconds = 0.0
        # Somebody who watches reads the captions; without a screen nobody does.
        watched = QGuiApplication.platformName() not in {"offscreen", "minimal"}
        room = open_lesson_room(shop, session, runner)
        teaching = Teaching(room, shop.till.settings.currency)
        self._coach = Coach(window, teaching, runner, pace=TO_BE_READ if watched else AT_ONCE)
        self._coach.left.connect(lambda: self._end("Somebody left the tour."))
        session.subscribe(self._follow)

    def start(self) -> None:
        """Begin with the first customer."""
        lesson = load_lesson(resources() / "lessons" / LESSON)
        self._probe.start()
        playing = self._coach.show(lesson, before=self._ready, took=self._shot)
        playing.ended.connect(lambda fault: self._end(fault or self._audit()))

    # --- pictures -----------------------------------------------------------------------------------

    def _ready(self) -> Steps:
        yield Wait(lambda: self._session.view.program is not None, "the program of the demo shop")
        yield from self._shot("ready")

    def _shot(self, name: str) -> Steps:
        if name in _WITHOUT_PICTURE:
            return
        # Two rounds of the event loop: what was shown is laid out and painted.
        yield Pause(LOOK_MS)
        yield Pause(LOOK_MS)
        self._album.take(name)
        self._probe.skip()

    # --- the customers ------------------------------------------------------------------------------

    def _follow(self, view: TillView) -> None:
        """Note how long each customer took, and tell of a sale once it is known how far it got."""
        if view.step is Step.IDLE and not view.entry:
            self._coach.hands.presses, self._started = 0, 0.0
        elif not self._started:
            self._started = time.perf_counter()
        finished = view.finished
        if finished is None or finished.sale.sale_id in self._told:
            return
        if not self._seconds:
            self._seconds = time.perf_counter() - self._started
        if finished.posting is not Posting.POSTING:
            self._told.add(finished.sale.sale_id)
            self._tell_sale(finished)
            self._seconds = 0.0

    def _tell_sale(self, finished: Finished) -> None:
        sale = finished.sale
        place = min(len(self._sales), len(CUSTOMERS) - 1)
        self._sales.append(finished)
        self._tell(
            customer=CUSTOMERS[place],
            number=sale.number,
            sale_id=sale.sale_id,
            bill_minor=sale.bill.minor,
            discount_minor=sale.discount.minor,
            paid_minor=sale.paid.minor,
            points_used=str(sale.points_used),
            points_earned=str(finished.earned),
            posted=finished.posting is Posting.POSTED,
            key_presses_beyond_figures=self._coach.hands.presses,
            seconds=round(self._seconds, 2),
        )

    # --- the end ------------------------------------------------------------------------------------

    def _audit(self) -> str:
        """Return what is wrong with the server's ledger, or nothing."""
        for finished in self._sales:
            sale = finished.sale
            booked = self._shop.booked(sale.sale_id)
            captures = 1 if sale.points_used > 0 else 0
            if booked.count("sale") != 1 or booked.count("capture") != captures:
                return f"Sale {sale.number} is in the ledger as {booked}."
        return "" if len(self._sales) == len(CUSTOMERS) else f"{len(self._sales)} of 4 sales were made."

    def _end(self, fault: str) -> None:
        self._probe.stop()
        self._album.close()
        self._tell(
            sales=len(self._sales),
            each_in_the_ledger_once=not fault,
            ui_blocked_longest_ms=round(self._probe.longest_ms, 1),
            ui_blocked_p99_ms=round(self._probe.p99_ms, 1),
            screenshots=self._album.taken,
            fault=fault,
        )
        self.finished.emit(1 if fault else 0)

    def _tell(self, **facts: object) -> None:
        self._say(json.dumps(facts, ensure_ascii=False))


class Album:
    """Takes pictures of the window; they are written by a thread of its own."""

    def __init__(self, window: QWidget, folder: Path | None) -> None:
        self._window = window
        self._folder = folder
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="album")
        self.taken = 0
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def take(self, name: str) -> None:
        """Take a picture of the window as it is now."""
        if self._folder is None:
            return
        self.taken += 1
        image: QImage = self._window.grab().toImage()
        self._writer.submit(image.save, str(self._folder / f"{self.taken:02d}-{name}.png"))

    def close(self) -> None:
        """Wait until all pictures are written."""
        self._writer.shutdown(wait=True)
