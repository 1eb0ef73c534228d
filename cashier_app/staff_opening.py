"""Putting the staff of a till together: its book, its pepper, and who watches the door. Loads the cipher."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cashier_app.data_folder import JOURNAL_FILE
from cashier_app.domain.pin import USUAL_DIGITS
from cashier_app.errors import KnownError
from cashier_app.services.desk_settings import DeskSettings

if TYPE_CHECKING:
    from cashier_app.keeping_secrets import Keeper
    from cashier_app.ports.clock import Clock
    from cashier_app.ports.credentials import Credentials
    from cashier_app.security.pins import Cost, Pepper
    from cashier_app.services.doorkeeper import Doorkeeper
    from cashier_app.services.staff_office import StaffOffice
    from cashier_app.staff_section import StaffSection
    from cashier_app.storage.journal import SqliteJournal

DEMO_DESK = DeskSettings(on_duty="asha")
"""The demo shop opens with its cashier signed in, without a PIN, so that a tour starts with a sale."""

NO_PEPPER = (
    "The key of this till's PINs is not here any more. "
    "The owner of this computer sets the PINs anew: cashier-cli staff pin"
)


def open_door(
    journal: SqliteJournal,
    secrets: Callable[[], Credentials | None],
    clock: Clock,
    *,
    in_force: bool = True,
    cost: Cost | None = None,
) -> Doorkeeper:
    """Return what checks PINs and badges; the pepper is read when the first one is.

    Args:
        journal: The till's own; its folder holds the pepper where nothing better does.
        secrets: Returns its sealed secrets, None for a till without any; called when a PIN is first checked.
        clock: Times the waits.
        in_force: Whether anybody has to sign in.
        cost: How hard one try is; as strong as the program says when not given.
    """
    from cashier_app.security.pins import PepperedPins
    from cashier_app.services.doorkeeper import Doorkeeper
    from cashier_app.storage.staff_book import SqliteStaffBook

    book = SqliteStaffBook(journal.database, journal.reserve)
    folder = journal.database.path.parent
    return Doorkeeper(
        book, PepperedPins(lambda: _existing(secrets(), folder), cost), clock, in_force=in_force
    )


def open_office(
    journal: SqliteJournal,
    secrets: Credentials | None,
    clock: Clock,
    pin_digits: int,
    cost: Cost | None = None,
    *,
    recover: bool = False,
) -> StaffOffice:
    """Return what adds and changes people; a till without PINs gets its pepper with the first one.

    Args:
        journal: The till's own.
        secrets: Its sealed secrets; None for a till without any.
        clock: Times what is written.
        pin_digits: How many digits the shop asks of a PIN.
        cost: How hard one try is; as strong as the program says when not given.
        recover: Make another pepper where that of the PINs is lost: all of them are set anew then.
    """
    from cashier_app.security.pepper import PepperKeeper
    from cashier_app.security.pins import PepperedPins
    from cashier_app.services.staff_office import StaffOffice
    from cashier_app.storage.staff_book import SqliteStaffBook

    book = SqliteStaffBook(journal.database, journal.reserve)
    folder = journal.database.path.parent
    keeper = PepperKeeper(secrets, folder)

    def pepper() -> Pepper:
        if not any(record.pin for record in book.records()):
            return keeper.read_or_make()
        return keeper.read_or_make_anew() if recover else _existing(secrets, folder)

    return StaffOffice(book, PepperedPins(pepper, cost), clock, pin_digits)


def has_database(folder: Path) -> bool:
    """Say whether a till ever kept anything in this folder."""
    return (folder / JOURNAL_FILE).is_file()


@contextmanager
def staff_journal(folder: Path, till: str) -> Iterator[SqliteJournal]:
    """Open a data folder's journal for its staff, also while a till works in it; made where there is none.

    Raises:
        KnownError: It cannot be used.
    """
    from cashier_app.storage.journal import SqliteJournal

    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise KnownError(f"The data folder cannot be written: {folder}. Check its permissions.") from error
    journal = SqliteJournal(folder / JOURNAL_FILE, till)
    try:
        yield journal
    finally:
        journal.close()


def describe_staff(
    folder: Path, till: str, section: StaffSection, secrets: Callable[[], Credentials | None]
) -> str:
    """Return whether people sign in, what keeps the key of their PINs, and what is weak or locked.

    Raises:
        KnownError: The key of the PINs cannot be had although there are PINs.
    """
    from cashier_app.ports.clock import SystemClock
    from cashier_app.security.pepper import IN_FILE

    if not has_database(folder):
        return "nobody signs in"
    with staff_journal(folder, till) as journal:
        records = [one for one in open_office(journal, None, SystemClock(), 0).records() if one.member.active]
    if not records:
        return "nobody signs in"
    keeper = _existing(secrets(), folder).kept_by
    facts = [f"{len(records)} may sign in" if section.sign_in else f"{len(records)}, sign-in is switched off"]
    facts.append(f"{keeper} keeps the key of the PINs")
    if keeper == IN_FILE:
        facts.append("weak: whoever copies the folder can try all PINs; a key store keeps it better")
    if section.pin_digits < USUAL_DIGITS:
        facts.append(f"weak: PINs of {section.pin_digits} digits are allowed (staff.pin_digits)")
    if section.badge == "badge":
        facts.append("badges sign in without a PIN")
    locked = [one.member.staff_id for one in records if one.locked]
    if locked:
        facts.append(f"locked out until a manager helps: {', '.join(locked)}")
    without = [one.member.staff_id for one in records if one.pin is None]
    if without:
        facts.append(f"without a PIN: {', '.join(without)}")
    return "; ".join(facts)


def check_owner(folder: Path) -> None:
    """Refuse to recover for anybody but the system's user whom the data folder belongs to.

    Raises:
        KnownError: It belongs to somebody else.
    """
    if sys.platform != "win32" and folder.exists() and folder.stat().st_uid != os.getuid():
        raise KnownError("Only the owner of the till's data folder may do this.")


def owner_words(folder: Path) -> str:
    """Return what stands in the audit log for whoever owns a data folder: their number, never a name."""
    return f"owner of the data folder ({folder.stat().st_uid})"


def secrets_for_pins(keeper: Keeper, folder: Path) -> Credentials:
    """Return what the pepper is sealed with: the till's vault, also where a token file holds its token.

    Raises:
        KnownError: As `credentials_of` does.
    """
    from cashier_app.keeping_secrets import vault_of
    from cashier_app.security.vault import Vault

    kept = keeper.credentials()
    return kept if isinstance(kept, Vault) else vault_of(folder)


def open_plain_door(journal: SqliteJournal, clock: Clock) -> Doorkeeper:
    """Return the door of a till without sealed secrets: its pepper is a file."""
    return open_door(journal, lambda: None, clock)


def till_door(keeper: Keeper, section: StaffSection) -> Callable[[SqliteJournal, Clock], Doorkeeper]:
    """Return what opens the door of a real till as its settings say."""

    def opened(journal: SqliteJournal, clock: Clock) -> Doorkeeper:
        folder = journal.database.path.parent
        return open_door(journal, lambda: secrets_for_pins(keeper, folder), clock, in_force=section.sign_in)

    return opened


def open_demo_door(journal: SqliteJournal, clock: Clock) -> Doorkeeper:
    """Return the demo shop's, with its people added at the first start and PINs that cost little to check."""
    from cashier_app.demo.staff import DEMO_STAFF
    from cashier_app.ports.credentials import Secret
    from cashier_app.security.pins import Cost

    light = Cost(memory=1024, passes=1, lanes=1)
    office = open_office(journal, None, clock, USUAL_DIGITS, light)
    if office.is_empty():
        for member, pin in DEMO_STAFF:
            office.add(member, Secret(pin), "demo")
    return open_door(journal, lambda: None, clock, cost=light)


def demo_pins() -> dict[str, str]:
    """Return the PINs of the demo shop's people by their ids: they guard nothing, and may be shown."""
    from cashier_app.demo.staff import DEMO_STAFF

    return {member.staff_id: pin for member, pin in DEMO_STAFF}


def _existing(secrets: Credentials | None, folder: Path) -> Pepper:
    from cashier_app.security.pepper import PepperKeeper

    found = PepperKeeper(secrets, folder).read()
    if found is None:
        raise KnownError(NO_PEPPER)
    return found
