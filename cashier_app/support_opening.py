"""Putting together what a shop gives to support: let through field by field, redacted where it is text.

Nothing is sent anywhere, and nothing of the till is changed. Each part is read by itself: where one cannot
be, because the disk or the database is damaged, the others are there all the same.
"""

from __future__ import annotations

import getpass
import os
import platform
import re
import socket
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from cashier_app import __version__, data_folder
from cashier_app.backend_opening import kind_of, open_backend
from cashier_app.config import TillConfig, read_config
from cashier_app.errors import KnownError
from cashier_app.examining.examination import examine
from cashier_app.examining.finding import Finding, Patient
from cashier_app.keeping_secrets import Keeper
from cashier_app.log import LOG_FILE
from cashier_app.paths import default_config_file
from cashier_app.preferences import FILE_NAME, Preferences
from cashier_app.security.redaction import HIDDEN, Redactor, alike, vocabulary
from cashier_app.services.export_files import json_document, marked
from cashier_app.services.support_bundle import Purpose, SupportBundle, SupportFile, bundled
from cashier_app.storage import support_rows

if TYPE_CHECKING:
    from cashier_app.ports.credentials import Credentials
    from cashier_app.storage.support_rows import DatabaseLook

HEAD = (
    "What cashier-app wrote for support. Names, phone numbers, e-mail addresses, member numbers, codes,\n"
    "receipts, secrets, addresses and folders are left out or hidden. It was sent nowhere: who gets it is\n"
    "the shop's choice."
)
_LONGEST_TILL = 3  # what is longer may be a name
_MOST_READ = 1_100_000  # bytes of one log file: as much as one ever has
_OLDER_LOGS = 9
_CRASH_LINES = 200
_CRASH = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} CRITICAL ", re.MULTILINE)
_NEXT_RECORD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (?:DEBUG|INFO|WARNING|ERROR|CRITICAL) ", re.MULTILINE
)
_NO_CRASH = "No crash stands in the logs.\n"
_IDENTIFIER = re.compile(r"[A-Za-z0-9_.+-]{1,60}")

Plain = str | int | bool | None | list["Plain"] | dict[str, "Plain"]

OF_SETTINGS: Mapping[str, tuple[str, ...]] = {
    "store": ("region", "currency", "decimals", "locale", "time_zone", "unusual_bill", "hours"),
    "backend": ("posts_at_once",),
    "offline": (
        "redeem", "per_redemption", "per_member", "open_at_till", "balance_hours", "manager_over",
        "identification",
    ),
    "scanner": ("mean_gap_ms", "layout"),
    "camera": ("formats",),
    "serial": ("baud",),
    "sound": ("level",),
    "staff": ("sign_in", "pin_digits", "lock_after_seconds", "badge"),
    "ledger": ("tells_expired",),
    "codes": ("life_seconds",),
    "enrolment": ("ask",),
    "till": ("same_member_minutes",),
}  # fmt: skip
"""What of the settings file is told. All else is told only as set or not: it may name shop or person."""

_FREE = {
    "region": re.compile(r"[A-Z]{2}"),
    "locale": re.compile(r"[a-z]{2,3}(?:[_-][A-Z][a-z]{3})?(?:[_-][A-Z]{2})?"),
}
"""How texts look that the schema lets be anything."""

OF_PREFERENCES = ("camera_on", "sound", "keypad", "theme", "signs_in")


def patient_of_till(
    folder: Path,
    settings_file: Path | None,
    keeper: Keeper | None,
    *,
    unreal: TillConfig | None = None,
    training: bool = False,
    scripts: Mapping[str, bool] | None = None,
) -> Patient:
    """Return a till that is open in this process, for the doctor.

    Args:
        folder: Its data folder.
        settings_file: The file its settings are read from, again.
        keeper: Where its secrets are; None for a till without any.
        unreal: The settings of a shop that is not real, whose loyalty system is not asked.
        training: Whether it is practice.
        scripts: Which scripts the fonts hold.
    """

    def config() -> TillConfig:
        if unreal is not None:
            return unreal
        return read_config(settings_file or default_config_file())

    def no_secrets() -> Credentials:
        raise KnownError("This till keeps no secrets.")

    kept = keeper or Keeper(no_secrets)
    return Patient(
        config=config,
        settings_file=settings_file,
        folder=lambda: folder,
        keeper=kept,
        backend=None if unreal is not None else lambda: closing(open_backend(config(), kept.credentials())),
        unreal=unreal is not None,
        training=training,
        scripts=scripts,
    )


