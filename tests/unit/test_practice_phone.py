"""The practice phone: what it shows, and when a code of it is too old."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cashier_app.demo.codes import Names, Stale, read_code
from cashier_app.demo.passes import PassCodes
from cashier_app.demo.shop import load_shop
from cashier_app.domain.identifier import Age, ChangingCode, Origin, WalletToken, age_of, parse_identifier
from cashier_app.domain.lesson import Code, HoldUp
from cashier_app.services.practice_phone import RENEWS_AFTER, PhoneCode, PracticePhone, Showing
from cashier_app.wording.practice_pass import phone_words
from tests.fakes.clock import FakeClock
from tests.unit.practice_sheets import RULES, WORDING

SHOP = load_shop()
LIFE = timedelta(seconds=SHOP.code_life_seconds)
CODES = PassCodes(SHOP)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def phone(clock: FakeClock) -> PracticePhone:
    return PracticePhone("mem-priya", LIFE, clock)


def shown(phone: PracticePhone) -> str:
    """Return what the code on show says."""
    view = phone.view()
    if view.code.text:
        return view.code.text
    if view.code.made_at is None:
        return CODES.fixed(view.member_id)
    return CODES.rotating(view.member_id, view.code.made_at)


def till_says(phone: PracticePhone, clock: FakeClock) -> Age:
    """Return what a till thinks of the code's age."""
    read = parse_identifier(shown(phone), RULES, Origin.SCANNED)
    assert isinstance(read, WalletToken)
    assert isinstance(read.changing, ChangingCode)
    return age_of(read.changing, clock.now())


def test_a_new_code_comes_every_half_minute(phone: PracticePhone, clock: FakeClock) -> None:
    first = shown(phone)
    clock.advance(RENEWS_AFTER.total_seconds() - 1)
    assert shown(phone) == first
    assert phone.view().left == 1
    clock.advance(1)
    assert shown(phone) != first
    assert phone.view().left == 30
    assert phone.view().share == 1.0


def test_both_the_till_and_the_shop_take_it(phone: PracticePhone, clock: FakeClock) -> None:
    for _ in range(20):
        assert till_says(phone, clock) is Age.GOOD
        assert isinstance(read_code(shown(phone), clock.now(), SHOP.code_key, SHOP.code_life_seconds), Names)
        clock.advance(41)


def test_a_screenshot_stays_and_grows_old(phone: PracticePhone, clock: FakeClock) -> None:
    phone.take_screenshot()
    kept = shown(phone)
    clock.advance(LIFE.total_seconds() - 1)
    assert shown(phone) == kept
    assert phone.view().showing is Showing.SCREENSHOT
    assert not phone.view().is_old
    clock.advance(2)
    assert phone.view().is_old
    assert isinstance(read_code(kept, clock.now(), SHOP.code_key, SHOP.code_life_seconds), Stale)
    clock.advance(60)
    assert till_says(phone, clock) is Age.TOO_OLD
    phone.take_screenshot()
    assert phone.view().showing is Showing.LIVE
    assert till_says(phone, clock) is Age.GOOD


def test_a_stale_one_is_refused_by_the_till_itself(phone: PracticePhone, clock: FakeClock) -> None:
    phone.hold_up(HoldUp("mem-ravi", Code.STALE))
    assert phone.member_id == "mem-ravi"
    assert till_says(phone, clock) is Age.TOO_OLD
    assert phone.view().is_old


def test_without_network_the_code_is_not_renewed(phone: PracticePhone, clock: FakeClock) -> None:
    kept = shown(phone)
    phone.switch_network()
    clock.advance(100)
    view = phone.view()
    assert shown(phone) == kept
    assert (view.showing, view.left) == (Showing.WITHOUT_NETWORK, 200)
    clock.advance(300)
    assert phone.view().is_old
    assert phone.view().left == 0
    phone.switch_network()
    assert shown(phone) != kept
    assert phone.view().showing is Showing.LIVE


def test_the_very_same_code_comes_back(phone: PracticePhone, clock: FakeClock) -> None:
    phone.hold_up(HoldUp("mem-priya", Code.FRESH))
    first = shown(phone)
    clock.advance(70)
    assert shown(phone) != first
    for code in (Code.SAME, Code.USED):
        phone.hold_up(HoldUp("mem-priya", code))
        assert shown(phone) == first
        assert phone.view().showing is Showing.SCREENSHOT


def test_whoever_knows_the_code_is_believed(phone: PracticePhone, clock: FakeClock) -> None:
    phone.hold_up(HoldUp("mem-priya", Code.USED), "LR1:made:elsewhere:00000000")
    assert shown(phone) == "LR1:made:elsewhere:00000000"
    phone.hold_up(HoldUp("mem-priya", Code.SAME))
    assert shown(phone) != "LR1:made:elsewhere:00000000", "another use, not what was held up here"
    phone.hold_up(HoldUp("mem-priya", Code.FRESH), "LR1:made:elsewhere:00000001")
    assert shown(phone) == "LR1:made:elsewhere:00000001"
    clock.advance(30)
    assert phone.view().code == PhoneCode(clock.now().replace(microsecond=0)), "a phone goes on by itself"


def test_a_card_never_changes(phone: PracticePhone, clock: FakeClock) -> None:
    phone.hold_up(HoldUp("mem-ravi"))
    kept = shown(phone)
    clock.advance(3600)
    assert shown(phone) == kept == CODES.fixed("mem-ravi")
    assert phone.view().left is None
    assert not phone.view().is_old


def test_after_the_clock_was_set_back_no_code_is_from_the_future(
    phone: PracticePhone, clock: FakeClock
) -> None:
    clock.jump(-3600)
    assert phone.view().share == 1.0
    assert till_says(phone, clock) is Age.GOOD
    phone.switch_network()
    clock.jump(-3600)
    assert phone.view().share == 1.0, "never more than whole"


def test_each_state_has_its_words(phone: PracticePhone, clock: FakeClock) -> None:
    said = {phone_words(phone.view(), WORDING).about}
    assert "New code in 30 s" in said
    phone.switch_network()
    said.add(phone_words(phone.view(), WORDING).about)
    assert phone_words(phone.view(), WORDING).in_ring == "", "300 has no room in a ring"
    clock.advance(301)
    said.add(phone_words(phone.view(), WORDING).about)
    assert phone_words(phone.view(), WORDING).warns
    for code in (Code.FRESH, Code.SAME, Code.STALE, Code.FIXED):
        phone.hold_up(HoldUp("mem-ravi", code))
        said.add(phone_words(phone.view(), WORDING).about)
    assert len(said) == 6
    assert "TRAINING" in phone_words(phone.view(), WORDING).title
