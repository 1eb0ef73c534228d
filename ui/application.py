"""The program around the window: Qt's application, colours, the till behind it, and a clean end."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication

from cashier_app.bootstrap import Till, open_till
from cashier_app.config import is_partial, read_config
from cashier_app.demo_shop import DemoShop
from cashier_app.device_opening import open_serial_scanner, picture_texts
from cashier_app.device_sections import ScannerSection
from cashier_app.errors import KnownError
from cashier_app.paths import default_config_file, default_data_folder, own_config_file
from cashier_app.ports.runner import Runner
from cashier_app.scanning.keyboard_wedge import KeyboardWedge, wedge_settings
from cashier_app.services.till_session import TillSession
from cashier_app.services.till_view import Step
from cashier_app.standard_streams import tell
from ui.background import Background
from ui.garbage import GarbageCollector
from ui.main_window import MainWindow
from ui.screens.till import Place
from ui.staff_link import StaffLink
from ui.theme.motion import STILL, Motion
from ui.theme.style import apply_colours, apply_sheet, apply_theme
from ui.theme.tokens import DARK, LIGHT, Theme, high_contrast

if TYPE_CHECKING:
    from cashier_app.training_shop import TrainingShop
    from cashier_app.wording.menu import Colours
    from ui.serial_link import SerialLink

logger = logging.getLogger(__name__)

DEFAULT_SIZE = (1280, 800)
WANTED_SOON = (
    "cashier_app.domain.identifier.parsing",
    "cashier_app.domain.phone",
    "cashier_app.domain.quote",
    "cashier_app.domain.offline_quote",
    "cashier_app.ports.capabilities",
    "cashier_app.wording.people",
    "cashier_app.wording.offline",
    "cashier_app.wording.finished",
    "cashier_app.news_opening",
    "ui.widgets.reward_panel",
    "ui.widgets.trouble_box",
    "ui.widgets.toast",
    "ui.widgets.member_card",
    "ui.widgets.message_card",
    "ui.widgets.choosing_card",
    "ui.widgets.lookup_card",
    "ui.screens.queue_drawer",
    "ui.help_panel",
    "ui.camera_link",
    "cashier_app.scanning.camera",
    "cashier_app.scanning.decoders",
    "cashier_app.sound.player",
    "ui.till_devices",
    "ui.screens.menu_drawer",
    "ui.screens.devices_drawer",
    "ui.screens.return_screen",
    "ui.screens.close_day_page",
    "ui.till_day",
    "ui.screens.day_page",
    "cashier_app.services.return_session",
    "cashier_app.wording.approvals",
    "ui.screens.lock_screen",
    "ui.screens.pin_dialog",
    "ui.till_staff",
    "ui.till_support",
    "ui.news",
    "ui.updates",
    "ui.screens.news_page",
    "ui.screens.support_page",
    "ui.enrolling",
    "ui.screens.enrol_screen",
    "cashier_app.services.enrolling",
    "cashier_app.services.undo_session",
    "ui.undoing",
    "ui.screens.undo_dialog",
    "ui.training.entry",
    "segno",
)
REMARK_MS = 8_000
_SIGNAL_LOOK_MS = 250


def run(options: argparse.Namespace) -> int:
    """Open the window, stay until it is closed, and return the exit code."""
    application = _application()
    try:
        if _is_first_start(options):
            from ui.wizard.opening import ask_first  # a till with settings never loads it

            settled = ask_first(application, options)
            if settled is None:
                return 0
            options = settled
        with _opened(options) as (till, shop):
            return _show(application, options, till, shop)
    except KnownError as error:
        tell(error.sentence)
        return 2


def _size(application: QApplication, asked: tuple[int, int] | None) -> QSize:
    """Return how large the window opens, px: as asked for, else no larger than the screen."""
    if asked is not None:
        return QSize(*asked)
    wanted = QSize(*DEFAULT_SIZE)
    # Without a screen there is none to fit into: what is drawn then is drawn for pictures and tests.
    if application.platformName() == "offscreen":
        return wanted
    return wanted.boundedTo(application.primaryScreen().availableSize())


def _show(application: QApplication, options: argparse.Namespace, till: Till, shop: DemoShop | None) -> int:
    background = Background()
    staff = StaffLink(till, background, _demo_pins if shop is not None else None)
    session = staff.session
    window = build_window(till, session, background, motion=STILL if options.tour else Motion(), staff=staff)
    if staff.expected:
        staff.stand_before(window, training=till.settings.training)
    window.resize(_size(application, options.size))
    colours = _Colours(application, window, options.theme or till.preferences.read().theme or "system")
    _when_painted(window, lambda: _begin(application, options, window, till, staff, background, colours))
    _listen_for_end(application, window)
    if options.tour and shop is not None:
        _play_tour(application, window, session, shop, background, options.screenshots)
    if till.settings.training:
        _be_training(application, window, session, shop, background)
    show = window.showFullScreen if options.full_screen else window.show
    show()
    try:
        return application.exec()
    finally:
        if window.leaving is not None:
            window.leaving.stop_listening()
        if window.practice is not None:
            window.practice.close()
        if window.serial is not None:
            window.serial.close()
        if window.camera is not None:
            window.camera.close()
        background.close()
        if window.day is not None:
            window.day.close()
        if window.sounds is not None:
            window.sounds.close()


def _begin(
    application: QApplication,
    options: argparse.Namespace,
    window: MainWindow,
    till: Till,
    staff: StaffLink,
    background: Background,
    colours: _Colours,
) -> None:
    """Start what the first frame need not wait for."""
    garbage = GarbageCollector(window)
    session = staff.session
    session.start()
    if staff.gate is None:
        staff.stand_before(window, training=till.settings.training)
    staff.start()
    apply_sheet(application, window.screen_of_till.look().theme)

    def loaded(_: None) -> None:
        from ui.camera_link import link_camera_and_sounds
        from ui.training.opening import give_training

        link_camera_and_sounds(window, till, session, background, options.camera)
        _give_devices(window, till, background, colours)
        _give_backend(window, till, background, options)
        _give_staff(window, till)
        _give_support(window, till, options)
        give_news(window, till, background)
        _give_updates(window, till, options, background)
        _give_day(window, till)
        give_enrolment(window, till, session, background)
        give_undo(window, till, staff, background)
        give_training(window, till, options)
        garbage.begin()

    def not_loaded(error: BaseException) -> None:
        logger.error("a part of the window cannot be loaded", exc_info=error)
        garbage.begin()

    background.run(lambda: _load_the_rest(till), loaded, not_loaded)
    window.serial = link_serial_scanner(window, till, background)


def _give_devices(window: MainWindow, till: Till, runner: Runner, colours: _Colours) -> None:
    from ui.till_devices import TillDevices  # loaded by now

    window.devices = TillDevices(till, window, runner, colours.take, colours.wanted)


def _give_backend(window: MainWindow, till: Till, runner: Runner, options: argparse.Namespace) -> None:
    """Let the loyalty system be set up, and ask for its passphrase where there is one; selling goes on."""
    from ui.till_backend import TillBackend  # loaded by now

    keeper = till.keeper
    if keeper is None:
        return
    window.backend = TillBackend(till, options.config or default_config_file(), keeper)

    def ask(locked: bool) -> None:  # noqa: FBT001 - a callback
        # No PIN can be checked without those secrets either: the passphrase is asked for over the lock.
        if locked and window.drawers.top() is None and window.view.step is Step.IDLE:
            window.ask_passphrase()

    def look() -> None:
        runner.run(keeper.needs_passphrase, ask, _not_read)

    if window.gate is not None:
        window.gate.pin_failed.connect(look)
    look()


def _give_staff(window: MainWindow, till: Till) -> None:
    from ui.till_staff import TillStaff  # loaded by now

    window.staff = TillStaff(till)


def _give_updates(window: MainWindow, till: Till, options: argparse.Namespace, runner: Runner) -> None:
    from ui.updates import give_updates  # loaded by now

    give_updates(window, till, options, runner)


def give_news(window: MainWindow, till: Till, runner: Runner) -> None:
    """Let what is new be read, and tell it once after an update; nobody is told in training."""
    if till.settings.training:
        return
    from cashier_app.news_opening import News
    from ui.news import NewsEntry  # loaded by now

    window.news = NewsEntry(window, News(till.preferences), runner)
    window.news.begin()


def _give_support(window: MainWindow, till: Till, options: argparse.Namespace) -> None:
    from ui.till_support import give_support  # loaded by now

    give_support(window, till, options)


def _give_day(window: MainWindow, till: Till) -> None:
    from ui.till_day import give_day  # loaded by now

    window.closed_days = till.day_closing()
    give_day(window, till, close_day=window.show_close_day)


def give_undo(window: MainWindow, till: Till, staff: StaffLink, runner: Runner) -> None:
    """Let sales be undone and moved to other members; behind the first frame."""
    from ui.undoing import UndoEntry  # loaded by now

    undos = till.new_undo(runner, staff.session, staff.staff_id)
    window.undo = UndoEntry(window, undos, till.clock, done=staff.money_given_back)


def give_enrolment(window: MainWindow, till: Till, session: TillSession, runner: Runner) -> None:
    """Let customers become members, as far as the loyalty system takes any; behind the first frame."""
    from ui.enrolling import EnrolEntry  # loaded by now

    def staff_id() -> str:
        cashier = session.view.cashier
        return cashier.staff_id if cashier is not None else ""

    window.enrolment = EnrolEntry(window, till.new_enrolment(runner, session, staff_id))


def _not_read(error: BaseException) -> None:
    # Whoever looks a member up reads the same sentence.
    logger.info("the secrets cannot be read: %s", error)


def link_serial_scanner(window: MainWindow, till: Till, runner: Runner) -> SerialLink:
    """Listen to the serial scanner chosen at this till, else to the one in the settings, if there is one."""
    from cashier_app.wording.serial_scanner import serial_sentence
    from ui.serial_link import SerialLink

    section = till.devices.serial

    def chosen() -> str:
        picked = till.preferences.read().serial_device
        device_id = section.device if picked is None else picked
        if device_id:
            import_module("cashier_app.scanning.serial_port")  # here, on a worker
        return device_id

    def say() -> None:
        screen = window.screen_of_till
        screen.who.remark(serial_sentence(link.status, screen.wording()), life_ms=REMARK_MS)

    link = SerialLink(
        lambda on_read, on_status: open_serial_scanner(section, on_read=on_read, on_status=on_status),
        runner,
        window,
        remember=lambda device_id: till.preferences.change(serial_device=device_id),
        parent=window,
    )
    link.to_be_said.connect(say)
    link.begin(chosen)
    return link


def _load_the_rest(till: Till) -> None:
    """Open the log and import, on a worker, what the first customers will want: no card should wait."""
    from cashier_app.log import start_logging

    start_logging(till.folder)
    till.wording().figures.day(till.clock.now().date())  # Babel, with the data of the region
    for name in WANTED_SOON:
        import_module(name)


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


def _is_first_start(options: argparse.Namespace) -> bool:
    """Say whether something must be asked: no settings file, or one for many tills that says too little."""
    if options.demo or options.training or options.config is not None:
        return False
    path = default_config_file()
    return not path.exists() or (path != own_config_file() and is_partial(path))


@contextmanager
def _opened(options: argparse.Namespace) -> Iterator[tuple[Till, DemoShop | None]]:
    if not (options.demo or options.training):
        path: Path = options.config or default_config_file()
        till = open_till(read_config(path), options.data or default_data_folder(), options.passphrase_fd)
        try:
            yield till, None
        finally:
            till.close()
        return
    with _demo_folder(options) as folder:
        shop = _training_shop(options, folder) if options.training else DemoShop(folder)
        try:
            yield shop.till, shop
        finally:
            shop.till.close()


@contextmanager
def _demo_folder(options: argparse.Namespace) -> Iterator[Path]:
    """Give the demo shop a folder: one a day, so that "lapses on Friday" stays true; a new one for a tour.

    Training has one for good: what was done there is a record.
    """
    if options.data is not None:
        yield options.data
    elif options.training:
        yield default_data_folder(training=True)
    elif options.tour:
        with tempfile.TemporaryDirectory(prefix="cashier-app-tour-") as folder:
            yield Path(folder)
    else:
        yield default_data_folder(demo=True) / datetime.now(UTC).date().isoformat()


def _training_shop(options: argparse.Namespace, folder: Path) -> TrainingShop:
    from ui.training.opening import open_training  # a till that works has none

    return open_training(options, folder)


def _be_training(
    application: QApplication,
    window: MainWindow,
    session: TillSession,
    shop: DemoShop | None,
    background: Background,
) -> None:
    from ui.training.opening import TrainingShop, mark_windows, stand_by

    mark_windows(application, window)
    if isinstance(shop, TrainingShop):
        end = stand_by(application, window, session, background, shop)
        _listen_for_end(application, window, end)


class _Colours:
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


class _FirstPaint(QObject):
    """Calls back once, after the window has been painted for the first time."""

    def __init__(self, window: MainWindow, callback: Callable[[], None]) -> None:
        super().__init__(window)
        self._callback = callback
        locked = window.gate is not None and window.gate.covers()
        seen = window.gate.lock if window.gate and locked else window.screen_of_till
        seen.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait for the first paint."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._callback)
        return False


def _demo_pins() -> dict[str, str]:
    from cashier_app.staff_opening import demo_pins

    return demo_pins()


def _when_painted(window: MainWindow, callback: Callable[[], None]) -> None:
    _FirstPaint(window, callback)


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
    _when_painted(window, tour.start)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        QApplication.quit()
        return
    logger.critical("nobody caught this", exc_info=(kind, error, trace))
