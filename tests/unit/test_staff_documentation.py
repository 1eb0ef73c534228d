"""docs/staff.md says what the program does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from cashier_app.command_line.parser import parser
from cashier_app.demo.staff import DEMO_STAFF
from cashier_app.domain.pin import pin_problem
from cashier_app.domain.staff import RIGHTS, Right, Role
from cashier_app.domain.tries import FREE_TRIES, LOCKED_AT, wait_after
from cashier_app.ports.credentials import Secret
from cashier_app.security.pins import Cost
from cashier_app.services.sign_in import Allowed
from cashier_app.staff_opening import open_demo_door
from cashier_app.staff_section import StaffSection, check_staff
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.clock import FakeClock

PAGE = (Path(__file__).parents[2] / "docs" / "staff.md").read_text(encoding="utf-8")
ROWS = {
    "sell, take goods back": {Right.SELL, Right.TAKE_RETURNS},
    "approve what is above a limit": {Right.APPROVE},
    "settle by hand, see figures": {Right.SETTLE, Right.SEE_FIGURES},
    "close the day, set up, manage staff": {Right.CLOSE_DAY, Right.SET_UP, Right.MANAGE_STAFF},
    "train": {Right.TRAIN},
}


def test_the_demo_shops_people_sign_in_with_what_the_page_says(tmp_path: Path) -> None:
    told = re.findall(r"^\| (.+) \| (\w+) \| (\d{6}) \|$", PAGE, re.MULTILINE)
    assert sorted(told) == sorted((one.name, one.role.value, pin) for one, pin in DEMO_STAFF)
    for member, pin in DEMO_STAFF:
        assert pin_problem(pin, member.role, 6) is None
    clock = FakeClock()
    for _ in range(2):  # the second start finds them there
        journal = SqliteJournal(tmp_path / "till.sqlite", "2")
        door = open_demo_door(journal, clock)
        assert set(door.people()) == {member for member, _ in DEMO_STAFF}
        for member, pin in DEMO_STAFF:
            assert door.enter(member.staff_id, Secret(pin)) == Allowed(member)
        journal.close()


def test_every_right_of_every_role_is_in_the_table() -> None:
    assert set().union(*ROWS.values()) == set(Right)
    roles = (Role.CASHIER, Role.SUPERVISOR, Role.MANAGER, Role.TRAINER)
    for name, rights in ROWS.items():
        cells = re.search(rf"^\| {name} \|(.*)\|$", PAGE, re.MULTILINE)
        assert cells is not None, name
        says = [cell.strip() == "yes" for cell in cells[1].split("|")]
        assert says == [rights <= RIGHTS[role] for role in roles], name


def test_the_settings_shown_are_the_defaults() -> None:
    text = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert text is not None
    section = msgspec.convert(tomllib.loads(text[1])["staff"], StaffSection)
    check_staff(section)
    assert section == StaffSection()


@pytest.mark.parametrize("line", re.findall(r"^cashier-cli (staff .*?)(?: +#.*)?$", PAGE, re.MULTILINE))
def test_the_commands_shown_are_there(line: str) -> None:
    words = re.findall(r'"[^"]*"|\S+', line)
    assert parser().parse_args([word.strip('"') for word in words]).command


def test_figures_of_the_page() -> None:
    assert (FREE_TRIES, LOCKED_AT) == (5, 10)
    assert [wait_after(count) for count in range(5, 10)] == [30, 60, 120, 240, 480]
    assert "30 s, 60 s, 2, 4\nand 8 minutes" in PAGE
    cost = Cost()
    assert f"Argon2id ({cost.memory // 1024} MiB, {cost.passes} passes, {cost.lanes} lanes)" in PAGE
