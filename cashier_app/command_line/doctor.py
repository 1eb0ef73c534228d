"""`doctor`: what this computer has, what is missing, and what to do about it."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from msgspec import Struct

from cashier_app import __version__, data_folder, device_opening, staff_opening, system_libraries
from cashier_app.backend_opening import kind_of, secrets_of
from cashier_app.command_line.report import EXIT_BAD_INPUT, EXIT_OK, Plain, Report
from cashier_app.command_line.shop import backend_of, config_of, data_folder_of, is_unreal
from cashier_app.config import check_region, till_settings
from cashier_app.errors import KnownError
from cashier_app.keeping_secrets import Keeper, credentials_of
from cashier_app.ports.credentials import Credentials

PACKAGES = ("PySide6-Essentials", "apsw", "httpx", "msgspec", "phonenumbers", "Babel", "zxing-cpp", "pyzbar")


class Finding(Struct, frozen=True):
    """One thing looked at. A problem that stops the till is not `fine`; an optional part may be `missing`."""

    name: str
    fine: bool
    words: str


def examine(options: argparse.Namespace) -> Report:
    """Look at everything the till needs; exit code 2 when something it cannot do without is not right."""
    keeper = keeper_of(options)
    findings = [
        Finding(
            "program", fine=True, words=f"cashier-app {__version__} on Python {platform.python_version()}"
        ),
        _packages(),
        _system_libraries(),
        _display(),
        Finding("scanner", fine=True, words=_scanner()),
        _look("data folder", lambda: data_folder.describe_folder(data_folder_of(options))),
        _look(
            "audit log",
            lambda: data_folder.describe_audit_log(data_folder_of(options), config_of(options).store.till),
        ),
        _look(
            "sales database",
            lambda: "; ".join(
                data_folder.describe_local_state(data_folder_of(options), config_of(options).store.till)
            ),
        ),
        _look("settings", lambda: _settings(options)),
        _key_store(options, keeper),
        _look("staff", lambda: _staff(options, keeper)),
        _look("backend", lambda: _backend(options)),
    ]
    data: dict[str, Plain] = {
        finding.name.replace(" ", "_"): {"ok": finding.fine, "words": finding.words} for finding in findings
    }
    lines = tuple(f"{'ok  ' if f.fine else 'FAIL'} {f.name}: {f.words}" for f in findings)
    fine = all(finding.fine for finding in findings)
    return Report({"ok": fine, **data}, lines, EXIT_OK if fine else EXIT_BAD_INPUT)


def keeper_of(options: argparse.Namespace) -> Keeper:
    """Return where the secrets are kept: one for all who ask, as a passphrase can be read once only."""
    return Keeper(lambda: credentials_of(config_of(options), data_folder_of(options), options.passphrase_fd))


def _look(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, fine=True, words=look())
    except KnownError as error:
        return Finding(name, fine=False, words=error.sentence)


def _packages() -> Finding:
    found, missing = [], []
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            missing.append(package)
    if missing:
        return Finding(
            "packages", fine=False, words=f"missing: {', '.join(missing)}. Install the program again."
        )
    return Finding("packages", fine=True, words=", ".join(found))


def _system_libraries() -> Finding:
    missing = system_libraries.missing_required()
    if missing:
        return Finding("system libraries", fine=False, words=system_libraries.sentence(missing))
    optional = system_libraries.missing_optional()
    if optional:
        return Finding(
            "system libraries", fine=True, words=f"Optional: {system_libraries.sentence(optional)}"
        )
    return Finding("system libraries", fine=True, words="all found")


def _display() -> Finding:
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    if chosen:
        return Finding("display", fine=True, words=f"Qt platform {chosen}")
    shown = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
    if sys.platform != "linux" or shown:
        return Finding("display", fine=True, words=shown or "the desktop's own")
    return Finding(
        "display", fine=True, words="none: the window cannot open here, the tour plays without one"
    )


def _scanner() -> str:
    second = (
        "and libzbar for glare" if device_opening.second_decoder_works() else "(libzbar is not installed)"
    )
    return f"scanners that type, and pictures by zxing-cpp {second}"


def _settings(options: argparse.Namespace) -> str:
    config = config_of(options)
    check_region(till_settings(config))
    store = config.store
    return f"{store.name}, till {store.till}, {store.currency}, {store.time_zone}"


def _key_store(options: argparse.Namespace, keeper: Keeper) -> Finding:
    if is_unreal(options):
        return Finding("key store", fine=True, words="not needed by the demo shop")
    return _look("key store", lambda: _token(options, keeper))


def _token(options: argparse.Namespace, keeper: Keeper) -> str:
    store = keeper.credentials()
    secrets_of(kind_of(config_of(options)), store)
    return f"{store.describe()} keeps the credentials"


def _staff(options: argparse.Namespace, keeper: Keeper) -> str:
    config, folder = config_of(options), data_folder_of(options)

    def secrets() -> Credentials | None:
        return None if is_unreal(options) else staff_opening.secrets_for_pins(keeper, folder)

    return staff_opening.describe_staff(folder, config.store.till, config.staff, secrets)


def _backend(options: argparse.Namespace) -> str:
    with backend_of(options) as backend:
        if not backend.is_reachable():
            raise KnownError("The loyalty system does not answer. Check the network and its address.")
        program = backend.program()
    return f"answers: program {program.name!r}, version {program.version}"