def collect(patient: Patient, now: datetime, *, findings: list[Finding] | None = None) -> SupportBundle:
    """Return everything that would be written. Blocking: as long as the doctor takes.

    Args:
        patient: Whose till.
        now: UTC.
        findings: The doctor's answer, where it was asked already.

    Raises:
        KnownError: It is not known which till is meant.
    """
    folder = patient.folder()
    training = patient.unreal or data_folder.is_practice(folder)
    found = examine(patient) if findings is None else findings
    config = _config(patient)
    look = patient.database.of(lambda: support_rows.look(folder / data_folder.JOURNAL_FILE, now))
    till = config.store.till if config is not None else ""
    redactor = Redactor(vocabulary(), known_here(folder), till=till if len(till) <= _LONGEST_TILL else "")
    logs = read_logs(folder)

    def document(name: str, purpose: Purpose, make: Callable[[], Mapping[str, object]]) -> SupportFile:
        try:
            said = dict(make())
        except KnownError as error:
            said = {"trouble": redactor.text(error.sentence)}
        return SupportFile(f"{name}.json", purpose, json_document(marked(said, training=training)))

    files = [
        document("versions", Purpose.VERSIONS, versions),
        document("doctor", Purpose.DOCTOR, lambda: doctor(found, redactor)),
        document("settings", Purpose.SETTINGS, lambda: settings(patient.config())),
        document("choices", Purpose.CHOICES, lambda: choices(folder)),
        document("queue", Purpose.QUEUE, lambda: queue(look)),
        document("database", Purpose.DATABASE, lambda: database(look, redactor)),
        document("health", Purpose.HEALTH, lambda: health(look)),
        SupportFile("last-crash.txt", Purpose.CRASH, last_crash(logs, redactor).encode()),
        *(SupportFile(f"logs/{name}", Purpose.LOG, redactor.log(text).encode()) for name, text in logs),
    ]
    return bundled(now, files, head=HEAD, training=training)


def versions() -> dict[str, Plain]:
    """Return which program this is, without anything that names the computer."""
    from cashier_app.build_stamp import read_stamp

    stamp = read_stamp()
    return {
        "version": __version__,
        "commit": stamp.commit if stamp is not None else "",
        "changed": stamp is not None and stamp.changed,
        "python": platform.python_version(),
        "system": platform.system(),
        "machine": platform.machine(),
    }


def doctor(findings: list[Finding], redactor: Redactor) -> dict[str, Plain]:
    """Return the doctor's answer: figures as they are, words redacted."""
    told: dict[str, Plain] = {
        found.name: {
            "state": found.state.value,
            "words": redactor.text(found.words),
            "facts": {name: _fact(value, redactor) for name, value in found.facts.items()},
        }
        for found in findings
    }
    return {"findings": told}


def settings(config: TillConfig) -> dict[str, Plain]:
    """Return what of the settings names nobody, and of all else whether it is set."""
    told: dict[str, Plain] = {}
    for section in config.__struct_fields__:
        values = getattr(config, section)
        if not isinstance(values, msgspec.Struct):
            continue
        usual = {field.name: field.default for field in msgspec.structs.fields(values)}
        allowed = OF_SETTINGS.get(section, ())
        told[section] = {
            name: _setting(name, getattr(values, name))
            if name in allowed
            else _is_set(getattr(values, name), usual[name])
            for name in values.__struct_fields__
        }
    return {**told, "backend_kind": _kind(config)}


def choices(folder: Path) -> dict[str, Plain]:
    """Return what was chosen at this till; of devices only whether one was."""
    file = folder / FILE_NAME
    if file.exists() and not _is_plain(file):
        return {"made": True, "readable": False}
    try:
        chosen = msgspec.json.decode(file.read_bytes(), type=Preferences)
    except FileNotFoundError:
        return {"made": False}
    except (OSError, ValueError, RecursionError):
        return {"made": True, "readable": False}
    told: dict[str, Plain] = {name: getattr(chosen, name) for name in OF_PREFERENCES}
    told["camera_chosen"] = chosen.camera is not None
    told["serial_chosen"] = bool(chosen.serial_device)
    if chosen.scanner is not None:
        told["scanner"] = {"mean_gap_ms": chosen.scanner.mean_gap_ms, "layout": chosen.scanner.layout}
    return told


