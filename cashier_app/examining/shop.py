"""What of the shop is looked at: settings, data folder, database, queue, backups, secrets, staff."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from cashier_app import data_folder, staff_opening
from cashier_app.backend_opening import kind_of, secrets_of
from cashier_app.config import check_region, till_settings
from cashier_app.examining.finding import Facts, Finding, Patient, State
from cashier_app.paths import default_data_folder
from cashier_app.ports.clock import SystemClock
from cashier_app.ports.credentials import Credentials
from cashier_app.storage import support_rows
from cashier_app.storage.folder_lock import refused
from cashier_app.storage.installation import Installation
from cashier_app.storage.support_rows import DatabaseLook

_NO_SALES = "no sales yet"


def settings(patient: Patient) -> Iterator[Finding]:
    """Say which settings are in force, and whether they can be read."""
    config = patient.config()
    check_region(till_settings(config))
    store = config.store
    where = f", from {patient.settings_file}" if patient.settings_file is not None else ""
    yield Finding(
        "settings",
        f"{store.name}, till {store.till}, {store.currency}, {store.time_zone}{where}",
        facts={"currency": store.currency, "region": store.region},
    )


def folder(patient: Patient) -> Iterator[Finding]:
    """Say where the data folder is, whether it can be written, and who can read it."""
    where = patient.folder()
    if not where.exists():
        # Nothing is changed by looking: it is made when it is wanted.
        if not _could_be_made(where):
            raise refused(where)
        words = f"not there yet, the first start makes it: {where}"
        yield Finding("data folder", words, facts={"there": False})
        return
    words = data_folder.describe_folder(where)
    usage = os.statvfs(where) if sys.platform != "win32" else None
    free = usage.f_bavail * usage.f_frsize // 10**6 if usage is not None else None
    yield Finding("data folder", f"{words}, at {where}", facts={"free_megabytes": free})
    yield _permissions(where)


def _could_be_made(where: Path) -> bool:
    nearest = next((parent for parent in where.absolute().parents if parent.exists()), None)
    return nearest is not None and nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)


def _permissions(where: Path) -> Finding:
    if sys.platform == "win32":
        return Finding("permissions", "not looked at on Windows: give the till an account of its own")
    status = where.stat()
    open_to_others = bool(stat.S_IMODE(status.st_mode) & 0o077)
    facts: Facts = {"mode": oct(stat.S_IMODE(status.st_mode)), "owner": status.st_uid == os.getuid()}
    if status.st_uid != os.getuid():
        words = "The data folder belongs to another user of this computer. Run this as the till's own."
        return Finding("permissions", words, State.NOTE, facts)
    if open_to_others:
        words = f"Other users of this computer can read the data folder. Run: chmod 700 '{where}'"
        return Finding("permissions", words, State.NOTE, facts)
    return Finding("permissions", "only its owner can read the data folder", facts=facts)


def database_look(patient: Patient) -> DatabaseLook:
    """Return what the database is like, looked at once."""
    path = patient.folder() / data_folder.JOURNAL_FILE
    return patient.database.of(lambda: support_rows.look(path, SystemClock().now()))


def _opens(found: DatabaseLook) -> bool:
    """Say whether a journal may be opened on it: one that does not hold is left as it is."""
    whole = not found.trouble and "damaged" not in {found.pages, found.chain}
    return not found.there or (whole and found.version == found.wanted)


def _key_is_lost(patient: Patient, found: DatabaseLook) -> bool:
    """Say whether there is no key to a database that is there: opening it would make another one."""
    return found.there and not Installation(patient.folder()).has_key()


def database(patient: Patient) -> Iterator[Finding]:
    """Say whether the database holds, what waits in it, and which backups there are. Migrates nothing."""
    found = database_look(patient)
    if not found.there:
        yield Finding("database", _NO_SALES, facts={"there": False})
        yield Finding("audit log", _NO_SALES)
        yield Finding("queue", "nothing waits", facts={"waiting": 0, "needs_attention": 0})
        return
    yield _whole(found)
    yield _chain(found, patient.folder() / data_folder.JOURNAL_FILE)
    yield _queue(found)
    yield _backups(found)


def _whole(found: DatabaseLook) -> Finding:
    facts: Facts = {
        "there": True,
        "version": found.version,
        "wanted": found.wanted,
        "bytes": found.bytes_on_disk,
        "pages": found.pages,
    }
    if found.trouble:
        return Finding("database", found.trouble, State.FAIL, facts)
    if found.pages == "damaged" or not found.bytes_on_disk:
        how = "damaged" if found.bytes_on_disk else "empty"
        words = f"The sales database is {how}. Close the till and start it: it rescues what it can."
        return Finding("database", words, State.FAIL, facts)
    if found.version < found.wanted:
        words = f"of version {found.version}: the next start backs it up and brings it to {found.wanted}"
        return Finding("database", words, State.NOTE, facts)
    checked = "whole" if found.pages == "ok" else "too large to be checked in a moment"
    return Finding("database", f"version {found.version}, {checked}", facts=facts)


def _chain(found: DatabaseLook, file: Path) -> Finding:
    facts: Facts = {"chain": found.chain, "broken_row": found.broken_row}
    if found.chain == "damaged" and found.version:
        where = "" if found.broken_row is None else f" from row {found.broken_row} on"
        words = f"The audit log does not hold together{where}. Keep {file}; call support."
        return Finding("audit log", words, State.FAIL, facts)
    if found.chain == "ok":
        return Finding("audit log", "every row follows from the one before", facts=facts)
    checked = bool(found.chain and found.version)
    words = "too long to be checked in a moment" if checked else "not checked: see the database"
    return Finding("audit log", words, State.FINE if checked else State.NOTE, facts)


def _queue(found: DatabaseLook) -> Finding:
    facts: Facts = {
        "waiting": found.waiting,
        "needs_attention": found.needs_attention,
        "oldest_seconds": found.oldest,
    }
    if found.needs_attention:
        need = "1 effect needs" if found.needs_attention == 1 else f"{found.needs_attention} effects need"
        words = f"{need} a person: open the queue with F7 and settle what it shows"
        return Finding("queue", words, State.NOTE, facts)
    if found.waiting:
        age = timedelta(seconds=found.oldest or 0)
        wait = "1 effect waits" if found.waiting == 1 else f"{found.waiting} effects wait, the oldest"
        words = f"{wait} for {age}: sent while the till is open"
        return Finding("queue", words, facts=facts)
    return Finding("queue", "nothing waits", facts=facts)


def _backups(found: DatabaseLook) -> Finding:
    ages = [backup.age for backup in found.backups if backup.age is not None]
    facts: Facts = {"backups": len(found.backups), "newest_age_seconds": min(ages, default=None)}
    if not found.backups:
        words = "none yet: one is made each hour while the till is open; now by: cashier-cli outbox backup"
        return Finding("backups", words, State.NOTE if found.rows.get("sale") else State.FINE, facts)
    newest = timedelta(seconds=min(ages, default=0))
    return Finding("backups", f"{len(found.backups)} kept, the newest {newest} old", facts=facts)


def local_state(patient: Patient) -> Iterator[Finding]:
    """Say what was rescued and whether rows are damaged; only of a database of this version."""
    found = database_look(patient)
    if not _opens(found):
        return
    if _key_is_lost(patient, found):
        words = "The key of the sales database is missing. Start the till; it sets this right."
        yield Finding("sales database", words, State.FAIL)
        return
    lines = data_folder.describe_local_state(patient.folder(), patient.config().store.till)
    yield Finding("sales database", "; ".join(lines))


def secrets(patient: Patient) -> Iterator[Finding]:
    """Say what keeps the secrets of the loyalty system, and whether they are there."""
    if patient.unreal:
        yield Finding("key store", "not needed by the demo shop")
        return
    store = patient.keeper.credentials()
    secrets_of(kind_of(patient.config()), store)
    yield Finding("key store", f"{store.describe()} keeps the credentials", facts={"there": True})


def staff(patient: Patient) -> Iterator[Finding]:
    """Say whether people sign in, and what keeps the key of their PINs."""
    config, where = patient.config(), patient.folder()

    def kept() -> Credentials | None:
        return None if patient.unreal else staff_opening.secrets_for_pins(patient.keeper, where)

    found = database_look(patient)
    if not _opens(found) or _key_is_lost(patient, found):
        yield Finding("staff", "not looked at: see the database", State.NOTE)
        return
    words = staff_opening.describe_staff(where, config.store.till, config.staff, kept)
    yield Finding(
        "staff", words, facts={"sign_in": config.staff.sign_in, "pin_digits": config.staff.pin_digits}
    )


def updates(patient: Patient) -> Iterator[Finding]:
    """Say whether new versions are asked for, and what to do with one that lies here. Asks nobody."""
    from cashier_app.update_opening import find_ready, first_root

    if patient.unreal:
        yield Finding("updates", "not asked for by a shop that is not real", facts={"enabled": False})
        return
    config, where = patient.config(), patient.folder()
    section = config.updates
    ready = find_ready(where)
    facts: Facts = {"enabled": section.enabled, "ready": ready.version if ready is not None else ""}
    if ready is not None:
        yield Finding("updates", f"Version {ready.version} is ready. {ready.what_to_do}", State.NOTE, facts)
    elif not section.enabled:
        yield Finding("updates", "switched off", facts=facts)
    else:
        first_root(section, config.folder)
        yield Finding("updates", f"asks {section.address}; nothing newer lies here", facts=facts)


def training(patient: Patient) -> Iterator[Finding]:
    """Say that practice is kept apart from work."""
    apart = default_data_folder(training=True)
    mixed = not patient.training and data_folder.is_practice(patient.folder())
    if mixed:
        words = "The data folder is one of TRAINING, where nothing is real. Name another with --data."
        yield Finding("training folder", words, State.FAIL)
        return
    there = apart.is_dir()
    yield Finding(
        "training folder", "in a folder of its own" if there else "not used yet", facts={"used": there}
    )
