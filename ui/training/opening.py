"""Training put together: the practice shop, its marks, and what joins it to the till that opened it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from cashier_app.config import read_config
from cashier_app.paths import default_config_file
from cashier_app.training_shop import TrainingShop
from ui.training.joined_till import JoinedTill
from ui.training.leaving import Leaving
from ui.training.process import training_command

if TYPE_CHECKING:
    from cashier_app.bootstrap import Till
    from cashier_app.ports.runner import Runner
    from cashier_app.services.till_session import TillSession
    from ui.main_window import MainWindow

__all__ = ["OpenedShop", "TrainingShop", "give_training", "open_training", "stand_by"]


class OpenedShop(TrainingShop):
    """The practice shop, opened by itself or from the menu of a till that works: `joined` is that till."""

    joined: JoinedTill | None = None


def open_training(options: argparse.Namespace, folder: Path) -> TrainingShop:
    """Return the practice shop of these options, in its folder.

    Raises:
        KnownError: The folder holds real work or is in use, the settings make no sense, or nobody hands over.
    """
    joined = JoinedTill(options.till_fd) if options.till_fd is not None else None
    own = read_config(options.config) if options.config is not None else None
    shop = OpenedShop(folder, own, joined.handover.trainee if joined is not None else "")
    if joined is not None:
        shop.joined = joined
        joined.take_over_choices(shop.till.preferences)
    return shop


def give_training(window: MainWindow, till: Till, options: argparse.Namespace) -> None:
    """Let training be opened from the menu of a till that works; behind the first frame."""
    if till.settings.training:
        return
    from ui.training.entry import TrainingEntry

    config: Path = options.config or default_config_file()
    data: Path | None = options.data
    command = training_command(
        config=config if config.exists() else None,
        data=None if data is None else data.with_name(f"{data.name}-training"),
        camera=options.camera,
    )
    window.practice = TrainingEntry(window, command, till.preferences.read)


def stand_by(
    application: QApplication,
    window: MainWindow,
    session: TillSession,
    runner: Runner,
    shop: TrainingShop,
) -> Callable[[], None]:
    """Teach, ask before training closes, and end with the till that opened it; return what ends it."""
    from ui.training.classroom import open_classroom  # a till that works has no lessons

    leaving = window.leaving = Leaving(window, session, application.quit)

    def end() -> None:
        leaving.give_up()
        application.exit(0)

    joined = shop.joined if isinstance(shop, OpenedShop) else None
    if joined is not None:
        leaving.stop_listening = joined.close
        joined.stay(window, runner, end)
    classroom = open_classroom(window, session, shop, runner, shop.trainee)
    leaving.lesson_under_way, leaving.leave_lesson = classroom.is_under_way, classroom.coach.leave
    return end