def queue(look: DatabaseLook) -> dict[str, Plain]:
    """Return what waits: kinds, states, ages in seconds, refusals. An id can be followed, not looked up."""
    return {
        "waiting": look.waiting,
        "needs_attention": look.needs_attention,
        "states": dict(look.states),
        "effects": [
            {
                "sale": alike(line.sale_id),
                "kind": line.kind,
                "state": line.state,
                "attempts": line.attempts,
                "refusal": line.refusal,
                "age": line.age,
                "tried_ago": line.tried_ago,
                "next_in": line.next_in,
            }
            for line in look.effects
        ],
    }


def database(look: DatabaseLook, redactor: Redactor) -> dict[str, Plain]:
    """Return how the database is: version, checks, how many rows, which backups."""
    return {
        "there": look.there,
        "trouble": redactor.text(look.trouble),
        "version": look.version,
        "wanted": look.wanted,
        "bytes": look.bytes_on_disk,
        "log_bytes": look.log_bytes,
        "pages": look.pages,
        "audit_log": look.chain,
        "rows": dict(look.rows),
        "staff": dict(look.staff),
        "backups": [{"bytes": backup.size, "age": backup.age} for backup in look.backups],
    }


def health(look: DatabaseLook) -> dict[str, Plain]:
    """Return spells offline and counted answers of the last 30 days."""
    return {
        "offline": [
            {
                "began_at": one.began_at,
                "seen_at": one.seen_at,
                "milliseconds": one.milliseconds,
                "state": one.state,
            }
            for one in look.spells
        ],
        "answers": [
            {"day": day, "hour": hour, "bucket": bucket, "calls": calls}
            for day, hour, bucket, calls in look.latency
        ],
    }


def read_logs(folder: Path) -> list[tuple[str, str]]:
    """Return the logs, newest first, by names of ours; what cannot be read is left out."""
    found: list[tuple[str, str]] = []
    for number in range(_OLDER_LOGS + 1):
        file = folder / (f"{LOG_FILE}.{number}" if number else LOG_FILE)
        if not _is_plain(file):
            continue
        with suppress(OSError), file.open("rb") as opened:
            size = opened.seek(0, os.SEEK_END)
            opened.seek(max(0, size - _MOST_READ))
            found.append(
                (
                    f"{LOG_FILE}.{number}" if number else LOG_FILE,
                    opened.read(_MOST_READ).decode("utf-8", "replace"),
                )
            )
    return found


def _is_plain(file: Path) -> bool:
    """Say whether this is a file: a pipe would be waited for, and a link leads out of the folder."""
    return file.is_file() and not file.is_symlink()


def last_crash(logs: list[tuple[str, str]], redactor: Redactor) -> str:
    """Return the newest record of what nobody caught, with its stack, redacted."""
    for _, text in logs:
        starts = [found.start() for found in _CRASH.finditer(text)]
        if not starts:
            continue
        begin = starts[-1]
        after = _NEXT_RECORD.search(text, begin + 1)
        record = text[begin : after.start() if after is not None else len(text)]
        return redactor.log("\n".join(record.splitlines()[-_CRASH_LINES:]))
    return _NO_CRASH


def known_here(folder: Path) -> set[str]:
    """Return what names this computer and its user: folders, user, host."""
    known = {str(folder), str(Path.home()), socket.gethostname(), platform.node()}
    with suppress(OSError, KeyError, ImportError):
        known.add(getpass.getuser())
    known |= {
        os.environ.get(name, "") for name in ("USER", "LOGNAME", "USERNAME", "HOSTNAME", "COMPUTERNAME")
    }
    return {text for text in known if text not in {"", "/", "localhost", "root"}}


def _config(patient: Patient) -> TillConfig | None:
    try:
        return patient.config()
    except KnownError:
        return None


def _kind(config: TillConfig) -> str:
    """Return the kind of backend, where there is one of that name."""
    try:
        return kind_of(config).name
    except KnownError:
        return HIDDEN


def _fact(value: str | int | None, redactor: Redactor) -> Plain:
    if not isinstance(value, str):
        return value
    return value if _IDENTIFIER.fullmatch(value) and not value.isdigit() else redactor.text(value)


def _setting(name: str, value: object) -> Plain:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, tuple):
        return [_setting(name, one) for one in value]
    form = _FREE.get(name)
    text = str(value)
    # Every other text is one of a few the schema allows.
    return text if form is None or form.fullmatch(text) else HIDDEN


def _is_set(value: object, usual: object) -> str:
    if isinstance(value, tuple | dict):
        return f"{len(value)} set" if value else "not set"
    return "usual" if value == usual else "set" if value else "not set"
