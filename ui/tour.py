"""The tour: four customers served in the real window by real key events, and the ledger asked at the end."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from cashier_app.demo_shop import DemoShop
from cashier_app.paths import resources
from cashier_app.services.till_session import TillSession
from cashier_app.services.till_view import Finished, Posting, Serving, Step, TillView
from ui.probe import BlockProbe
from ui.training.hands import LOOK_MS, Hands, HandsError, Pause, Performance, Steps, Wait

WALLET_PICTURE = "wallet-priya.jpg"
TYPED_PHONE = "9845012210"
SCANNED_CODE = "LC1:RAVI5N8C2H6ZD4KP"

Say = Callable[[str], None]


class Tour(QObject):
    """Plays the tour. `finished` carries the exit code: 0 only when every sale is in the ledger exactly once.

    Args:
        window: The till's window, already shown.
        shop: The demo shop, whose network the tour takes down and whose ledger it asks.
        say: Gets one JSON line a sale, and one for the end.
        screenshots: Folder for a PNG at each step; None takes none.
    """

    finished = Signal(int)

    def __init__(
        self, window: QWidget, session: TillSession, shop: DemoShop, say: Say, screenshots: Path | None
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._shop = shop
        self._say = say
        self._album = Album(window, screenshots)
        self._probe = BlockProbe(self)
        self._hands = Hands(window)
        self._sales: list[Finished] = []
        self._performance = Performance(self._script(), self)
        self._performance.ended.connect(lambda fault: self._end(fault or self._audit()))

    def start(self) -> None:
        """Begin with the first customer."""
        self._probe.start()
        self._performance.start()

    # --- the four customers -----------------------------------------------------------------------

    def _script(self) -> Steps:
        yield Wait(lambda: self._view.program is not None, "the program of the demo shop")
        yield from self._shot("ready")
        yield from self._wallet_picture()
        yield from self._phone_number()
        yield from self._capped()
        yield from self._network_down()

    def _wallet_picture(self) -> Steps:
        """A wallet code, photographed by a phone, dropped on the window; the most is taken."""
        started = self._begin()
        self._hands.drop(resources() / "demo" / WALLET_PICTURE)
        yield Wait(self._serving, "the member of the wallet code")
        yield from self._shot("wallet-member")
        yield from self._hands.type("2360")
        yield from self._shot("wallet-offer")
        yield from self._hands.press(Qt.Key.Key_Return)
        yield from self._shot("wallet-reward")
        yield from self._hands.press(Qt.Key.Key_Return)
        yield Wait(lambda: self._view.step is Step.PAY, "the hold")
        yield from self._shot("wallet-pay")
        yield from self._hands.press(Qt.Key.Key_Return)
        yield from self._done("wallet picture", started, posted=True)
        yield from self._shot("wallet-done")

    def _phone_number(self) -> Steps:
        """A phone number typed by hand; points are only collected."""
        yield from self._next()
        started = self._begin()
        yield from self._hands.type(TYPED_PHONE)
        yield Wait(self._serving, "the member of the phone number")
        yield from self._hands.type("640.50")
        yield from self._shot("phone-offer")
        yield from self._hands.press(Qt.Key.Key_Minus)
        yield Wait(lambda: self._view.step is Step.PAY, "the payment")
        yield from self._hands.press(Qt.Key.Key_Enter)
        yield from self._done("phone number", started, posted=True)
        yield from self._shot("phone-done")

    def _capped(self) -> Steps:
        """A hand scanner, a large bill and `*`: the program caps the discount and says so."""
        yield from self._next()
        started = self._begin()
        self._hands.burst("LC1:PRYA7K2M4Q9XW3TB")
        yield Wait(self._serving, "the member of the scanned code")
        yield from self._hands.type("4800")
        yield from self._shot("capped-offer")
        yield from self._hands.press(Qt.Key.Key_Asterisk)
        yield Wait(lambda: self._view.step is Step.PAY, "the hold")
        yield from self._hands.press(Qt.Key.Key_Return)
        yield from self._done("capped", started, posted=True)
        yield from self._shot("capped-done")

    def _network_down(self) -> Steps:
        """The network goes down in the middle; the sale is kept and delivered when it returns."""
        yield from self._next()
        started = self._begin()
        self._hands.burst(SCANNED_CODE)
        yield Wait(self._serving, "the member of the scanned code")
        self._shop.stop_answering()
        yield from self._hands.type("1299")
        yield from self._hands.press(Qt.Key.Key_Return)
        if self._view.step is Step.REWARD:
            yield from self._hands.press(Qt.Key.Key_Return)
            yield Wait(lambda: not self._view.busy, "an answer to the hold")
        yield from self._shot("offline-offer")
        if self._view.step is not Step.PAY:
            yield from self._hands.press(Qt.Key.Key_Return)
            yield Wait(lambda: self._view.step is Step.PAY, "the payment without points")
        yield from self._hands.press(Qt.Key.Key_Return)
        yield from self._done("network down", started, posted=False)
        yield Wait(lambda: self._view.connection.counts.waiting == 1, "the sale to wait in the queue")
        yield from self._shot("offline-done")
        yield from self._hands.press(Qt.Key.Key_F7)
        yield Pause(250)
        yield from self._shot("offline-queue")
        yield from self._hands.press(Qt.Key.Key_Escape)
        self._shop.answer_again()
        yield Wait(lambda: self._view.connection.counts.waiting == 0, "the sale to be delivered")
        yield from self._shot("delivered")

    # --- hands ------------------------------------------------------------------------------------

    @property
    def _view(self) -> TillView:
        return self._session.view

    def _serving(self) -> bool:
        return self._view.step is Step.BILL and isinstance(self._view.person, Serving)

    def _begin(self) -> float:
        self._hands.presses = 0
        return time.perf_counter()

    def _next(self) -> Steps:
        if self._view.step is Step.DONE:
            yield from self._hands.press(Qt.Key.Key_Return)
        yield Wait(lambda: self._view.step is Step.IDLE, "the next customer")

    def _shot(self, name: str) -> Steps:
        # Two rounds of the event loop: what was shown is laid out and painted.
        yield Pause(LOOK_MS)
        yield Pause(LOOK_MS)
        self._album.take(name)
        self._probe.skip()

    def _done(self, customer: str, started: float, *, posted: bool) -> Steps:
        yield Wait(lambda: self._view.finished is not None, "the sale to be committed")
        seconds = time.perf_counter() - started
        if posted:
            yield Wait(lambda: _is_posted(self._view), "the sale to be posted")
        finished = self._view.finished
        if finished is None:
            raise HandsError("The finished sale left the screen too soon.")
        self._sales.append(finished)
        sale = finished.sale
        self._tell(
            customer=customer,
            number=sale.number,
            sale_id=sale.sale_id,
            bill_minor=sale.bill.minor,
            discount_minor=sale.discount.minor,
            paid_minor=sale.paid.minor,
            points_used=str(sale.points_used),
            points_earned=str(finished.earned),
            posted=finished.posting is Posting.POSTED,
            key_presses_beyond_figures=self._hands.presses,
            seconds=round(seconds, 2),
        )

    # --- the end ----------------------------------------------------------------------------------

    def _audit(self) -> str:
        """Return what is wrong with the server's ledger, or nothing."""
        for finished in self._sales:
            sale = finished.sale
            booked = self._shop.booked(sale.sale_id)
            captures = 1 if sale.points_used > 0 else 0
            if booked.count("sale") != 1 or booked.count("capture") != captures:
                return f"Sale {sale.number} is in the ledger as {booked}."
        return "" if len(self._sales) == 4 else f"{len(self._sales)} of 4 sales were made."

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


def _is_posted(view: TillView) -> bool:
    return view.finished is not None and view.finished.posting is Posting.POSTED
