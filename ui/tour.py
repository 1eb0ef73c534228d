"""The tour: four customers served in the real window by real key events, and the ledger asked at the end."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QMimeData, QObject, QPointF, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from cashier_app.demo_shop import DemoShop
from cashier_app.paths import resources
from cashier_app.services.till_session import TillSession
from cashier_app.services.till_view import Finished, Posting, Serving, Step, TillView
from ui.probe import BlockProbe

logger = logging.getLogger(__name__)

WALLET_PICTURE = "wallet-priya.jpg"
TYPED_PHONE = "9845012210"
SCANNED_CODE = "LC1:RAVI5N8C2H6ZD4KP"

_LOOK_MS = 10
_FINGER_MS = 70
_PATIENCE_SECONDS = 20.0

Say = Callable[[str], None]


class Wait(Struct, frozen=True):
    """Go on when this holds; `what` is said when it never does."""

    until: Callable[[], bool]
    what: str


class Pause(Struct, frozen=True):
    """Go on after this many milliseconds: fingers are slower than scanners."""

    milliseconds: int


Steps = Iterator[Wait | Pause]


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
        self._presses = 0
        self._sales: list[Finished] = []
        self._steps = self._script()
        self._waiting: Wait | None = None
        self._since = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)

    def start(self) -> None:
        """Begin with the first customer."""
        self._probe.start()
        self._timer.start(_LOOK_MS)

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
        self._drop(resources() / "demo" / WALLET_PICTURE)
        yield Wait(self._serving, "the member of the wallet code")
        yield from self._shot("wallet-member")
        yield from self._type("2360")
        yield from self._shot("wallet-offer")
        yield from self._press(Qt.Key.Key_Return)
        yield from self._shot("wallet-reward")
        yield from self._press(Qt.Key.Key_Return)
        yield Wait(lambda: self._view.step is Step.PAY, "the hold")
        yield from self._shot("wallet-pay")
        yield from self._press(Qt.Key.Key_Return)
        yield from self._done("wallet picture", started, posted=True)
        yield from self._shot("wallet-done")

    def _phone_number(self) -> Steps:
        """A phone number typed by hand; points are only collected."""
        yield from self._next()
        started = self._begin()
        yield from self._type(TYPED_PHONE)
        yield Wait(self._serving, "the member of the phone number")
        yield from self._type("640.50")
        yield from self._shot("phone-offer")
        yield from self._press(Qt.Key.Key_Minus)
        yield Wait(lambda: self._view.step is Step.PAY, "the payment")
        yield from self._press(Qt.Key.Key_Enter)
        yield from self._done("phone number", started, posted=True)
        yield from self._shot("phone-done")

    def _capped(self) -> Steps:
        """A hand scanner, a large bill and `*`: the program caps the discount and says so."""
        yield from self._next()
        started = self._begin()
        self._burst("LC1:PRYA7K2M4Q9XW3TB")
        yield Wait(self._serving, "the member of the scanned code")
        yield from self._type("4800")
        yield from self._shot("capped-offer")
        yield from self._press(Qt.Key.Key_Asterisk)
        yield Wait(lambda: self._view.step is Step.PAY, "the hold")
        yield from self._press(Qt.Key.Key_Return)
        yield from self._done("capped", started, posted=True)
        yield from self._shot("capped-done")

    def _network_down(self) -> Steps:
        """The network goes down in the middle; the sale is kept and delivered when it returns."""
        yield from self._next()
        started = self._begin()
        self._burst(SCANNED_CODE)
        yield Wait(self._serving, "the member of the scanned code")
        self._shop.stop_answering()
        yield from self._type("1299")
        yield from self._press(Qt.Key.Key_Return)
        if self._view.step is Step.REWARD:
            yield from self._press(Qt.Key.Key_Return)
            yield Wait(lambda: not self._view.busy, "an answer to the hold")
        yield from self._shot("offline-offer")
        if self._view.step is not Step.PAY:
            yield from self._press(Qt.Key.Key_Return)
            yield Wait(lambda: self._view.step is Step.PAY, "the payment without points")
        yield from self._press(Qt.Key.Key_Return)
        yield from self._done("network down", started, posted=False)
        yield Wait(lambda: self._view.connection.counts.waiting == 1, "the sale to wait in the queue")
        yield from self._shot("offline-done")
        yield from self._press(Qt.Key.Key_F7)
        yield Pause(250)
        yield from self._shot("offline-queue")
        yield from self._press(Qt.Key.Key_Escape)
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
        self._presses = 0
        return time.perf_counter()

    def _next(self) -> Steps:
        if self._view.step is Step.DONE:
            yield from self._press(Qt.Key.Key_Return)
        yield Wait(lambda: self._view.step is Step.IDLE, "the next customer")

    def _type(self, text: str) -> Steps:
        for character in text:
            self._key(character)
            yield Pause(_FINGER_MS)

    def _press(self, key: Qt.Key) -> Steps:
        self._presses += 1
        self._key(key)
        yield Pause(_FINGER_MS)

    def _burst(self, text: str) -> None:
        """Type as a hand scanner does: all at once, with Enter behind."""
        for character in text:
            self._key(character)
        self._key(Qt.Key.Key_Return)

    def _key(self, key: str | Qt.Key) -> None:
        # To the native window, as from a keyboard: filters, router and shortcuts see what they see in a shop.
        window = self._window.windowHandle()
        if isinstance(key, str):
            QTest.keyClick(window, key)  # type: ignore[call-overload]  # the stub knows only keys
        else:
            QTest.keyClick(window, key)

    def _drop(self, picture: Path) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(picture))])
        middle, copy = self._window.rect().center(), Qt.DropAction.CopyAction
        buttons, modifiers = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        # Qt hands a drop only to what was entered before.
        QApplication.sendEvent(self._window, QDragEnterEvent(middle, copy, data, buttons, modifiers))
        QApplication.sendEvent(self._window, QDropEvent(QPointF(middle), copy, data, buttons, modifiers))

    def _shot(self, name: str) -> Steps:
        # Two rounds of the event loop: what was shown is laid out and painted.
        yield Pause(_LOOK_MS)
        yield Pause(_LOOK_MS)
        self._album.take(name)
        self._probe.skip()

    def _done(self, customer: str, started: float, *, posted: bool) -> Steps:
        yield Wait(lambda: self._view.finished is not None, "the sale to be committed")
        seconds = time.perf_counter() - started
        if posted:
            yield Wait(lambda: _is_posted(self._view), "the sale to be posted")
        finished = self._view.finished
        if finished is None:
            raise TourError("The finished sale left the screen too soon.")
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
            key_presses_beyond_figures=self._presses,
            seconds=round(seconds, 2),
        )

    # --- going on ---------------------------------------------------------------------------------

    def _go_on(self) -> None:
        try:
            if self._waiting is not None and not self._still(self._waiting):
                self._timer.start(_LOOK_MS)
                return
            self._waiting = None
            step = next(self._steps, None)
        except TourError as error:
            self._end(error.args[0])
            return
        match step:
            case None:
                self._end(self._audit())
            case Pause(milliseconds):
                self._timer.start(milliseconds)
            case Wait():
                self._waiting, self._since = step, time.monotonic()
                self._timer.start(0)

    def _still(self, wait: Wait) -> bool:
        """Say whether the wait is over; raise when patience is."""
        if wait.until():
            return True
        if time.monotonic() - self._since > _PATIENCE_SECONDS:
            raise TourError(f"The tour waited in vain for {wait.what}.")
        return False

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


class TourError(Exception):
    """The tour cannot go on; the text says why."""


def _is_posted(view: TillView) -> bool:
    return view.finished is not None and view.finished.posting is Posting.POSTED
