"""Which shop the window is opened for: the real one of its settings, the demo shop, or one to practise in."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cashier_app.bootstrap import Till, open_till
from cashier_app.config import TillConfig, is_partial, read_config, settings_bytes
from cashier_app.demo_shop import DemoShop
from cashier_app.errors import KnownError
from cashier_app.paths import default_config_file, default_data_folder, is_there, own_config_file

if TYPE_CHECKING:
    from cashier_app.training_shop import TrainingShop


def is_first_start(options: argparse.Namespace) -> bool:
    """Say whether something must be asked: no settings file, or one for many tills that says too little."""
    if options.demo or options.training or options.config is not None:
        return False
    path = default_config_file()
    return not is_there(path) or (path != own_config_file() and is_partial(path))


@contextmanager
def opened_shop(options: argparse.Namespace) -> Iterator[tuple[Till, DemoShop | None]]:
    """Open what the command line asks for: a till, and the made-up shop it stands in, if it does.

    Raises:
        KnownError: The settings or the folder cannot be used, or another process works there.
    """
    if not (options.demo or options.training):
        path: Path = options.config or default_config_file()
        till = open_till(_settings(path), options.data or default_data_folder(), options.passphrase_fd)
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


def _settings(path: Path) -> TillConfig:
    """Return the settings of a till; what is wrong with them is told by line and key.

    Raises:
        KnownError: They cannot be read, or are not right.
    """
    try:
        return read_config(path)
    except KnownError as error:
        from cashier_app.config_check import refusal_of  # a till that opens never looks

        raise refusal_of(path, settings_bytes(path)) or error from error


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
