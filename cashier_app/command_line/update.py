"""`cashier-cli update`: ask for a new version, bring it here, and say what to do with it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cashier_app import __version__
from cashier_app.command_line.report import Plain, Report
from cashier_app.command_line.shop import config_of, data_folder_of, is_unreal, wording_of
from cashier_app.errors import KnownError
from cashier_app.update_opening import find_ready, kind_here, open_updates
from cashier_app.updates_section import UpdatesSection

if TYPE_CHECKING:
    from cashier_app.updating.updates import Updates

NOT_REAL = "Only a real till is updated: leave --demo and --training out."


def check(options: argparse.Namespace) -> Report:
    """Say whether there is a newer version; changes nothing but what is known of the repository.

    Raises:
        KnownError: It is switched off, nobody answers, or what is answered is refused.
    """
    with _updates(options) as updates:
        found = updates.check()
    version = found.version if found else ""
    line = f"Version {version} is there: cashier-cli update fetch" if found else _newest()
    return Report({"version": __version__, "newer": version}, (line,))


def fetch(options: argparse.Namespace) -> Report:
    """Bring the newest version here and verify it; what runs is not touched.

    Raises:
        KnownError: As with `check`, or there is no room.
    """
    with _updates(options) as updates:
        updates.fetch()
    return _report(options)


def status(options: argparse.Namespace) -> Report:
    """Say what lies here, without asking anybody.

    Raises:
        KnownError: There are no settings.
    """
    section = _section(options)
    report = _report(options)
    on = f"asks {section.address}" if section.enabled else "switched off"
    return Report({**report.data, "enabled": section.enabled}, (f"updates: {on}", *report.lines))


def _report(options: argparse.Namespace) -> Report:
    ready = find_ready(data_folder_of(options), wording_of(options))
    data: dict[str, Plain] = {"version": __version__, "ready": "", "file": ""}
    if ready is None:
        return Report(data, (f"This is version {__version__}; none that is newer lies here.",))
    lines = (f"Version {ready.version} is ready.", ready.what_to_do)
    return Report({**data, "ready": ready.version, "file": str(ready.file)}, lines)


@contextmanager
def _updates(options: argparse.Namespace) -> Iterator[Updates]:
    section, config = _section(options), config_of(options)
    kind = options.kind or kind_here()
    with open_updates(section, Path(config.folder), data_folder_of(options), kind=kind) as opened:
        yield opened


def _section(options: argparse.Namespace) -> UpdatesSection:
    if is_unreal(options):
        raise KnownError(NOT_REAL)
    return config_of(options).updates


def _newest() -> str:
    return f"This is version {__version__}; there is none that is newer."
