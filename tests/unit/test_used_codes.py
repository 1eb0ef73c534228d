"""Rotating codes at the till: their age, their use, and customers who did nothing wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.demo.codes import rotating_code
from cashier_app.domain.identifier import Identifier, IdentifierRules, Origin, WalletToken, parse_identifier
from cashier_app.domain.offline_policy import OfflineMode, OfflinePolicy, Proof
from cashier_app.domain.outcome import CodeAhead, CodeTooOld, CodeUsed, MemberFound, Remembered
from cashier_app.errors import KnownError
from cashier_app.services.till_view import NoticeKind, Serving, Step
from cashier_app.services.used_codes import MOST_KEPT, UsedCodes
from tests.fakes.counter import RAHULS_CODE, SETTINGS, Counter
from tests.fakes.failures import failing
from tests.fakes.keys import name, notice, step

RULES = IdentifierRules("IN")
KEY = "marigold practice key"


def code_of(counter: Counter, *, seconds_ago: float = 0, member: str = "m-1", card: str = "priya0001") -> str:
    """Return the code this member's phone shows, or showed, and let the backend know it."""
    code = rotating_code(card, counter.clock.now() - timedelta(seconds=seconds_ago), KEY)
    row = counter.backend.members[member]
    row.known_by = (*row.known_by, f"wallet:{code}")
    return code


def read(code: str) -> Identifier:
    parsed = parse_identifier(code, RULES, Origin.SCANNED)
    assert isinstance(parsed, WalletToken)
    assert parsed.changing is not None
    return parsed


def sell_by(counter: Counter, code: str) -> None:
    counter.session.scan(code)
    assert name(counter) == "Priya Raghunathan"
    counter.type("2360")
    counter.press_enter(3)
    assert step(counter) is Step.DONE


def later_customer(counter: Counter, seconds: float = 10) -> None:
    counter.session.next_customer()
    counter.clock.advance(seconds)


