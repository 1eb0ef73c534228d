"""The till's settings file: TOML, schema-checked, and never a place for secrets."""

from __future__ import annotations

from codecs import BOM_UTF8
from datetime import timedelta, tzinfo
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from cashier_app.code_sections import CodesSection, check_codes, identifier_rules
from cashier_app.device_sections import (
    CameraSection,
    ScannerSection,
    SerialSection,
    SoundSection,
    check_devices,
)
from cashier_app.domain.money import MAX_MINOR, Currency, Money
from cashier_app.domain.offline_policy import OfflineMode, OfflinePolicy, Proof
from cashier_app.enrolment_section import EnrolmentSection, enrolment_settings
from cashier_app.errors import KnownError
from cashier_app.first_run_section import FirstRunSection
from cashier_app.ledger_section import LedgerSection, check_ledger
from cashier_app.services.till_settings import TillSettings
from cashier_app.staff_section import StaffSection, check_staff
from cashier_app.till_section import TillSection, check_till
from cashier_app.updates_section import UpdatesSection, check_updates

MAX_BYTES = 64 * 1024
MOST_AT_ONCE = 8
PRACTICE_TILL = "TRAIN"
"""How the number of every practice till begins; no till that works is called so."""


class StoreSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[store]`: where this till stands."""

    name: str
    till: str
    region: str
    currency: str
    decimals: int
    locale: str
    time_zone: str
    unusual_bill: int = 100_000_00
    hours: Literal[12, 24] | None = None


class BackendSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[backend]`: which loyalty backend to speak to; its secrets are elsewhere.

    Args:
        kind: Which kind of backend, such as ``square``; our own contract when not given.
        address: https address of the backend, or http on this computer; empty where all of a kind have one.
        settings: What this kind wants to know besides; it checks that itself.
        token_file: File that holds the bearer token; without it the system's key store is asked.
        posts_at_once: How many members a long queue is posted for at the same time, 1 to 8.
    """

    address: str = ""
    token_file: str = ""
    posts_at_once: int = 4
    kind: str = "contract"
    settings: dict[str, object] = msgspec.field(default_factory=dict)


class OfflineSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[offline]`: what may be redeemed while the backend cannot be asked; nothing unless it says so.

    Args:
        redeem: ``deny``, or ``floor`` for the limits below. Amounts are minor units of the till's currency.
        per_redemption: The most one sale may take off.
        per_member: Redemptions of one member in one outage.
        open_at_till: The most that may be unconfirmed at this till.
        balance_hours: How old the balance may be.
        manager_over: A manager confirms what is above this; by default everything.
        identification: The least a member must show: any wallet code, or one that changes.
    """

    redeem: Literal["deny", "floor"] = "deny"
    per_redemption: int = 0
    per_member: int = 1
    open_at_till: int = 0
    balance_hours: int = 24
    manager_over: int = 0
    identification: Literal["wallet code", "rotating code"] = "wallet code"


class TillConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole settings file.

    Args:
        folder: Where the file lies; no file can say so itself.
    """

    store: StoreSection
    backend: BackendSection
    codes: CodesSection = CodesSection()
    offline: OfflineSection = OfflineSection()
    scanner: ScannerSection = ScannerSection()
    camera: CameraSection = CameraSection()
    serial: SerialSection = SerialSection()
    sound: SoundSection = SoundSection()
    staff: StaffSection = StaffSection()
    ledger: LedgerSection = LedgerSection()
    enrolment: EnrolmentSection = EnrolmentSection()
    till: TillSection = TillSection()
    first_run: FirstRunSection = FirstRunSection()
    updates: UpdatesSection = UpdatesSection()
    folder: Path = Path()


def read_config(path: Path) -> TillConfig:
    """Return the settings in a file.

    Raises:
        KnownError: It cannot be read, is no TOML, or a value does not fit; the sentence names file and place.
    """
    text = settings_bytes(path)
    try:
        config = msgspec.toml.decode(text, type=TillConfig)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise KnownError(f"The settings file is not right ({path}): {_plain(error)}.") from error
    try:
        check_config(config)
    except KnownError as error:  # begins with its place
        raise KnownError(f"The settings file is not right ({path}): {error.sentence}") from error
    return msgspec.structs.replace(config, folder=path.resolve().parent)


def settings_bytes(path: Path) -> bytes:
    """Return what stands in a settings file, unread.

    Raises:
        KnownError: It is not there, cannot be read, or is too large to be one.
    """
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES + 1).removeprefix(BOM_UTF8)  # as Windows' own editors write one
    except (OSError, ValueError) as error:
        raise KnownError(f"The settings file {path} cannot be read{_why(error)}.") from error
    if len(text) > MAX_BYTES:
        raise KnownError(f"{path} is too large to be a settings file.")
    return text


def _why(error: Exception) -> str:
    said = error.strerror if isinstance(error, OSError) else ""
    return f": {said[:1].lower()}{said[1:]}" if said else ""


def check_config(config: TillConfig) -> None:
    """Check what the types of a settings file cannot.

    Raises:
        KnownError: A value makes no sense; the sentence begins with its place.
    """
    till_settings(config)
    if config.backend.address or config.backend.kind == "contract":
        check_backend_address(config.backend.address)
    check_codes(config.codes)
    check_devices(config.scanner, config.camera, config.serial)
    check_staff(config.staff)
    check_ledger(config.ledger)
    check_till(config.till)
    check_updates(config.updates)
    if config.store.till.upper().startswith(PRACTICE_TILL):
        raise KnownError(f"store.till: numbers that begin with {PRACTICE_TILL} are kept for training.")


def is_partial(path: Path) -> bool:
    """Say whether a settings file leaves something out that a till cannot do without; wrong ones do not.

    Raises:
        KnownError: It cannot be read.
    """
    text = settings_bytes(path)
    try:
        table = msgspec.toml.decode(text, type=dict[str, object])
    except (msgspec.DecodeError, ValueError, RecursionError):
        return False
    store = table.get("store", {})
    needed = {field.encode_name for field in msgspec.structs.fields(StoreSection) if field.required}
    return "backend" not in table or (isinstance(store, dict) and not needed <= store.keys())


def till_settings(config: TillConfig, *, training: bool = False) -> TillSettings:
    """Return the settings as the services want them.

    Raises:
        KnownError: A value makes no sense; the sentence names it.
    """
    store = config.store
    try:
        currency = Currency(store.currency, store.decimals)
    except ValueError as error:
        raise KnownError(f"store.currency and store.decimals: {error}.") from error
    if not (store.till.isascii() and store.till.isalnum() and len(store.till) <= 8):
        raise KnownError("store.till: up to 8 letters and digits are expected.")
    if not 0 < store.unusual_bill <= MAX_MINOR:
        raise KnownError("store.unusual_bill: an amount in minor units above zero is expected.")
    if not 1 <= config.backend.posts_at_once <= MOST_AT_ONCE:
        raise KnownError(f"backend.posts_at_once: a number from 1 to {MOST_AT_ONCE} is expected.")
    return TillSettings(
        store=store.name[:80],
        till=store.till,
        currency=currency,
        locale=store.locale,
        zone=_zone(store.time_zone),
        rules=identifier_rules(store.region, config.codes),
        unusual_bill=Money(store.unusual_bill, currency),
        hours=store.hours or 0,
        training=training,
        offline=_offline_policy(config.offline),
        posts_at_once=config.backend.posts_at_once,
        counts_expired=config.ledger.tells_expired or not config.ledger.url,
        enrolment=enrolment_settings(config.enrolment),
        same_member_minutes=config.till.same_member_minutes,
        voucher_prefixes=config.codes.voucher_prefixes,
    )


def check_region(settings: TillSettings) -> None:
    """Check that phone numbers of the shop's region can be read. Loads the numbering plans: for a worker.

    Raises:
        KnownError: There is no such region.
    """
    from cashier_app.domain.phone import is_region

    if not is_region(settings.rules.region):
        raise KnownError(f"store.region: {settings.rules.region!r} is not a region such as IN or GB.")


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise KnownError(f"store.time_zone: {name!r} is not a time zone such as Asia/Kolkata.") from error


def _offline_policy(section: OfflineSection) -> OfflinePolicy:
    if section.redeem == "deny":
        return OfflinePolicy()
    if not 0 < section.per_redemption <= MAX_MINOR:
        raise KnownError("offline.per_redemption: an amount in minor units above zero is expected.")
    if not section.per_redemption <= section.open_at_till <= MAX_MINOR:
        raise KnownError("offline.open_at_till: an amount not below offline.per_redemption is expected.")
    if not 1 <= section.per_member <= 10:
        raise KnownError("offline.per_member: a number from 1 to 10 is expected.")
    if not 1 <= section.balance_hours <= 168:
        raise KnownError("offline.balance_hours: hours from 1 to 168 are expected.")
    if not 0 <= section.manager_over <= MAX_MINOR:
        raise KnownError("offline.manager_over: an amount in minor units is expected.")
    return OfflinePolicy(
        mode=OfflineMode.FLOOR,
        per_redemption=section.per_redemption,
        per_member=section.per_member,
        open_at_till=section.open_at_till,
        balance_age=timedelta(hours=section.balance_hours),
        manager_over=section.manager_over,
        proof=Proof.ROTATING_CODE if section.identification == "rotating code" else Proof.CODE,
    )


def check_backend_address(address: str) -> None:
    """Check where a backend is said to be.

    Raises:
        KnownError: It is no https address, nor http on this computer.
    """
    try:
        parts = urlsplit(address)
        local = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
        allowed = (
            bool(parts.hostname)
            and parts.port != 0
            and (parts.scheme == "https" or local)
            and parts.username is None
        )
    except ValueError:
        allowed = False
    if not allowed:
        raise KnownError("backend.address: an https address without a user name is expected.")


def _plain(error: Exception) -> str:
    # msgspec says what was expected and where; TOML errors say the line.
    if isinstance(error, UnicodeDecodeError):
        return "this is not UTF-8 text"
    return str(error).rstrip(".").replace("`", "")[:300]
