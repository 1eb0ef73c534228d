"""The program around the window: Qt's application, colours, the till behind it, and a clean end."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from cashier_app.bootstrap import Till
from cashier_app.demo_shop import DemoShop
from cashier_app.device_opening import picture_texts
from cashier_app.device_sections import ScannerSection
from cashier_app.errors import KnownError
from cashier_app.scanning.keyboard_wedge import KeyboardWedge, wedge_settings
from cashier_app.services.till_session import TillSession
from cashier_app.standard_streams import tell
from ui.background import Background
from ui.dressing import Dressing
from ui.first_paint import when_painted
from ui.main_window import MainWindow
from ui.opening_size import show_window, size_to_open
from ui.screens.till import Place
from ui.shop_opening import is_first_start, opened_shop
from ui.staff_link import StaffLink
from ui.theme.motion import STILL, Motion

logger = logging.getLogger(__name__)

_SIGNAL_LOOK_MS = 250


def run(options: argparse.Namespace) -> int:
    """Open the window, stay until it is closed, and return the exit code."""
    application = _application()
    try:
        if is_first_start(options):
            from ui.wizard.opening import ask_first  # a till with settings never loads it

            settled = ask_first(application, options)
            if settled is None:
                return 0
            options = settled
        with opened_shop(options) as (till, shop):
            return _show(application, options, till, shop)
    except KnownError as error:
        tell(error.sentence)
        return 2


def _show(application: QApplication, options: argparse.Namespace, till: Till, shop: DemoShop | None) -> int:
    background = Background()
    staff = StaffLink(till, background, _demo_pins if shop is not None else None)
    session = staff.session
    window = build_window(till, session, background, motion=STILL if options.tour else Motion(), staff=staff)
    if staff.expected:
        staff.stand_before(window, training=till.settings.training)
    window.resize(size_to_open(application, options.size))
    colours = Dressing(application, window, options.theme or till.preferences.read().theme or "system")

    def begin() -> None:
        from ui.after_first_frame import begin_the_rest

        begin_the_rest(application, options, window, till, staff, background, colours)

    when_painted(window, begin)
    _listen_for_end(application, window)
    if options.tour and shop is not None:
        _play_tour(application, window, session, shop, background, options.screenshots)
    if till.settings.training:
        from ui.training.marks import WindowMarks

        WindowMarks(application, window)
    if options.training:
        _teach(application, window, session, shop, background)
    show_window(application, window, options)
    try:
        return application.exec()
    finally:
        _end(window, background)


def _end(window: MainWindow, background: Background) -> None:
    """Let go of devices, workers and figures, in the order in which they lean on each other."""
    if window.leaving is not None:
        window.leaving.stop_listening()
    if window.practice is not None:
        window.practice.close()
    if window.serial is not None:
        window.serial.close()
    if window.camera is not None:
        window.camera.close()
    background.close()
    if window.ways.day is not None:
        window.ways.day.close()
    if window.sounds is not None:
        window.sounds.close()


def build_window(
    till: Till,
    session: TillSession,
    background: Background,
    *,
    motion: Motion,
    staff: StaffLink | None = None,
) -> MainWindow:
    """Return the till's window, not yet shown."""
    settings, scanner = till.settings, scanner_section(till)
    return MainWindow(
        session,
        till.queue(),
        till.wording(),
        place=Place(settings.store, settings.till, settings.rules.region),
        runner=background,
        clock=till.clock,
        read_picture=partial(picture_texts, formats=till.devices.camera.formats),
        motion=motion,
        wedge=KeyboardWedge(wedge_settings(scanner)),
        by_position=scanner.layout == "us",
        training=settings.training,
        keypad=till.preferences.read().keypad,
        returns=staff.new_return if staff else lambda: till.new_return(background),
    )


def scanner_section(till: Till) -> ScannerSection:
    """Return how the scanner types: as found out at this till, else as in the settings file."""
    return till.preferences.read().scanner or till.devices.scanner


def _application() -> QApplication:
    QApplication.setApplicationName("cashier-app")
    QApplication.setDesktopFileName("cashier-app")
    # As an option: asked for by a call, Qt answers with the style, and wrapping that takes 5 ms.
    application = QApplication([*sys.argv[:1], "-style", "Fusion"])
    # One handler for what nobody caught: a slot that fails must not end the till.
    sys.excepthook = _uncaught
    return application


def _teach(
    application: QApplication,
    window: MainWindow,
    session: TillSession,
    shop: DemoShop | None,
    background: Background,
) -> None:
    from ui.training.opening import TrainingShop, stand_by  # the demo shop has no lessons

    if isinstance(shop, TrainingShop):
        end = stand_by(application, window, session, background, shop)
        _listen_for_end(application, window, end)


def _demo_pins() -> dict[str, str]:
    from cashier_app.staff_opening import demo_pins

    return demo_pins()


def _listen_for_end(
    application: QApplication, window: MainWindow, end: Callable[[], object] | None = None
) -> None:
    """Let SIGINT and SIGTERM end the program as closing the window does; nothing unsent is lost by either."""
    end = end or application.quit
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: end())
    # Python sees a signal only when it runs: a timer makes it run.
    heartbeat = QTimer(window)
    heartbeat.start(_SIGNAL_LOOK_MS)
    heartbeat.timeout.connect(lambda: None)


def _play_tour(
    application: QApplication,
    window: MainWindow,
    session: TillSession,
    shop: DemoShop,
    background: Background,
    screenshots: Path | None,
) -> None:
    from ui.tour import Tour

    def say(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    tour = Tour(window, session, shop, background, say, screenshots)
    tour.finished.connect(application.exit)
    when_painted(window, tour.start)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        QApplication.quit()
        return
    logger.critical("nobody caught this", exc_info=(kind, error, trace))
