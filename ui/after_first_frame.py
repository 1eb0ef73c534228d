"""What the first frame need not wait for: the session, the devices, and pages that a worker loads."""

from __future__ import annotations

import argparse
import logging
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from cashier_app.bootstrap import Till
from cashier_app.device_opening import open_serial_scanner
from cashier_app.ports.runner import Runner
from ui.background import Background
from ui.dressing import Dressing
from ui.garbage import GarbageCollector
from ui.main_window import MainWindow
from ui.staff_link import StaffLink
from ui.theme.icons import program_icon
from ui.theme.style import apply_sheet

if TYPE_CHECKING:
    from ui.serial_link import SerialLink

logger = logging.getLogger(__name__)

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
    "ui.screens.licences_page",
    "ui.enrolling",
    "ui.screens.enrol_screen",
    "cashier_app.services.enrolling",
    "cashier_app.services.undo_session",
    "ui.undoing",
    "ui.screens.undo_dialog",
    "ui.training.entry",
    "ui.till_pages",
    "segno",
)
REMARK_MS = 8_000


def begin_the_rest(
    application: QApplication,
    options: argparse.Namespace,
    window: MainWindow,
    till: Till,
    staff: StaffLink,
    background: Background,
    colours: Dressing,
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
        from ui.till_pages import give_pages
        from ui.training.opening import give_training

        link_camera_and_sounds(window, till, session, background, options.camera)
        give_pages(window, till, staff, background, options, colours)
        give_training(window, till, options)
        garbage.begin()

    def not_loaded(error: BaseException) -> None:
        logger.error("a part of the window cannot be loaded", exc_info=error)
        garbage.begin()

    background.run(lambda: _load_the_rest(till), loaded, not_loaded)
    window.serial = link_serial_scanner(window, till, background)
    application.setWindowIcon(program_icon())


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
