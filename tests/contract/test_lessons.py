"""Each kind of lesson, played without a window: the real services and a demo server over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cashier_app.demo.faults import FaultPlan
from cashier_app.documents.lesson_document import load_lessons
from cashier_app.domain.enrolment import EnrolmentField
from cashier_app.domain.lesson import Code
from cashier_app.domain.settlement import Truth
from cashier_app.domain.till_facts import Page
from cashier_app.ports.journal import UnsentSale
from cashier_app.ports.practice import Ended
from tests.fakes.lesson_till import LessonTill
from tests.fakes.sample_lessons import SAMPLES


@pytest.fixture
def till(tmp_path: Path) -> Iterator[LessonTill]:
    made = LessonTill(tmp_path)
    yield made
    made.close()


def finished(till: LessonTill) -> None:
    """Check that the lesson came to its end, is in the book, and left no fault behind."""
    till.step("finished")
    run = till.book.runs()[0]
    assert run.ended is Ended.FINISHED
    assert till.view.run is not None
    assert run.steps == till.view.run.steps
    assert all(step.done for step in run.steps)
    assert till.shop.server.faults.plan == FaultPlan()


def test_a_phone_number(till: LessonTill) -> None:
    till.begin(SAMPLES["phone-number"])
    till.type("9845067541")
    till.mistake("nobody")
    till.session.next_customer()
    till.type(till.practice.people()["mem-rahul"].phone)
    finished(till)


def test_bill_and_redemption(till: LessonTill) -> None:
    till.begin(SAMPLES["redemption"])
    till.scan("mem-priya")
    till.type("2360")
    till.step("less")
    till.enter(2)
    till.mistake("all")
    till.session.back()
    till.session.start_discount_entry()
    till.type("100")
    till.enter()
    till.step("paid")
    till.enter()
    till.step("posted")
    finished(till)


def test_why_it_is_capped(till: LessonTill) -> None:
    till.begin(SAMPLES["capped"])
    till.scan("mem-priya")
    till.type("2360")
    till.step("more")
    for _ in range(3):
        till.session.delete()
    till.type("500")
    finished(till)


def test_not_enough_points(till: LessonTill) -> None:
    till.begin(SAMPLES["not-enough-points"])
    till.scan("mem-rahul")
    till.type("1200")
    till.step("collect")
    till.enter(2)
    finished(till)


def test_a_customer_joins_every_time_anew(till: LessonTill) -> None:
    for _ in range(2):
        till.begin(SAMPLES["enrol"])
        till.type("9845033310")
        till.step("form")
        till.open_enrolment("9845033310")
        till.enrolment.put(EnrolmentField.NAME, "Kavya")
        till.enrolment.go_to(EnrolmentField.NAME)
        till.enrolment.confirm()
        till.step("consent")
        till.enrolment.confirm()
        till.open_page(Page.TILL)
        finished(till)


def test_goods_come_back(till: LessonTill) -> None:
    till.begin(SAMPLES["return"])
    till.sell("mem-priya", "1025")
    till.step("find")
    till.open_page(Page.RETURN)
    till.returns.begin()
    till.returns.scan(till.receipt())
    till.step("back")
    till.open_page(Page.TILL)
    till.mistake("kept")
    till.open_page(Page.RETURN)
    till.returns.confirm()
    till.returns.confirm()
    finished(till)


def test_a_sale_of_the_wrong_customer_is_moved(till: LessonTill) -> None:
    till.begin(SAMPLES["undo"])
    till.sell("mem-ravi", "1025")
    till.step("ask")
    till.open_page(Page.UNDO)
    till.undo.begin_last()
    till.step("whom")
    till.undo.another_member()
    till.undo.scan("LC1:PRYA7K2M4Q9XW3TB")
    till.step("moved")
    till.undo.confirm()
    finished(till)
    ledger = till.shop.server.ledger
    till.until(lambda: ledger.member("mem-priya").balance == 1250)  # type: ignore[union-attr]


def test_undoing_instead_of_moving_is_a_mistake(till: LessonTill) -> None:
    till.begin(SAMPLES["undo"])
    till.sell("mem-ravi", "1025")
    till.undo.begin_last()
    till.step("whom")
    till.undo.confirm()
    till.until(lambda: till.facts.undone == 1)
    till.mistake("undone")


def test_two_members_with_one_phone_number(till: LessonTill) -> None:
    till.begin(SAMPLES["two-members"])
    till.type(till.practice.people()["mem-anil"].phone)
    till.step("choose")
    till.type("1")
    till.mistake("other")
    till.session.back()
    till.type(till.practice.people()["mem-anil"].phone)
    till.type("2")
    finished(till)


def test_a_stale_code(till: LessonTill) -> None:
    till.begin(SAMPLES["stale-code"])
    till.scan("mem-priya", Code.STALE)
    till.step("fresh")
    till.scan("mem-priya", Code.FRESH)
    finished(till)


def test_a_screenshot_of_a_code(till: LessonTill, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cashier_app.services.identification.SAME_SCAN_SECONDS", 0.0)
    till.begin(SAMPLES["screenshot"])
    till.scan("mem-priya", Code.FRESH)
    till.type("640")
    till.session.take_nothing()
    till.enter()
    till.step("picture")
    till.enter()
    till.scan("mem-priya", Code.SAME)
    till.step("clear")
    till.session.next_customer()
    till.step("used")
    till.scan("mem-priya", Code.USED)
    finished(till)


def test_the_customer_wants_the_points_later(till: LessonTill) -> None:
    till.begin(SAMPLES["claim"])
    till.session.without_member()
    till.type("1025")
    till.enter(2)
    till.step("receipt")
    till.session.next_customer()
    till.session.scan(till.receipt())
    till.step("who")
    till.scan("mem-priya")
    till.step("credit")
    till.session.back()
    till.mistake("left")
    till.session.scan(till.receipt())
    till.scan("mem-priya")
    till.enter()
    finished(till)


def test_the_network_goes_down_in_the_middle_of_a_sale(till: LessonTill) -> None:
    till.begin(SAMPLES["network-down"])
    till.scan("mem-ravi")
    till.step("bill")
    till.type("1299")
    till.enter(2)
    till.step("keep")
    till.enter(2)
    till.step("back")
    finished(till)


def test_an_answer_is_lost(till: LessonTill) -> None:
    till.begin(SAMPLES["answer-lost"])
    till.scan("mem-priya")
    till.type("2360")
    till.enter(2)
    till.step("lost")
    till.enter()
    till.step("posted")
    finished(till)
    [sale] = [
        row for row in till.shop.server.ledger.movements(member_id="mem-priya") if row.kind == "capture"
    ]
    assert till.shop.booked(sale.sale_id).count("sale") == 1


def test_a_code_scanned_twice_and_requests_that_come_twice(till: LessonTill) -> None:
    till.begin(SAMPLES["scanned-twice"])
    till.scan("mem-priya")
    till.step("again")
    till.scan("mem-priya", Code.SAME)
    till.step("sold")
    till.type("2360")
    till.enter(3)
    finished(till)
    booked = [row.kind for row in till.shop.server.ledger.movements(member_id="mem-priya")]
    assert (booked.count("reserve"), booked.count("capture"), booked.count("sale")) == (1, 1, 1)


def test_the_balance_changes_at_the_last_second(till: LessonTill) -> None:
    till.begin(SAMPLES["balance-changed"])
    till.scan("mem-priya")
    till.type("2360")
    till.enter()
    till.step("refused")
    till.enter()
    till.step("less")
    till.enter(3)
    finished(till)


def refused(till: LessonTill) -> UnsentSale:
    """Sell to somebody who is blocked before it is posted, and return the sale that was refused."""
    till.begin(SAMPLES["needs-attention"])
    till.scan("mem-ravi")
    till.step("offline")
    till.type("1299")
    till.session.take_nothing()
    till.enter()
    till.step("open")
    [sale] = till.shop.till.queue().unsent()
    return sale


def test_the_queue_needs_attention(till: LessonTill) -> None:
    sale = refused(till)
    till.open_page(Page.QUEUE)
    till.step("settle")
    till.shop.till.queue().send_again(sale.effects[0].effect.key)
    finished(till)


def test_a_sale_settled_by_hand_needs_nobody_any_more(till: LessonTill) -> None:
    sale = refused(till)
    till.shop.till.queue().settle_by_hand(sale.effects[0].effect.key, Truth.NOT_BOOKED, "Meera", "blocked")
    till.until(lambda: not till.facts.needs_attention)
    assert till.shop.booked(sale.sale.sale_id) == []


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_shipped_lesson_is_played_right_and_wrong(till: LessonTill, number: int) -> None:
    lesson = next(one for one in load_lessons() if one.number == number)
    for slips in (False, True):
        till.player.begin(lesson, "Asha")
        for step in lesson.steps:
            till.step(step.name)
            wrong = [hand for mistake in step.mistakes for hand in mistake.slip]
            for hand in (*(wrong if slips else ()), *step.do):
                till.act(hand)
        till.step("finished")
        run = till.view.run
        assert run is not None
        assert [step.mistakes for step in run.steps] == [
            tuple(mistake.name for mistake in step.mistakes if slips) for step in lesson.steps
        ]
        till.enter()
