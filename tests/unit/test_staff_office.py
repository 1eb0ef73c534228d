"""Who may work here: what always holds, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cashier_app.domain.staff import Right, Role, StaffMember
from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret
from cashier_app.services.sign_in import Allowed, NotRight, TooOften
from cashier_app.services.staff_office import LAST_MANAGER
from cashier_app.staff_section import StaffSection, check_staff, desk_settings
from tests.fakes.clock import FakeClock
from tests.fakes.staff_book import ASHA, MEERA, PINS, VIKRAM, WRONG, Shop, open_shop, staffed

NEW = Secret("648293")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = staffed(tmp_path, FakeClock())
    yield opened
    opened.journal.close()


def test_the_first_one_manages_the_staff(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, FakeClock())
    assert shop.office.is_empty()
    assert not shop.office.has_manager()
    with pytest.raises(KnownError, match="manager first"):
        shop.office.add(ASHA, NEW, "first")
    shop.office.add(MEERA, NEW, "first")
    assert shop.office.has_manager()
    shop.journal.close()


@pytest.mark.parametrize("staff_id", ["", "Asha", "a b", "-a", "a" * 33, "āsha", "a/b", "asha\n"])
def test_an_id_is_short_and_plain(shop: Shop, staff_id: str) -> None:
    with pytest.raises(KnownError, match="staff id"):
        shop.office.add(StaffMember(staff_id, "Asha", Role.CASHIER), NEW, "meera")


@pytest.mark.parametrize("name", ["", "   ", "\u202e", "x" * 61])
def test_a_name_is_one_line_of_text(shop: Shop, name: str) -> None:
    with pytest.raises(KnownError, match="name"):
        shop.office.add(StaffMember("nila", name, Role.TRAINER), NEW, "meera")


def test_names_are_cleaned_and_ids_are_given_once(shop: Shop) -> None:
    record = shop.office.add(StaffMember("nila", " Nila\u202e\n Das ", Role.TRAINER), NEW, "meera")
    assert record.member.name == "Nila Das"
    with pytest.raises(KnownError, match="already"):
        shop.office.add(StaffMember("nila", "Nila", Role.TRAINER), NEW, "meera")


@pytest.mark.parametrize(
    ("pin", "words"),
    [
        ("58271", "fewer than 6"),
        ("123456", "anybody would try"),
        ("310590", "date"),
        ("58271x", "digits 0 to 9"),
        ("5" * 13, "at most 12"),
        ("482917", "number of theirs"),
    ],
)
def test_a_weak_pin_is_refused_with_why_and_never_repeated(shop: Shop, pin: str, words: str) -> None:
    with pytest.raises(KnownError, match=words) as caught:
        shop.office.set_pin("asha", Secret(pin), "meera", known=("+91 94829 17000",))
    assert pin not in caught.value.sentence
    assert shop.enter("asha", PINS["asha"]) == Allowed(ASHA)


def test_another_pin_ends_the_first_and_a_lock_out(shop: Shop) -> None:
    for _ in range(10):
        shop.enter("asha", WRONG)
        assert isinstance(shop.clock, FakeClock)
        shop.clock.advance(4000)
    assert shop.enter("asha", PINS["asha"]) == TooOften()
    shop.office.set_pin("asha", NEW, "meera")
    assert shop.enter("asha", PINS["asha"]) == NotRight()
    assert shop.enter("asha", NEW.reveal()) == Allowed(ASHA)


def test_who_may_do_more_needs_a_pin_as_long_as_that(tmp_path: Path) -> None:
    shop = staffed(tmp_path, FakeClock())
    shop.office._pin_digits = 4
    shop.office.set_pin("asha", Secret("5827"), "meera")
    promoted = shop.office.change("asha", "meera", role=Role.SUPERVISOR)
    assert promoted.pin is None, "four digits do not guard approvals"
    assert shop.enter("asha", "5827") == NotRight()
    unchanged = shop.office.change("vikram", "meera", role=Role.MANAGER)
    assert unchanged.pin is not None
    shop.journal.close()


def test_somebody_always_manages_the_staff(shop: Shop) -> None:
    for change in ({"active": False}, {"role": Role.SUPERVISOR}):
        with pytest.raises(KnownError) as caught:
            shop.office.change("meera", "meera", **change)  # type: ignore[arg-type]
        assert caught.value.sentence == LAST_MANAGER
    shop.office.change("vikram", "meera", role=Role.MANAGER)
    shop.office.change("meera", "vikram", active=False)
    assert shop.enter("meera", PINS["meera"]) == NotRight()
    assert shop.door.people() == (ASHA, shop.office.records()[2].member)


def test_somebody_comes_back_with_the_pin_they_had(shop: Shop) -> None:
    shop.office.change("vikram", "meera", active=False)
    shop.office.change("vikram", "meera", active=True, name="Vikram S")
    assert shop.enter("vikram", PINS["vikram"]) == Allowed(StaffMember("vikram", "Vikram S", VIKRAM.role))


@pytest.mark.parametrize("code", ["1234567", "x" * 129, "BADGE\n0001", "बैज-0001-0001"])
def test_a_badges_code_is_long_enough_and_plain(shop: Shop, code: str) -> None:
    with pytest.raises(KnownError, match="8 to 128"):
        shop.office.set_badge("asha", code, "meera")


def test_a_badge_is_taken_away(shop: Shop) -> None:
    shop.office.set_badge("asha", "BADGE-0001", "meera")
    assert shop.door.badge("BADGE-0001", alone=True) == Allowed(ASHA)
    shop.office.set_badge("asha", "", "meera")
    assert shop.door.badge("BADGE-0001", alone=True) == NotRight()


def test_nobody_is_said_to_be_nobody(shop: Shop) -> None:
    for ask in (
        lambda: shop.office.reset("nila", "meera"),
        lambda: shop.office.set_pin("nila", NEW, "meera"),
        lambda: shop.office.set_badge("nila", "BADGE-0001", "meera"),
        lambda: shop.office.change("nila", "meera", name="x"),
    ):
        with pytest.raises(KnownError, match="nobody with the id"):
            ask()


def test_a_shop_may_do_without_sign_in(tmp_path: Path) -> None:
    from cashier_app.services.doorkeeper import Doorkeeper

    shop = staffed(tmp_path, FakeClock())
    assert Doorkeeper(shop.book, shop.pins, shop.clock, in_force=False).people() == ()
    shop.journal.close()


def test_settings_of_the_section() -> None:
    check_staff(StaffSection())
    check_staff(StaffSection(pin_digits=4, lock_after_seconds=15))
    for section in (
        StaffSection(pin_digits=5),
        StaffSection(lock_after_seconds=14),
        StaffSection(lock_after_seconds=3601),
    ):
        with pytest.raises(KnownError, match=r"staff\."):
            check_staff(section)
    assert not desk_settings(StaffSection()).badges
    both = desk_settings(StaffSection(badge="badge and pin"))
    assert (both.badges, both.badge_alone) == (True, False)
    assert desk_settings(StaffSection(badge="badge")).badge_alone


def test_every_role_has_its_rights() -> None:
    may = {role: {right for right in Right if StaffMember("a", "A", role).may(right)} for role in Role}
    assert may[Role.CASHIER] == {Right.SELL, Right.TAKE_RETURNS}
    assert may[Role.TRAINER] == {Right.SELL, Right.TAKE_RETURNS, Right.TRAIN}
    assert may[Role.SUPERVISOR] == may[Role.CASHIER] | {Right.APPROVE, Right.SETTLE, Right.SEE_FIGURES}
    assert may[Role.MANAGER] == set(Right)
    assert not StaffMember("a", "A", Role.MANAGER, active=False).may(Right.SELL)
