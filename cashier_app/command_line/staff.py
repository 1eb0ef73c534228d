"""`staff`: who works at the till. PINs and badges are typed unseen or read from open files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from cashier_app import data_folder, staff_opening
from cashier_app.command_line.asked import own_vault, secret_line
from cashier_app.command_line.report import Plain, Report
from cashier_app.command_line.shop import config_of, data_folder_of, is_unreal, practises
from cashier_app.domain.staff import Right, Role, StaffMember
from cashier_app.errors import KnownError
from cashier_app.ports.clock import SystemClock
from cashier_app.ports.credentials import Secret
from cashier_app.ports.staff import StaffRecord
from cashier_app.services.approval import Approval, signature
from cashier_app.services.doorkeeper import Doorkeeper
from cashier_app.services.sign_in import Allowed, Answer, MayNot, TooOften, TooSoon
from cashier_app.services.staff_office import StaffOffice

NOT_RIGHT = "Staff id and PIN do not fit."
"""All that anybody learns of a PIN that is wrong, or of a person there is none of."""

FIRST = "first manager"


class _Opened(Struct, frozen=True):
    door: Doorkeeper
    office: StaffOffice


def list_staff(options: argparse.Namespace) -> Report:
    """List everybody, in the order they were added."""
    if not staff_opening.has_database(data_folder_of(options)):
        return Report({"staff": []}, ("Nobody signs in at this till.",))
    with _opened(options) as opened:
        records = opened.office.records()
    lines = tuple(_line(record) for record in records) or ("Nobody signs in at this till.",)
    return Report({"staff": [_summary(record) for record in records]}, lines)


def add(options: argparse.Namespace) -> Report:
    """Add somebody; the first one, a manager, without anybody's sign-in."""
    member = StaffMember(options.staff_id, options.name, Role(options.role))
    with _opened(options) as opened:
        by = FIRST if opened.office.is_empty() else _authority(options, opened)
        pin = _new_pin(options)
        record = opened.office.add(member, pin, by, tuple(options.not_in))
    return _done(record, f"Added {_line(record)}.")


def change(options: argparse.Namespace) -> Report:
    """Change a name or a role, or take somebody back."""
    if not (options.name or options.role or options.back):
        raise KnownError("Say what is to be changed: --name, --role or --back.")
    with _opened(options) as opened:
        by = _authority(options, opened)
        record = opened.office.change(
            options.staff_id,
            by,
            name=options.name,
            role=Role(options.role) if options.role else None,
            active=True if options.back else None,
        )
    words = f"Changed: {_line(record)}."
    if record.pin is None:
        words += f" Their PIN was too short for that. Run: cashier-cli staff pin {record.member.staff_id}"
    return _done(record, words)


def set_pin(options: argparse.Namespace) -> Report:
    """Give somebody another PIN; one's own with the PIN one has."""
    with _opened(options) as opened:
        own = options.by == options.staff_id and not options.recover
        by = _own(options, opened) if own else _authority(options, opened)
        opened.office.set_pin(options.staff_id, _new_pin(options), by, tuple(options.not_in))
    return Report({"changed": options.staff_id}, ("The PIN is changed.",))


def set_badge(options: argparse.Namespace) -> Report:
    """Give somebody a badge, or take it away."""
    with _opened(options) as opened:
        by = _authority(options, opened)
        code = "" if options.remove else secret_line("Scan the badge", options.badge_fd)
        if not code and not options.remove:
            raise KnownError("Nothing was scanned.")
        opened.office.set_badge(options.staff_id, code, by)
    words = "The badge is taken away." if options.remove else "The badge is theirs."
    return Report({"changed": options.staff_id}, (words,))


def reset(options: argparse.Namespace) -> Report:
    """Let somebody who was locked out try again."""
    with _opened(options) as opened:
        opened.office.reset(options.staff_id, _authority(options, opened))
    return Report({"reset": options.staff_id}, ("They may try again.",))


