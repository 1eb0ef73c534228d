"""The staged world of lessons: members set back, points spent elsewhere, codes of all kinds, no queue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cashier_app import practice_stage
from cashier_app.demo.faults import FaultPlan
from cashier_app.documents.lesson_document import read_lesson
from cashier_app.domain.lesson import Code, Elsewhere, HoldUp, HoldUpReceipt, Lesson, Network, Stage
from cashier_app.domain.till_facts import At, Problem
from cashier_app.errors import KnownError
from tests.fakes.lesson_till import LessonTill
from tests.fakes.sample_lessons import SAMPLES

PRIYA, RAVI, DEVIKA = "mem-priya", "mem-ravi", "mem-devika"


@pytest.fixture
def till(tmp_path: Path) -> Iterator[LessonTill]:
    made = LessonTill(tmp_path)
    yield made
    made.close()


def lesson(*members: str, phones: tuple[str, ...] = ()) -> Lesson:
    """Return a lesson with these members."""
    sample = read_lesson(SAMPLES["redemption"].encode())
    return Lesson(sample.lesson_id, 1, "Sample", "Try.", 1, sample.steps, members, phones)


def test_members_are_set_back_and_every_point_stays_a_row(till: LessonTill) -> None:
    ledger = till.shop.server.ledger
    before = {one: ledger.member(one) for one in (PRIYA, RAVI, DEVIKA)}
    till.sell(PRIYA, "2500")
    till.practice.stage(Stage(spend=(Elsewhere(RAVI, 460),), block=(RAVI,), unblock=(DEVIKA,)))
    assert ledger.member(RAVI).balance == 0  # type: ignore[union-attr]
    till.until(lambda: not till.facts.waiting and ledger.member(PRIYA) != before[PRIYA])
    till.practice.prepare(lesson(PRIYA, RAVI, DEVIKA))
    for member_id, was in before.items():
        now = ledger.member(member_id)
        assert now is not None
        assert was is not None
        assert (now.balance, now.spend, now.blocked_since) == (was.balance, was.spend, was.blocked_since)
        assert (now.last_visit, now.lapse_units, now.lapse_on) == (
            was.last_visit,
            was.lapse_units,
            was.lapse_on,
        )
        rows = ledger.movements(member_id=member_id)
        assert sum(row.units for row in rows) == now.balance


def test_who_was_set_back_has_the_tier_they_had(till: LessonTill) -> None:
    for _ in range(2):
        till.practice.prepare(lesson(PRIYA))
        till.sell(PRIYA, "5000")  # from 30,240.00 to above what Platinum takes
        till.until(lambda: not till.facts.waiting)
        [sold] = [line.sale for line in till.session.view.today.last_sales[:1]]
        assert (sold.tier, sold.points_expected) == ("Gold", 50)
        till.session.next_customer()
    rows = till.shop.server.ledger.movements(member_id=PRIYA)
    assert sum(row.units for row in rows) == 1240 + 50


def test_faults_are_staged_and_cleared(till: LessonTill) -> None:
    faults = till.shop.server.faults
    till.practice.stage(Stage(Network(delay_ms=5, lose_answers=2, unavailable=1)))
    assert faults.plan == FaultPlan(delay_ms=5, lose_answers=2, unavailable=1)
    till.practice.stage(Stage(block=(RAVI,)))
    assert faults.plan.lose_answers == 2
    till.practice.clear()
    till.practice.clear()
    assert faults.plan == FaultPlan()


def test_clearing_lets_whoever_was_blocked_go_on_and_posts_what_was_refused_for_it(till: LessonTill) -> None:
    ledger = till.shop.server.ledger
    was = ledger.member(DEVIKA)
    till.scan(RAVI)
    till.until(lambda: till.facts.at is At.BILL)
    till.practice.stage(Stage(Network(down=True)))
    till.type("640")
    till.session.take_nothing()
    till.enter()
    till.until(lambda: till.facts.sales == 1)
    till.practice.stage(Stage(Network(), block=(RAVI, DEVIKA)))
    till.until(lambda: till.facts.needs_attention == 1)
    till.practice.clear()
    till.until(lambda: not till.facts.needs_attention and not till.facts.waiting)
    assert [row.kind for row in ledger.movements(member_id=RAVI)].count("sale") == 1
    assert ledger.member(RAVI).blocked_since is None  # type: ignore[union-attr]
    assert was is not None
    assert was.blocked_since is not None
    assert ledger.member(DEVIKA).blocked_since == was.blocked_since  # type: ignore[union-attr]


def test_staging_and_clearing_do_not_meet_the_faults_themselves(till: LessonTill) -> None:
    server = till.shop.server
    balance = server.ledger.member(PRIYA).balance  # type: ignore[union-attr]
    # With the network down nothing asked over it would be answered; the till itself goes on looking for it.
    till.practice.stage(Stage(Network(down=True, unavailable=3)))
    till.practice.stage(Stage(spend=(Elsewhere(PRIYA, 1),), block=(RAVI,)))
    assert server.ledger.member(PRIYA).balance == balance - 1  # type: ignore[union-attr]
    assert server.ledger.member(RAVI).blocked_since is not None  # type: ignore[union-attr]
    assert server.faults.plan.unavailable == 3
    till.practice.clear()
    assert server.ledger.member(RAVI).blocked_since is None  # type: ignore[union-attr]
    assert server.faults.plan == FaultPlan()


def test_what_cannot_be_is_said(till: LessonTill) -> None:
    for stage in (
        Stage(spend=(Elsewhere(RAVI, 461),)),
        Stage(block=("mem-x",)),
        Stage(spend=(Elsewhere("mem-x", 1),)),
    ):
        with pytest.raises(KnownError):
            till.practice.stage(stage)
    with pytest.raises(KnownError, match="no member mem-x"):
        till.practice.prepare(lesson("mem-x"))
    with pytest.raises(KnownError, match="phone number that is to be nobody's"):
        till.practice.prepare(lesson(phones=("+919845012210",)))
    with pytest.raises(KnownError, match="no member mem-x"):
        till.practice.text_of(HoldUp("mem-x"))
    with pytest.raises(KnownError, match="No code was held up yet"):
        till.practice.text_of(HoldUp(PRIYA, Code.SAME))
    with pytest.raises(KnownError, match="There is no receipt yet"):
        till.practice.text_of(HoldUpReceipt())


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (Code.FIXED, None),
        (Code.FRESH, None),
        (Code.STALE, Problem.CODE_TOO_OLD),
        (Code.USED, Problem.CODE_USED),
    ],
)
def test_codes_of_every_kind(till: LessonTill, code: Code, problem: Problem | None) -> None:
    till.scan(PRIYA, code)
    assert till.facts.problem is problem
    assert (till.facts.at is At.BILL) == (problem is None)


def test_no_code_is_made_twice(till: LessonTill) -> None:
    codes = [
        till.practice.text_of(HoldUp(PRIYA, code)) for code in (Code.USED, Code.FRESH, Code.FRESH, Code.USED)
    ]
    assert len(set(codes)) == 4
    assert till.practice.text_of(HoldUp(PRIYA, Code.SAME)) == codes[-1]
    till.session.scan(codes[1])
    assert till.facts.member == PRIYA


def test_a_hold_nobody_pays_for_is_given_back_before_a_lesson(till: LessonTill) -> None:
    till.scan(PRIYA)
    till.type("2360")
    till.enter(2)
    assert till.facts.at is At.PAY
    till.player.begin(lesson(PRIYA))
    till.until(lambda: till.on == "offer")
    assert till.shop.server.ledger.member(PRIYA).balance == 1240  # type: ignore[union-attr]
    assert not till.shop.server.ledger.open_reservations()


def test_what_an_earlier_lesson_left_is_posted(till: LessonTill) -> None:
    till.scan(RAVI)
    till.practice.stage(Stage(Network(down=True)))
    till.type("640")
    till.session.take_nothing()
    till.enter()
    till.until(lambda: till.facts.waiting == 1)
    till.practice.prepare(lesson(RAVI))
    till.session.update_status()
    till.until(lambda: till.facts.waiting == 0)


def test_what_can_never_be_posted_is_settled_by_hand(till: LessonTill) -> None:
    till.scan(RAVI)
    till.practice.stage(Stage(Network(down=True)))
    till.type("1299")
    till.session.take_nothing()
    till.enter()
    till.practice.stage(Stage(Network(), block=(RAVI,)))
    till.until(lambda: till.facts.needs_attention == 1)
    till.practice.prepare(lesson(PRIYA))  # he stays blocked: sending it again is refused again
    [settled] = till.shop.till.workshop().queue.settled()
    assert settled.settlement.by == practice_stage.SETTLED_BY


def test_a_till_that_cannot_be_made_ready_says_so(till: LessonTill, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(practice_stage, "READY_SECONDS", 0.1)
    monkeypatch.setattr(type(till.practice), "_is_settled", lambda _: False)
    with pytest.raises(KnownError, match="could not post what was left"):
        till.practice.prepare(lesson(PRIYA))


def test_people_are_known_without_asking(till: LessonTill) -> None:
    people = till.practice.people()
    assert (people[PRIYA].name, people[PRIYA].phone) == ("Priya Raghunathan", "9845012210")
    assert len(people) > 50


def test_a_lesson_begins_over_a_finished_sale_and_over_an_unanswered_question(till: LessonTill) -> None:
    till.sell(RAVI, "640")
    till.player.begin(lesson(RAVI))
    till.until(lambda: till.on == "offer")
    till.type("9845060214")
    till.player.again()
    till.until(lambda: till.on == "offer")
    assert (till.facts.at, till.facts.sales) == (At.IDLE, 0)


def test_whom_a_lesson_names_is_known_while_the_network_is_away(till: LessonTill) -> None:
    till.practice.prepare(lesson(PRIYA))
    till.practice.stage(Stage(Network(down=True)))
    for member_id, known in ((PRIYA, True), (RAVI, False)):
        till.scan(member_id)
        till.until(lambda: till.facts.at is At.BILL)
        assert (till.facts.member == member_id, till.facts.unseen, till.facts.fresh) == (
            known,
            not known,
            False,
        )
        till.session.next_customer()