@pytest.fixture
def nobody_is_asked(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def from_now_on() -> None:
        monkeypatch.setattr(counter.backend, "find", failing(AssertionError("the backend was asked")))

    return from_now_on


# Age.
def test_a_code_that_ran_out_is_told(counter: Counter) -> None:
    code = code_of(counter, seconds_ago=840)
    counter.session.scan(code)
    person = counter.view.person
    assert isinstance(person, CodeTooOld)
    assert counter.clock.now() - person.made_at < timedelta(seconds=841)
    assert person.life_seconds == 300


def test_a_code_ahead_of_the_clock_is_told(counter: Counter) -> None:
    counter.session.scan(code_of(counter, seconds_ago=-400))
    assert isinstance(counter.view.person, CodeAhead)


def test_offline_an_old_code_is_told_without_waiting_for_the_network(
    counter: Counter, nobody_is_asked: Callable[[], None]
) -> None:
    old = code_of(counter, seconds_ago=840)
    counter.backend.silent = True
    counter.session.scan(RAHULS_CODE)
    counter.session.clear_all()
    nobody_is_asked()
    counter.session.scan(old)
    assert isinstance(counter.view.person, CodeTooOld)


@pytest.mark.parametrize("wrong_by", [-86_400, -600, 600, 86_400])
class TestTheTillsClockIsWrong:
    """What counts is the backend's clock; `wrong_by` is in seconds."""

    @staticmethod
    def code(counter: Counter, seconds_ago: float) -> str:
        code = rotating_code("priya0001", counter.clock.true_now() - timedelta(seconds=seconds_ago), KEY)
        row = counter.backend.members["m-1"]
        row.known_by = (*row.known_by, f"wallet:{code}")
        return code

    def test_a_fresh_code_is_taken(self, counter: Counter, wrong_by: float) -> None:
        counter.clock.jump(wrong_by)
        counter.session.scan(self.code(counter, 0))
        assert name(counter) == "Priya Raghunathan"

    def test_an_old_one_is_not_and_its_moment_is_by_the_tills_clock(
        self, counter: Counter, wrong_by: float
    ) -> None:
        counter.clock.jump(wrong_by)
        counter.session.scan(self.code(counter, 840))
        person = counter.view.person
        assert isinstance(person, CodeTooOld)
        assert timedelta(seconds=839) < counter.clock.now() - person.made_at < timedelta(seconds=842)

    def test_one_that_pays_pays_once(self, counter: Counter, wrong_by: float) -> None:
        counter.clock.jump(wrong_by)
        code = self.code(counter, 200)
        sell_by(counter, code)
        later_customer(counter)
        counter.session.scan(code)
        assert isinstance(counter.view.person, CodeUsed)
        later_customer(counter, 400)
        counter.session.scan(code)
        assert isinstance(counter.view.person, CodeTooOld | CodeUsed)

    def test_offline_the_clocks_as_last_compared_count(self, counter: Counter, wrong_by: float) -> None:
        counter.clock.jump(wrong_by)
        counter.session.scan(self.code(counter, 0))
        counter.session.clear_all()
        counter.backend.silent = True
        counter.session.scan(self.code(counter, -20))
        assert name(counter) == "Priya Raghunathan"

    def test_a_backend_that_does_not_say_the_time_leaves_it_to_the_till(
        self, counter: Counter, wrong_by: float
    ) -> None:
        counter.backend.tells_time = False
        counter.clock.jump(wrong_by)
        counter.session.scan(self.code(counter, 0))
        assert isinstance(counter.view.person, CodeAhead if wrong_by < 0 else CodeTooOld)


@pytest.mark.parametrize("seconds_ago", [-59, 0, 299, 359])
def test_clocks_may_differ_by_a_minute(counter: Counter, seconds_ago: float) -> None:
    counter.session.scan(code_of(counter, seconds_ago=seconds_ago))
    assert name(counter) == "Priya Raghunathan"


def test_after_a_code_that_ran_out_the_fresh_one_of_the_same_card_counts_at_once(counter: Counter) -> None:
    counter.session.scan(code_of(counter, seconds_ago=840))
    assert step(counter) is Step.PROBLEM
    counter.session.scan(code_of(counter))
    assert name(counter) == "Priya Raghunathan"


def test_an_old_code_beside_a_bill_changes_nothing(counter: Counter) -> None:
    counter.session.scan(RAHULS_CODE)
    counter.type("2360")
    counter.session.scan(code_of(counter, seconds_ago=840))
    assert name(counter) == "Rahul Deshpande"
    assert notice(counter) is NoticeKind.CODE_RAN_OUT


# Use.
def test_a_code_pays_for_one_sale(counter: Counter, nobody_is_asked: Callable[[], None]) -> None:
    code = code_of(counter)
    sell_by(counter, code)
    sold_at = counter.clock.now()
    later_customer(counter)
    nobody_is_asked()
    counter.session.scan(code)
    assert counter.view.person == CodeUsed(sold_at.replace(microsecond=0))


def test_the_next_code_of_the_same_card_is_taken(counter: Counter) -> None:
    sell_by(counter, code_of(counter))
    later_customer(counter)
    counter.session.scan(code_of(counter))
    assert name(counter) == "Priya Raghunathan"


def test_a_restart_forgets_no_use(counter: Counter) -> None:
    code = code_of(counter)
    sell_by(counter, code)
    counter.restart()
    counter.clock.advance(10)
    counter.session.scan(code)
    assert isinstance(counter.view.person, CodeUsed)


def test_offline_a_code_is_used_up_as_well(counter: Counter) -> None:
    code = code_of(counter)
    sell_by(counter, code)
    later_customer(counter)
    counter.backend.silent = True
    counter.session.scan(code)
    assert isinstance(counter.view.person, CodeUsed)


@pytest.mark.parametrize("leave", ["back", "clear_all", "next_customer", "another_member"])
def test_a_sale_that_was_cleared_used_nothing(counter: Counter, leave: str) -> None:
    code = code_of(counter)
    counter.session.scan(code)
    counter.type("2360")
    getattr(counter.session, leave)()
    counter.session.clear_all()
    counter.clock.advance(10)
    counter.session.scan(code)
    assert name(counter) == "Priya Raghunathan"


def test_a_sale_given_back_before_it_was_paid_used_nothing(counter: Counter) -> None:
    code = code_of(counter)
    counter.session.scan(code)
    counter.type("2360")
    counter.press_enter(2)
    assert step(counter) is Step.PAY
    counter.session.clear_all()
    counter.clock.advance(10)
    counter.session.scan(code)
    assert name(counter) == "Priya Raghunathan"


def test_the_same_customer_may_show_the_card_again_while_being_served(counter: Counter) -> None:
    first = code_of(counter)
    counter.session.scan(first)
    counter.type("2360")
    counter.clock.advance(30)
    second = code_of(counter)
    assert second != first
    for code in (first, second):
        counter.clock.advance(5)
        counter.session.scan(code)
        assert notice(counter) is NoticeKind.ALREADY_HERE
    counter.press_enter(3)
    assert step(counter) is Step.DONE
    for code in (first, second):
        later_customer(counter)
        counter.session.scan(code)
        assert isinstance(counter.view.person, CodeUsed), "a photograph of either could pay again"


def test_a_code_shown_by_the_member_found_by_phone_is_used_up_with_the_sale(counter: Counter) -> None:
    code = code_of(counter)
    counter.type("9845012210")
    counter.type("2360")
    counter.session.scan(code)
    assert notice(counter) is NoticeKind.ALREADY_HERE
    counter.press_enter(3)
    later_customer(counter)
    counter.session.scan(code)
    assert isinstance(counter.view.person, CodeUsed)


def test_the_code_of_a_customer_who_was_switched_away_is_not_used(counter: Counter) -> None:
    code = code_of(counter)
    counter.session.scan(code)
    counter.type("2360")
    counter.session.scan(RAHULS_CODE)
    counter.session.another_member()
    assert name(counter) == "Rahul Deshpande"
    counter.press_enter(3)
    later_customer(counter)
    counter.session.scan(code)
    assert name(counter) == "Priya Raghunathan"


def test_a_phone_left_before_the_camera_after_the_sale_is_not_accused(counter: Counter) -> None:
    code = code_of(counter)
    sell_by(counter, code)
    for _ in range(4):
        counter.clock.advance(1)
        counter.session.scan(code)
    assert step(counter) is Step.DONE
    counter.session.next_customer()
    for _ in range(4):
        counter.clock.advance(1)
        counter.session.scan(code)
        assert step(counter) is Step.IDLE
    counter.clock.advance(4)
    counter.session.scan(code)
    assert isinstance(counter.view.person, CodeUsed)


def test_a_use_that_cannot_be_remembered_leaves_the_sale(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    code = code_of(counter)
    monkeypatch.setattr(counter.workshop.lookup, "use", failing(KnownError("The disk is full.")))
    with caplog.at_level(logging.INFO):
        sell_by(counter, code)
    assert "could not be remembered" in caplog.text
    assert code not in caplog.text


# Offline.
def test_offline_a_changing_code_finds_who_came_before_but_proves_no_more_than_a_fixed_one(
    counter: Counter,
) -> None:
    counter.session.scan(code_of(counter))
    person = counter.view.person
    assert isinstance(person, Serving)
    assert person.proof is Proof.ROTATING_CODE
    later_customer(counter, 60)
    counter.backend.silent = True
    counter.session.scan(code_of(counter))
    person = counter.view.person
    assert isinstance(person, Serving)
    assert not person.fresh
    assert person.proof is Proof.CODE, "nobody has checked it: it can be made up from a fixed one"


def test_a_shop_that_asks_for_a_changing_code_offline_is_not_fooled_by_a_forged_one(tmp_path: Path) -> None:
    policy = OfflinePolicy(
        mode=OfflineMode.FLOOR, per_redemption=150_00, open_at_till=200_00, proof=Proof.ROTATING_CODE
    )
    counter = Counter(tmp_path, settings=replace(SETTINGS, offline=policy)).open_for_business()
    counter.session.scan(code_of(counter))
    later_customer(counter, 60)
    counter.backend.silent = True
    counter.session.scan(rotating_code("priya0001", counter.clock.now(), "another key"))
    counter.type("2360")
    assert counter.view.quote is not None
    assert counter.view.quote.points_used == 0
    counter.close()


# The memory itself.
@pytest.fixture
def uses(counter: Counter) -> UsedCodes:
    return counter.workshop.lookup._used_codes


def test_what_is_kept_names_no_code_and_ends(counter: Counter, uses: UsedCodes) -> None:
    code = code_of(counter)
    uses.use([read(code)], counter.clock.now())
    kept = counter.journal.recall("used codes") or ""
    assert "priya" not in kept
    assert code.split(":")[-1] not in kept
    counter.clock.advance(1000)
    uses.use([read(code_of(counter))], counter.clock.now())
    assert (counter.journal.recall("used codes") or "").count('"code"') == 1


def test_the_memory_is_bounded(counter: Counter, uses: UsedCodes) -> None:
    codes = [read(code_of(counter, card=f"member{number:04}")) for number in range(MOST_KEPT + 20)]
    uses.use(codes, counter.clock.now())
    assert sum(isinstance(uses.judge_use(code), CodeUsed) for code in codes) == MOST_KEPT


def test_a_memory_that_cannot_be_read_begins_anew(counter: Counter) -> None:
    code = read(code_of(counter))
    for kept in ("not JSON", '[{"code": 5}]', "{}"):
        counter.journal.remember("used codes", kept)
        assert UsedCodes(counter.journal, counter.clock).judge_use(code) is None


def test_on_a_full_disk_a_use_is_known_until_the_till_is_closed(
    counter: Counter, uses: UsedCodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = read(code_of(counter))
    assert uses.judge_use(code) is None
    monkeypatch.setattr(counter.journal, "remember", failing(KnownError("The disk is full.")))
    uses.use([code], counter.clock.now())
    assert isinstance(uses.judge_use(code), CodeUsed)


def test_codes_that_stay_the_same_are_never_used_up(counter: Counter, uses: UsedCodes) -> None:
    fixed = WalletToken("LC1:priya0001")
    uses.use([fixed], counter.clock.now())
    assert uses.judge_use(fixed) is None
    assert counter.journal.recall("used codes") is None


def test_a_one_time_password_counts_as_used_whatever_moment_is_written_beside_it(
    counter: Counter, uses: UsedCodes
) -> None:
    first, again = read(code_of(counter)), read(code_of(counter, seconds_ago=5))
    assert isinstance(first, WalletToken)
    assert isinstance(again, WalletToken)
    assert first.changing is not None
    assert again.changing is not None
    same_proof = replace(again, changing=replace(again.changing, proof=first.changing.proof))
    uses.use([first], counter.clock.now())
    assert isinstance(uses.judge_use(same_proof), CodeUsed)
    assert uses.judge_use(again) is None


def test_a_look_up_that_finds_somebody_uses_nothing(counter: Counter) -> None:
    code = read(code_of(counter))
    for _ in range(3):
        assert isinstance(counter.workshop.lookup.find(code), MemberFound)
    counter.backend.silent = True
    assert isinstance(counter.workshop.lookup.find(code), Remembered)