def leave(options: argparse.Namespace) -> Report:
    """Note that somebody does not work here any more; what they did keeps their name."""
    with _opened(options) as opened:
        record = opened.office.change(options.staff_id, _authority(options, opened), active=False)
    return _done(record, f"{record.member.name} does not work here any more.")


def manager_for(options: argparse.Namespace, right: Right) -> Approval | None:
    """Return the approval of whoever `--by` names, by their PIN; None where nobody signs in.

    Raises:
        KnownError: PIN or right are missing.
    """
    section = config_of(options).staff
    if not section.sign_in or not staff_opening.has_database(data_folder_of(options)):
        return None
    with _opened(options) as opened:
        if not opened.door.people():
            return None
        member = _checked(options, opened, right)
    return Approval(signature(member), member.staff_id)


@contextmanager
def _opened(options: argparse.Namespace) -> Iterator[_Opened]:
    config, folder = config_of(options), data_folder_of(options)
    if practises(options):
        data_folder.mark_practice(folder)
    secrets = None if is_unreal(options) else own_vault(options)
    recover = getattr(options, "recover", False)
    if recover:
        staff_opening.check_owner(folder)
    clock = SystemClock()
    with staff_opening.staff_journal(folder, config.store.till) as journal:
        door = staff_opening.open_door(journal, lambda: secrets, clock, in_force=config.staff.sign_in)
        digits = config.staff.pin_digits
        yield _Opened(door, staff_opening.open_office(journal, secrets, clock, digits, recover=recover))


def _authority(options: argparse.Namespace, opened: _Opened) -> str:
    """Return who does it, for the audit log: a manager by PIN, or the owner of the folder."""
    if options.recover:
        if opened.office.has_manager():
            raise KnownError("A manager can sign in here: they do it, with --by ID.")
        return staff_opening.owner_words(data_folder_of(options))
    return signature(_checked(options, opened, Right.MANAGE_STAFF))


def _own(options: argparse.Namespace, opened: _Opened) -> str:
    return signature(_checked(options, opened, Right.SELL))


def _checked(options: argparse.Namespace, opened: _Opened, right: Right) -> StaffMember:
    by = options.by or _asked_id()
    answer = opened.door.verify(by, Secret(secret_line(f"PIN of {by}", options.pin_fd)), right)
    if isinstance(answer, Allowed):
        return answer.member
    raise KnownError(_sentence(answer))


def _sentence(answer: Answer) -> str:
    match answer:
        case TooSoon(seconds):
            return f"Too many wrong PINs. Wait {seconds} s."
        case TooOften():
            return "Too many wrong PINs. A manager must allow another try."
        case MayNot():
            return "This is not theirs to do. Ask a manager."
    return NOT_RIGHT


def _asked_id() -> str:
    if not sys.stdin.isatty():
        raise KnownError("Say who does it: --by ID.")
    sys.stderr.write("Your staff id: ")
    sys.stderr.flush()
    return sys.stdin.readline(128).strip()


def _new_pin(options: argparse.Namespace) -> Secret:
    """Return the new PIN, typed twice where somebody types."""
    told = f"New PIN of {options.staff_id}"
    typed = secret_line(told, options.new_pin_fd)
    if options.new_pin_fd is None and sys.stdin.isatty() and secret_line("The same again") != typed:
        raise KnownError("The two are not the same. Nothing was changed.")
    return Secret(typed)


def _done(record: StaffRecord, words: str) -> Report:
    return Report(_summary(record), (words,))


def _line(record: StaffRecord) -> str:
    member = record.member
    notes = [
        "" if member.active else "does not work here any more",
        "" if record.pin else "has no PIN",
        "has a badge" if record.badge else "",
        "locked out" if record.locked else "",
    ]
    return ", ".join([f"{member.staff_id}  {member.name}", member.role.value, *filter(None, notes)])


def _summary(record: StaffRecord) -> dict[str, Plain]:
    member = record.member
    return {
        "staff_id": member.staff_id,
        "name": member.name,
        "role": member.role.value,
        "active": member.active,
        "has_pin": record.pin is not None,
        "has_badge": record.badge is not None,
        "wrong_pins": record.failures,
        "locked": record.locked,
    }
