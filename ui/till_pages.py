"""The pages of a real till: each is given what it works with. Loaded by a worker, behind the first frame."""

from __future__ import annotations

import argparse
import logging

from cashier_app.bootstrap import Till
from cashier_app.news_opening import News
from cashier_app.paths import default_config_file
from cashier_app.ports.runner import Runner
from cashier_app.services.till_session import TillSession
from cashier_app.services.till_view import Step
from ui.dressing import Dressing
from ui.enrolling import EnrolEntry
from ui.main_window import MainWindow
from ui.news import NewsEntry
from ui.staff_link import StaffLink
from ui.till_backend import TillBackend
from ui.till_day import give_day
from ui.till_devices import TillDevices
from ui.till_staff import TillStaff
from ui.till_support import give_support
from ui.undoing import UndoEntry
from ui.updates import give_updates

logger = logging.getLogger(__name__)


def give_pages(
    window: MainWindow,
    till: Till,
    staff: StaffLink,
    runner: Runner,
    options: argparse.Namespace,
    colours: Dressing,
) -> None:
    """Let every page of the window be opened, once the devices are linked."""
    window.ways.devices = TillDevices(till, window, runner, colours.take, colours.wanted)
    give_backend(window, till, runner, options)
    window.ways.staff = TillStaff(till)
    give_support(window, till, options)
    give_news(window, till, runner)
    give_updates(window, till, options, runner)
    window.ways.closed_days = till.day_closing()
    give_day(window, till, close_day=window.ways.show_close_day)
    give_enrolment(window, till, staff.session, runner)
    give_undo(window, till, staff, runner)


def give_backend(window: MainWindow, till: Till, runner: Runner, options: argparse.Namespace) -> None:
    """Let the loyalty system be set up, and ask for its passphrase where there is one; selling goes on."""
    keeper = till.keeper
    if keeper is None:
        return
    window.ways.backend = TillBackend(till, options.config or default_config_file(), keeper)

    def ask(locked: bool) -> None:  # noqa: FBT001 - a callback
        # No PIN can be checked without those secrets either: the passphrase is asked for over the lock.
        if locked and window.drawers.top() is None and window.view.step is Step.IDLE:
            window.ways.ask_passphrase()

    def look() -> None:
        runner.run(keeper.needs_passphrase, ask, _not_read)

    if window.gate is not None:
        window.gate.pin_failed.connect(look)
    look()


def give_news(window: MainWindow, till: Till, runner: Runner) -> None:
    """Let what is new be read, and tell it once after an update; nobody is told in training."""
    if till.settings.training:
        return
    window.news = NewsEntry(window, News(till.preferences), runner)
    window.news.begin()


def give_enrolment(window: MainWindow, till: Till, session: TillSession, runner: Runner) -> None:
    """Let customers become members, as far as the loyalty system takes any."""

    def staff_id() -> str:
        cashier = session.view.cashier
        return cashier.staff_id if cashier is not None else ""

    window.ways.enrolment = EnrolEntry(window, till.new_enrolment(runner, session, staff_id))


def give_undo(window: MainWindow, till: Till, staff: StaffLink, runner: Runner) -> None:
    """Let sales be undone and moved to other members."""
    undos = till.new_undo(runner, staff.session, staff.staff_id)
    window.ways.undo = UndoEntry(window, undos, till.clock, done=staff.money_given_back)


def _not_read(error: BaseException) -> None:
    # Whoever looks a member up reads the same sentence.
    logger.info("the secrets cannot be read: %s", error)
