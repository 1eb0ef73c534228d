"""Which shop a command is about: a settings file, the demo shop, or the settings of this computer."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cashier_app import bootstrap, data_folder, demo_shop
from cashier_app.config import TillConfig, is_partial, read_config, till_settings
from cashier_app.domain.points import PointName
from cashier_app.errors import KnownError
from cashier_app.paths import default_config_file, default_data_folder, is_there, site_config_files
from cashier_app.ports.journal import Journal
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.wording import Hours, Wording


def config_of(options: argparse.Namespace) -> TillConfig:
    """Return the settings the options name.

    Raises:
        KnownError: There are none, or they are not right.
    """
    if options.demo:
        return demo_shop.DEMO_CONFIG
    if practises(options):
        from cashier_app.training_shop import training_config

        return training_config(read_config(options.config) if options.config is not None else None)
    path = options.config or default_config_file()
    if options.config is None and not is_there(path):
        raise KnownError(
            "This till has no settings yet. Start cashier-app to set it up, or use --config or --demo."
        )
    if options.config is None and path in site_config_files() and is_partial(path):
        raise KnownError(f"{path} leaves something to be asked. Start cashier-app to answer it.")
    return read_config(path)


def wording_of(options: argparse.Namespace, point_name: PointName = bootstrap.DEFAULT_POINT_NAME) -> Wording:
    """Return the voice of the till, as its settings name language, times and hours.

    Raises:
        KnownError: There are no settings, or they are not right.
    """
    settings = till_settings(config_of(options))
    hours = {12: Hours.TWELVE, 24: Hours.TWENTY_FOUR}.get(settings.hours, Hours.BY_REGION)
    return Wording.of(settings.locale, settings.zone, point_name, hours=hours)


def practises(options: argparse.Namespace) -> bool:
    """Say whether the practice shop is meant."""
    return bool(getattr(options, "training", False))


def is_unreal(options: argparse.Namespace) -> bool:
    """Say whether nothing of the shop meant is real: the demo shop's or the practice shop's."""
    return bool(options.demo) or practises(options)


def data_folder_of(options: argparse.Namespace) -> Path:
    """Return the data folder the options name.

    Raises:
        KnownError: It holds training and work is meant, or the other way round.
    """
    folder = _folder_of(options)
    if not options.demo:  # which may look at any
        data_folder.check_kind(folder, training=practises(options))
    return folder


def reads_training(options: argparse.Namespace) -> bool:
    """Say whether what a command answers is about a folder of training."""
    return hasattr(options, "data") and data_folder.is_practice(_folder_of(options))


def _folder_of(options: argparse.Namespace) -> Path:
    folder: Path | None = options.data
    return folder or default_data_folder(demo=options.demo, training=practises(options))


@contextmanager
def backend_of(options: argparse.Namespace) -> Iterator[LoyaltyBackend]:
    """Open the backend the options name; the demo shop's server lives as long as the block.

    Raises:
        KnownError: There are no settings or no token.
    """
    if not is_unreal(options):
        backend = bootstrap.backend_of(config_of(options), data_folder_of(options), options.passphrase_fd)
        try:
            yield backend
        finally:
            backend.close()
        return
    with demo_shop.demo_backend() as demo:
        yield demo


@contextmanager
def journal_of(options: argparse.Namespace) -> Iterator[Journal]:
    """Open the journal beside a till that may be running: for reading.

    Raises:
        KnownError: There is none, or it cannot be read.
    """
    settings = till_settings(config_of(options))
    journal = data_folder.existing_journal(data_folder_of(options), settings.till, settings.zone)
    try:
        yield journal
    finally:
        journal.close()
